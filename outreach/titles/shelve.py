"""Titles of any source into a library: what is known stays one title, what is not is stored once.

    candidates | known by ISBN, record or name? | new ones stored | known ones told what they did not say before

Nothing that is known is overwritten, so what a person corrected stays; only what was empty is filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from outreach.db import ALONE, insert_plain
from outreach.models import Facet, Library, Title, TitleId
from outreach.titles import full_text
from outreach.titles.identity import Candidate, Seen, agree, name_of, same
from outreach.titles.standing import COMING, OFFERED, Readers, lowest_grade
from outreach.words import Sentence

CHUNK = 500
MOST_FACETS = 200  # more kinds at once are no kinds
OTHER_EDITION = Sentence("Another edition of a title that is in the catalog already.")
FILLED = ("subtitle", "author", "call_number", "link", "cover", "grade")
T = TypeVar("T", int, str)
# The table and not the class: of 10,000 rows, the ORM's care costs as much as the database.
TITLE = cast(Table, Title.__table__)


@dataclass(frozen=True)
class Shelved:
    seen: Mapping[int, Candidate]  # id of a title that was known -> as it came now
    fresh: Mapping[int, Candidate]  # id of a new one


def sort_out(session: Session, library_id: int, candidates: Sequence[Candidate]) -> Sorted:
    """Which of these are known? Locks the library: two sources may bring one title at one moment."""
    session.get_one(Library, library_id, with_for_update=ALONE)
    by_id, by_key = _known(session, library_id, candidates)
    seen, fresh = sorted_out(candidates, by_id, by_key)
    return Sorted(seen, fresh, by_id, by_key)


@dataclass(frozen=True)
class Sorted:
    seen: Mapping[int, Candidate]
    fresh: Mapping[str, Candidate]  # by match key
    by_id: Mapping[tuple[str, str], Seen]
    by_key: Mapping[str, Seen]


def shelve(
    session: Session,
    library_id: int,
    sorted_: Sorted,
    now: datetime,
    *,
    left_out: Callable[[Candidate], str],
    baseline: bool,
    audience: str = "",
) -> Shelved:
    """Store what is new and fill what was empty, in the caller's transaction. `audience`: of the feed, for all."""
    rows = [
        _row(one, sorted_.by_key, audience)
        | {"library_id": library_id, "first_seen_at": now, "baseline": baseline, "left_out": left_out(one)}
        for one in sorted_.fresh.values()
    ]
    fresh = _insert(session, library_id, rows, sorted_.fresh)
    _learn(session, library_id, sorted_)
    return Shelved(sorted_.seen, fresh)


def sorted_out(
    wanted: Iterable[Candidate], by_id: Mapping[tuple[str, str], Seen], by_key: Mapping[str, Seen]
) -> tuple[dict[int, Candidate], dict[str, Candidate]]:
    """(those that are stored, by their id; the others by match key, each once). Pure."""
    seen: dict[int, Candidate] = {}
    fresh: dict[str, Candidate] = {}
    taken: dict[tuple[str, str], str] = {}  # ISBN or record -> match key
    for one in wanted:
        if known := same(one, by_id, by_key):
            seen[known.id] = one
        elif one.key not in fresh and not _repeats(one, taken):
            taken.update(dict.fromkeys(one.ids, one.key))
            fresh[one.key] = one
    return seen, fresh


def _repeats(one: Candidate, taken: Mapping[tuple[str, str], str]) -> bool:
    """Was it earlier in this list? Volumes of a set share an ISBN, and are not one title."""
    return any(i in taken and (i[0] == "record" or agree(name_of(taken[i]), name_of(one.key))) for i in one.ids)


def _known(
    session: Session, library_id: int, wanted: Sequence[Candidate]
) -> tuple[dict[tuple[str, str], Seen], dict[str, Seen]]:
    """Stored titles that could be among these, by id and by match key."""
    by_id: dict[tuple[str, str], Seen] = {}
    by_key: dict[str, Seen] = {}
    if session.scalar(select(Title.id).where(Title.library_id == library_id).limit(1)) is None:
        return by_id, by_key  # its first feed, often its longest: nothing to look for
    for values in chunks({value for c in wanted for _, value in c.ids}):
        found = (
            select(TitleId.kind, TitleId.value, Title.id, Title.match_key)
            .join(Title, Title.id == TitleId.title_id)
            .where(TitleId.library_id == library_id, TitleId.value.in_(values))
        )
        by_id |= {(kind, value): Seen(n, key) for kind, value, n, key in session.execute(found)}
    for keys in chunks({c.key for c in wanted}):
        by_key |= _named(session, library_id, keys)
    return by_id, by_key


def _named(session: Session, library_id: int, keys: Sequence[str]) -> dict[str, Seen]:
    """By match key, with their ISBNs; of several editions of one name, all of theirs."""
    isbn = (TitleId.title_id == Title.id) & (TitleId.kind == "isbn")
    rows = session.execute(
        select(Title.match_key, Title.id, TitleId.value)
        .outerjoin(TitleId, isbn)
        .where(Title.library_id == library_id, Title.match_key.in_(keys))
    )  # not sorted there: SQLite would read the whole library in the order of its ids
    found: dict[str, Seen] = {}
    for key, n, value in sorted(rows, key=lambda row: int(row[1])):
        before = found[key].isbns if key in found else frozenset()
        found[key] = Seen(n, key, before | {value} if value else before)
    return found


def chunks(values: Iterable[T]) -> Iterable[list[T]]:
    ordered = sorted(values)
    return (ordered[n : n + CHUNK] for n in range(0, len(ordered), CHUNK))


def _row(one: Candidate, by_key: Mapping[str, Seen], audience: str) -> dict[str, Any]:
    title = one.title
    return {
        "title": title.title,
        "subtitle": title.subtitle,
        "author": title.author,
        "format": title.format,
        "audience": title.audience or audience,
        "grade": lowest_grade(title, audience),
        "call_number": title.call_number,
        "link": title.link,
        "cover": title.cover,
        "match_key": one.key,
        "warning": OTHER_EDITION if one.key in by_key else None,
    }


def _insert(
    session: Session, library_id: int, rows: Sequence[dict[str, Any]], fresh: Mapping[str, Candidate]
) -> dict[int, Candidate]:
    """The new titles by their id, with what they are known by and the words they are found by."""
    if not rows:
        return {}
    newest = session.scalar(select(func.max(Title.id))) or 0
    session.execute(insert(TITLE), rows)
    ours = select(Title.match_key, Title.id).where(Title.library_id == library_id, Title.id > newest)
    ids = {n: fresh[key] for key, n in session.execute(ours) if key in fresh}
    _add_ids(session, library_id, ((n, kind, value) for n, one in ids.items() for kind, value in one.ids))
    titles = ((n, one.title) for n, one in ids.items())
    full_text.add(session, ((n, full_text.words_of(library_id, t.title, t.subtitle, t.author)) for n, t in titles))
    note_facets(session, library_id, (row["format"] for row in rows), (row["audience"] for row in rows))
    return ids


def for_their_readers(session: Session, library: Library, ids: Iterable[int]) -> None:
    """Of a baseline nothing waits for "for whom?"; titles that are news after all are asked it now."""
    readers = Readers(library.grades, library.older_shelves)
    for some in chunks(ids):
        for title in session.scalars(select(Title).where(Title.id.in_(some), Title.announced_at.is_(None))):
            title.baseline = False
            if title.left_out in (OFFERED, COMING):
                title.left_out = readers.stands(title.grade, title.call_number, title.audience)


def note_facets(session: Session, library_id: int, formats: Iterable[str | None], audiences: Iterable[str]) -> None:
    """The choices above the list of titles."""
    wanted = {("format", f) for f in formats if f} | {("audience", a) for a in audiences if a}
    there = select(Facet.kind, Facet.value).where(Facet.library_id == library_id)
    new = sorted(wanted - {(kind, value) for kind, value in session.execute(there)})[:MOST_FACETS]
    session.add_all(Facet(library_id=library_id, kind=kind, value=value) for kind, value in new)


def _add_ids(session: Session, library_id: int, ids: Iterable[tuple[int, str, str]]) -> None:
    if rows := [(library_id, *one) for one in ids]:
        insert_plain(session, "title_id", ("library_id", "title_id", "kind", "value"), rows)


def _learn(session: Session, library_id: int, sorted_: Sorted) -> None:
    """A later source may know an ISBN, a cover or a grade that the first did not. What a person emptied stays so."""
    seen = sorted_.seen
    unknown = ((n, *i) for n, one in seen.items() for i in one.ids if i not in sorted_.by_id)
    _add_ids(session, library_id, unknown)
    asked = select(Title.id, Title.corrected, *(getattr(Title, name) for name in FILLED))
    for ids in chunks(seen):
        for row in session.execute(asked.where(TITLE.c.id.in_(ids))):
            told = {"grade": lowest_grade(seen[row.id].title)} | {
                name: getattr(seen[row.id].title, name) for name in FILLED if name != "grade"
            }
            hers = {*row.corrected, *({"grade"} if "audience" in row.corrected else ())}
            if new := {
                name: v for name, v in told.items() if v is not None and name not in hers and getattr(row, name) is None
            }:
                session.execute(update(TITLE).where(TITLE.c.id == row.id).values(**new))
