"""The titles of a feed into the library: what is known stays as it is, what is not is stored once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from outreach.db import ALONE
from outreach.models import Feed, FeedTitle, Library, Title, TitleId
from outreach.titles.identity import Candidate, Seen, agree, name_of, same
from outreach.words import Sentence

RELOAD_LEAST = 20
CHUNK = 500
PATIENCE = timedelta(days=7)  # a feed that has ended too early for so long has no more
OTHER_EDITION = Sentence("Another edition of a title that is in the catalog already.")
T = TypeVar("T", int, str)
# The tables and not the classes: of 10,000 rows each, the ORM's care costs as much as the database.
_TITLE, _TITLE_ID, _FEED_TITLE = (cast(Table, model.__table__) for model in (Title, TitleId, FeedTitle))


@dataclass(frozen=True)
class Came:
    """What one check brought."""

    titles: int = 0
    new: int = 0
    sentence: Sentence | None = None


def store(
    session: Session, feed: Feed, candidates: Sequence[Candidate], now: datetime, *, complete: bool = True
) -> Came:
    """Put what is unknown into the library, in the caller's transaction.

    All of it is marked as seen, also what the filters leave out: otherwise lifting a filter would announce old books.
    `complete`: False for a body that was cut off, of which more is old than was seen.
    """
    session.get_one(Library, feed.library_id, with_for_update=ALONE)  # two feeds may bring one title at one moment
    by_id, by_key = _known(session, feed.library_id, candidates)
    seen, fresh = sorted_out(candidates, by_id, by_key)
    passing = {c.key for c in candidates if kept(c, feed.formats, feed.without)}
    new = [key for key in fresh if key in passing]
    first = feed.baseline_at is None
    reload = not first and len(new) > RELOAD_LEAST and len(new) > len(passing) / 2
    new_ids = _insert(session, feed, [_row(c, by_key, passing) for c in fresh.values()], fresh, first or reload, now)
    _let_in(session, [n for n, key in seen.items() if key in passing], first or reload)
    _link(session, feed, [*seen, *new_ids], now)
    if first and (complete or (not fresh and now - feed.created_at > PATIENCE)):
        feed.baseline_at = now
    if reload:
        feed.held_at = feed.held_at or now  # of several at once none is lost
        feed.sentence = Sentence(
            "%(count)s titles are new at once, more than half of the feed. Was the catalog reloaded?", count=len(new)
        )
    return Came(len(passing), 0 if first or reload else len(new), feed.sentence)


def kept(candidate: Candidate, formats: Sequence[str], without: Sequence[str]) -> bool:
    """The filters of a feed. A title that says no format passes a format filter: most feeds say none."""
    title = candidate.title
    if formats and title.format and title.format.casefold() not in {f.casefold() for f in formats}:
        return False
    if not without:
        return True
    name = f"{title.title} {title.subtitle or ''}".casefold()
    return not any(word.casefold() in name for word in without)


def sorted_out(
    wanted: Iterable[Candidate], by_id: Mapping[tuple[str, str], Seen], by_key: Mapping[str, Seen]
) -> tuple[dict[int, str], dict[str, Candidate]]:
    """(ids of those that are stored, with the match key they have here; the others by match key, each once). Pure."""
    seen: dict[int, str] = {}
    fresh: dict[str, Candidate] = {}
    taken: dict[tuple[str, str], str] = {}  # ISBN or record -> match key
    for one in wanted:
        if known := same(one, by_id, by_key):
            seen[known.id] = one.key
        elif one.key not in fresh and not _repeats(one, taken):
            taken.update(dict.fromkeys(one.ids, one.key))
            fresh[one.key] = one
    return seen, fresh


def _repeats(one: Candidate, taken: Mapping[tuple[str, str], str]) -> bool:
    """Was it earlier in this feed? Volumes of a set share an ISBN, and are not one title."""
    return any(i in taken and (i[0] == "record" or agree(name_of(taken[i]), name_of(one.key))) for i in one.ids)


def _known(
    session: Session, library_id: int, wanted: Sequence[Candidate]
) -> tuple[dict[tuple[str, str], Seen], dict[str, Seen]]:
    """Stored titles that could be among these, by id and by match key."""
    by_id: dict[tuple[str, str], Seen] = {}
    by_key: dict[str, Seen] = {}
    if session.scalar(select(Title.id).where(Title.library_id == library_id).limit(1)) is None:
        return by_id, by_key  # its first feed, often its longest: nothing to look for
    for values in _chunks({value for c in wanted for _, value in c.ids}):
        found = (
            select(TitleId.kind, TitleId.value, Title.id, Title.match_key)
            .join(Title, Title.id == TitleId.title_id)
            .where(TitleId.library_id == library_id, TitleId.value.in_(values))
        )
        by_id |= {(kind, value): Seen(n, key) for kind, value, n, key in session.execute(found)}
    for keys in _chunks({c.key for c in wanted}):
        by_key |= _named(session, library_id, keys)
    return by_id, by_key


def _named(session: Session, library_id: int, keys: Sequence[str]) -> dict[str, Seen]:
    """By match key, with their ISBNs; of several editions of one name, all of theirs."""
    isbn = (TitleId.title_id == Title.id) & (TitleId.kind == "isbn")
    rows = session.execute(
        select(Title.match_key, Title.id, TitleId.value)
        .outerjoin(TitleId, isbn)
        .where(Title.library_id == library_id, Title.match_key.in_(keys))
        .order_by(Title.id)
    )
    found: dict[str, Seen] = {}
    for key, n, value in rows:
        before = found[key].isbns if key in found else frozenset()
        found[key] = Seen(n, key, before | {value} if value else before)
    return found


def _chunks(values: Iterable[T]) -> Iterable[list[T]]:
    ordered = sorted(values)
    return (ordered[n : n + CHUNK] for n in range(0, len(ordered), CHUNK))


def _insert(
    session: Session,
    feed: Feed,
    rows: Sequence[dict[str, Any]],
    fresh: Mapping[str, Candidate],
    baseline: bool,
    now: datetime,
) -> list[int]:
    """Returns the ids of the new titles."""
    if not rows:
        return []
    newest = session.scalar(select(func.max(Title.id))) or 0
    of_all = {"library_id": feed.library_id, "audience": feed.audience, "first_seen_at": now, "baseline": baseline}
    session.execute(insert(_TITLE), [of_all | row for row in rows])
    ours = select(Title.match_key, Title.id).where(Title.library_id == feed.library_id, Title.id > newest)
    ids = {key: n for key, n in session.execute(ours) if key in fresh}
    known_as = [
        {"library_id": feed.library_id, "title_id": ids[key], "kind": kind, "value": value}
        for key, one in fresh.items()
        for kind, value in one.ids
    ]
    if known_as:
        session.execute(insert(_TITLE_ID), known_as)
    return list(ids.values())


def _row(one: Candidate, by_key: Mapping[str, Seen], passing: Container[str]) -> dict[str, Any]:
    title = one.title
    return {
        "title": title.title,
        "subtitle": title.subtitle,
        "author": title.author,
        "format": title.format,
        "link": title.link,
        "cover": title.cover,
        "match_key": one.key,
        "left_out": one.key not in passing,
        "warning": OTHER_EDITION if one.key in by_key else None,
    }


def _let_in(session: Session, ids: Iterable[int], baseline: bool) -> None:
    """What one feed left out, and this one brings; nothing of a first fetch is news."""
    values = {"left_out": False, **({"baseline": True} if baseline else {})}
    for some in _chunks(ids):
        session.execute(update(_TITLE).where(_TITLE.c.id.in_(some), _TITLE.c.left_out).values(**values))


def _link(session: Session, feed: Feed, title_ids: Sequence[int], now: datetime) -> None:
    """Which titles are in this feed, for digests of some feeds only."""
    there = set(session.scalars(select(FeedTitle.title_id).where(FeedTitle.feed_id == feed.id)))
    rows = [{"feed_id": feed.id, "title_id": n, "first_seen_at": now} for n in title_ids if n not in there]
    if rows:
        session.execute(insert(_FEED_TITLE), rows)
