"""A library, the days it is closed, and its usual times."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base
from outreach.words import Sentence


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
    two_approvals: Mapped[list[str]] = mapped_column(JSON, default=list)  # kinds that two people approve
    consent_register: Mapped[bool] = mapped_column(default=False)  # student work needs a consent of the register
    guidelines: Mapped[str] = mapped_column(default="")  # of the school: words that stand beside the composer
    guidelines_link: Mapped[str] = mapped_column(default="")
    hashtag_sets: Mapped[list[str]] = mapped_column(JSON, default=list)  # "#BookWeek #ReadingIsFun", as last used
    hours: Mapped[str] = mapped_column(default="")  # as people read them, one line a day
    calendar_url: Mapped[str] = mapped_column(default="")  # sealed: the iCal address of its closed days
    calendar_read_at: Mapped[datetime | None]
    calendar_sentence: Mapped[Sentence | None]  # what became of the last reading
    calendar_events: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)  # see school/
    plan_mark: Mapped[str | None] = mapped_column(unique=True)  # fingerprint of the key below; None: no address
    plan_key: Mapped[str] = mapped_column(default="")  # sealed: of the address of its plan as iCal
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
    source: Mapped[str] = mapped_column(default="typed")  # typed, calendar, snow
    uid: Mapped[str] = mapped_column(default="")  # of the event in the school's calendar


class Interruption(Base):
    """Days on which nothing goes out that was planned: a snow day, or somebody is away. Can be undone."""

    __tablename__ = "interruption"

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # snow, pause, hand_over
    first_day: Mapped[date]
    last_day: Mapped[date]
    who: Mapped[str]  # who said so
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))  # who is away
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))  # who looks after it
    closure_id: Mapped[int | None] = mapped_column(ForeignKey("closure.id", ondelete="SET NULL"))
    moves: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # what moved where, what waits
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # undone, or over


class Slot(Base):
    """A usual time: an empty place in the week that asks to be filled."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("library_id", "weekday", "clock"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]  # 0 is Monday
    clock: Mapped[str]  # "09:00", wall time
    kind: Mapped[str | None]  # for which kind of post; None: any
