"""The worker's part of a list: its titles into the library, so that it may die at any moment and be followed.

1. take the list (a lease)  2. read the file in a child, or look the ISBNs up, some at a time
3. put some hundred titles into the library, and say how far it came  4. done

Whoever follows a dead one begins at the top: what is in already is found there, and stored no second time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from outreach.channels.http import Unreachable
from outreach.db import db, writing
from outreach.models import Import, ImportTitle, Title, TitleId
from outreach.shop import Shop
from outreach.titles.clean import clean_author, clean_title
from outreach.titles.files.list_child import read_file
from outreach.titles.files.lists import NotAList
from outreach.titles.files.table_titles import ONLY_AN_ISBN, isbns_without_title
from outreach.titles.identity import Candidate, candidate
from outreach.titles.imports import OLD, ON_ITS_WAY, as_rows
from outreach.titles.lookup import LookUp, ask, questions, remembered
from outreach.titles.open_library import OpenLibrary
from outreach.titles.shelve import CHUNK, IDS, chunks, shelve, sort_out
from outreach.titles.standing import COMING, FILTER, Readers
from outreach.titles.store import let_in
from outreach.titles.title import ParsedTitle
from outreach.words import NotDone, Sentence, within

LEASE = timedelta(minutes=5)  # longer than a child may take, or a question
AGAIN = timedelta(minutes=2)  # after the service did not answer
PATIENCE = timedelta(minutes=30)  # then a person types what is left
MOST_TROUBLES = 1_000
_IMPORT_TITLE = cast(Table, ImportTitle.__table__)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """What the worker reads with."""

    look_up: LookUp | None  # None: switched off
    now: Callable[[], datetime]


def desk_of(shop: Shop, now: Callable[[], datetime]) -> Desk:
    config = shop.config
    contact = config.mail_from or config.public_url
    return Desk(OpenLibrary(config.open_library, shop.reach, contact) if config.open_library else None, now)


def read_list(import_id: int, desk: Desk) -> None:
    """One list, to its end. Raises nothing that a list can cause."""
    taken = _take(import_id, desk.now())
    if taken is None:
        return
    try:
        if taken.kind == "isbns":
            _look_up(import_id, taken.body.decode().split(), desk)
        else:
            _read_file(import_id, taken, desk)
    except NotAList as no:
        _end(import_id, "refused", desk.now(), no.sentence)


@dataclass(frozen=True)
class _Taken:
    kind: str
    name: str
    body: bytes
    columns: dict[str, int]


def _take(import_id: int, now: datetime) -> _Taken | None:
    with writing() as session:
        row = session.get(Import, import_id, populate_existing=True, with_for_update=True)
        if row is None or row.state != "reading" or (row.leased_until and row.leased_until >= now):
            return None
        row.leased_until, row.done = now + LEASE, 0
        return _Taken(row.kind, row.name, row.body or b"", row.columns)


def _read_file(import_id: int, taken: _Taken, desk: Desk) -> None:
    read = read_file(taken.body, taken.name, taken.kind, taken.columns)
    bare = list(dict.fromkeys(isbn for _, isbn in isbns_without_title(read)))  # rows of an ISBN alone are looked up
    troubles = tuple(t for t in read.troubles if t.sentence != ONLY_AN_ISBN)
    with writing() as session:
        row = session.get_one(Import, import_id)
        row.total, row.troubles = len(read.titles) + len(bare), as_rows(troubles[:MOST_TROUBLES])
    for n in range(0, len(read.titles), CHUNK):
        some = [one.title for one in read.titles[n : n + CHUNK]]
        if not put(import_id, some, desk.now(), len(some)):
            return  # undone meanwhile
    _look_up(import_id, bare, desk, _left(len(troubles)))


def _left(troubles: int) -> Sentence | None:
    more = troubles - MOST_TROUBLES
    return Sentence("%(count)s more lines have something wrong with them.", count=more) if more > 0 else None


def _look_up(import_id: int, isbns: Sequence[str], desk: Desk, sentence: Sentence | None = None) -> None:
    """Known ones first, then what was looked up before, then the others; and that was all of the list."""
    for n in range(0, len(isbns), CHUNK):
        if not _put_known(import_id, isbns[n : n + CHUNK], desk.now()):
            return None  # undone meanwhile
    unknown = _not_in(import_id, isbns)
    before = remembered(db.session(), unknown, desk.now())
    db.session.rollback()
    put(import_id, [title for title in before.values() if title], desk.now(), len(before))
    missing = [isbn for isbn, title in before.items() if title is None]
    to_ask = [isbn for isbn in unknown if isbn not in before]
    if desk.look_up is None or not to_ask:
        return _end(import_id, "done", desk.now(), sentence, missing + to_ask)
    try:
        missing += _asked_for(import_id, to_ask, desk.look_up, desk)
    except Unreachable as silent:
        return _no_answer(import_id, silent, missing, to_ask, desk.now())
    return _end(import_id, "done", desk.now(), sentence, missing)


def _asked_for(import_id: int, isbns: Sequence[str], look_up: LookUp, desk: Desk) -> list[str]:
    """Each answer is put in as it comes. Returns what nobody knows. Raises Unreachable."""
    missing: list[str] = []
    for some in questions(look_up, isbns):
        with look_up.turn():  # of several lists one question each: no list waits for the end of another
            before = remembered(db.session(), some, desk.now())
            db.session.rollback()
            asked = [isbn for isbn in some if isbn not in before]
            found = before | (ask(look_up, asked, desk.now()) if asked else {})
        missing += [isbn for isbn, title in found.items() if title is None]
        if not put(import_id, [title for title in found.values() if title], desk.now(), len(some)):
            break  # undone meanwhile
    return missing


def _no_answer(import_id: int, silent: Unreachable, missing: list[str], to_ask: Sequence[str], now: datetime) -> None:
    """Again in two minutes; after half an hour a person types what is left."""
    log.warning("list %s: %s", import_id, silent.diagnosis)
    with writing() as session:
        row = session.get_one(Import, import_id, populate_existing=True, with_for_update=True)
        if row.state != "reading":
            return  # undone meanwhile
        row.sentence = silent.sentence
        row.leased_until = now + AGAIN
        patient = now - (row.answered_at or row.created_at) < PATIENCE
    if not patient:
        left = _not_in(import_id, to_ask)
        _end(import_id, "done", now, silent.sentence, list(dict.fromkeys([*missing, *left])))


def give_up(import_id: int, now: datetime) -> None:
    """Not to wait for the service: a person types what is left."""
    if isbns := _body_of(import_id).split():
        _end(import_id, "done", now, missing=_not_in(import_id, isbns))


def _body_of(import_id: int) -> str:
    row = db.session().get_one(Import, import_id)
    body = row.body if row.kind == "isbns" and row.state == "reading" else b""
    db.session.rollback()
    return (body or b"").decode()


def _of_isbn(session: Session, import_id: int, isbns: Sequence[str]) -> dict[str, int]:
    """ISBN -> title of the library that has it."""
    row = session.get_one(Import, import_id)
    found = select(TitleId.value, TitleId.title_id).where(
        TitleId.library_id == row.library_id, TitleId.kind == "isbn", TitleId.value.in_(isbns)
    )
    return {row.value: row.title_id for row in session.execute(found)}


def _not_in(import_id: int, isbns: Sequence[str]) -> list[str]:
    known: set[str] = set()
    for n in range(0, len(isbns), CHUNK):
        known |= _of_isbn(db.session(), import_id, isbns[n : n + CHUNK]).keys()
    db.session.rollback()
    return [isbn for isbn in isbns if isbn not in known]


def _put_known(import_id: int, isbns: Sequence[str], now: datetime) -> bool:
    """Titles of the library with these ISBNs came with this list as well; False if it is not being read any more."""
    with writing() as session:
        row = session.get_one(Import, import_id, populate_existing=True, with_for_update=True)
        if row.state != "reading":
            return False
        ids = set(_of_isbn(session, import_id, isbns).values())
        _came_with(session, row, dict.fromkeys(ids, False))
        if row.purpose != ON_ITS_WAY:
            _are_there(session, row, ids, now)
        row.done += len(ids)
        row.leased_until = now + LEASE
    return True


def _are_there(session: Session, row: Import, ids: set[int], now: datetime) -> None:
    """As `let_in`, of titles that are stored: this list says nothing of them but their ISBN."""
    readers = Readers(row.library.grades, row.library.older_shelves)
    waits = Title.left_out.in_((FILTER, COMING))
    for title in session.scalars(select(Title).where(Title.id.in_(ids), waits)):
        if title.left_out == COMING:
            title.first_seen_at = now
        title.left_out = readers.stands(title.grade, title.call_number)
        title.baseline = title.baseline or row.purpose == OLD


def put(import_id: int, titles: Sequence[ParsedTitle], now: datetime, done: int = 0) -> bool:
    """Some titles into the library; False if the list is not being read any more."""
    candidates = [candidate(title) for title in titles]
    with writing() as session:
        row = session.get(Import, import_id, populate_existing=True, with_for_update=True)
        if row is None or row.state != "reading":
            return False
        put_in(session, row, candidates, now)
        row.done = min(row.total, row.done + done)
        row.leased_until = now + LEASE
    return True


def type_missing(import_id: int, isbn: str, title: str, author: str, now: datetime) -> None:
    """A book that no look-up knew, as a person types it. Raises NotDone without a title."""
    words = clean_title(within(title, 500))
    if not words.title:
        raise NotDone(Sentence("Type the title of the book."))
    typed = ParsedTitle(
        title=words.title,
        subtitle=words.subtitle,
        author=clean_author(within(author, 300)),
        isbn13=(isbn,),
        format=words.format,
        cover=None,
        link=None,
        record=None,
        added=None,
    )
    with writing() as session:
        row = session.get_one(Import, import_id, populate_existing=True, with_for_update=True)
        if isbn not in row.missing or row.state != "done":
            return  # typed twice, or the list was undone
        put_in(session, row, [candidate(typed)], now)
        row.missing = [other for other in row.missing if other != isbn]
        row.new = session.scalar(select(func.count()).where(ImportTitle.import_id == import_id, ImportTitle.new)) or 0


def put_in(session: Session, row: Import, candidates: Sequence[Candidate], now: datetime) -> None:
    readers = Readers(row.library.grades, row.library.older_shelves)
    coming, baseline = row.purpose == ON_ITS_WAY, row.purpose == OLD

    def left_out(one: Candidate) -> str:
        return COMING if coming else readers.left_out(one.title, baseline=baseline)

    known = sort_out(session, row.library_id, candidates)
    shelved = shelve(session, row.library_id, known, now, left_out=left_out, baseline=baseline)
    if not coming:
        let_in(session, shelved.seen, left_out, now, baseline=baseline)
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


def _end(
    import_id: int, state: str, now: datetime, sentence: Sentence | None = None, missing: Sequence[str] = ()
) -> None:
    with writing() as session:
        row = session.get_one(Import, import_id, populate_existing=True, with_for_update=True)
        if row.state != "reading":
            return
        new = select(func.count()).where(ImportTitle.import_id == import_id, ImportTitle.new)
        row.new = session.scalar(new) or 0
        row.state, row.sentence, row.missing = state, sentence, list(missing)
        row.body, row.leased_until, row.finished_at = None, None, now
        row.done = row.total
