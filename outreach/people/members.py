"""Who belongs to a library, with which role."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from html import escape
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach.access import COMMAND_LINE, ROLES, Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.languages import LANGUAGES
from outreach.models import (
    Approval,
    Consent,
    Correction,
    Delivery,
    Event,
    Import,
    Interruption,
    Library,
    Mail,
    Membership,
    NetworkSetup,
    OneTimeLink,
    Person,
    Post,
    PostVersion,
    Series,
    Sheet,
)
from outreach.words import NotDone, Sentence

EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")

SOMEBODY = "a former colleague"
ERASED = "erased.invalid"  # RFC 2606: no such host, for ever
NAMES: tuple[tuple[Any, Any], ...] = (  # where the name of a person stands, and whose it is; None: it says so itself
    (Event.who, Event.who_id),
    (Post.author_name, Post.author_id),
    (Post.permission_by, None),
    (PostVersion.who, PostVersion.who_id),
    (Approval.who, Approval.person_id),
    (Correction.author_name, Correction.author_id),
    (Correction.first_name, Correction.first_id),
    (Series.author_name, Series.author_id),
    (Sheet.who, Sheet.person_id),
    (Import.who, Import.person_id),
    (Interruption.who, None),
    (Consent.who, None),
    (NetworkSetup.who, None),
)
THEMES = ("auto", "light", "dark")


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
        try:
            with session.begin_nested():
                session.add(person)
        except IntegrityError:  # somebody else invites them right now
            person = session.scalars(select(Person).where(Person.email == email)).one()
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
    """Out of this library, at once. Out of the last one, they are erased; their name stands on in the history."""
    mine = select(Membership).where(Membership.person_id == person.id, Membership.library_id == library.id)
    membership = session.scalar(mine)
    if membership is None:
        return
    _keep_a_manager(session, membership, "")
    _end_district(session, person, by)
    _keeps_no_more(session, person, library.id, now)
    session.delete(membership)
    _burn_links(session, person, now)
    session.flush()
    record(session, "person", person.id, "removed", by, now, library_id=library.id)
    if session.scalar(select(Membership.id).where(Membership.person_id == person.id).limit(1)) is None:
        erase(session, person)


def _keeps_no_more(session: Session, person: Person, library_id: int, now: datetime) -> None:
    """What they looked after goes back to whoever wrote it, and nobody waits for them to come back."""
    kept = update(Post).where(Post.library_id == library_id, Post.keeper_id == person.id).values(keeper_id=None)
    by_hand = update(Delivery).where(Delivery.library_id == library_id, Delivery.keeper_id == person.id)
    theirs = or_(Interruption.keeper_id == person.id, Interruption.person_id == person.id)
    going_on = Interruption.ended_at.is_(None) & (Interruption.kind == "hand_over")
    ended = update(Interruption).where(Interruption.library_id == library_id, theirs, going_on).values(ended_at=now)
    for change in (kept, by_hand.values(keeper_id=None), ended):
        session.execute(change.execution_options(synchronize_session=False))


def _end_district(session: Session, person: Person, by: Actor) -> None:
    """Whoever runs the installation sees every library; where there is one library, its managers may end that."""
    if not person.district_admin:
        return
    libraries = session.scalar(select(func.count(Library.id)).where(Library.practice.is_(person.practice))) or 0
    remover = session.get(Person, by.person_id) if by.person_id else None
    if libraries > 1 and not (remover and remover.district_admin):
        raise NotDone(
            Sentence("%(who)s runs this installation. Somebody else who runs it can remove them.", who=person.shown)
        )
    person.district_admin = False


def erase(session: Session, person: Person) -> None:
    """Address, password, links and letters go, and their sessions end. The row stays: the history points to it."""
    session.execute(delete(Mail).where(Mail.to == person.email))
    _out_of_letters(session, person.email)
    _out_of_names(session, person, only=person.email)
    session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person.id))
    person.email, person.password, person.active = f"erased-{person.id}@{ERASED}", None, False
    person.tf_totp_secret = person.tf_primary_method = person.fs_webauthn_user_handle = None
    person.fs_uniquifier = secrets.token_hex(16)


def _out_of_names(session: Session, person: Person, only: str | None = None) -> None:
    """In what they did: everywhere, or where they are called `only`."""
    for name, owner in NAMES:
        called = name == (only or person.shown)
        which = called if owner is None else owner == person.id if only is None else called & (owner == person.id)
        theirs = update(name.class_).where(which).values({name.key: SOMEBODY})
        session.execute(theirs.execution_options(synchronize_session=False))


def _out_of_letters(session: Session, name: str) -> None:
    """The letters themselves stay: one that was not sent yet may tell somebody else of a failure."""
    for column, said in ((Mail.subject, name), (Mail.body, name), (Mail.html, escape(name))):
        told = update(Mail).where(column.contains(said, autoescape=True))
        changed = told.values({column.key: func.replace(column, said, SOMEBODY)})
        session.execute(changed.execution_options(synchronize_session=False))


def forget(email: str, now: datetime) -> None:
    """All of a person, their name in the history included. Raises NotDone for the last manager of a library."""
    with writing() as session:
        person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
        if person is None:
            raise NotDone(Sentence("Nobody here has the address %(email)s.", email=email))
        for membership in person.memberships:
            _keep_a_manager(session, membership, "")
        _out_of_names(session, person)
        _out_of_letters(session, person.shown)
        for membership in person.memberships:
            _keeps_no_more(session, person, membership.library_id, now)
            session.delete(membership)
        erase(session, person)
        person.name, person.district_admin = SOMEBODY, False


def invite(library_id: int, email: str, name: str, role: str, by: Actor, now: datetime) -> Person:
    """Add a colleague. Raises NotDone for one who is here already: a role changes in its own place."""
    with writing() as session:
        library = session.get_one(Library, library_id)
        person = person_for(session, email, name, now, library.practice)
        if any(m.library_id == library_id for m in person.memberships):
            raise NotDone(
                Sentence("%(who)s is here already. Change what they may do in the list above.", who=person.shown)
            )
        set_role(session, person, library, role, by, now)
    return person


def change_role(person_id: int, library_id: int, role: str, by: Actor, now: datetime) -> None:
    with writing() as session:
        set_role(session, session.get_one(Person, person_id), session.get_one(Library, library_id), role, by, now)


def take_out(person_id: int, library_id: int, by: Actor, now: datetime) -> None:
    if person_id == by.person_id:
        raise NotDone(Sentence("You cannot remove yourself. Ask another manager."))
    with writing() as session:
        remove(session, session.get_one(Person, person_id), session.get_one(Library, library_id), by, now)


def run_installation(email: str, yes: bool, now: datetime) -> None:
    """Make somebody a district administrator, who sees every library, or end that."""
    with writing() as session:
        person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
        if person is None:
            raise NotDone(Sentence("Nobody here has the address %(email)s.", email=email))
        person.district_admin = yes
        said = "runs the installation" if yes else "no longer runs the installation"
        record(session, "person", person.id, said, COMMAND_LINE, now, library_id=None)


def set_theme(person_id: int, theme: str) -> None:
    with writing() as session:
        session.get_one(Person, person_id).theme = theme if theme in THEMES else "auto"


def set_language(person_id: int, language: str) -> None:
    """Of the pages and letters of this person; what we do not speak: that of the library."""
    with writing() as session:
        session.get_one(Person, person_id).language = language if language in LANGUAGES else ""


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
