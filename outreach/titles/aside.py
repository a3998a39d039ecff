"""Titles that stand aside (see `standing.py`): asked again for whom they are, or offered by a person's word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from outreach.models import Feed, FeedTitle, Library, Title
from outreach.models.titles import ASIDE, NEWS
from outreach.titles.audience import grade_in
from outreach.titles.bulk import TITLE, change, chunks
from outreach.titles.standing import COMING, FILTER, OFFERED, OLDER, UNMARKED, Readers

BY_HER = "left_out"  # in `Title.corrected`: a person let it in, and nothing takes it out again


def offer(title: Title, now: datetime) -> None:
    """Whatever it was left out for, or struck out of a weekly post: it may be announced. A coming one is new now."""
    if title.left_out == COMING:
        title.first_seen_at = now
    title.left_out, title.struck_at, title.baseline = OFFERED, None, False
    title.corrected = sorted({*title.corrected, BY_HER})


def offer_unmarked(session: Session, *which: Any) -> None:
    """The same of all of these that do not say for whom they are."""
    by_corrected: dict[tuple[str, ...], list[int]] = {}
    for row in _rows(session, TITLE.c.left_out == UNMARKED, *which):
        by_corrected.setdefault(tuple(sorted({*row.corrected, BY_HER})), []).append(row.id)
    for corrected, ids in by_corrected.items():
        change(session, ids, left_out=OFFERED, struck_at=None, baseline=False, corrected=list(corrected))


def let_in(
    session: Session,
    library: Library,
    ids: Iterable[int],
    now: datetime,
    waits: Sequence[str] = (FILTER, COMING),
    *,
    baseline: bool = False,
    audience: str = "",
) -> list[int]:
    """What one feed left out, and another source brings; what was coming, and is there. Returns those that it let in.

    A coming one is new now, not when the vendor's record came. Of a baseline nothing is news. `audience`: of the feed
    that brings it, for what says nothing itself.
    """
    came: list[int] = []
    for some in chunks(ids):
        rows = _rows(session, TITLE.c.id.in_(some), TITLE.c.left_out.in_(waits))
        mine = [row.id for row in rows]
        change(session, [row.id for row in rows if row.left_out == COMING], first_seen_at=now)
        change(session, mine, left_out=OFFERED, **({"baseline": True} if baseline else {}))
        _decide(session, library, _rows(session, TITLE.c.id.in_(mine)), audience)
        came += mine
    return came


def are_there(session: Session, library: Library, ids: Iterable[int], now: datetime) -> int:
    """What was coming has come, and is news. Returns how many."""
    came = let_in(session, library, ids, now, (COMING,))
    are_news(session, library, came)
    return len(came)


def are_news(session: Session, library: Library, ids: Iterable[int]) -> None:
    """Of a baseline nothing waits for "for whom?"; titles that are news after all are asked it now."""
    for some in chunks(ids):
        rows = _open(session, some)
        change(session, [row.id for row in rows if row.left_out == COMING], left_out=OFFERED)
        change(session, [row.id for row in rows], baseline=False)
        stand_again(session, library, some)


def stand_again(session: Session, library: Library, ids: Iterable[int]) -> None:
    """After something was learnt of these titles: for whom are they?"""
    for some in chunks(ids):
        _decide(session, library, _open(session, some))


def all_stand_again(session: Session, library: Library) -> None:
    """After the library's own readers changed: all that is news, or stands aside."""
    _decide(session, library, _rows(session, TITLE.c.library_id == library.id, or_(text(NEWS), text(ASIDE))))


def _open(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    return _rows(session, TITLE.c.id.in_(ids), TITLE.c.announced_at.is_(None))


def _rows(session: Session, *which: Any) -> Sequence[Any]:
    asked = select(
        TITLE.c.id, TITLE.c.left_out, TITLE.c.baseline, TITLE.c.grade, TITLE.c.call_number, TITLE.c.corrected
    )
    return session.execute(asked.where(*which)).all()


def _decide(session: Session, library: Library, rows: Iterable[Any], audience: str = "") -> None:
    """Who subscribed to a feed said for whom its titles are."""
    rows, readers = list(rows), Readers(library.grades, library.older_shelves)
    subscribed, moved = _subscribed(session, [row.id for row in rows]), dict[str, list[int]]()
    for row in rows:
        if row.left_out not in (OFFERED, OLDER, UNMARKED) or BY_HER in row.corrected:
            continue
        stands = readers.stands(grade_in(audience) if row.grade is None else row.grade, row.call_number)
        said = row.baseline or audience.strip() or (row.left_out == OFFERED and row.id in subscribed)
        if (left_out := OFFERED if said and stands == UNMARKED else stands) != row.left_out:
            moved.setdefault(left_out, []).append(row.id)
    for left_out, ids in moved.items():
        change(session, ids, left_out=left_out)


def _subscribed(session: Session, ids: Sequence[int]) -> set[int]:
    said = select(FeedTitle.title_id).join(Feed, Feed.id == FeedTitle.feed_id).where(Feed.audience != "")
    return {n for some in chunks(ids) for n in session.scalars(said.where(FeedTitle.title_id.in_(some)))}
