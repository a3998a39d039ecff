"""The titles of a library, what they are known by, and the posts they are in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base
from outreach.words import Sentence

# What a weekly post looks among, of a catalog of hundreds of thousands: the few that are news.
NEWS = "NOT baseline AND announced_at IS NULL AND hidden_at IS NULL AND struck_at IS NULL AND left_out = ''"
ASIDE = "left_out != ''"  # the few that are not offered
ANNOUNCED = "announced_at IS NOT NULL"
AWAY = (
    "(hidden_at IS NOT NULL OR struck_at IS NOT NULL OR left_out = 'filter')"  # hidden, or left out without a question
)


def of_some(name: str, condition: str, *columns: str) -> Index:
    """An index of the few titles of a library for which `condition` holds, the newest at its end."""
    return Index(name, "library_id", *columns, "id", sqlite_where=text(condition), postgresql_where=text(condition))


class Title(Base):
    """One bibliographic item, for ever: what was seen once is never new again."""

    __tablename__ = "title"
    __table_args__ = (
        Index("ix_title_shelf", "library_id", "id", "left_out"),
        Index("ix_title_match", "library_id", "match_key"),
        Index("ix_title_library_seen", "library_id", "first_seen_at"),
        Index("ix_title_format", "library_id", "format", "id"),
        Index("ix_title_audience", "library_id", "audience", "id"),
        # Last, by their names too (migrations sort by name): of two that seem equal SQLite takes the younger one.
        of_some("ix_title_some_news", NEWS),
        of_some("ix_title_some_aside", ASIDE, "left_out"),
        of_some("ix_title_some_announced", ANNOUNCED),
        of_some("ix_title_some_away", AWAY),
        {"sqlite_autoincrement": True},  # the number of a title that is gone is no other's
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    title: Mapped[str]
    subtitle: Mapped[str | None]
    author: Mapped[str | None]
    format: Mapped[str | None]
    audience: Mapped[str] = mapped_column(default="")  # as its source says it
    grade: Mapped[int | None]  # the lowest it is meant for, see `ParsedTitle`
    call_number: Mapped[str | None]
    link: Mapped[str | None]
    cover: Mapped[str | None]
    cover_feed_id: Mapped[int | None] = mapped_column(ForeignKey("feed.id", ondelete="SET NULL"))  # that told of it
    match_key: Mapped[str]  # as the catalog writes it, also where a person corrected the words
    first_seen_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    baseline: Mapped[bool] = mapped_column(default=False)  # was there before we came
    left_out: Mapped[str] = mapped_column(default="")  # why it is not offered: see titles/standing.py
    hidden_at: Mapped[datetime | None]
    picked_at: Mapped[datetime | None]  # by hand: the next weekly post begins with it
    struck_at: Mapped[datetime | None]  # out of a weekly post by hand: no other one offers it again
    corrected: Mapped[list[str]] = mapped_column(JSON, default=list)  # fields that a person wrote
    warning: Mapped[Sentence | None]  # e.g. another edition of a title that was announced

    ids: Mapped[list[TitleId]] = relationship(cascade="all, delete-orphan")


class Facet(Base):
    """A format or an audience that titles of a library have, for the choices above a list of 200,000."""

    __tablename__ = "title_facet"

    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # format, audience
    value: Mapped[str] = mapped_column(primary_key=True)


class TitleId(Base):
    """What a title is known by: ISBN-13s and record numbers."""

    __tablename__ = "title_id"
    __table_args__ = (Index("ix_title_id_lookup", "library_id", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # isbn; record: of a host; number: in a file
    value: Mapped[str]


class PostTitle(Base):
    __tablename__ = "post_title"
    __table_args__ = (UniqueConstraint("post_id", "title_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)

    title: Mapped[Title] = relationship()
