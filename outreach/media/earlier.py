"""Pictures that posts have shown, to be used again."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.models import Medium, PostMedium


def earlier(session: Session, library_id: int, but: Collection[int], most: int) -> list[tuple[Medium, str]]:
    """The newest that people uploaded, each with its last description; without those of `but`."""
    last = select(func.max(PostMedium.id).label("id")).group_by(PostMedium.medium_id).subquery()
    mine = (
        select(Medium, PostMedium.alt)
        .join(PostMedium, PostMedium.medium_id == Medium.id)
        .join(last, last.c.id == PostMedium.id)
        .where(Medium.library_id == library_id, Medium.drawn.is_(False), Medium.id.not_in(but))
    )
    return [(medium, alt) for medium, alt in session.execute(mine.order_by(Medium.id.desc()).limit(most))]


def last_alt(session: Session, medium_id: int) -> str:
    """As it was described last; empty for one that no post has shown."""
    mine = select(PostMedium.alt).where(PostMedium.medium_id == medium_id)
    return session.scalar(mine.order_by(PostMedium.id.desc()).limit(1)) or ""
