"""Lists that people bring (files, ISBNs), what became of their titles, and what was looked up elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base
from outreach.models.libraries import Library
from outreach.words import Sentence


class Import(Base):
    """One list, from the moment it is brought until it is in, or taken out again. States: titles/imports.py."""

    __tablename__ = "title_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    who: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]  # marc, table, isbns
    name: Mapped[str] = mapped_column(default="")  # of the file
    state: Mapped[str] = mapped_column(index=True)
    body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # until its titles are all in
    to_look_up: Mapped[list[str]] = mapped_column(JSON, default=list, deferred=True)  # bare ISBNs: these are left then
    shape: Mapped[str] = mapped_column(default="")  # of a table: files of one shape share their columns
    columns: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # field -> column
    look: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # its beginning, for the page that asks
    purpose: Mapped[str] = mapped_column(default="")  # new, coming, old
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    troubles: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)  # [number, sentence, text, kept, title]
    faulty: Mapped[int] = mapped_column(default=0)  # how many lines have one; the first are named
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)  # ISBNs that nobody knows
    sentence: Mapped[Sentence | None]
    silent_since: Mapped[datetime | None]  # a look-up gives no answer, since then
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]  # being read; later than that, whoever read it has died
    finished_at: Mapped[datetime | None]

    library: Mapped[Library] = relationship()


class ImportTitle(Base):
    """A title came with a list."""

    __tablename__ = "title_import_title"

    import_id: Mapped[int] = mapped_column(ForeignKey("title_import.id", ondelete="CASCADE"), primary_key=True)
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, index=True)
    new: Mapped[bool] = mapped_column(default=False)
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what of a known one it filled, for the undoing


class Sheet(Base):
    """A table that somebody brought, of posts or of trivia questions, until it is taken in: see posts/sheets.py."""

    __tablename__ = "sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    who: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]  # posts, questions
    name: Mapped[str] = mapped_column(default="")  # of the file
    state: Mapped[str] = mapped_column(index=True)  # asked, taking, done, back
    then: Mapped[str] = mapped_column(default="")  # what becomes of its posts: draft, review
    by_day: Mapped[bool | None]  # is 3/4 the third of April? None: as its dates say
    rows: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, deferred=True)  # [number, cells], its header too
    total: Mapped[int] = mapped_column(default=0)  # rows that are looked at
    done: Mapped[int] = mapped_column(default=0)
    made: Mapped[int] = mapped_column(default=0)
    waits: Mapped[int] = mapped_column(default=0)  # of what was for review and is a draft, since something lacks
    sentence: Mapped[Sentence | None]  # what could not be taken in
    created_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]  # being taken; later than that, whoever took it has died
    finished_at: Mapped[datetime | None]

    library: Mapped[Library] = relationship()


class Lookup(Base):
    """What a look-up said about an ISBN, for every library; None: it knows no such book."""

    __tablename__ = "lookup"

    isbn: Mapped[str] = mapped_column(primary_key=True)  # 13 digits
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    asked_at: Mapped[datetime]


class Turn(Base):
    """When a service may be asked next, by whichever process."""

    __tablename__ = "lookup_turn"

    service: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime]


class Cover(Base):
    """A cover that was fetched, or that is known not to be there."""

    __tablename__ = "cover"

    url: Mapped[str] = mapped_column(primary_key=True)  # its source
    digest: Mapped[str | None]  # of the stored picture; None: there is none; empty: no answer
    asked_at: Mapped[datetime] = mapped_column(index=True)
