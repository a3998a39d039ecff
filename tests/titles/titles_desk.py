"""A librarian at her desk with lists: she brings one and answers, a worker reads it, and time passes as a test says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from factories import Cast
from open_library import OpenLibraryServer
from sqlalchemy import func, select

from outreach.channels.guard import Reach
from outreach.db import db
from outreach.models import Import, Library, Lookup, Title
from outreach.titles import imports, list_deeds, reading
from outreach.titles.list_queries import CameWith, came_with, to_read
from outreach.titles.open_library import OpenLibrary

LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))


class Desk:
    def __init__(self, cast: Cast, server: OpenLibraryServer, now: datetime) -> None:
        self.cast, self.now, self.library = cast, now, cast.library
        self.rests: list[float] = []
        self.open_library = OpenLibrary(server.url, LOOPBACK, "library@school.example")
        self.worker = reading.Desk(self.open_library, lambda: self.now, self.rest)

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.passes(seconds=seconds)

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    def file(self, body: bytes, name: str = "list.csv") -> Import:
        return imports.bring_file(self.library, name, body, self.cast.author, self.now)

    def isbns(self, *isbns: str) -> Import:
        return imports.bring_isbns(self.library, "\n".join(isbns), self.cast.author, self.now)

    def answer(self, made: Import, purpose: str = "new", columns: dict[str, int] | None = None) -> int:
        columns = dict(made.columns) if columns is None else columns
        imports.answer(made.id, purpose, columns, self.cast.author, self.now)
        return made.id

    def work(self) -> list[int]:
        """A worker's turn: every list that waits, or whose worker has died."""
        ids = to_read(db.session(), self.now)
        for list_id in ids:
            reading.read_list(list_id, self.worker)
        return ids

    def bring(self, what: bytes | list[str], purpose: str = "new", **more: Any) -> int:
        """All of it: brought, answered and read."""
        made = self.file(what, **more) if isinstance(what, bytes) else self.isbns(*what)
        list_id = self.answer(made, purpose)
        self.work()
        return list_id

    def undo(self, list_id: int) -> int:
        return list_deeds.undo(list_id, self.cast.author, self.now)

    def row(self, list_id: int) -> Import:
        db.session.rollback()
        return db.session.get_one(Import, list_id, populate_existing=True)

    def came(self, list_id: int) -> CameWith:
        db.session.rollback()
        return came_with(db.session(), list_id, self.now)

    def titles(self, library: Library | None = None) -> list[Title]:
        db.session.rollback()
        mine = select(Title).where(Title.library_id == (library or self.library).id).order_by(Title.id)
        return list(db.session.scalars(mine.execution_options(populate_existing=True)))

    def names(self) -> list[str]:
        return [title.title for title in self.titles()]

    def looked_up(self) -> int:
        return db.session.scalar(select(func.count(Lookup.isbn))) or 0


def csv(*rows: str, header: str = "Title,Author,ISBN") -> bytes:
    return "\n".join((header, *rows, "")).encode()
