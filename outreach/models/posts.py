"""A post, where it goes (placements), and each message of it (deliveries)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base
from outreach.models.accounts import Account
from outreach.models.libraries import Library
from outreach.models.media import PostMedium
from outreach.models.people import Person
from outreach.models.plans import Consent, Series
from outreach.models.titles import PostTitle
from outreach.words import Sentence

HELD = "held_at IS NOT NULL"
KEPT = "keeper_id IS NOT NULL"
ASKS = "question_id IS NOT NULL"
BROUGHT = "sheet_id IS NOT NULL"


UNWANTED = "unwanted_at IS NOT NULL"
# Every move of a message is written into every index that has it, so those of few messages have the few alone.
ANSWERS = "after_id IS NOT NULL"
OUT = "published_at IS NOT NULL"


class Post(Base):
    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("library_id", "form_key"),
        UniqueConstraint("series_id", "series_at"),
        Index("ix_post_library_state", "library_id", "state", "wished_at"),
        Index("ix_post_library_wished", "library_id", "wished_at"),
        Index("ix_post_held", "library_id", sqlite_where=text(HELD), postgresql_where=text(HELD)),
        Index("ix_post_keeper", "keeper_id", sqlite_where=text(KEPT), postgresql_where=text(KEPT)),
        Index("ix_post_question", "question_id", sqlite_where=text(ASKS), postgresql_where=text(ASKS)),
        Index("ix_post_sheet", "sheet_id", sqlite_where=text(BROUGHT), postgresql_where=text(BROUGHT)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    kind: Mapped[str]
    state: Mapped[str]  # see posts/lifecycle.py
    revision: Mapped[int] = mapped_column(default=1)  # counts saves: a stale form is told
    edition: Mapped[int] = mapped_column(default=0)  # counts approvals: deliveries belong to one
    held_at: Mapped[datetime | None]  # nothing of it goes out until it gets another time
    words: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # those of its kind
    visibility: Mapped[str] = mapped_column(default="")
    warning: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    second: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the same in another language: see wording.py
    timing: Mapped[str] = mapped_column(default="slot")  # slot: the next usual time; at: wished_at; now: when approved
    wished_at: Mapped[datetime | None]  # when it should go out; for a slot, the one in view
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    form_key: Mapped[str | None]  # of the form it was written on: sent twice, one post
    author_name: Mapped[str] = mapped_column(default="")
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))  # instead of its author
    permission_at: Mapped[datetime | None]  # "I checked the school's permission list today"
    permission_by: Mapped[str] = mapped_column(default="")
    decided_revision: Mapped[int | None]  # the one that was last approved or sent back: see posts/versions.py
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(default="")  # of whoever sent it back
    digest: Mapped[str | None]  # of what was approved
    digest_rule_id: Mapped[int | None] = mapped_column(ForeignKey("digest_rule.id", ondelete="SET NULL"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"))
    series_at: Mapped[datetime | None]  # the moment of its rule that it stands for, wherever it was moved to
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="SET NULL"))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("sheet.id", ondelete="SET NULL"))  # that brought it
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    library: Mapped[Library] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    keeper: Mapped[Person | None] = relationship(foreign_keys=[keeper_id])
    series: Mapped[Series | None] = relationship()
    placements: Mapped[list[Placement]] = relationship(
        back_populates="post", order_by="Placement.id", cascade="all, delete-orphan"
    )
    deliveries: Mapped[list[Delivery]] = relationship(order_by="Delivery.due_at, Delivery.id", viewonly=True)
    media: Mapped[list[PostMedium]] = relationship(order_by="PostMedium.position", cascade="all, delete-orphan")
    titles: Mapped[list[PostTitle]] = relationship(order_by="PostTitle.position", cascade="all, delete-orphan")
    consents: Mapped[list[Consent]] = relationship(secondary="post_consent", order_by="Consent.code")


class PostVersion(Base):
    """A post as it was saved, to go back to and to see what changed."""

    __tablename__ = "post_version"
    __table_args__ = (Index("ix_post_version_post", "post_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    revision: Mapped[int]
    who_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    who: Mapped[str]
    at: Mapped[datetime]
    written: Mapped[dict[str, Any]] = mapped_column(JSON)  # see posts/versions.py


class Approval(Base):
    """One of two words that a post needs. Another content, and it counts no more."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("post_id", "digest", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    digest: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    who: Mapped[str]
    at: Mapped[datetime]


class Placement(Base):
    __tablename__ = "placement"
    __table_args__ = (UniqueConstraint("post_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(default="")  # different words here; empty: those of the post

    post: Mapped[Post] = relationship(back_populates="placements")
    account: Mapped[Account] = relationship()


class Delivery(Base):
    """One part of a post on one account at one time, with the exact message that was approved."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id", "edition", "part"),
        Index("ix_delivery_state_try", "state", "try_at"),
        Index("ix_delivery_library_due", "library_id", "due_at"),
        Index("ix_delivery_account_state", "account_id", "state"),
        Index(
            "ix_delivery_account_published",
            "account_id",
            "published_at",
            sqlite_where=text(OUT),
            postgresql_where=text(OUT),
        ),
        Index("ix_delivery_after", "after_id", sqlite_where=text(ANSWERS), postgresql_where=text(ANSWERS)),
        Index("ix_delivery_keeper", "keeper_id", sqlite_where=text(KEPT), postgresql_where=text(KEPT)),
        Index("ix_delivery_unwanted", "account_id", sqlite_where=text(UNWANTED), postgresql_where=text(UNWANTED)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    edition: Mapped[int]
    part: Mapped[int]  # from 0
    parts: Mapped[int]  # how many there are
    after_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"))
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))  # posts it by hand
    state: Mapped[str]  # see posts/lifecycle.py
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)  # the frozen message, see posts/wording.py
    digest: Mapped[str]  # of its payload as approved
    cost: Mapped[int] = mapped_column(default=0)  # about, in thousandths of a US dollar; 0: free
    stays: Mapped[bool] = mapped_column(default=False)  # its time is its own: moving the post leaves it where it is
    due_at: Mapped[datetime]  # when it should go out
    try_at: Mapped[datetime]  # when it is next tried: due_at, or later after a failure
    queued_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    send_started_at: Mapped[datetime | None]  # committed just before the network call
    begun_at: Mapped[datetime | None]  # when it was first tried with its present key
    ahead: Mapped[bool] = mapped_column(default=False)  # has something to make before it is sent, see posts/ahead.py
    prepared: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    prepared_for: Mapped[str | None]  # the key it was made for
    prepared_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    key_round: Mapped[int] = mapped_column(default=0)  # a new idempotency key after a definite failure
    absent_at: Mapped[datetime | None]  # the first look that did not find it
    looks: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None]  # we could not settle it: a person was asked
    unwanted_at: Mapped[datetime | None]  # a person asked to take it down: as soon as it is out, it goes
    published_at: Mapped[datetime | None]
    remote_id: Mapped[str | None]
    remote_url: Mapped[str | None]
    sentence: Mapped[Sentence | None]  # for people: what happened, what to do
    diagnosis: Mapped[str] = mapped_column(default="")  # for the log

    post: Mapped[Post] = relationship()
    account: Mapped[Account] = relationship()
    after: Mapped[Delivery | None] = relationship(remote_side=[id])
    keeper: Mapped[Person | None] = relationship()


class Attempt(Base):
    """One call for a delivery: a send, a look whether it is there, a change, or taking it down."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_delivery", "delivery_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    what: Mapped[str]  # send, look, change, remove
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # None: it was interrupted
    outcome: Mapped[str]  # see posts/attempts.py
    sentence: Mapped[Sentence | None]
    diagnosis: Mapped[str] = mapped_column(default="")
    exchange: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # what was said, secrets masked
