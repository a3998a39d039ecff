"""Who belongs to a library, with which role."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import ROLES, Actor
from outreach.db import ALONE
from outreach.history import record
from outreach.models import Library, Membership, OneTimeLink, Person
from outreach.words import NotDone, Sentence

EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def person_for(session: Session, email: str, name: str, now: datetime, practice: bool = False) -> Person:
    """The person with this address, made if need be. Raises NotDone for what is no address."""
    email = email.strip().lower()[:254]
    if not EMAIL.fullmatch(email):
        raise NotDone(Sentence("%(email)s is no e-mail address. Write one like name@school.org.", email=email or "–"))
    person = session.scalar(select(Person).where(Person.email == email))
    if person is None:
        person = Person(
            email=email,
            name=" ".join(name.split())[:100],
            active=True,
            fs_uniquifier=secrets.token_hex(16),
            practice=practice,
            created_at=now,
        )
        session.add(person)
        session.flush()
    if person.practice != practice:
        raise NotDone(Sentence("This address belongs to the practice library. Write your own."))
    return person


def set_role(session: Session, person: Person, library: Library, role: str, by: Actor, now: datetime) -> None:
    if role not in ROLES:
        raise NotDone(Sentence("A role is one of: %(roles)s.", roles=", ".join(ROLES)))
    mine = select(Membership).where(Membership.person_id == person.id, Membership.library_id == library.id)
    membership = session.scalar(mine)
    if membership is None:
        session.add(Membership(person_id=person.id, library_id=library.id, role=role))
    else:
        _keep_a_manager(session, membership, role)
        membership.role = role
    _burn_links(session, person, now)
    session.flush()
    record(session, "person", person.id, f"role {role}", by, now, library_id=library.id)


def remove(session: Session, person: Person, library: Library, by: Actor, now: datetime) -> None:
    """Out of this library, at once: their sessions end."""
    mine = select(Membership).where(Membership.person_id == person.id, Membership.library_id == library.id)
    membership = session.scalar(mine)
    if membership is None:
        return
    _keep_a_manager(session, membership, "")
    session.delete(membership)
    _burn_links(session, person, now)
    person.fs_uniquifier = secrets.token_hex(16)
    record(session, "person", person.id, "removed", by, now, library_id=library.id)


def _burn_links(session: Session, person: Person, now: datetime) -> None:
    """A link that was made before carries the rights of then, not those of now."""
    unused = select(OneTimeLink).where(OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None))
    for link in session.scalars(unused):
        link.used_at = now


def _keep_a_manager(session: Session, membership: Membership, role: str) -> None:
    if membership.role != "manager" or role == "manager":
        return
    session.get_one(Library, membership.library_id, with_for_update=ALONE)  # two who leave at once leave none
    others = select(Membership.id).where(
        Membership.library_id == membership.library_id, Membership.role == "manager", Membership.id != membership.id
    )
    if session.scalar(others.limit(1)) is None:
        raise NotDone(Sentence("A library needs a manager. Make somebody else one first."))
