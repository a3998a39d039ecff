"""One identity on one network."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base
from outreach.models.libraries import Library
from outreach.words import Sentence


class Account(Base):
    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("library_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    network: Mapped[str]  # a key of CHANNELS
    name: Mapped[str]  # what the library calls it
    server: Mapped[str] = mapped_column(default="")  # https://host, or the preset of a place posted to by hand
    handle: Mapped[str] = mapped_column(default="")
    url: Mapped[str | None]
    remote_id: Mapped[str | None]
    sealed: Mapped[str | None]  # its secrets, see vault.py
    limits: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # as read from the server
    paused_at: Mapped[datetime | None]
    paused_because: Mapped[Sentence | None]  # None with paused_at: a person paused it
    checked_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]  # removed by a person; its history stays
    created_at: Mapped[datetime]

    library: Mapped[Library] = relationship()
