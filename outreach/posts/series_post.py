"""One post of a series from what the series keeps; and whether a post still reads like it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor, actor, may
from outreach.db import ALONE
from outreach.models import Library, Person, Post, Question, Series
from outreach.posts.approve import approve_in
from outreach.posts.around import findings_of
from outreach.posts.bank import QUESTION, written_by
from outreach.posts.deciding import deciders, first_words, needs_two
from outreach.posts.lifecycle import UNDECIDED
from outreach.posts.policy import of_sort
from outreach.posts.reading import rendered
from outreach.posts.review_letter import ask_for_review, forget_letters
from outreach.posts.series_plan import shifted
from outreach.posts.versions import load, still_there, written_of
from outreach.posts.wording import digest
from outreach.posts.written import Written
from outreach.words import NotDone, Sentence

# FOR UPDATE would wait for whoever has a post of it: PostgreSQL keeps the series' key for a post that is written twice
# in one transaction, and two who approve two posts of one series would each wait for the other
SERIES_ALONE = {"of": Series, **ALONE}
ALIKE = Sentence("It reads the same as one that was approved.")


def written_at(series: Series, at: datetime, question: Question | None = None) -> Written:
    """What the series keeps, for a post at this moment: its other moments keep their distance in days."""
    kept, zone = load(series.written), series.library.timezone
    first = kept.wished_at or at
    fields: dict[str, Any] = _shifted(dict(kept.fields), first, at, zone)
    written = replace(kept, timing="at", wished_at=at, fields=fields)
    if question is None:
        return written
    words, fields = written_by(question, fields)
    return replace(written, words=words, fields=fields)


def own_question(post: Post, written: Written) -> Written:
    """With the words, choices and answer of a post, whatever the series says."""
    mine = {name: post.fields[name] for name in QUESTION if name in post.fields}
    others = {name: value for name, value in written.fields.items() if name not in QUESTION}
    return replace(written, words=post.words, fields=others | mine)


def _shifted(value: Any, old: datetime, new: datetime, zone: str, name: str = "") -> Any:
    """Every moment and day in the fields of a post, wherever it stands: their names end in `_at` and `day`."""
    if isinstance(value, Mapping):
        return {key: _shifted(inner, old, new, zone, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shifted(inner, old, new, zone, name) for inner in value]
    if name.endswith("_at") and isinstance(value, str) and value:
        with suppress(ValueError):
            return shifted(datetime.fromisoformat(value), old, new, zone).isoformat()
    if (name == "day" or name.endswith("_day")) and isinstance(value, str) and value:
        with suppress(ValueError):
            later = clock.today(new, zone) - clock.today(old, zone)
            return (date.fromisoformat(value) + later).isoformat()
    return value


def reads_like(session: Session, series: Series, post: Post) -> bool:
    """Was it left as the series wrote it, whatever its time?"""
    at = post.wished_at or clock.at_wall(series.first_day, series.clock, series.library.timezone)
    mine, kept = written_of(post), still_there(session, series.library_id, written_at(series, at))
    return replace(mine, timing="at", wished_at=at, fields=_still(mine)) == replace(kept, fields=_still(kept))


def _still(written: Written) -> dict[str, Any]:
    return {name: value for name, value in written.fields.items() if not name.endswith("_at")}


def digest_of(post: Post) -> str:
    """Of its messages as they would go out."""
    return digest({place.id: messages for place, messages in rendered(post, post.wished_at).items()})


def approver_of(session: Session, series: Series) -> Person | None:
    """In whose name those that read the same are approved, as long as they may."""
    return _who_decides(session, series, series.approved_by_id) if series.digest else None


def _who_decides(session: Session, series: Series, person_id: int | None) -> Person | None:
    person = session.get(Person, person_id) if person_id else None
    return person if person and person.active and may(person, "decide", series.library) else None


def on_other_days(session: Session, series: Series, by: Actor) -> None:
    """It comes on days, at an hour, or as often, as nobody approved: unless `by` may alone, it is reviewed anew."""
    if not _decides_alone(session, series.library, series.kind, series.author_id, by):
        series.digest, series.approved_by_id = "", None


def _decides_alone(session: Session, library: Library, kind: str, author_id: int | None, by: Actor) -> bool:
    who = deciders(session, library)
    decides = by.person_id in {person.id for person in (*who.people, *who.district)}
    return decides and kind not in who.two and who.lets(kind, author_id, by)


def comes_otherwise(session: Session, some: Iterable[Post], by: Actor, now: datetime) -> None:
    """Whoever has one of them before them reads how it comes again: what they saw, or were sent, decides no more."""
    for post in some:
        if post.state not in UNDECIDED:
            continue
        post.revision += 1
        if post.state == "submitted":
            forget_letters(session, post, now)
            ask_for_review(session, post, by, now)


@dataclass(frozen=True)
class Given:
    """What was said yes to: the messages, by whom, by how many, and what of it was asked for an explicit word."""

    digest: str
    by_id: int | None
    by_two: bool
    accepted: Sequence[str]


def given(session: Session, post: Post, now: datetime) -> Given:
    """Of a post that is approved."""
    by_two = any(word.person_id != post.decided_by_id for word in first_words(session, post))
    return Given(digest_of(post), post.decided_by_id, by_two, sorted(asked_of(session, post, now)))


def asked_of(session: Session, post: Post, now: datetime) -> set[str]:
    """What in it asks for an explicit word."""
    (found,) = findings_of(session, [post], now, at=post.wished_at)
    return {str(sentence) for sentence in of_sort("ask", found)}


def remember(series: Series, told: Given) -> bool:
    """Those that follow are approved as this one was. False: they are already."""
    before = series.digest, series.by_two, series.accepted
    series.digest, series.by_two, series.accepted = told.digest, told.by_two, list(told.accepted)
    if before != (series.digest, series.by_two, series.accepted):
        series.approved_by_id = told.by_id
        return True
    return False


def may_decide(session: Session, post: Post, by: Actor) -> bool:
    """Could `by` approve this very post, with nobody else?"""
    return _decides_alone(session, post.library, post.kind, post.author_id, by)


def approve_alike(session: Session, series: Series, post: Post, now: datetime) -> bool:
    """A post in review that reads as what was approved needs no second look. Anything in its way keeps it there."""
    person = approver_of(session, series)
    if person is None or post.state != "submitted" or series.digest != digest_of(post):
        return False
    if (needs_two(post) and not series.by_two) or not asked_of(session, post, now) <= set(series.accepted):
        return False
    with suppress(NotDone):
        approve_in(session, post, actor(person), now, how=ALIKE, settled=True)
        return True
    return False
