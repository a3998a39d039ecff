"""Where a post stands with its corrections: what can still be corrected, what waits, what is being changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from outreach.models import Change, Correction, Delivery, Post
from outreach.posts.correction_edits import Payload, Standing, standing, way


def can_be_corrected(post: Post) -> bool:
    """Is it out, at least somewhere, and can any message of it say something else? Before that it is edited."""
    mine = [(d.state, way(d)) for d in of_edition(post, post.deliveries)]
    out = any(state == "published" and how != "gone" for state, how in mine)
    return post.state == "approved" and out and any(how not in ("gone", "stays") for _state, how in mine)


def stands(session: Session, post: Post) -> Standing:
    """What a form of it shows."""
    waits = waiting_of(session, post.id)
    found = standing(of_edition(post, post.deliveries), pending(session, post.id))
    return replace(found, waits=waits.id if waits else 0)


def pending(session: Session, post_id: int) -> dict[int, Payload]:
    """What its messages are about to say, by their ids."""
    return {change.delivery_id: change.payload for change in unfinished(session, post_id)}


def unfinished(session: Session, post_id: int) -> list[Change]:
    mine = select(Change).join(Delivery).where(Delivery.post_id == post_id, Change.ended_at.is_(None))
    return list(session.scalars(mine.order_by(Change.id)))


def waiting_of(session: Session, post_id: int) -> Correction | None:
    """The one that waits for a decision."""
    return session.scalar(select(Correction).where(Correction.post_id == post_id, Correction.decision == ""))


def last_of(session: Session, post_id: int) -> Correction | None:
    mine = select(Correction).where(Correction.post_id == post_id).order_by(Correction.id.desc())
    return session.scalar(mine.limit(1))


def waiting(session: Session, library_id: int) -> list[Correction]:
    mine = select(Correction).where(Correction.library_id == library_id, Correction.decision == "")
    whole = joinedload(Correction.post).selectinload(Post.titles)
    return list(session.scalars(mine.options(whole).order_by(Correction.id)))


def of_edition(post: Post, deliveries: Iterable[Delivery]) -> Sequence[Delivery]:
    return sorted((d for d in deliveries if d.edition == post.edition), key=lambda d: d.id)
