"""Feeds of a catalog, the titles seen in them, and the rules of the weekly post."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base
from outreach.models.libraries import Library
from outreach.words import Sentence


class Feed(Base):
    __tablename__ = "feed"
    __table_args__ = (UniqueConstraint("library_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    url: Mapped[str]  # may hold a key: mask it wherever it is shown
    name: Mapped[str]
    audience: Mapped[str] = mapped_column(default="")
    formats: Mapped[list[str]] = mapped_column(JSON, default=list)  # only these; empty: all
    without: Mapped[list[str]] = mapped_column(JSON, default=list)  # titles with one of these words are left out
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_hash: Mapped[str | None]
    baseline_at: Mapped[datetime | None]  # the first good fetch; what was in it is not news
    next_check_at: Mapped[datetime] = mapped_column(index=True)
    checked_at: Mapped[datetime | None]
    good_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    sentence: Mapped[Sentence | None]  # what went wrong, or a warning
    diagnosis: Mapped[str] = mapped_column(default="")
    held_at: Mapped[datetime | None]  # a catalog reload waits for a person: what was first seen then
    stopped_at: Mapped[datetime | None]  # 410, or a person
    created_at: Mapped[datetime]

    library: Mapped[Library] = relationship()


class Title(Base):
    """One bibliographic item, for ever: what was seen once is never new again."""

    __tablename__ = "title"
    __table_args__ = (
        Index("ix_title_match", "library_id", "match_key"),
        Index("ix_title_library_seen", "library_id", "first_seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    title: Mapped[str]
    subtitle: Mapped[str | None]
    author: Mapped[str | None]
    format: Mapped[str | None]
    audience: Mapped[str] = mapped_column(default="")
    link: Mapped[str | None]
    cover: Mapped[str | None]
    match_key: Mapped[str]
    first_seen_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    baseline: Mapped[bool] = mapped_column(default=False)  # was there before we came
    left_out: Mapped[bool] = mapped_column(default=False)  # seen, and dropped by the filters of its feed
    hidden_at: Mapped[datetime | None]
    warning: Mapped[Sentence | None]  # e.g. another edition of a title that was announced

    ids: Mapped[list[TitleId]] = relationship(cascade="all, delete-orphan")


class TitleId(Base):
    """What a title is known by: ISBN-13s and record numbers."""

    __tablename__ = "title_id"
    __table_args__ = (Index("ix_title_id_lookup", "library_id", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # isbn, record
    value: Mapped[str]


class FeedTitle(Base):
    """A title was in a feed."""

    __tablename__ = "feed_title"

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True)
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, index=True)
    first_seen_at: Mapped[datetime]


class PostTitle(Base):
    __tablename__ = "post_title"
    __table_args__ = (UniqueConstraint("post_id", "title_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)

    title: Mapped[Title] = relationship()


class DigestRule(Base):
    """The weekly post of new titles: "every Monday at 9:00, the newest 4, in review"."""

    __tablename__ = "digest_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    feed_ids: Mapped[list[int]] = mapped_column(JSON, default=list)  # empty: every feed
    weekday: Mapped[int] = mapped_column(default=0)
    clock: Mapped[str] = mapped_column(default="09:00")
    most: Mapped[int] = mapped_column(default=4)
    words: Mapped[str] = mapped_column(default="")  # template; empty: the default of the library's language
    account_ids: Mapped[list[int]] = mapped_column(JSON, default=list)  # empty: every account
    by_itself: Mapped[bool] = mapped_column(default=False)  # goes out without review
    unchanged_in_a_row: Mapped[int] = mapped_column(default=0)  # digests approved as they were
    next_at: Mapped[datetime] = mapped_column(index=True)  # when the next one is due to go out
    sentence: Mapped[Sentence | None]  # what became of the last one
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    stopped_at: Mapped[datetime | None]

    library: Mapped[Library] = relationship()
