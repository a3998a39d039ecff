"""What a place costs that charges for each message, by month in the library's time zone; and where it stops.

Counted is what each message was said to cost when it was approved, once it is out; also what is being sent, and what
nobody is sure of, since it may have been charged. Not counted is the small change, cents a month: looking whether a
message is there, taking one down, checking the connection, pictures of a message that stayed unsent. So it is "about".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLCoreOperations

from outreach import clock
from outreach.channels import about
from outreach.models import Account, Delivery
from outreach.money import in_dollars, to_cents
from outreach.posts.findings import Dear, Place, Rendered
from outreach.posts.lifecycle import BEFORE_SENDING
from outreach.words import Sentence

Month = tuple[datetime, datetime]  # from, until
ByMonth = Mapping[tuple[Place, Month], int]
PERHAPS = ("sending", "unclear")
_begun = func.coalesce(Delivery.send_started_at, Delivery.begun_at)


@dataclass(frozen=True)
class Costs:
    """Of one place, in thousandths of a US dollar."""

    month: int
    waits: int  # still to go out this month
    last_month: int


def costs_of(session: Session, account: Account, now: datetime) -> Costs | None:
    """None: it costs nothing."""
    if about(account.network).price is None:
        return None
    month, last = (clock.month_of(now, account.library.timezone, before) for before in (0, 1))
    so_far, before = (spent(session, account.id, one) for one in (month, last))
    return Costs(so_far, _waits(session, account.id, month), before)


def spent(session: Session, account_id: int, month: Month, but: int = 0) -> int:
    """`but`: without this message. One statement: what is out a moment later is seen in the one state or the other."""
    others = Delivery.id != but
    out = _sum(account_id, others & _within(month, Delivery.published_at))
    perhaps = _sum(account_id, others & Delivery.state.in_(PERHAPS) & _within(month, _begun))
    return session.scalars(select(out + perhaps)).one()


def over_budget(session: Session, delivery: Delivery, now: datetime) -> Sentence | None:
    """Of a message that was claimed in this transaction: would it pass what a month may cost there?

    The row of the place is held until the end: of two at once, the second counts the first.
    """
    if not delivery.cost:
        return None
    place = delivery.account
    mine = select(Account.budget).where(Account.id == place.id).with_for_update(key_share=True)
    most = session.scalars(mine).one()
    before = spent(session, place.id, clock.month_of(now, place.library.timezone), but=delivery.id)
    if before + delivery.cost <= most:
        return None
    return Sentence(
        "This would cost about $%(price)s. Of the $%(most)s that %(place)s may cost in a month, about $%(spent)s are "
        "spent, so nothing was published. A manager can raise that amount on the page of %(place)s: then send it "
        "again. Or wait, and send it again next month.",
        price=in_dollars(delivery.cost),
        most=in_dollars(most),
        spent=in_dollars(to_cents(before)),
        place=place.name,
    )


def by_month(made: Rendered, at: datetime, zone: str) -> ByMonth:
    """What a post costs at each place in each month: an answer may come in the next one. Pure."""
    sums = Counter[tuple[Place, Month]]()
    for place, messages in made.items():
        for message in messages if place.price else ():
            sums[place, clock.month_of(message.at or at, zone)] += place.cost_of(message)
    return sums


def too_dear(session: Session, posts: Sequence[ByMonth], but: Iterable[int]) -> list[tuple[Dear, ...]]:
    """Where each of them, with what is planned, would pass what a month may cost. `but`: the posts themselves.

    Nothing is asked where nothing costs anything.
    """
    wanted = {key for post in posts for key in post}
    ids = {place.id for place, _ in wanted}
    mine = select(Account).where(Account.id.in_(ids))
    most = {account.id: account.budget for account in session.scalars(mine)} if ids else {}
    themselves = list(but)
    planned = {(place, month): _planned(session, place.id, month, themselves) for place, month in wanted}
    sums = [[(place, cost + planned[place, month]) for (place, month), cost in post.items()] for post in posts]
    return [tuple(Dear(p.name, cost, most[p.id]) for p, cost in post if cost > most[p.id]) for post in sums]


def _planned(session: Session, account_id: int, month: Month, but: Sequence[int]) -> int:
    """What a month comes to, with what is out."""
    return spent(session, account_id, month) + _waits(session, account_id, month, but)


def _waits(session: Session, account_id: int, month: Month, but: Sequence[int] = ()) -> int:
    waiting = Delivery.state.in_(BEFORE_SENDING) & _within(month, Delivery.due_at)
    return session.scalars(select(_sum(account_id, waiting & Delivery.post_id.not_in(but)))).one()


def _within(month: Month, moment: SQLCoreOperations[Any]) -> ColumnElement[bool]:
    return (moment >= month[0]) & (moment < month[1])


def _sum(account_id: int, which: ColumnElement[bool]) -> ColumnElement[int]:
    mine = select(func.sum(Delivery.cost)).where(Delivery.account_id == account_id, which)
    return func.coalesce(mine.scalar_subquery(), 0)
