"""What happened: one line an event; mail that waits to be sent; signs of life."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import Base
from outreach.words import Sentence


class Event(Base):
    """Who did what to which thing, from which state to which."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_post", "post_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int | None] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    thing: Mapped[str]  # post, delivery, account, feed, library, person
    thing_id: Mapped[int]
    verb: Mapped[str]
    old: Mapped[str | None]
    new: Mapped[str | None]
    who_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    who: Mapped[str]  # the name as it was, or "Outreach" for what happened by itself
    at: Mapped[datetime]
    note: Mapped[Sentence | None]


class Mail(Base):
    """The outbox: written in the transaction that has the reason, sent by a task."""

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")  # the same for eyes; empty: there is only the text
    gather: Mapped[bool] = mapped_column(default=False)  # waits for the one letter of the morning
    path: Mapped[str] = mapped_column(default="")  # the page it is about
    about: Mapped[str | None] = mapped_column(unique=True)  # the same reason is mailed once
    created_at: Mapped[datetime]
    try_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    diagnosis: Mapped[str] = mapped_column(default="")


class Heartbeat(Base):
    """The last time a job of the timetable ran."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
