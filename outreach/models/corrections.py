"""Other words for what is out: what somebody wrote, and each message that shall change where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base
from outreach.models.posts import Delivery, Post

UNDECIDED = "decision = ''"
UNFINISHED = "ended_at IS NULL"


class Correction(Base):
    """Other words for an approved post that is out, at least somewhere: they are looked at first, as the post was."""

    __tablename__ = "correction"
    __table_args__ = (
        Index("ix_correction_post", "post_id"),
        Index("ix_correction_author", "author_id", "decision"),
        Index("ix_correction_waiting", "library_id", sqlite_where=text(UNDECIDED), postgresql_where=text(UNDECIDED)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    author_name: Mapped[str]
    written_at: Mapped[datetime]
    edits: Mapped[dict[str, Any]] = mapped_column(JSON)  # see posts/correction_edits.py
    first_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))  # of two who approve it
    first_name: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")  # approved, returned, taken back, replaced; empty: it waits
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")  # of whoever sent it back

    post: Mapped[Post] = relationship()


class Change(Base):
    """A message that is out, and what it shall say instead, as approved. What it says now is in its delivery."""

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_delivery", "delivery_id"),
        Index("ix_change_unfinished", "try_at", sqlite_where=text(UNFINISHED), postgresql_where=text(UNFINISHED)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id", ondelete="CASCADE"), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]  # of its payload as approved
    begun_at: Mapped[datetime]
    try_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None]  # only a person can: one was asked
    ended_at: Mapped[datetime | None]  # what came of it stands in the history of its delivery

    delivery: Mapped[Delivery] = relationship()
