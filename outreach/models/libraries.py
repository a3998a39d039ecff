"""A library, the days it is closed, and its usual times."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base


class Library(Base):
    __tablename__ = "library"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    timezone: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    country: Mapped[str] = mapped_column(default="")  # ISO 3166, for holidays; empty: none known
    grades: Mapped[str] = mapped_column(default="all")  # k5, 68, 912, all
    hashtags: Mapped[str] = mapped_column(default="")
    colour: Mapped[str] = mapped_column(default="#1f6f54")  # of the cards that stand for covers
    catalog: Mapped[str] = mapped_column(default="")  # its address, for "…and 14 more"
    title_link: Mapped[str] = mapped_column(default="")  # https://…{isbn} or …{record}
    older_shelves: Mapped[list[str]] = mapped_column(JSON, default=list)  # call numbers for older readers begin so
    grace_minutes: Mapped[int] = mapped_column(default=120)  # later than this is "too late, not sent"
    own_approval: Mapped[bool | None]  # None: only while nobody else there may approve
    paused_at: Mapped[datetime | None]  # "Pause everything"
    practice: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    closures: Mapped[list[Closure]] = relationship(order_by="Closure.first_day")
    slots: Mapped[list[Slot]] = relationship(order_by="Slot.weekday, Slot.clock")


class Closure(Base):
    __tablename__ = "closure"

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    name: Mapped[str]


class Slot(Base):
    """A usual time: an empty place in the week that asks to be filled."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("library_id", "weekday", "clock"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]  # 0 is Monday
    clock: Mapped[str]  # "09:00", wall time
    kind: Mapped[str | None]  # for which kind of post; None: any
