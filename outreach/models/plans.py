"""What makes posts or lets them go: repeats, the bank of trivia questions, starts, consents, the district's rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base
from outreach.models.libraries import Library
from outreach.words import Sentence


class Series(Base):
    """A post that repeats: a rule in the library's wall time, and what each of its posts is made from."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    rule: Mapped[str]  # an RRULE (RFC 5545) without its DTSTART
    first_day: Mapped[date]
    clock: Mapped[str]  # "09:00", wall time
    written: Mapped[dict[str, Any]] = mapped_column(JSON)  # see posts/versions.py
    draws: Mapped[bool] = mapped_column(default=False)  # each takes the next question of the bank
    made_until: Mapped[datetime | None]  # the last of its moments that has a post, or had none on purpose
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # the next of its moments; None: it is over
    digest: Mapped[str | None]  # of what was approved for all that read the same
    by_two: Mapped[bool] = mapped_column(default=False)  # two people approved it
    accepted: Mapped[list[str]] = mapped_column(JSON, default=list)  # what they let go out with an explicit word
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(default="")
    sentence: Mapped[Sentence | None]  # e.g. that the bank runs dry
    created_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]

    library: Mapped[Library] = relationship()


class Question(Base):
    """A trivia question that waits for its turn."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_library_turn", "library_id", "used_at", "position", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    words: Mapped[str]
    choices: Mapped[list[str]] = mapped_column(JSON)
    right: Mapped[int]  # from 0
    explanation: Mapped[str] = mapped_column(default="")
    hint: Mapped[str] = mapped_column(default="")
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Start(Base):
    """A post that was kept to start others from."""

    __tablename__ = "start"
    __table_args__ = (UniqueConstraint("library_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    name: Mapped[str]
    kind: Mapped[str]
    written: Mapped[dict[str, Any]] = mapped_column(JSON)  # see posts/versions.py
    created_at: Mapped[datetime]


class Consent(Base):
    """That one student's work may be shown: by a code, no name. Only where a manager turned the register on."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("library_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    code: Mapped[str]
    networks: Mapped[list[str]] = mapped_column(JSON, default=list)  # on these, and on no other that comes later
    until: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    who: Mapped[str]  # who wrote it into the register
    created_at: Mapped[datetime]


post_consent = Table(
    "post_consent",
    Base.metadata,
    Column("post_id", ForeignKey("post.id", ondelete="CASCADE"), primary_key=True),
    Column("consent_id", ForeignKey("consent.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class District(Base):
    """What holds for all libraries of an installation: one row, or none."""

    __tablename__ = "district"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[list[str]] = mapped_column(JSON, default=list)  # that need an approver's word
    levels: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # check -> stop, ask, hint, off
