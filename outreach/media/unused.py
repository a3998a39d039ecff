"""Pictures that we drew and no post shows any more: each change of a list of books draws new ones."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from outreach.db import db, writing
from outreach.media.store import Store
from outreach.models import Cover, Medium, PostMedium

KEPT = timedelta(days=7)  # a form that is open may still show it


def forget_unused(store: Store, now: datetime) -> None:
    """What was drawn and is in no post for a week, and every file that nothing points to."""
    shown = exists().where(PostMedium.medium_id == Medium.id)
    with writing() as session:
        session.execute(delete(Medium).where(Medium.drawn, ~shown, Medium.created_at < now - KEPT))
    session = db.session()
    used = set(session.scalars(select(Medium.digest))) | set(session.scalars(select(Cover.digest)))
    session.rollback()
    for digest in set(store.digests()) - used:
        store.remove(digest, unless_since=(now - KEPT).timestamp())
