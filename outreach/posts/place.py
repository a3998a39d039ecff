"""How one place does: what went out last, what comes next, what is wrong there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from outreach.channels.pace import Left
from outreach.models import Account, Delivery
from outreach.pacing import Pace
from outreach.posts.lifecycle import OPEN_ENDED
from outreach.posts.spending import Costs, costs_of
from outreach.posts.to_mend import ToMend, to_mend

LATELY = timedelta(days=30)
SOON = 5


@dataclass(frozen=True)
class State:
    last_at: datetime | None  # when something went out there last
    next: list[Delivery]
    waiting: int
    lately: int  # how much went out in the last thirty days
    asks: list[Delivery]  # what asks for a person there
    mend: list[ToMend]  # what is out there and only a person can change or delete
    costs: Costs | None  # None: it costs nothing


def state_of(session: Session, account: Account, now: datetime) -> State:
    mine = Delivery.account_id == account.id
    last = select(func.max(Delivery.published_at)).where(mine, Delivery.published_at.is_not(None))
    lately = select(func.count()).where(mine, Delivery.published_at > now - LATELY)
    waits = mine & Delivery.state.in_(("waiting", "queued"))
    ahead = select(Delivery).where(waits).order_by(Delivery.try_at).limit(SOON).options(joinedload(Delivery.post))
    asks = select(Delivery).where(mine, Delivery.state.in_(OPEN_ENDED)).order_by(Delivery.due_at.desc()).limit(SOON)
    return State(
        session.scalar(last),
        list(session.scalars(ahead)),
        session.scalar(select(func.count()).where(waits)) or 0,
        session.scalar(lately) or 0,
        list(session.scalars(asks.options(joinedload(Delivery.post)))),
        to_mend(session, mine),
        costs_of(session, account, now),
    )


def left_at(pace: Pace, account: Account, now: datetime) -> Left | None:
    """How much the server lets us send, as it said last; None: it said nothing that still holds."""
    return pace.told(f"account:{account.id}", now)
