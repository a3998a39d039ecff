"""Pause and resume: one account, or everything. Stopping never waits for anybody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.mail import put
from outreach.models import Account, Library, Membership, Person
from outreach.words import Sentence


def pause(account_id: int, by: Actor, now: datetime) -> None:
    with writing() as session:
        account = session.get_one(Account, account_id)
        if account.paused_at is None:
            account.paused_at = now
            record(session, "account", account.id, "paused", by, now, library_id=account.library_id)


def resume(account_id: int, by: Actor, now: datetime) -> None:
    with writing() as session:
        account = session.get_one(Account, account_id)
        account.paused_at = account.paused_because = None
        record(session, "account", account.id, "resumed", by, now, library_id=account.library_id)


def pause_everything(library_id: int, by: Actor, now: datetime) -> None:
    with writing() as session:
        library = session.get_one(Library, library_id)
        if library.paused_at is None:
            library.paused_at = now
            record(session, "library", library.id, "paused", by, now, library_id=library.id)


def pause_everywhere(by: Actor, now: datetime) -> None:
    """Every library, e.g. after a restore: what went out since the backup is not known here any more."""
    with writing() as session:
        for library in session.scalars(select(Library).where(Library.paused_at.is_(None))):
            library.paused_at = now
            record(session, "library", library.id, "paused", by, now, library_id=library.id)


def resume_everything(library_id: int, by: Actor, now: datetime) -> None:
    with writing() as session:
        library = session.get_one(Library, library_id)
        library.paused_at = None
        record(session, "library", library.id, "resumed", by, now, library_id=library.id)


def came_loose(session: Session, account: Account, sentence: Sentence, by: Actor, now: datetime) -> None:
    """The server no longer knows us: pause the account and tell its managers, once."""
    if account.paused_at is not None:
        return
    account.paused_at, account.paused_because = now, sentence
    record(session, "account", account.id, "paused", by, now, library_id=account.library_id, note=sentence)
    subject = Sentence("%(place)s: please connect it again", place=account.name)
    for person in managers(session, account.library_id):
        put(session, person.email, subject, sentence, now, path="/places/")


def managers(session: Session, library_id: int) -> list[Person]:
    chosen = select(Person).join(Membership).where(Membership.library_id == library_id, Membership.role == "manager")
    return list(session.scalars(chosen.where(Person.active)))
