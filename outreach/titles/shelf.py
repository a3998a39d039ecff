"""The titles of a library, searched and filtered: of 200,000 as quickly as of 200. The newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.models import Facet, FeedTitle, ImportTitle, Library, Post, PostTitle, Title, TitleId
from outreach.titles import full_text
from outreach.titles.isbn import to_isbn13
from outreach.titles.standing import COMING, FILTER, OFFERED, OLDER, UNMARKED

SIZE = 50

# what "show" may ask for -> the titles that are meant
SHOWS: Mapping[str, Callable[[], Any]] = {
    "new": lambda: (
        (Title.left_out == OFFERED)
        & Title.baseline.is_(False)
        & Title.announced_at.is_(None)
        & Title.hidden_at.is_(None)
        & Title.struck_at.is_(None)
    ),
    "announced": lambda: Title.announced_at.is_not(None),
    "older": lambda: Title.left_out == OLDER,
    "unmarked": lambda: Title.left_out == UNMARKED,
    "coming": lambda: Title.left_out == COMING,
    "hidden": lambda: or_(Title.hidden_at.is_not(None), Title.struck_at.is_not(None), Title.left_out == FILTER),
}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. Empty or None: all."""

    words: str = ""
    show: str = ""
    feed: int | None = None
    list: int | None = None
    audience: str = ""
    format: str = ""
    week: date | None = None  # any day of it
    before: int | None = None  # ids below it: the next page


@dataclass(frozen=True)
class Found:
    titles: list[Title]
    more: bool


def look(session: Session, library: Library, wanted: Wanted, size: int = SIZE) -> Found:
    """A page of titles, the newest first: ids rise with time."""
    chosen = _chosen(session, library, wanted)
    ids = list(session.scalars(chosen.order_by(Title.id.desc()).limit(size + 1)))
    titles = session.scalars(select(Title).where(Title.id.in_(ids[:size])).order_by(Title.id.desc()))
    return Found(list(titles), len(ids) > size)


def _chosen(session: Session, library: Library, wanted: Wanted) -> Select[Any]:
    chosen = select(Title.id).where(Title.library_id == library.id)
    if wanted.words.strip():
        chosen = chosen.where(Title.id.in_(_named(session, library.id, wanted.words)))
    if wanted.show in SHOWS:
        chosen = chosen.where(SHOWS[wanted.show]())
    elif not wanted.show:
        chosen = chosen.where(Title.left_out != FILTER)
    if wanted.feed is not None:
        chosen = chosen.where(Title.id.in_(select(FeedTitle.title_id).where(FeedTitle.feed_id == wanted.feed)))
    if wanted.list is not None:
        chosen = chosen.where(Title.id.in_(select(ImportTitle.title_id).where(ImportTitle.import_id == wanted.list)))
    if wanted.audience:
        chosen = chosen.where(Title.audience == wanted.audience)
    if wanted.format:
        chosen = chosen.where(Title.format == wanted.format)
    if wanted.week is not None:
        first, last = _week(wanted.week, library.timezone)
        chosen = chosen.where(Title.first_seen_at >= first, Title.first_seen_at < last)
    return chosen if wanted.before is None else chosen.where(Title.id < wanted.before)


def _named(session: Session, library_id: int, words: str) -> Any:
    if isbn := to_isbn13(words.strip()):
        return select(TitleId.title_id).where(TitleId.library_id == library_id, TitleId.value == isbn)
    found = full_text.matching(session, library_id, words)
    return select(Title.id).where(Title.id < 0) if found is None else found


def _week(day: date, zone: str) -> tuple[datetime, datetime]:
    monday = clock.week_of(day)[0]
    return clock.at_wall(monday, "00:00", zone), clock.at_wall(monday + timedelta(days=7), "00:00", zone)


def facets(session: Session, library_id: int) -> dict[str, list[str]]:
    """The formats and audiences to choose from."""
    rows = session.execute(select(Facet.kind, Facet.value).where(Facet.library_id == library_id).order_by(Facet.value))
    found: dict[str, list[str]] = {"format": [], "audience": []}
    for kind, value in rows:
        found[kind].append(value)
    return found


def posts_with(session: Session, title_id: int) -> list[Post]:
    """The posts that a title is or was in, the newest first."""
    mine = select(Post).join(PostTitle, PostTitle.post_id == Post.id).where(PostTitle.title_id == title_id)
    return list(session.scalars(mine.order_by(Post.id.desc()).limit(20)))


def waiting(session: Session, library_id: int) -> dict[str, int]:
    """How many titles wait for a person, by why."""
    mine = select(Title.left_out, func.count()).where(
        Title.library_id == library_id, Title.left_out.in_((UNMARKED, OLDER, COMING)), Title.baseline.is_(False)
    )
    counted = session.execute(mine.group_by(Title.left_out)).all()
    return {UNMARKED: 0, OLDER: 0, COMING: 0} | {why: number for why, number in counted}  # noqa: C416  # rows, not pairs
