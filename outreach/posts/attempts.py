"""The log of attempts: every call for a delivery, in words and, for support, with what was said.

outcome      what it means
published    it is out
in_hand      a person was asked
refused      the network will not take it
later        not now; tried again
loose        the account has to be connected again
unclear      nobody knows
absent       we looked, and it was not there
unreadable   we could not look
removed      it is gone
stands       it could not be taken down
unchanged    it could not be changed, and says what it said
changed      other words stand there now
boosted      it is shown once more
interrupted  the machine stopped in the middle of it
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, Text, insert, select, update
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from outreach.channels.base import Handed, Refused, Sent, TryLater, Unauthorized
from outreach.channels.exchange import Heard
from outreach.models import Attempt
from outreach.words import Sentence

_ATTEMPT = cast(Table, Attempt.__table__)
KEEP_EXCHANGES = timedelta(days=30)  # what was said; the words stay as long as the delivery


def log_attempt(
    session: Session,
    delivery_id: int,
    what: str,
    began_at: datetime,
    now: datetime,
    outcome: str,
    heard: Heard | None = None,
    sentence: Sentence | None = None,
    diagnosis: str = "",
) -> None:
    """The table and not the class: every publication writes one."""
    row: dict[str, Any] = {
        "delivery_id": delivery_id,
        "what": what,
        "began_at": began_at,
        "ended_at": None if outcome == "interrupted" else now,
        "outcome": outcome,
        "sentence": sentence,
        "diagnosis": diagnosis[:2_000],
        "exchange": heard.told() if heard else [],
    }
    session.execute(insert(_ATTEMPT), row)


def named(outcome: object) -> str:
    """What a send came to."""
    match outcome:
        case Sent():
            return "published"
        case Handed():
            return "in_hand"
        case Refused():
            return "refused"
        case TryLater():
            return "later"
        case Unauthorized():
            return "loose"
    return "unclear"


def attempts_of(session: Session, delivery_id: int) -> list[Attempt]:
    return list(session.scalars(select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.id)))


def forget_exchanges(session: Session, now: datetime) -> None:
    old = update(Attempt).where(Attempt.began_at < now - KEEP_EXCHANGES, as_type(Attempt.exchange, Text) != "[]")
    session.execute(old.values(exchange=[]))
