"""Is publishing alive? A tick that has not run for a minute, or a message five minutes late, is said aloud."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, Select, or_, select
from sqlalchemy.orm import Session

from outreach.db import db, writing
from outreach.mail import put
from outreach.models import Heartbeat, Membership, Person
from outreach.posts.dispatch import due_count
from outreach.words import Sentence

SILENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Health:
    tick: datetime | None  # the last dispatch
    late: int  # messages over five minutes late
    sentence: Sentence | None  # None: all is well

    @property
    def well(self) -> bool:
        return self.sentence is None


def beat(name: str, now: datetime) -> None:
    """A job of the timetable ran."""
    with writing() as session:
        beat_in(session, name, now)


def beat_in(session: Session, name: str, now: datetime) -> None:
    session.merge(Heartbeat(name=name, at=now))


def health(now: datetime) -> Health:
    tick, late = db.session.execute(select(*signs(now))).one()
    return read(tick, late, now)


def signs(now: datetime) -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    """What to ask for, for those who ask for more at once."""
    return select(Heartbeat.at).where(Heartbeat.name == "dispatch").scalar_subquery(), due_count(now)


def read(tick: datetime | None, late: int, now: datetime) -> Health:
    if tick is None or now - tick > SILENT:
        return Health(
            tick,
            late,
            Sentence(
                "Nothing is being published right now: the part of Outreach that sends has stopped. "
                "Whoever installed it can start it again with: make up",
            ),
        )
    if late:
        return Health(tick, late, Sentence("%(late)s messages are more than five minutes late.", late=late))
    return Health(tick, late, None)


def alarm(now: datetime) -> bool:
    """Mail the managers once an hour while publishing is not alive. True: it is not. Called by the web's watchdog."""
    state = health(now)
    if state.sentence is None:
        return False
    with writing() as session:
        for person in session.scalars(_in_charge()):
            put(
                session,
                person.email,
                Sentence("Outreach is not publishing"),
                state.sentence,
                now,
                about=f"watch-{now:%Y-%m-%dT%H}-{person.id}",
            )
    return True


def _in_charge() -> Select[Person]:
    managers = select(Membership.person_id).where(Membership.role == "manager")
    return select(Person).where(
        Person.active, Person.practice.is_(False), or_(Person.district_admin, Person.id.in_(managers))
    )
