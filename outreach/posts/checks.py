"""Every check of a post, in the order in which they are told: of the hints, the most useful ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from outreach.posts import check_personal, check_pictures, check_plan, check_reading, check_student, check_style
from outreach.posts.check_hashtags import hashtags
from outreach.posts.drafts import Draft
from outreach.posts.findings import Around, Problem, Rendered
from outreach.words import Sentence

LEVELS = ("stop", "ask", "hint", "off")
STRICT = ("stop", "ask")
ALWAYS = ("stop",)  # no district changes that


@dataclass(frozen=True)
class Check:
    key: str
    name: Sentence  # on the page of the district
    level: str  # ours
    look: Callable[[Draft, Rendered, Around], Iterable[Problem]]
    levels: tuple[str, ...] = LEVELS  # that a district may choose


CHECKS: tuple[Check, ...] = (
    Check("described", Sentence("A picture without a description"), "stop", check_pictures.described, STRICT),
    Check("permission", Sentence("Student work without the permission tick"), "stop", check_student.permission, ALWAYS),
    Check("name", Sentence("A full name in student work"), "ask", check_student.full_names),
    Check("phone", Sentence("A telephone number"), "ask", check_personal.phones),
    Check("email", Sentence("An e-mail address"), "ask", check_personal.emails),
    Check("street", Sentence("A street address"), "ask", check_personal.streets),
    Check("listed", Sentence("A word of the list above"), "ask", check_personal.listed),
    Check("budget", Sentence("More than a place may cost in a month"), "hint", check_plan.too_dear),
    Check("closed", Sentence("The library is closed on that day"), "hint", check_plan.closed),
    Check("dead", Sentence("A link that leads nowhere"), "hint", check_plan.dead_links, LEVELS[1:]),  # a page looked
    Check("announced", Sentence("A title that was announced before"), "hint", check_plan.announced),
    Check("said", Sentence("The same words at the same place within two weeks"), "hint", check_plan.said_before),
    Check("alt", Sentence("A description that says nothing"), "hint", check_pictures.says_something),
    Check("hashtags", Sentence("#alllowercase of several words"), "hint", hashtags),
    Check("decorative", Sentence("Decorative letters"), "hint", check_style.decorative),
    Check("shouting", Sentence("WORDS IN CAPITALS"), "hint", check_style.shouting),
    Check("emoji", Sentence("Three and more emoji in a row"), "hint", check_style.emoji_rows),
    Check("hard", Sentence("Hard to read for the grades of the library"), "hint", check_reading.hard),
)
