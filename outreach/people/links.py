"""Links that work once. The token is in the link alone; the database keeps its hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach.access import OUTREACH, Actor, actor
from outreach.db import db, writing
from outreach.history import record
from outreach.models import OneTimeLink, Person
from outreach.words import NotDone, Sentence

LASTS = {"set_up": timedelta(days=365), "sign_in": timedelta(days=7)}


def make(session: Session, purpose: str, now: datetime, person_id: int | None = None, by: Actor = OUTREACH) -> str:
    """Returns the token. An older link for the same purpose and person stops working."""
    older = select(OneTimeLink).where(
        OneTimeLink.purpose == purpose, OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None)
    )
    for link in session.scalars(older):
        link.used_at = now
    token = secrets.token_urlsafe(24)
    session.add(
        OneTimeLink(
            token_hash=_hash(token),
            purpose=purpose,
            person_id=person_id,
            created_at=now,
            expires_at=now + LASTS[purpose],
        )
    )
    if person_id is not None:  # whoever makes one could sign in as that person
        record(session, "person", person_id, "link made", by, now, library_id=None)
    return token


def new(person_id: int, by: Actor, now: datetime) -> str:
    """A token that signs this person in once."""
    with writing() as session:
        return make(session, "sign_in", now, person_id, by)


def sign_in(token: str, now: datetime) -> None:
    """Use up the link of a person. Raises NotDone."""
    with writing() as session:
        use(session, token, "sign_in", now)


def look(token: str, purpose: str, now: datetime) -> OneTimeLink:
    """The link behind a token, without using it (mail scanners open links; only a POST uses it up)."""
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == _hash(token)))
    if link is None or link.purpose != purpose:
        raise NotDone(Sentence("This link is not complete. Copy it again, whole."))
    if link.used_at is not None:
        raise NotDone(Sentence("This link was used already, or a newer one replaced it. Ask for a new one."))
    if link.expires_at < now:
        raise NotDone(Sentence("This link is too old. Ask for a new one."))
    return link


def use(session: Session, token: str, purpose: str, now: datetime) -> OneTimeLink:
    """Use it up, in the caller's transaction. Raises NotDone."""
    link = look(token, purpose, now)
    first = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None)).values(used_at=now)
    if not session.execute(first.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
        raise NotDone(Sentence("This link was used already, or a newer one replaced it. Ask for a new one."))
    if link.person_id is not None:
        person = session.get_one(Person, link.person_id)
        record(session, "person", person.id, "link used", actor(person), now, library_id=None)
    return link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
