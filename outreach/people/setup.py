"""The first visit: a one-time link, then a real library or a look around."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import Library, Person
from outreach.people import links
from outreach.people.libraries import found
from outreach.people.members import person_for, set_role
from outreach.words import NotDone, Sentence

PRACTICE_OVER = Sentence(
    "Practice is over: there is a real library here now, and people of the practice library cannot sign in any more. "
    "Ask the manager of the library to add you."
)


def is_set_up() -> bool:
    """Is there a library, real or for practice?"""
    return bool(db.session.scalar(select(func.count(Library.id))))


def has_real_library() -> bool:
    return bool(db.session.scalar(select(func.count(Library.id)).where(Library.practice.is_(False))))


def set_up_token(now: datetime) -> str:
    """A new link for the first visitor; older ones stop working."""
    with writing() as session:
        return links.make(session, "set_up", now)


def set_up_after_practice(
    library_name: str, grades: str, name: str, email: str, timezone: str, language: str, now: datetime
) -> Person:
    """The same three answers from within the practice library, which is over with this."""
    with writing() as session:
        if has_real_library():
            raise NotDone(Sentence("There is a library here already. Ask its manager to add you."))
        return begin(session, library_name, grades, name, email, timezone, language, now)


def set_up(
    token: str, library_name: str, grades: str, name: str, email: str, timezone: str, language: str, now: datetime
) -> Person:
    """Three answers -> a library and its manager, who is signed in by the caller."""
    with writing() as session:
        links.look(token, "set_up", now)
        person = begin(session, library_name, grades, name, email, timezone, language, now)
        links.use(session, token, "set_up", now)
    return person


def begin(
    session: Session, library_name: str, grades: str, name: str, email: str, timezone: str, language: str, now: datetime
) -> Person:
    if not name.strip():
        raise NotDone(Sentence("Write your name, so that your colleagues know you."))
    person = person_for(session, email, name, now)
    library = found(session, library_name, OUTREACH, now, timezone=timezone, language=language, grades=grades)
    person.district_admin = True  # whoever sets it up
    set_role(session, person, library, "manager", OUTREACH, now)
    return person
