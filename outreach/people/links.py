"""Links that work once. The token is in the link alone; the database keeps its hash."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from outreach.access import OUTREACH, Actor, actor
from outreach.db import db, writing
from outreach.history import record
from outreach.models import Membership, OneTimeLink, Person, Post
from outreach.vault import fingerprint
from outreach.words import NotDone, Sentence

LASTS = {"set_up": timedelta(days=365), "sign_in": timedelta(days=7), "review": timedelta(days=7)}
NOT_COMPLETE = Sentence("This link is not complete. Copy it again, whole.")
USED = Sentence("This link was used already, or a newer one replaced it. Ask for a new one.")
TOO_OLD = Sentence("This link is too old. Ask for a new one.")


def make(session: Session, purpose: str, now: datetime, person_id: int | None = None, by: Actor = OUTREACH) -> str:
    """Returns the token. An older link for the same purpose and person stops working."""
    token = _make(session, purpose, now, person_id)
    if person_id is not None:  # whoever makes one could sign in as that person
        record(session, "person", person_id, "link made", by, now, library_id=None)
    return token


def make_review(session: Session, person_id: int, post_id: int, digest: str, now: datetime) -> str:
    """A token to decide with on one post, as long as its content is `digest`. An older one for it stops working."""
    return _make(session, "review", now, person_id, post_id, digest)


def end_reviews(session: Session, post_id: int, now: datetime) -> None:
    """Somebody decided: no letter from before decides again, even if the same comes back (it has no digest then)."""
    mine = OneTimeLink.purpose == "review", OneTimeLink.post_id == post_id
    first = func.coalesce(OneTimeLink.used_at, literal(now, OneTimeLink.used_at.type))
    session.execute(update(OneTimeLink).where(*mine).values(used_at=first, digest=None))


def revive_review(session: Session, person_id: int, post_id: int, digest: str, now: datetime) -> bool:
    """The content is again what an older letter showed: its link decides, and no newer one. False: it is too old."""
    mine = select(OneTimeLink).where(
        OneTimeLink.purpose == "review", OneTimeLink.person_id == person_id, OneTimeLink.post_id == post_id
    )
    links = list(session.scalars(mine.order_by(OneTimeLink.id)))
    alike = next((link for link in reversed(links) if link.digest == digest), None)
    for link in links:
        link.used_at = None if link is alike else link.used_at or now
    return alike is not None and alike.expires_at > now


def _make(
    session: Session,
    purpose: str,
    now: datetime,
    person_id: int | None,
    post_id: int | None = None,
    digest: str | None = None,
) -> str:
    older = select(OneTimeLink).where(
        OneTimeLink.purpose == purpose,
        OneTimeLink.person_id == person_id,
        OneTimeLink.post_id == post_id,
        OneTimeLink.used_at.is_(None),
    )
    for link in session.scalars(older):
        link.used_at = now
    token = secrets.token_urlsafe(24)
    session.add(
        OneTimeLink(
            token_hash=fingerprint(token),
            purpose=purpose,
            person_id=person_id,
            post_id=post_id,
            digest=digest,
            created_at=now,
            expires_at=now + LASTS[purpose],
        )
    )
    return token


def new(person_id: int, by: Actor, now: datetime) -> str:
    """A token that signs this person in once."""
    with writing() as session:
        return make(session, "sign_in", now, person_id, by)


def new_for_all(library_id: int, person_ids: Sequence[int], by: Actor, now: datetime) -> dict[int, str]:
    """One each for those who stay, person -> token; what they had before no longer works. Of this library alone."""
    with writing() as session:
        mine = select(Membership.person_id).where(Membership.library_id == library_id)
        known = [n for n in session.scalars(mine.order_by(Membership.person_id)) if n in person_ids]
        if not known:
            raise NotDone(Sentence("Tick those who stay."))
        return {person_id: make(session, "sign_in", now, person_id, by) for person_id in known}


def sign_in(token: str, now: datetime) -> None:
    """Use up the link of a person. Raises NotDone."""
    with writing() as session:
        use(session, token, "sign_in", now)


def look(token: str, purpose: str, now: datetime) -> OneTimeLink:
    """The link behind a token, without using it (mail scanners open links; only a POST uses it up)."""
    link = known(token, purpose)
    refuse_spent(link, now)
    return link


def known(token: str, purpose: str) -> OneTimeLink:
    """The link behind a token, spent or not. Raises NotDone."""
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == fingerprint(token)))
    if link is None or link.purpose != purpose:
        raise NotDone(NOT_COMPLETE)
    return link


def language_of(token: str) -> str:
    """That whoever a link is for reads in, spent or not: as they chose, else that of their library. Empty: nobody's."""
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == fingerprint(token)))
    person = db.session.get(Person, link.person_id) if link and link.person_id else None
    post = db.session.get(Post, link.post_id) if link and link.post_id else None
    if person is None:
        return ""
    theirs = [membership.library for membership in sorted(person.memberships, key=lambda membership: membership.id)]
    library = post.library if post else next(iter(theirs), None)
    return person.language or (library.language if library else "")


def refuse_spent(link: OneTimeLink, now: datetime) -> None:
    if link.used_at is not None:
        raise NotDone(USED)
    if link.expires_at < now:
        raise NotDone(TOO_OLD)


def use(session: Session, token: str, purpose: str, now: datetime) -> OneTimeLink:
    """Use it up, in the caller's transaction. Raises NotDone."""
    link = look(token, purpose, now)
    spend(session, link, now)
    if link.person_id is not None:
        person = session.get_one(Person, link.person_id)
        record(session, "person", person.id, "link used", actor(person), now, library_id=None)
    return link


def spend(session: Session, link: OneTimeLink, now: datetime) -> None:
    """Of two who use it at the same instant, one. It shows nothing any more that could come back. Raises NotDone."""
    unused = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
    first = unused.values(used_at=now, digest=None)
    if not session.execute(first.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
        raise NotDone(USED)
