"""The worker's part of a list: its titles into the library, so that it may die at any moment and be followed.

1. take the list (a lease)  2. read the file in a child, and put some hundred titles at a time into the library
3. forget the file; look up the ISBNs that came without a title, some at a time  4. done

Whoever follows a dead one begins at the top of 2 or of 3: what is in already is found there, and stored no second time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.channels.http import Unreachable
from outreach.db import db, writing
from outreach.shop import Shop
from outreach.titles.bulk import CHUNK, chunks
from outreach.titles.files.list_child import read_file
from outreach.titles.files.lists import MOST_TROUBLES, NotAList
from outreach.titles.files.table_titles import ONLY_AN_ISBN, isbns_without_title
from outreach.titles.imports import as_rows
from outreach.titles.list_store import LEASE, being_read, end, end_in, not_in, put, put_known, titles_are_in
from outreach.titles.lookup import LookUp, answers, remembered
from outreach.titles.open_library import OpenLibrary

AGAIN = timedelta(minutes=2)  # after the service did not answer
PATIENCE = timedelta(minutes=30)  # then a person types what is left

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """What the worker reads with."""

    look_up: LookUp | None  # None: switched off
    now: Callable[[], datetime]
    rest: Callable[[float], None] = time.sleep  # until it is our turn to ask


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
        to_look_up = taken.to_look_up if taken.body is None else _read_file(import_id, taken, taken.body, desk)
    except NotAList as no:
        end(import_id, "refused", desk.now(), no.sentence)
    else:
        _look_up(import_id, taken.library_id, to_look_up, desk)


@dataclass(frozen=True)
class _Taken:
    library_id: int
    kind: str
    name: str
    columns: dict[str, int]
    body: bytes | None  # None: its titles are in
    to_look_up: list[str]


def _take(import_id: int, now: datetime) -> _Taken | None:
    with writing() as session:
        row = being_read(session, import_id)
        if row is None or (row.leased_until and row.leased_until >= now):
            return None
        row.leased_until = now + LEASE
        row.done = 0 if row.body is not None else row.total - len(row.to_look_up)
        return _Taken(row.library_id, row.kind, row.name, row.columns, row.body, row.to_look_up)


def _read_file(import_id: int, taken: _Taken, body: bytes, desk: Desk) -> list[str]:
    """Its titles into the library. Returns the ISBNs of rows that have no title."""
    read = read_file(body, taken.name, taken.kind, taken.columns)
    bare = list(dict.fromkeys(isbn for _, isbn in isbns_without_title(read)))
    troubles = [t for t in read.troubles if t.sentence != ONLY_AN_ISBN]
    wrong = {t.number for t in troubles[:MOST_TROUBLES] if t.kept}
    with writing() as session:
        if (row := being_read(session, import_id)) is None:
            return []  # undone while the child read it
        row.total = len(read.titles) + len(bare)
        row.troubles, row.faulty = as_rows(troubles[:MOST_TROUBLES]), len(troubles) + read.more
    for n in range(0, len(read.titles), CHUNK):
        some = [one.title for one in read.titles[n : n + CHUNK]]
        if not put(import_id, some, desk.now(), len(some)):
            return []  # undone meanwhile
    titles_are_in(import_id, bare, {one.number: one.title for one in read.titles if one.number in wrong})
    return bare


def _look_up(import_id: int, library_id: int, isbns: Sequence[str], desk: Desk) -> None:
    """Known ones first, then what was looked up before, then the others; and that was all of the list."""
    for some in chunks(isbns):
        if not put_known(import_id, some, desk.now()):
            return  # undone meanwhile
    to_ask = _put_remembered(import_id, library_id, isbns, desk)
    try:
        if desk.look_up is not None:
            _ask_for(import_id, to_ask, desk.look_up, desk)
    except Unreachable as silent:
        _no_answer(import_id, silent, desk.now())
    else:
        end(import_id, "done", desk.now())


def _put_remembered(import_id: int, library_id: int, isbns: Sequence[str], desk: Desk) -> list[str]:
    """Returns the ISBNs that must be asked for."""
    session = db.session()
    unknown = not_in(session, library_id, isbns)
    before = remembered(session, unknown, desk.now())
    session.rollback()
    put(import_id, [title for title in before.values() if title], desk.now(), len(before))
    return [isbn for isbn in unknown if isbn not in before]


def _ask_for(import_id: int, isbns: Sequence[str], look_up: LookUp, desk: Desk) -> None:
    """Each answer is put in as it comes. Raises Unreachable."""
    for found in answers(look_up, isbns, desk.now, desk.rest):
        titles = [title for title in found.values() if title]
        if not put(import_id, titles, desk.now(), len(found), answered=True):
            return  # undone meanwhile


def _no_answer(import_id: int, silent: Unreachable, now: datetime) -> None:
    """Again in two minutes; after half an hour without any answer a person types what is left."""
    log.warning("list %s: %s", import_id, silent.diagnosis)
    with writing() as session:
        if (row := being_read(session, import_id)) is None:
            return
        row.sentence, row.leased_until = silent.sentence, now + AGAIN
        row.silent_since = row.silent_since or now
        if now - row.silent_since >= PATIENCE:
            end_in(session, row, "done", now, silent.sentence)
