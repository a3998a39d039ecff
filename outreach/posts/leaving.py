"""Somebody leaves: what they have not finished goes to their successor, and they no longer come in."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import Interruption, Library, Membership, Person, Series
from outreach.people.members import remove
from outreach.posts import keepers
from outreach.words import NotDone, Sentence


def leave(person_id: int, library_id: int, successor_id: int, by: Actor, now: datetime) -> int:
    """Returns how many posts the successor has to look after. Raises NotDone."""
    if person_id == by.person_id:
        raise NotDone(Sentence("You cannot remove yourself. Ask another manager."))
    with writing() as session:
        person, successor = _two(session, library_id, person_id, successor_id)
        _interruptions(session, library_id, person_id, successor_id, now)
        given = keepers.hand_on(session, library_id, person_id, successor_id)
        remove(session, person, session.get_one(Library, library_id), by, now)
        _repeats(session, library_id, person_id, successor)
        person.fs_uniquifier = secrets.token_hex(16)  # signs out everywhere
        record(session, "person", successor_id, "took over", by, now, library_id=library_id)
        return given


def _two(session: Session, library_id: int, person_id: int, successor_id: int) -> tuple[Person, Person]:
    here = select(Person).join(Membership).where(Membership.library_id == library_id, Person.active)
    members = {person.id: person for person in session.scalars(here)}
    if person_id not in members:
        raise NotDone(Sentence("They left already. Nothing was changed."))
    if successor_id == person_id or successor_id not in members:
        raise NotDone(Sentence("Choose the colleague who takes over. Add them on the page “People” first."))
    return members[person_id], members[successor_id]


def _repeats(session: Session, library_id: int, person_id: int, successor: Person) -> None:
    """What will be made from now on is theirs."""
    mine = update(Series).where(Series.library_id == library_id, Series.author_id == person_id)
    theirs = mine.values(author_id=successor.id, author_name=successor.shown)
    session.execute(theirs.execution_options(synchronize_session=False))


def _interruptions(session: Session, library_id: int, person_id: int, successor_id: int, now: datetime) -> None:
    """Whoever is away and has left is not awaited; what they looked after for others, the successor does."""
    open_ones = select(Interruption).where(Interruption.library_id == library_id, Interruption.ended_at.is_(None))
    for one in session.scalars(open_ones.order_by(Interruption.id).with_for_update()):
        if one.kind == "hand_over" and one.person_id == person_id:
            one.ended_at = now
        elif one.keeper_id == person_id:
            one.keeper_id = successor_id
