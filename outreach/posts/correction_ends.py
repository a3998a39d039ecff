"""Corrections that come too late: the post is taken down or cancelled, and nobody is asked about them any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.history import record
from outreach.models import Change, Correction, Delivery, Post


def end_corrections(session: Session, post: Post, by: Actor, now: datetime) -> None:
    """Of a post that is `locked`: nobody is asked about them any more. What a worker has begun, ends by itself."""
    still = (Correction.post_id == post.id) & Correction.decision.in_(("", "returned"))
    ended = update(Correction).where(still).values(decision="taken back", decided_at=now)
    if session.execute(ended.execution_options(synchronize_session="fetch")).rowcount:  # type: ignore[attr-defined]
        record(session, "post", post.id, "correction_dropped", by, now, library_id=post.library_id, post_id=post.id)
    mine = Change.delivery_id.in_(select(Delivery.id).where(Delivery.post_id == post.id)) & Change.ended_at.is_(None)
    session.execute(update(Change).where(mine).values(ended_at=now).execution_options(synchronize_session="fetch"))
