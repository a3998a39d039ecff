"""Who signs in, with which role in which library, and the links that work once."""

from __future__ import annotations

from datetime import datetime

from flask_security.core import UserMixin
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base
from outreach.models.libraries import Library


class Person(Base, UserMixin):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    password: Mapped[str | None]  # None: signs in by link so far
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)  # a new one signs out everywhere
    district_admin: Mapped[bool] = mapped_column(default=False)
    practice: Mapped[bool] = mapped_column(default=False)
    theme: Mapped[str] = mapped_column(default="auto")  # auto, light, dark
    language: Mapped[str] = mapped_column(default="")  # of the pages; empty: the library's
    created_at: Mapped[datetime]
    # for two-factor and passkeys, switched on later
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(unique=True)  # type: ignore[assignment]

    memberships: Mapped[list[Membership]] = relationship(back_populates="person")

    @property
    def roles(self) -> list[str]:  # type: ignore[override]
        return []  # Flask-Security's own roles are not ours: see access.py

    @property
    def shown(self) -> str:
        return self.name or self.email


class Membership(Base):
    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "library_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]  # contributor, approver, manager

    person: Mapped[Person] = relationship(back_populates="memberships")
    library: Mapped[Library] = relationship(lazy="joined", innerjoin=True)  # every page asks for both


class OneTimeLink(Base):
    """A link that signs a person in, or begins the set-up, once. Only its hash is kept."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]  # set_up, sign_in, review
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)  # to decide on
    digest: Mapped[str | None]  # of the words that were shown
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
