"""Pictures that no post shows: drawn anew with each change of a list, or chosen for a post and left out of it."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from outreach.db import db, writing
from outreach.media.store import Store
from outreach.models import Cover, Medium, PostMedium, Series, Start

KEPT = timedelta(days=7)  # a form that is open may still show it


def forget_unused(store: Store, now: datetime, shown_still: Set[str] = frozenset()) -> None:
    """What is in no post for a week, nor kept for others to come, and every file that nothing points to.

    `shown_still`: digests of what stands on pages of our own, though its post may have lost it.
    """
    shown = exists().where(PostMedium.medium_id == Medium.id)
    with writing() as session:
        idle = delete(Medium).where(~shown, Medium.created_at < now - KEPT, Medium.id.not_in(_kept(session)))
        session.execute(idle.execution_options(synchronize_session=False))
    session = db.session()
    used = set(session.scalars(select(Medium.digest))) | set(session.scalars(select(Cover.digest)))
    session.rollback()
    for digest in set(store.digests()) - used - shown_still:
        store.remove(digest, unless_since=(now - KEPT).timestamp())


def _kept(session: Session) -> set[int]:
    """Of repeats and starts: their next posts will show them."""
    written = [*session.scalars(select(Series.written)), *session.scalars(select(Start.written))]
    return {int(medium) for one in written for medium, _alt in one.get("media", [])}
