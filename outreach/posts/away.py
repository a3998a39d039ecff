"""Somebody is away: what is planned waits, or a colleague looks after it; over at a press, or by itself."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.db import ALONE, db, writing
from outreach.history import record
from outreach.models import Interruption, Library, Person
from outreach.posts import keepers
from outreach.posts.deciding import deciders
from outreach.posts.interrupt import PAUSE_STATES, carry_out, gather
from outreach.posts.queries import pauses
from outreach.words import NotDone, Sentence

HOW = ("pause", "hand_over")
LONGEST = timedelta(days=183)

log = logging.getLogger(__name__)


def away(
    library_id: int, person_id: int, first: date, last: date, how: str, keeper_id: int | None, by: Actor, now: datetime
) -> int:
    """Both days included. Returns the id of the interruption. Raises NotDone for days or people that make no sense."""
    with writing() as session:
        _refuse_days(session.get_one(Library, library_id), first, last, now)
        _refuse_people(session, library_id, person_id, keeper_id, how)
        found = gather(session, library_id, first, last, PAUSE_STATES) if how == "pause" else None
        if how == "hand_over":
            keepers.theirs_locked(session, library_id, person_id)  # before the library: see `lifecycle.locked`
        library = session.get_one(Library, library_id, with_for_update=ALONE)  # a double click is away once
        if _is_away(session, library_id, person_id, first, last):
            raise NotDone(Sentence("Days away are there already for this time. Press “I am back” there first."))
        one = Interruption(
            library_id=library_id,
            kind=how,
            first_day=first,
            last_day=last,
            who=by.name,
            person_id=person_id,
            keeper_id=keeper_id if how == "hand_over" else None,
            made_at=now,
        )
        session.add(one)
        session.flush()
        if found is not None:
            carry_out(session, one, found, by, now)
        elif first <= clock.today(now, library.timezone):
            keepers.give(session, one)
        record(session, "person", person_id, "away", by, now, library_id=library_id)
        return one.id


def _refuse_days(library: Library, first: date, last: date, now: datetime) -> None:
    if last < first:
        raise NotDone(Sentence("The last day is before the first one."))
    if last < clock.today(now, library.timezone):
        raise NotDone(Sentence("These days are over. Choose today or days to come."))
    if last - first > LONGEST or first > clock.today(now, library.timezone) + LONGEST * 2:
        raise NotDone(Sentence("That is longer than half a year. Check the year of the last day."))


def _refuse_people(session: Session, library_id: int, person_id: int, keeper_id: int | None, how: str) -> None:
    if how not in HOW:
        raise NotDone(Sentence("Choose what should happen meanwhile."))
    approving = {person.id for person in deciders(session, session.get_one(Library, library_id)).people}
    if how == "hand_over" and (keeper_id == person_id or keeper_id not in approving):
        raise NotDone(Sentence("Choose a colleague who approves posts to look after them meanwhile."))


def _is_away(session: Session, library_id: int, person_id: int, first: date, last: date) -> bool:
    mine = select(Interruption.id).where(
        Interruption.library_id == library_id,
        Interruption.person_id == person_id,
        Interruption.ended_at.is_(None),
        Interruption.first_day <= last,
        Interruption.last_day >= first,
    )
    return session.scalar(mine.limit(1)) is not None


def who_is_away(session: Session, library_id: int, days: Sequence[date]) -> dict[date, list[str]]:
    """By name, for each of some days in a row."""
    mine = select(Interruption, Person).join(Person, Person.id == Interruption.person_id)
    mine = mine.where(Interruption.library_id == library_id, Interruption.kind.in_(HOW))
    mine = mine.where(Interruption.ended_at.is_(None), Interruption.first_day <= days[-1])
    rows = session.execute(mine.where(Interruption.last_day >= days[0])).all()
    return {day: [person.shown for one, person in rows if one.first_day <= day <= one.last_day] for day in days}


def left_out(session: Session, library_id: int, day: date) -> bool:
    """Is it a day of a pause? No weekly post is written for it."""
    return any(first <= day <= last for first, last in pauses(session, library_id))


def keep_up(now: datetime) -> None:
    """What begins and ends by itself: a hand-over on its first day, all of them after their last. For the timetable."""
    ids = list(db.session.scalars(select(Interruption.id).where(Interruption.ended_at.is_(None))))
    db.session.rollback()
    for interruption_id in ids:
        try:
            _keep_up(interruption_id, now)
        except Exception:  # the trouble of one is not that of the others, and it has another turn
            log.exception("interruption %s", interruption_id)


def _keep_up(interruption_id: int, now: datetime) -> None:
    with writing() as session:
        mine = select(Interruption).where(Interruption.id == interruption_id).with_for_update()
        one = session.scalars(mine.execution_options(populate_existing=True)).one()
        today = clock.today(now, session.get_one(Library, one.library_id).timezone)
        if one.ended_at is not None:
            return
        if today > one.last_day:
            one.ended_at = now
            if one.kind == "hand_over":
                keepers.give_back(session, one)
        elif one.kind == "hand_over" and one.first_day <= today:
            keepers.give(session, one)
