"""How values look on a page: sentences translated, states as people say them; `shown_times` has its times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, g
from flask_babel import format_decimal, get_locale, gettext
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from sqlalchemy import select

from outreach import clock
from outreach.access import actor, may
from outreach.channels import about
from outreach.channels.by_hand_open import heading
from outreach.db import db
from outreach.languages import choices, spoken
from outreach.models import Account, Medium, Person
from outreach.money import in_dollars, to_cents
from outreach.posts.deeds import VERBS
from outreach.posts.district import district_of
from outreach.posts.format_names import format_name
from outreach.posts.kinds import KINDS
from outreach.posts.queries import people_of
from outreach.posts.schedule import goes_at_once
from outreach.posts.warn import ends_soon
from outreach.posts.whole import asks_person, piece_of, shown_as, told_first
from outreach.web import shown_titles as titles
from outreach.web.icons import icon
from outreach.web.manner import marked
from outreach.web.shown_times import (
    clock_time,
    clock_value,
    date_name,
    day_value,
    local_day,
    moment,
    wall_clock,
    weekday_name,
    when,
)
from outreach.web.shown_titles import counted
from outreach.web.typed import rows_shown
from outreach.words import Sentence

# state -> (icon, word, tone); the five that matter on a board, each by icon, word and colour
POST_SHOWN = {
    "draft": ("pencil", _l("draft"), "quiet"),
    "submitted": ("hourglass-split", _l("in review"), "quiet"),
    "returned": ("arrow-return-left", _l("sent back"), "needs"),
    "approved": ("send", _l("goes out"), "going"),
    "to_hand": ("hand-index", _l("to post by hand"), "going"),
    "cancelled": ("x-circle", _l("cancelled"), "quiet"),
    "published": ("check-lg", _l("published"), "done"),
    "nowhere": ("slash-circle", _l("not posted"), "quiet"),
    "partly": ("check", _l("partly out"), "going"),
    "needs": ("exclamation-triangle", _l("needs you"), "needs"),
    "paused": ("pause-circle", _l("paused"), "quiet"),
    "held": ("calendar-x", _l("waits for a new time"), "needs"),
    "hand": ("hand-index", _l("please post it"), "needs"),
    "unsure": ("question-circle", _l("not sure it went out"), "needs"),
    "failed": ("x-octagon", _l("did not go out"), "wrong"),
    "removing": ("trash", _l("being taken down"), "going"),
    "removed": ("trash", _l("taken down"), "quiet"),
    "delete": ("trash", _l("please delete it there"), "needs"),
    "stands": ("exclamation-triangle", _l("not taken down yet"), "needs"),
}
DELIVERY_SHOWN = {
    "waiting": ("clock", _l("waits for its time"), "going"),
    "queued": ("clock", _l("goes out now"), "going"),
    "sending": ("send", _l("is being sent"), "going"),
    "published": ("check-lg", _l("published"), "done"),
    "in_hand": ("hand-index", _l("please post it"), "needs"),
    "refused": ("x-octagon", _l("was refused"), "wrong"),
    "unclear": ("question-circle", _l("we are not sure it went out"), "needs"),
    "missed": ("calendar-x", _l("too late, not sent"), "wrong"),
    "not_posted": ("slash-circle", _l("not posted"), "quiet"),
    "cancelled": ("x-circle", _l("taken back"), "quiet"),
    "removing": ("trash", _l("being taken down"), "going"),
    "removed": ("trash", _l("taken down"), "quiet"),
}


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        say=say,
        above=heading,
        marked=marked,
        when=when,
        promise=promise,
        words=words,
        moment=moment,
        clock=clock_time,
        wall_clock=wall_clock,
        verb=verb,
        dateformat=date_name,
        day_value=day_value,
        local_day=local_day,
        format_name=lambda told: format_name(told, str(get_locale())),
        clock_value=clock_value,
        dollars=lambda thousandths: in_dollars(to_cents(thousandths)),
    )
    app.jinja_env.globals.update(
        icon=icon,
        about=about,
        may=may_here,
        post_shown=post_shown,
        delivery_shown=delivery_shown,
        kind_name=kind_name,
        role_name=role_name,
        grade_name=grade_name,
        weekday_name=weekday_name,
        cast=cast,
        rows_shown=rows_shown,
        medium_of=medium_of,
        district_decided=district_decided,
        marks_of=titles.marks_of,
        list_state=titles.list_state,
        list_name=titles.list_name,
        gettext=told,
        ngettext=counted,
        get_locale=get_locale,
        _=told,
    )
    app.jinja_env.tests["asks_to_connect"] = asks_to_connect
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(frame)


def district_decided() -> bool:
    """Does anything but what we chose hold for all libraries?"""
    known = district_of(db.session())
    return bool(known and (known.words or known.levels))


def asks_to_connect(place: Account) -> bool:
    return place.paused_because is not None or ends_soon(place, clock.now())


def say(sentence: str | None) -> str:
    """A sentence in the reader's language."""
    return spoken(sentence, str(get_locale())) if isinstance(sentence, Sentence) else sentence or ""


def told(pattern: str, **values: Any) -> str:
    """`gettext` of the pages: numbers as the reader's language writes them (12,345)."""
    return gettext(pattern, **_written(values))


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: format_decimal(value) if type(value) is int else value for key, value in values.items()}


def words(post) -> str:
    """What a post says first."""
    name, count = str(post.fields.get("name") or ""), len(post.titles) if post.kind == "titles" else 0
    return told_first(post.kind, post.words, name, count, post.library.name)


def promise(post) -> str:
    """When a post in review goes out once it is approved."""
    if post.held_at:
        return gettext("once it has another time")
    if goes_at_once(post, clock.now()):
        return gettext("as soon as it is approved")
    if post.timing == "slot" and (post.wished_at is None or post.wished_at <= clock.now()):
        return gettext("at the next usual time")
    if post.wished_at is not None and post.wished_at <= clock.now():
        return gettext("at a time that has passed: choose another one")
    return when(post.wished_at)


def kind_name(key: str) -> str:
    return say(KINDS[key].name)


def role_name(role: str) -> str:
    return {
        "contributor": gettext("writes drafts"),
        "approver": gettext("writes and approves"),
        "manager": gettext("does everything"),
    }[role]


def grade_name(grades: str) -> str:
    return {"k5": gettext("K–5"), "68": gettext("6–8"), "912": gettext("9–12")}.get(grades, gettext("all"))


def cast() -> list[Person]:
    """The people of a practice library, to practise as."""
    library = g.get("library")
    return people_of(db.session(), library.id) if library is not None and library.practice else []


def medium_of(digest: str) -> int | None:
    """The id of a picture of this library, for its address."""
    if digest in g.get("known_media", {}):
        return g.known_media[digest]
    mine = select(Medium.id).where(Medium.library_id == g.library.id, Medium.digest == digest)
    return db.session.scalar(mine.limit(1))


def know_media(media: Iterable[Medium]) -> None:
    """These are on the page: `medium_of` need not look for each of them."""
    g.known_media = {medium.digest: medium.id for medium in media}


def verb(name: str) -> str:
    return say(VERBS.get(name, name))


def post_shown(post) -> tuple[str, str, str]:
    """Icon, word and tone of a post (or of a name): the sum over its deliveries once it is approved."""
    if isinstance(post, str):
        return POST_SHOWN[post]
    mine = [piece_of(d) for d in post.deliveries if d.edition == post.edition or post.state == "cancelled"]
    held, paused = post.held_at is not None, post.library.paused_at is not None
    return POST_SHOWN[shown_as(post.state, mine, held, paused)]


def delivery_shown(delivery) -> tuple[str, str, str]:
    if asks_person(delivery):
        return POST_SHOWN["delete" if delivery.state == "removing" else "stands"]
    return DELIVERY_SHOWN[delivery.state]


def may_here(action: str) -> bool:
    return g.get("library") is not None and may(current_user, action, g.library)


def frame() -> dict[str, object]:
    """What the side bar and the line on top need."""
    library = g.get("library")
    if library is None or g.get("bare") or not current_user.is_authenticated:
        return {"library": None, "me": None}  # bare: a page that acts as the person of a link
    from outreach.web.frame import numbers

    return {"library": library, "me": actor(current_user), "page_languages": choices(), **numbers(library)}
