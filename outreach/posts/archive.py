"""An archive for a public-records request: all that went out in some days, as one ZIP file.

    ids of the posts -> a few at a time -> index.html \\
                                        -> posts.csv   > ZIP, in a file without a name that goes when it is closed
                                        -> images/    /
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.db import db, writing
from outreach.history import record
from outreach.media.store import Store
from outreach.models import Account, Delivery, Event, Library
from outreach.posts import archive_page, archive_table
from outreach.posts.archive_pictures import Moment, Pictures, names_of
from outreach.posts.archive_read import Asked, kept, posts_of, went_out
from outreach.posts.archive_said import Tongue
from outreach.words import NotDone, Sentence

YEARS = range(2000, 2101)
NO_ROOM = Sentence("There is no room for it on the disk. Choose fewer days, or ask whoever installed Outreach.")
NOTHING = Sentence("Nothing went out at these places in these days. Choose others.")


def make(library_id: int, asked: Asked, store: Store, folder: Path, by: Actor, now: datetime) -> IO[bytes]:
    """The archive as an open file, at its beginning; on disk (in `folder`) only while it is open. Raises NotDone."""
    session = db.session()
    library = session.get_one(Library, library_id)
    _check(asked)
    ids = posts_of(session, library, asked)
    if not ids:
        raise NotDone(NOTHING)
    made = TemporaryFile(dir=folder)  # noqa: SIM115  # whoever asked for it closes it
    try:
        _write(session, library, asked, ids, store, folder, made, by, now)
        _note(library_id, asked, by, now)
    except BaseException as trouble:
        with suppress(OSError):
            made.close()  # what is left to write has no room either
        if getattr(trouble, "errno", None) in (ENOSPC, EDQUOT, EFBIG):
            raise NotDone(NO_ROOM) from trouble
        raise
    made.seek(0)
    return made


def _check(asked: Asked) -> None:
    if asked.first.year not in YEARS or asked.last.year not in YEARS:
        raise NotDone(Sentence("Check the year of both days."))
    if asked.first > asked.last:
        raise NotDone(Sentence("The first day is after the last one. Change one of them."))
    if not asked.places:
        raise NotDone(Sentence("Choose at least one place."))


def _write(session: Session, library: Library, asked: Asked, ids: Sequence[int], store: Store, folder: Path,
           made: IO[bytes], by: Actor, now: datetime) -> None:  # fmt: skip
    """One post after the other into page and table, its pictures into the file at once."""
    tongue = Tongue(library.language, library.timezone)
    at = _moment(now, library.timezone)
    with (
        ZipFile(made, "w") as file,
        TemporaryFile("w+", encoding="utf-8", dir=folder) as page,
        TemporaryFile("w+", encoding="utf-8", newline="", dir=folder) as table,
    ):
        pictures = Pictures(store, names_of(session, library.id), file, at)
        add = archive_table.begin(table, tongue)
        page.write(archive_page.head(_title(session, library, asked, len(ids), by, now), tongue))
        for one in kept(session, library, asked, ids):
            page.write(archive_page.article(one, pictures.name, tongue))
            for row in archive_table.rows(one, pictures.name, tongue):
                add(row)
        page.write(archive_page.END)
        for text, name in ((page, "index.html"), (table, "posts.csv")):
            _put(file, text, name, at)


def _put(file: ZipFile, text: IO[str], name: str, at: Moment) -> None:
    entry = ZipInfo(name, at)
    entry.compress_type, entry.file_size = ZIP_DEFLATED, text.seek(0, os.SEEK_END)
    text.seek(0)
    with file.open(entry, "w") as target:
        while some := text.read(1 << 20):
            target.write(some.encode())


def _title(
    session: Session, library: Library, asked: Asked, posts: int, by: Actor, now: datetime
) -> archive_page.Title:
    messages = session.scalar(select(func.count()).select_from(Delivery).where(went_out(library, asked))) or 0
    names = session.scalars(select(Account.name).where(Account.id.in_(asked.places)).order_by(Account.id))
    return archive_page.Title(library.name, asked.first, asked.last, by.name, now, posts, messages, tuple(names))


def _moment(now: datetime, zone: str) -> Moment:
    local = clock.to_local(now, zone)
    return local.year, local.month, local.day, local.hour, local.minute, local.second


def _note(library_id: int, asked: Asked, by: Actor, now: datetime) -> None:
    days = Sentence("%(first)s to %(last)s", first=asked.first.isoformat(), last=asked.last.isoformat())
    with writing() as session:
        record(session, "archive", library_id, "made", by, now, library_id=library_id, note=days)


def made_before(session: Session, library_id: int) -> list[Event]:
    """The last ones, newest first."""
    mine = select(Event).where(Event.post_id.is_(None), Event.library_id == library_id, Event.thing == "archive")
    return list(session.scalars(mine.order_by(Event.id.desc()).limit(10)))


def places_of(session: Session, library: Library) -> list[Account]:
    """All there ever were: what went out at one that is gone went out too."""
    mine = select(Account).where(Account.library_id == library.id).order_by(Account.retired_at.is_not(None), Account.id)
    return list(session.scalars(mine))


def usual(library: Library, places: Sequence[Account]) -> tuple[int, ...]:
    """Practice is asked for, unless there is nothing else."""
    return tuple(place.id for place in places if place.network != "practice" or library.practice)


def last_month(today: date) -> tuple[date, date]:
    """
    >>> [str(day) for day in last_month(date(2026, 3, 15))]
    ['2026-02-01', '2026-02-28']
    """
    last = date.fromordinal(today.replace(day=1).toordinal() - 1)
    return last.replace(day=1), last
