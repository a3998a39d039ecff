"""Images: re-encoded on upload, stored by the digest of their bytes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base


class Medium(Base):
    __tablename__ = "medium"
    __table_args__ = (UniqueConstraint("library_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    digest: Mapped[str]  # SHA-256 of the stored bytes, and the file's name
    mime: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]  # bytes
    name: Mapped[str] = mapped_column(default="")  # as uploaded, for the person only
    drawn: Mapped[bool] = mapped_column(default=False)  # by us, of titles
    created_at: Mapped[datetime]


class PostMedium(Base):
    __tablename__ = "post_medium"
    __table_args__ = (UniqueConstraint("post_id", "medium_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    medium_id: Mapped[int] = mapped_column(ForeignKey("medium.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    alt: Mapped[str] = mapped_column(default="")
    seal: Mapped[str] = mapped_column(default="")  # of what it was drawn of
    shape: Mapped[str] = mapped_column(default="")  # drawn for places that like this shape; empty: for every place

    medium: Mapped[Medium] = relationship()
