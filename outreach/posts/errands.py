"""What workers do to messages that are out, however often they are told: take down, change.

A second time does no harm, so that a killed worker's message is simply another one's: a lease, growing pauses, and
an end, after which a person is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from outreach.channels.base import ChannelError, Handed, Sent, TryLater, Unauthorized, Unclear
from outreach.channels.exchange import Heard, overheard
from outreach.db import db, writing
from outreach.models import Change, Delivery
from outreach.posts.outcome import BACK_OFF
from outreach.vault import Unsealable
from outreach.words import Sentence

LEASE = timedelta(seconds=90)  # longer than the deadlines of a call and of the look after it
TELL_AGAIN = timedelta(seconds=5)  # a message may vanish with the broker
GIVE_UP = timedelta(hours=1)  # then a person is told where it still stands
MOST = 500

Outcome = Sent | Handed | Exception | None
Row = type[Delivery] | type[Change]

log = logging.getLogger(__name__)


def take(row: Row, now: datetime, wanted: ColumnElement[bool]) -> list[int]:
    """Those that a worker should take now. Told again after a moment, in case nobody heard."""
    free = or_(row.lease_until.is_(None), row.lease_until < now)
    quiet = or_(row.queued_at.is_(None), row.queued_at < now - TELL_AGAIN)
    mine = wanted & row.asked_at.is_(None) & (row.try_at <= now) & free & quiet
    ids = list(db.session.scalars(select(row.id).where(mine).limit(MOST)))
    db.session.rollback()
    if not ids:
        return []
    with writing() as session:
        told = update(row).where(row.id.in_(ids), mine).values(queued_at=now).returning(row.id)
        return sorted(session.scalars(told, execution_options={"synchronize_session": False}), reverse=True)


def is_taken(row: Delivery | Change, now: datetime) -> bool:
    return row.lease_until is not None and row.lease_until > now


def lease(row: Delivery | Change, now: datetime) -> None:
    row.lease_until, row.attempts = now + LEASE, row.attempts + 1


def call(errand: Callable[[], Sent | Handed | None]) -> tuple[Outcome, Heard]:
    """What came of it, and what was said."""
    with overheard() as heard:
        try:
            outcome: Outcome = errand()
        except (ChannelError, Unsealable) as error:
            outcome = error
        except Exception as error:
            log.exception("an error that nobody classified")
            outcome = Unclear(Sentence("Something unexpected happened. We try again by ourselves."), repr(error))
    return outcome, heard


def later(row: Delivery | Change, error: ChannelError, since: datetime, now: datetime) -> bool:
    """It is tried again then; False: it was tried long enough."""
    pause = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
    told = error.until if isinstance(error, TryLater) else None
    at = max(told or now + pause, now + timedelta(seconds=1))
    if at > since + GIVE_UP:
        return False
    row.try_at, row.queued_at = at, None
    return True


def named(outcome: Outcome, done: str, undone: str) -> str:
    """For the log of attempts."""
    match outcome:
        case None | Sent():
            return done
        case Handed():
            return "in_hand"
        case TryLater() | Unclear():
            return "later"
        case Unauthorized() | Unsealable():
            return "loose"
    return undone
