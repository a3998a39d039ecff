"""Titles of any source into a library: what is known stays one title, what is not is stored once.

    candidates | known by ISBN, record or name? | new ones stored | known ones told what they did not say before

Nothing that is known is overwritten, so what a person corrected stays; only what was empty is filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from outreach.db import ALONE, insert_plain
from outreach.models import Facet, Library, Post, PostTitle, Title, TitleId
from outreach.titles import full_text
from outreach.titles.aside import stand_again
from outreach.titles.bulk import TITLE, change_each, chunks
from outreach.titles.identity import SAID, Candidate, Seen, agree, are_editions, name_of, same
from outreach.titles.standing import lowest_grade
from outreach.titles.title import ParsedTitle
from outreach.words import Sentence

MOST_FACETS = 300  # of a library; more kinds are no kinds
OTHER_EDITION = Sentence("Another edition of a title that is in the catalog already.")
IDS = "ids"  # among what was learnt: what it is known by as well
FOUND_BY = frozenset(("subtitle", "author"))
FOR_WHOM = frozenset(("audience", "call_number", "grade"))


@dataclass(frozen=True)
class Shelved:
    seen: Mapping[int, Candidate]  # id of a title that was known -> as it came now
    fresh: Mapping[int, Candidate]  # id of a new one
    learnt: Mapping[int, Mapping[str, Any]]  # id of a known one -> what it did not say before


def sort_out(session: Session, library_id: int, candidates: Sequence[Candidate]) -> Sorted:
    """Which of these are known? Locks the library: two sources may bring one title at one moment."""
    session.get_one(Library, library_id, with_for_update=ALONE)
    by_id, by_key = _known(session, library_id, candidates)
    seen, fresh = sorted_out(candidates, by_id, by_key)
    return Sorted(seen, fresh, by_id, by_key)


@dataclass(frozen=True)
class Sorted:
    seen: Mapping[int, Candidate]
    fresh: Mapping[str, Candidate]  # by match key, and a number for a later edition in the same list
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
    feed_id: int | None = None,
) -> Shelved:
    """Store what is new and fill what was empty, in the caller's transaction. `audience`: of the feed, for all."""
    rows = [
        _row(one, sorted_.by_key, audience, place != one.key)
        | {"library_id": library_id, "first_seen_at": now, "baseline": baseline, "left_out": left_out(one)}
        | {"cover_feed_id": feed_id if one.title.cover else None}
        for place, one in sorted_.fresh.items()
    ]
    fresh = _insert(session, library_id, rows, sorted_.fresh)
    learnt = _learn(session, library_id, sorted_, feed_id)
    if marked := [n for n, new in learnt.items() if new.keys() & FOR_WHOM]:
        stand_again(session, session.get_one(Library, library_id), marked)
    return Shelved(sorted_.seen, fresh, learnt)


def sorted_out(
    wanted: Iterable[Candidate], by_id: Mapping[tuple[str, str], Seen], by_key: Mapping[str, Seen]
) -> tuple[dict[int, Candidate], dict[str, Candidate]]:
    """(those that are stored, by their id; the others by match key, each once). Pure."""
    seen: dict[int, Candidate] = {}
    fresh: dict[str, Candidate] = {}
    taken: dict[tuple[str, str], str] = {}  # ISBN or record -> match key
    for one in wanted:
        if known := same(one, by_id, by_key):
            seen[known.id] = seen[known.id].and_(one, one.ids) if known.id in seen else one
            continue
        place = _repeated(one, taken) or _place(one, fresh)
        its_own = tuple(i for i in one.ids if i not in taken) if place in fresh else one.ids
        fresh[place] = fresh[place].and_(one, its_own) if place in fresh else one
        taken.update(dict.fromkeys(its_own, place))
    return seen, fresh


def _place(one: Candidate, fresh: Mapping[str, Candidate]) -> str:
    """Its name; for another edition of one that came before in this list, a name of its own."""
    place, number = one.key, 1
    while (earlier := fresh.get(place)) is not None and are_editions(one, earlier):
        number += 1
        place = f"{one.key}|{number}"
    return place


def _repeated(one: Candidate, taken: Mapping[tuple[str, str], str]) -> str | None:
    """Where it was earlier in this list. Volumes of a set share an ISBN, and are not one title."""
    places = ((i[0], taken[i]) for i in one.ids if i in taken)
    return next((at for kind, at in places if kind == "record" or agree(name_of(at), name_of(one.key))), None)


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


def _row(one: Candidate, by_key: Mapping[str, Seen], audience: str, is_later: bool) -> dict[str, Any]:
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
        "warning": OTHER_EDITION if one.key in by_key or is_later else None,
    }


def _insert(
    session: Session, library_id: int, rows: Sequence[dict[str, Any]], fresh: Mapping[str, Candidate]
) -> dict[int, Candidate]:
    """The new titles by their id, with what they are known by and the words they are found by."""
    if not rows:
        return {}
    newest = session.scalar(select(func.max(Title.id))) or 0
    session.execute(insert(TITLE), rows)
    by_key: dict[str, list[Candidate]] = {}
    for one in fresh.values():
        by_key.setdefault(one.key, []).append(one)  # editions of one name, in their order
    ours = select(Title.id, Title.match_key).where(Title.library_id == library_id, Title.id > newest)
    ids = {row.id: by_key[row.match_key].pop(0) for row in session.execute(ours.order_by(Title.id))}
    _add_ids(session, library_id, ((n, kind, value) for n, one in ids.items() for kind, value in one.ids))
    titles = ((n, one.title) for n, one in ids.items())
    full_text.add(session, ((n, full_text.words_of(library_id, t.title, t.subtitle, t.author)) for n, t in titles))
    note_facets(session, library_id, (row["format"] for row in rows), (row["audience"] for row in rows))
    return ids


def note_facets(session: Session, library_id: int, formats: Iterable[str | None], audiences: Iterable[str]) -> None:
    """The choices above the list of titles."""
    wanted = {("format", f) for f in formats if f} | {("audience", a) for a in audiences if a}
    there = select(Facet.kind, Facet.value).where(Facet.library_id == library_id)
    known = {(kind, value) for kind, value in session.execute(there)}
    new = sorted(wanted - known)[: max(0, MOST_FACETS - len(known))]
    session.add_all(Facet(library_id=library_id, kind=kind, value=value) for kind, value in new)


def _add_ids(session: Session, library_id: int, ids: Iterable[tuple[int, str, str]]) -> None:
    if rows := [(library_id, *one) for one in ids]:
        insert_plain(session, "title_id", ("library_id", "title_id", "kind", "value"), rows)


def _learn(session: Session, library_id: int, sorted_: Sorted, feed_id: int | None) -> dict[int, dict[str, Any]]:
    """A later source may know an ISBN, a cover or a grade that the first did not. What a person emptied stays so."""
    seen = sorted_.seen
    learnt: dict[int, dict[str, Any]] = {}
    unknown = [(n, *i) for n, one in seen.items() for i in one.ids if i not in sorted_.by_id]
    _add_ids(session, library_id, unknown)
    if unknown and session.get_one(Library, library_id).title_link:  # its links are made of them
        ask_again(session, set(session.scalars(_looked_at())) & {n for n, _, _ in unknown})
    for n, kind, value in unknown:
        learnt.setdefault(n, {}).setdefault(IDS, []).append([kind, value])
    filled: dict[int, dict[str, Any]] = {}
    asked = select(Title.id, Title.corrected, *(getattr(Title, name) for name in SAID))
    for ids in chunks(seen):
        for row in session.execute(asked.where(TITLE.c.id.in_(ids), TITLE.c.id.not_in(_looked_at()))):
            if new := _new_of(row, seen[row.id].title):
                learnt.setdefault(row.id, {}).update(new)
                filled[row.id] = new | ({"cover_feed_id": feed_id} if "cover" in new else {})
    if filled:
        _fill(session, library_id, filled)
    return learnt


def _fill(session: Session, library_id: int, filled: Mapping[int, Mapping[str, Any]]) -> None:
    change_each(session, filled)
    full_text.tell_again(session, library_id, (n for n, said in filled.items() if said.keys() & FOUND_BY))
    new = filled.values()
    note_facets(session, library_id, (said.get("format") for said in new), (said.get("audience", "") for said in new))
    ask_again(session, filled)  # a post that went into review meanwhile


def _looked_at() -> Select[Any]:
    """Titles of posts in review: who approves them has seen these words and no others."""
    return select(PostTitle.title_id).join(Post, Post.id == PostTitle.post_id).where(Post.state == "submitted")


def ask_again(session: Session, ids: Iterable[int], states: Sequence[str] = ("submitted",)) -> None:
    """Whoever looks at a post in review with one of these titles approves what is new of it, or nothing."""
    for some in chunks(ids):
        mine = Post.id.in_(select(PostTitle.post_id).where(PostTitle.title_id.in_(some)))
        another = update(Post).where(mine, Post.state.in_(states)).values(revision=Post.revision + 1)
        session.execute(another.execution_options(synchronize_session=False))


def _new_of(row: Any, title: ParsedTitle) -> dict[str, Any]:
    told = {name: getattr(title, name) for name in SAID} | {"grade": lowest_grade(title)}
    hers = {*row.corrected, *({"grade"} if "audience" in row.corrected else ())}
    return {
        name: value
        for name, value in told.items()
        if value not in (None, "") and name not in hers and getattr(row, name) in (None, "")
    }
