"""Titles that stand aside (see `standing.py`): asked again for whom they are, or offered by a person's word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from outreach.models import Feed, FeedTitle, Library, Title
from outreach.models.titles import ASIDE, NEWS
from outreach.titles.standing import COMING, OFFERED, OLDER, UNMARKED, Readers

CHUNK = 500
BY_HER = "left_out"  # in `Title.corrected`: a person let it in, and nothing takes it out again


def offer(title: Title, now: datetime) -> None:
    """Whatever it was left out for, or struck out of a weekly post: it may be announced. A coming one is new now."""
    if title.left_out == COMING:
        title.first_seen_at = now
    title.left_out, title.struck_at, title.baseline = OFFERED, None, False
    title.corrected = sorted({*title.corrected, BY_HER})


def are_news(session: Session, library: Library, ids: Iterable[int]) -> None:
    """Of a baseline nothing waits for "for whom?"; titles that are news after all are asked it now."""
    for some in _chunks(list(ids)):
        for title in _some(session, Title.id.in_(some), Title.announced_at.is_(None)):
            title.baseline = False
            if title.left_out == COMING:
                title.left_out = OFFERED
        session.flush()
        stand_again(session, library, some)


def stand_again(session: Session, library: Library, ids: Iterable[int]) -> None:
    """After something was learnt of these titles: for whom are they?"""
    for some in _chunks(list(ids)):  # a list has up to 50,000
        _decide(session, library, _some(session, Title.id.in_(some), Title.announced_at.is_(None)))


def all_stand_again(session: Session, library: Library) -> None:
    """After the library's own readers changed: all that is news, or stands aside."""
    _decide(session, library, _some(session, Title.library_id == library.id, or_(text(NEWS), text(ASIDE))))


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[n : n + CHUNK] for n in range(0, len(ids), CHUNK))


def _some(session: Session, *which: Any) -> list[Title]:
    return list(session.scalars(select(Title).where(*which).execution_options(populate_existing=True)))


def _decide(session: Session, library: Library, titles: Iterable[Title]) -> None:
    """Who subscribed to a feed said for whom its titles are."""
    titles, readers = list(titles), Readers(library.grades, library.older_shelves)
    ids = [title.id for title in titles]
    said = select(FeedTitle.title_id).join(Feed, Feed.id == FeedTitle.feed_id).where(Feed.audience != "")
    subscribed = {n for some in _chunks(ids) for n in session.scalars(said.where(FeedTitle.title_id.in_(some)))}
    for title in titles:
        if title.left_out in (OFFERED, OLDER, UNMARKED) and BY_HER not in title.corrected:
            stands = readers.stands(title.grade, title.call_number)
            asked = title.baseline or (title.left_out == OFFERED and title.id in subscribed)
            title.left_out = OFFERED if asked and stands == UNMARKED else stands
