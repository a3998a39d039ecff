"""Titles of a list into the library: some hundred in one transaction, and only while the list is being read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from outreach.db import writing
from outreach.models import Import, ImportTitle, TitleId
from outreach.titles.aside import let_in
from outreach.titles.bulk import chunks
from outreach.titles.identity import Candidate, candidate, same
from outreach.titles.imports import OLD, ON_ITS_WAY
from outreach.titles.shelve import IDS, shelve, sort_out
from outreach.titles.standing import COMING, Readers
from outreach.titles.title import ParsedTitle
from outreach.words import Sentence

LEASE = timedelta(minutes=5)  # longer than a child may take, or a question
_IMPORT_TITLE = cast(Table, ImportTitle.__table__)


def put(import_id: int, titles: Sequence[ParsedTitle], now: datetime, done: int = 0, *, answered: bool = False) -> bool:
    """Some titles into the library; False if the list is not being read any more. `answered`: by a look-up."""
    candidates = [candidate(title) for title in titles]
    with writing() as session:
        if (row := being_read(session, import_id)) is None:
            return False
        put_in(session, row, candidates, now)
        row.done = min(row.total, row.done + done)
        row.leased_until = now + LEASE
        if answered:
            row.sentence, row.silent_since = None, None
    return True


def being_read(session: Session, import_id: int) -> Import | None:
    """Locked; None if it was undone meanwhile, or is gone with its library."""
    row = session.get(Import, import_id, populate_existing=True, with_for_update=True)
    return row if row is not None and row.state == "reading" else None


def put_in(session: Session, row: Import, candidates: Sequence[Candidate], now: datetime) -> None:
    readers = Readers(row.library.grades, row.library.older_shelves)
    coming, baseline = row.purpose == ON_ITS_WAY, row.purpose == OLD

    def left_out(one: Candidate) -> str:
        return COMING if coming else readers.left_out(one.title, baseline=baseline)

    known = sort_out(session, row.library_id, candidates)
    shelved = shelve(session, row.library_id, known, now, left_out=left_out, baseline=baseline)
    if not coming:
        let_in(session, row.library, shelved.seen, now, baseline=baseline)
    came = dict.fromkeys(shelved.seen, False) | dict.fromkeys(shelved.fresh, True)
    _came_with(session, row, came, shelved.learnt)


def _came_with(
    session: Session, row: Import, ids: dict[int, bool], learnt: Mapping[int, Mapping[str, Any]] | None = None
) -> None:
    for some in chunks(ids):
        mine = select(ImportTitle).where(ImportTitle.import_id == row.id, ImportTitle.title_id.in_(some))
        there = {one.title_id: one for one in session.scalars(mine)}
        for n in there.keys() & (learnt or {}).keys():  # twice in the list, and each time something is said of it
            new, told = dict((learnt or {})[n]), there[n].told
            there[n].told = new | told | {IDS: [*told.get(IDS, ()), *new.get(IDS, ())]}
        rows = [
            {"import_id": row.id, "title_id": n, "new": ids[n], "told": dict((learnt or {}).get(n, {}))}
            for n in some
            if n not in there
        ]
        if rows:
            session.execute(insert(_IMPORT_TITLE), rows)


def put_known(import_id: int, isbns: Sequence[str], now: datetime) -> bool:
    """Titles of the library with these ISBNs came with this list as well; False if it is not being read any more."""
    with writing() as session:
        if (row := being_read(session, import_id)) is None:
            return False
        known = _of_isbn(session, row.library_id, isbns)
        ids = set(known.values())
        _came_with(session, row, dict.fromkeys(ids, False))
        if row.purpose != ON_ITS_WAY:
            let_in(session, row.library, ids, now, baseline=row.purpose == OLD)
        row.done = min(row.total, row.done + len(known))
        row.leased_until = now + LEASE
    return True


def _of_isbn(session: Session, library_id: int, isbns: Sequence[str]) -> dict[str, int]:
    """ISBN -> title of the library that has it."""
    mine = select(TitleId.value, TitleId.title_id).where(TitleId.library_id == library_id, TitleId.kind == "isbn")
    return {value: n for some in chunks(isbns) for value, n in session.execute(mine.where(TitleId.value.in_(some)))}


def not_in(session: Session, library_id: int, isbns: Sequence[str]) -> list[str]:
    known = _of_isbn(session, library_id, isbns)
    return [isbn for isbn in isbns if isbn not in known]


def titles_are_in(import_id: int, to_look_up: list[str], with_trouble: Mapping[int, ParsedTitle]) -> None:
    """The file is not needed any more: whoever follows goes on with these ISBNs alone.

    `with_trouble`: titles that came in all the same, by their lines. Each trouble leads to its title from now on.
    """
    with writing() as session:
        if row := being_read(session, import_id):
            row.body, row.to_look_up = None, to_look_up
            ids = _stored(session, row.library_id, with_trouble)
            row.troubles = [[*trouble, ids.get(trouble[0])] for trouble in row.troubles]


def _stored(session: Session, library_id: int, titles: Mapping[int, ParsedTitle]) -> dict[int, int]:
    """Line -> id of its title, as it was found or stored when the line came in."""
    ones = {line: candidate(title) for line, title in titles.items()}
    known = sort_out(session, library_id, list(ones.values()))
    return {line: seen.id for line, one in ones.items() if (seen := same(one, known.by_id, known.by_key))}


def end(import_id: int, state: str, now: datetime, sentence: Sentence | None = None) -> None:
    with writing() as session:
        if row := being_read(session, import_id):
            end_in(session, row, state, now, sentence)


def end_in(session: Session, row: Import, state: str, now: datetime, sentence: Sentence | None = None) -> None:
    """What was looked up and is in the library by no means, a person types."""
    row.missing, row.to_look_up = not_in(session, row.library_id, row.to_look_up), []
    row.new, row.done = new_of(session, row.id), row.total
    row.state, row.sentence = state, sentence
    row.body, row.leased_until, row.finished_at = None, None, now


def new_of(session: Session, import_id: int) -> int:
    """How many of its titles were not known before."""
    return session.scalar(select(func.count()).where(ImportTitle.import_id == import_id, ImportTitle.new)) or 0
