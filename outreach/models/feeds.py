"""Feeds of a catalog, what each check of them brought, and the rules of the weekly post."""

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
    host: Mapped[str] = mapped_column(default="", index=True)  # asked one feed at a time
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
    failing_since: Mapped[datetime | None]
    busy_until: Mapped[datetime | None]  # being checked; later than that, whoever did it has died
    sentence: Mapped[Sentence | None]  # what went wrong, or a warning
    diagnosis: Mapped[str] = mapped_column(default="")
    held_at: Mapped[datetime | None]  # a catalog reload waits for a person: what was first seen then
    stopped_at: Mapped[datetime | None]  # 410, or a person
    licensed_covers: Mapped[bool] = mapped_column(default=False)  # "our licence lets us post these covers"
    created_at: Mapped[datetime]

    library: Mapped[Library] = relationship()


class FeedRun(Base):
    """One check of a feed; the last thirty are kept."""

    __tablename__ = "feed_run"
    __table_args__ = (Index("ix_feed_run_feed_id", "feed_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    outcome: Mapped[str]  # read, unchanged, held, failed
    titles: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    sentence: Mapped[Sentence | None]
    diagnosis: Mapped[str] = mapped_column(default="")


class FeedTitle(Base):
    """A title was in a feed."""

    __tablename__ = "feed_title"

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True)
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, index=True)
    first_seen_at: Mapped[datetime]


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
