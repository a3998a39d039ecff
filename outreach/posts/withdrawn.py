"""A consent is withdrawn: what waits is held back, what is out is listed so that it can be taken down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import Consent, Delivery, Post, post_consent
from outreach.posts.compose import has_begun, take_back
from outreach.posts.lifecycle import deliveries_locked, locked, move_post
from outreach.words import Sentence


def withdraw(consent_id: int, by: Actor, now: datetime) -> None:
    """The consent first, then the posts by their number: so that nobody who sends waits for ever."""
    with writing() as session:
        consent = session.get_one(Consent, consent_id, populate_existing=True, with_for_update=ALONE)
        if consent.withdrawn_at is None:
            consent.withdrawn_at = now
            record(session, "consent", consent.id, "cancelled", by, now, library_id=consent.library_id)
            session.flush()
        for post_id in sorted(session.scalars(_ids_of(consent_id))):
            _hold_back(session, locked(session, post_id), consent, by, now)


def _hold_back(session: Session, post: Post, consent: Consent, by: Actor, now: datetime) -> None:
    """A draft again; where some of it is out, only what waits is taken back."""
    if post.state not in ("submitted", "approved"):
        return
    deliveries_locked(session, post)
    take_back(session, post, by, now)
    if not has_begun(session, post):
        note = Sentence("The consent %(code)s was withdrawn. Leave this work out.", code=consent.code)
        move_post(session, post, "draft", by, now, note)


def posts_of(session: Session, consent_id: int) -> list[Post]:
    """Every post that shows work of this student, newest first."""
    mine = select(Post).where(Post.id.in_(_ids_of(consent_id))).order_by(Post.id.desc())
    return list(session.scalars(mine.options(selectinload(Post.deliveries).joinedload(Delivery.account))))


def _ids_of(consent_id: int) -> Select[int]:
    return select(post_consent.c.post_id).where(post_consent.c.consent_id == consent_id)
