"""The titles of a library, searched and filtered: of 200,000 as quickly as of 200. The newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, exists, func, literal, select, text, union_all
from sqlalchemy.orm import Session

from outreach import clock
from outreach.models import Facet, Feed, FeedTitle, ImportTitle, Library, Post, PostTitle, Title, TitleId
from outreach.models.titles import ANNOUNCED, ASIDE, AWAY, NEWS
from outreach.titles import full_text
from outreach.titles.isbn import to_isbn13
from outreach.titles.standing import COMING, FILTER, OLDER, UNMARKED

SIZE = 50
BOXES = 30  # formats, or audiences, to tick; a catalog may have hundreds
COMMON = 3_000  # words that more titles have are common
EARLIEST, LATEST = date(1970, 1, 1), date(9000, 1, 1)  # of weeks: beyond them there is no calendar

# what "show" may ask for -> the titles that are meant
SHOWS: Mapping[str, Callable[[], Any]] = {
    # as the indexes say it, or SQLite would not see that they hold just these
    "new": lambda: text(NEWS),
    "announced": lambda: text(ANNOUNCED),
    "older": lambda: text(ASIDE) & (Title.left_out == OLDER),
    "unmarked": lambda: text(ASIDE) & (Title.left_out == UNMARKED),
    "coming": lambda: text(ASIDE) & (Title.left_out == COMING),
    "hidden": lambda: text(AWAY),
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

    @property
    def last(self) -> int:
        """The next page is what is below it."""
        return min(title.id for title in self.titles)


def look(session: Session, library: Library, wanted: Wanted, size: int = SIZE) -> Found:
    """A page of titles, the newest first: ids rise with time.

    Only by the number alone is page after page of 200,000 found at once; within a page they stand as a weekly post
    takes them, of one check what is first in it (see `queries.NEWEST`).
    """
    found = _newest(session, library, wanted, size + 1)
    page = sorted(found[:size], key=lambda title: (-title.first_seen_at.timestamp(), title.id))
    return Found(page, len(found) > size)


def _newest(session: Session, library: Library, wanted: Wanted, most: int) -> list[Title]:
    """An ISBN: the few titles that have it. Words: PostgreSQL knows by its statistics with what to begin."""
    chosen, words = _chosen(library, wanted), wanted.words.strip()
    page = chosen.order_by(_id(wanted).desc()).limit(most)
    if not words:
        return _titles(session, page)
    if isbn := to_isbn13(words):
        ours = select(TitleId.title_id).where(TitleId.library_id == library.id, TitleId.value == isbn)
        return _titles(session, page.where(Title.id.in_(ours)))
    found = full_text.matching(session, library.id, words)
    if found is None:
        return []
    if session.get_bind().dialect.name != "sqlite":
        return _titles(session, page.where(Title.id.in_(found)))
    return _titles(session, _on_sqlite(chosen, found, wanted, most))


def _on_sqlite(chosen: Select[Any], found: Select[Any], wanted: Wanted, most: int) -> CompoundSelect[Any]:
    """In one statement, of which SQLite runs no more than it needs for a page:

    1. the newest titles with these words, as many as it can filter quickly; mostly that is all
    2. of very common words, where the newest did not pass the filter: what passes it, read word for word
    """
    if wanted.before is not None:
        found = found.where(wanted.before > full_text.ROWID)
    newest = found.order_by(full_text.ROWID.desc()).limit(COMMON).cte("newest").prefix_with("MATERIALIZED")
    is_common = select(func.count()).select_from(newest).scalar_subquery() == COMMON
    last = select(func.min(newest.c.title_id)).scalar_subquery()
    near = chosen.where(Title.id.in_(select(newest.c.title_id)))
    id_ = Title.id + 0 if wanted.feed or wanted.list else _id(wanted)  # a small or old one, or `near` would do
    older = chosen.where(is_common, id_ < last, full_text.reads_so(wanted.words)).order_by(id_.desc())
    pages = (one.limit(most).subquery() for one in (near.order_by(_id(wanted).desc()), older))
    return union_all(*(select(page.c.id) for page in pages)).limit(most)


def _titles(session: Session, ids: Select[Any] | CompoundSelect[Any]) -> list[Title]:
    return list(session.scalars(select(Title).where(Title.id.in_(ids)).order_by(Title.id.desc())))


def _id(wanted: Wanted) -> ColumnElement[int]:
    """Of a week SQLite shall read the titles of that week and sort them, not all of them in their order."""
    return Title.id + 0 if wanted.week is not None else Title.id.expression


def _chosen(library: Library, wanted: Wanted) -> Select[Any]:
    """All filters but the words."""
    chosen = select(Title.id).where(Title.library_id == library.id)
    if wanted.show in SHOWS:
        chosen = chosen.where(SHOWS[wanted.show]())
    elif not wanted.show:
        chosen = chosen.where(Title.left_out != FILTER)
    if wanted.audience:
        chosen = chosen.where(Title.audience == wanted.audience)
    if wanted.format:
        chosen = chosen.where(Title.format == wanted.format)
    if wanted.week is not None:
        first, last = _week(wanted.week, library.timezone)
        chosen = chosen.where(Title.first_seen_at >= first, Title.first_seen_at < last)
    if wanted.before is not None:
        chosen = chosen.where(_id(wanted) < wanted.before)
    return _from(chosen, wanted)


def _from(chosen: Select[Any], wanted: Wanted) -> Select[Any]:
    """Of one feed, of one list. Where another filter leaves few titles, it comes first, and each of them is asked."""
    few = wanted.show or wanted.audience or wanted.format or wanted.week
    for number, of, title_id in (
        (wanted.feed, FeedTitle.feed_id, FeedTitle.title_id),
        (wanted.list, ImportTitle.import_id, ImportTitle.title_id),
    ):
        if number is not None:
            inside = exists().where(of == number, title_id == Title.id)
            chosen = chosen.where(inside if few else Title.id.in_(select(title_id).where(of == number)))
    return chosen


def _week(day: date, zone: str) -> tuple[datetime, datetime]:
    monday = clock.week_of(min(max(day, EARLIEST), LATEST))[0]
    return clock.at_wall(monday, "00:00", zone), clock.at_wall(monday + timedelta(days=7), "00:00", zone)


def facets(session: Session, library_id: int) -> dict[str, list[str]]:
    """The formats and audiences to choose from."""
    rows = session.execute(select(Facet.kind, Facet.value).where(Facet.library_id == library_id).order_by(Facet.value))
    found: dict[str, list[str]] = {"format": [], "audience": []}
    for kind, value in rows:
        found[kind].append(value)
    return found


@dataclass(frozen=True)
class Choices:
    """What the page of all titles lets one choose from."""

    feeds: list[Any]  # with `id` and `name`
    formats: list[str]
    audiences: list[str]


def choices(session: Session, library_id: int) -> Choices:
    """In one statement: see `facets`."""
    facet = select(Facet.kind, Facet.value.label("name"), literal(0).label("id")).where(Facet.library_id == library_id)
    feed = select(literal("feed"), Feed.name, Feed.id).where(Feed.library_id == library_id)
    by_kind: dict[str, list[Any]] = {}
    for row in session.execute(union_all(facet, feed).order_by("name")):
        by_kind.setdefault(row.kind, []).append(row if row.kind == "feed" else row.name)
    return Choices(by_kind.get("feed", []), by_kind.get("format", []), by_kind.get("audience", []))


def usual(session: Session, library_id: int) -> dict[str, list[str]]:
    """Of many formats and audiences those that most titles have."""
    known = facets(session, library_id)
    return {kind: _common(session, library_id, kind) if len(of) > BOXES else of for kind, of in known.items()}


def _common(session: Session, library_id: int, kind: str) -> list[str]:
    of = {"format": Title.format, "audience": Title.audience}[kind]
    counted = select(of).where(Title.library_id == library_id, of.is_not(None), of != "").group_by(of)
    return [value for value in session.scalars(counted.order_by(func.count().desc(), of).limit(BOXES)) if value]


def beside(usual: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """What there is to tick, in the order of the names: what is ticked already is always among it."""
    return sorted({*usual, *chosen}, key=str.casefold)


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
