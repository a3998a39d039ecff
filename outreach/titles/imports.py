"""Lists that people bring, until they are read: by a worker in `reading.py`. What is said then: `list_deeds.py`.

    bring_file / bring_isbns --> asked --answer--> reading --> done --undo--> undone
                                   |                  +------> refused
                                   +--drop--> (gone)

asked    we looked at its beginning, and a person says which columns it has and whether its books are there
reading  its titles go into the library, some hundred at a time; who dies doing it is followed by the next
done     all are in; what was wrong with some is said by their number
undone   what it brought is out again
refused  it could not be read after all
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import Import, Library
from outreach.titles import rules
from outreach.titles.files.column_words import FIELDS
from outreach.titles.files.isbn_list import is_isbn_list, read_isbns
from outreach.titles.files.list_child import Look, look_at, read_file
from outreach.titles.files.lists import NotAList, Trouble
from outreach.titles.rss.parse_child import as_values
from outreach.titles.text import tidy
from outreach.words import NotDone, Sentence

MOST_BYTES = 20_000_000
FORGOTTEN = timedelta(days=30)
SHOWN = 10  # titles or rows of the preview
NEW, ON_ITS_WAY, OLD = "new", "coming", "old"  # what the books of a list are
PURPOSES = (NEW, ON_ITS_WAY, OLD)


def bring_file(library: Library, name: str, body: bytes, by: Actor, now: datetime) -> Import:
    """A file, looked at but not read. Raises NotDone for what is no list."""
    if not body.strip():
        raise NotDone(Sentence("This file is empty. Export the list once more."))
    if len(body) > MOST_BYTES:
        raise NotDone(Sentence("This file is larger than 20 MB. Export fewer titles, for example of one month."))
    if is_isbn_list(as_text(body[:80_000])):
        return bring_isbns(library, as_text(body), by, now, name)
    try:
        look = look_at(body, name)
        shown = _beginning(look, body, name)
    except NotAList as no:
        raise NotDone(no.sentence) from no
    with writing() as session:
        columns = _remembered(session, library.id, look.shape) or dict(look.columns or {})
        made = Import(kind=look.kind, name=tidy(name)[-200:], body=body, look=shown, shape=look.shape, columns=columns)
        return _bring(session, made, library, look.total, by, now)


def _beginning(look: Look, body: bytes, name: str) -> dict[str, Any]:
    if look.kind == "table":
        notes = [note.dump() for note in look.notes]
        return {"header": look.header, "rows": look.sample[:SHOWN], "numbers": look.numbers[:SHOWN], "notes": notes}
    read = read_file(body, name, look.kind, {}, most=SHOWN)
    return {"titles": [as_values(one.title) for one in read.titles], "troubles": as_rows(read.troubles)}


def as_text(body: bytes) -> str:
    """As a scanner's program or a text editor saves it; of what is no text nothing is left to be taken for one."""
    if b"\0" in body[:100] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    return body.decode("utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace")


def bring_isbns(library: Library, text: str, by: Actor, now: datetime, name: str = "") -> Import:
    """What was pasted or scanned. Raises NotDone where no ISBN is in it."""
    read = read_isbns(text)
    if not read.isbns:
        why = read.troubles[0].sentence if read.troubles else Sentence("Paste or scan one ISBN on each line.")
        raise NotDone(why)
    with writing() as session:
        made = Import(kind="isbns", name=tidy(name)[-200:], to_look_up=[isbn for _, isbn in read.isbns])
        made.troubles, made.faulty = as_rows(read.troubles), len(read.troubles) + read.more
        return _bring(session, made, library, len(read.isbns), by, now)


def _bring(session: Session, made: Import, library: Library, total: int, by: Actor, now: datetime) -> Import:
    made.library_id, made.person_id, made.who = library.id, by.person_id, by.name
    made.state, made.total, made.created_at = "asked", total, now
    session.add(made)
    session.flush()
    return made


def _remembered(session: Session, library_id: int, shape: str) -> dict[str, int]:
    """The columns as somebody here said them for the last file of this shape."""
    last = select(Import.columns).where(
        Import.library_id == library_id, Import.shape == shape, Import.state.in_(("done", "undone"))
    )
    return (session.scalar(last.order_by(Import.id.desc()).limit(1)) or {}) if shape else {}


def as_rows(troubles: Sequence[Trouble]) -> list[list[Any]]:
    return [[t.number, t.sentence.dump(), t.text, t.kept] for t in troubles]


def answer(import_id: int, purpose: str, columns: Mapping[str, int], by: Actor, now: datetime) -> None:
    """Read it now. Raises NotDone where no column has titles or ISBNs."""
    if purpose not in PURPOSES:
        raise NotDone(Sentence("Say whether the books are on your shelves now."))
    with writing() as session:
        row = locked(session, import_id)
        if row.state != "asked":
            return  # the button was pressed twice
        if row.kind == "table":
            row.columns = _columns(columns, len(row.look["header"]))
        row.state, row.purpose, row.leased_until, row.answered_at = "reading", purpose, None, now
        rules.begin(session, row.library, by, now)
        record(session, "import", row.id, "brought", by, now, library_id=row.library_id)


def _columns(typed: Mapping[str, int], width: int) -> dict[str, int]:
    columns = {field: n for field, n in typed.items() if field in FIELDS and 0 <= n < width}
    if "title" not in columns and "isbn" not in columns:
        raise NotDone(Sentence("Say which column has the titles, or the ISBNs."))
    return columns


def drop(import_id: int, by: Actor, now: datetime) -> None:
    """It was the wrong file: nothing of it is kept."""
    with writing() as session:
        row = locked(session, import_id)
        if row.state in ("asked", "refused"):
            session.delete(row)
            record(session, "import", row.id, "dropped", by, now, library_id=row.library_id)


def forget(now: datetime) -> None:
    """Lists that nobody answered in a month."""
    with writing() as session:
        session.execute(
            delete(Import).where(Import.state.in_(("asked", "refused")), Import.created_at < now - FORGOTTEN)
        )


def locked(session: Session, import_id: int) -> Import:
    return session.get_one(Import, import_id, populate_existing=True, with_for_update=True)
