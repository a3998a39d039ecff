"""One identity on one network; and what the district set up for a network once."""

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
    picture: Mapped[str] = mapped_column(default="", deferred=True)  # of its profile, small, as a data: address
    sealed: Mapped[str | None]  # its secrets, see vault.py
    renewing_until: Mapped[datetime | None]  # somebody is getting new secrets, see accounts/renew.py
    ends_at: Mapped[datetime | None]  # from then on a person has to connect it again
    limits: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # as read from the server
    answers: Mapped[str] = mapped_column(default="")  # who may answer: nobody, followed, everyone; empty: its own way
    budget: Mapped[int] = mapped_column(default=0)  # thousandths of a US dollar a month, where messages cost money
    paused_at: Mapped[datetime | None]
    paused_because: Mapped[Sentence | None]  # None with paused_at: a person paused it
    checked_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]  # removed by a person; its history stays
    created_at: Mapped[datetime]

    library: Mapped[Library] = relationship()


class NetworkSetup(Base):
    """What a district administrator did for a network, once for all libraries."""

    __tablename__ = "network_setup"

    network: Mapped[str] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=False)  # of those under "More places"
    sealed: Mapped[str | None]  # the keys of our application there, see vault.py
    who: Mapped[str]
    at: Mapped[datetime]
