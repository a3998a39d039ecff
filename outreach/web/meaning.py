"""What was typed into a post's form -> what the verbs take."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from outreach import clock
from outreach.models import Library
from outreach.posts.consents import split_codes
from outreach.posts.hashtag_sets import tidy
from outreach.posts.kinds import KINDS, Kind
from outreach.posts.reading import default_answer_time
from outreach.posts.written import Written
from outreach.web.typed import Typed
from outreach.words import NotDone, Sentence

MOST_PICTURES = 60  # of one post


def meaning(typed: Typed, library: Library, slot_at: datetime | None) -> Written:
    """Raises NotDone for more than a post holds or a time that is none."""
    if len(typed.media) > MOST_PICTURES:
        raise NotDone(Sentence("A post holds at most %(most)s pictures. Take some out.", most=MOST_PICTURES))
    at = wall(typed.day, typed.clock, library) if typed.timing == "at" else slot_at if typed.timing == "slot" else None
    return Written(
        kind=typed.kind,
        words=typed.words,
        link=typed.link,
        fields=_fields(typed, KINDS[typed.kind], library),
        visibility=typed.visibility,
        warning=typed.warning,
        language=typed.language,
        second=_second(typed, KINDS[typed.kind]),
        timing=typed.timing,
        wished_at=at,
        accounts={n: typed.own_words.get(n, "") for n in typed.accounts},
        media=typed.media,
        titles=typed.titles if typed.kind == "titles" else typed.titles[: KINDS[typed.kind].titles],
        permitted=typed.permitted,
        old_tick=typed.old_tick,
    )


def _fields(typed: Typed, kind: Kind, library: Library) -> dict[str, Any]:
    """Rows and lines without words are left out; so are hashtags, where there are none."""
    fields: dict[str, Any] = {}
    if kind.titles:
        real = {"real_covers": True} if typed.real_covers else {}
        fields = {k: v for k, v in typed.kept.items() if k != "real_covers"} | {"pictures": typed.pictures} | real
    told = {one.name: one.meaning(typed.fields.get(one.name)) for one in kind.fields}
    fields |= {name: value for name, value in told.items() if value}
    if kind.choices:
        fields |= _choices(typed, kind)
    if kind.choices == "right" and typed.answer == "at":
        answer = wall(typed.answer_day, typed.answer_clock, library)
        fields |= {"answer_at": answer.isoformat()} if answer else {}
    if kind.key == "student" and typed.codes.strip():
        fields |= {"codes": split_codes(typed.codes)}
    told = {"hashtags": tidy(typed.hashtags), "repeat": dict(typed.repeat)}
    return {k: v for k, v in fields.items() if k not in told} | {k: v for k, v in told.items() if v}


def _choices(typed: Typed, kind: Kind) -> dict[str, Any]:
    """The choices without their gaps; the right one counted among those that are left."""
    given = [(n, c.strip()) for n, c in enumerate(typed.choices) if c.strip()]
    right = next((at for at, (n, _) in enumerate(given) if str(n) == typed.right), None)
    told = {"right": right} if kind.choices == "right" and right is not None else {}
    return {"choices": [c for _, c in given]} | told


def _second(typed: Typed, kind: Kind) -> dict[str, Any]:
    if not typed.second_language or not typed.second_words.strip():
        return {}
    own = {one.name: one.meaning(typed.second.get(one.name)) for one in kind.fields if one.spoken}
    told = {name: value for name, value in own.items() if value}
    return {"language": typed.second_language, "words": typed.second_words.strip(), "fields": told}


def wall(day: str, time: str, library: Library) -> datetime | None:
    """A typed day and time in the library's zone -> UTC; None when both are empty."""
    if not day.strip() and not time.strip():
        return None
    try:
        local = datetime.fromisoformat(f"{day.strip()}T{time.strip() or '09:00'}")
    except ValueError:
        raise NotDone(
            Sentence("%(day)s %(time)s is no day and time that we understand.", day=day[:40], time=time[:40])
        ) from None
    if local.tzinfo is not None or not 2000 <= local.year <= 2100:
        raise NotDone(Sentence("Check the year of the day you chose."))
    if clock.in_gap(local, library.timezone):
        later = local + timedelta(hours=1)
        raise NotDone(
            Sentence(
                "On that day the clocks jump over %(time)s. Choose another time, for example %(later)s.",
                time=local.time(),
                later=later.time(),
            )
        )
    return clock.to_utc(local, library.timezone)


def answer_hint(library: Library, at: datetime | None) -> datetime | None:
    return default_answer_time(library, at) if at else None
