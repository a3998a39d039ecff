"""Trivia over weeks: a series whose every post asks the next question of the bank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from outreach import clock
from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.holidays import is_closed
from outreach.models import Library, Series
from outreach.posts import bank
from outreach.posts.approve import submit_in
from outreach.posts.compose import create_in
from outreach.posts.review_letter import ask_for_review
from outreach.posts.series import begin_in
from outreach.posts.series_make import make_all
from outreach.posts.series_rule import Choice
from outreach.posts.spoken import say
from outreach.posts.written import Written
from outreach.words import NotDone, Sentence

DESK = Sentence("Tell us at the library desk.")


def begin_trivia(
    library_id: int, days: Sequence[int], wall: str, places: Iterable[int], by: Actor, now: datetime
) -> Series:
    """On these days of the week (0 is Monday) at this time, from the next open one on, until the bank is empty.

    The first post asks the first question. Raises NotDone.
    """
    if not days or not set(days) <= set(range(7)) or not clock.is_clock(wall):
        raise NotDone(Sentence("Choose at least one day of the week, and a time."))
    with writing() as session:
        library = session.get_one(Library, library_id, with_for_update=ALONE)
        question = bank.draw(session, library, now)
        if question is None:
            raise NotDone(Sentence("There is no question in the bank. Add some first."))
        words, fields = bank.written_by(question, {"how": say(DESK, library.language)})
        at = _first(library, days, wall, now)
        accounts = dict.fromkeys(places, "")
        written = Written("trivia", words, fields=fields, accounts=accounts, timing="at", wished_at=at)
        post = create_in(session, library_id, written, by, now)
        post.question_id = question.id
        submit_in(session, post, by, now)
        series = begin_in(session, post, Choice("week", tuple(days)), by, now, draws=True)
        ask_for_review(session, post, by, now)
    make_all(series.id, now)
    return series


def _first(library: Library, days: Sequence[int], wall: str, now: datetime) -> datetime:
    moments = sorted(next(_open(library, day, wall, now)) for day in set(days))
    return moments[0]


def _open(library: Library, day: int, wall: str, now: datetime) -> Iterator[datetime]:
    found = clock.weekly(day, wall, library.timezone, now)
    return (at for at in found if not is_closed(library, clock.today(at, library.timezone)))
