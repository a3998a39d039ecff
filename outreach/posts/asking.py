"""What asks for a person, counted, and what goes out next: all that the top of the week says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true, union_all
from sqlalchemy.orm import Session

from outreach.models import Account, Delivery, Post
from outreach.posts.deciding import too_late
from outreach.posts.lifecycle import may_go_out, stands_unwanted

FAILED = ("refused", "missed")


@dataclass(frozen=True)
class Some:
    """How many there are, and the first of them."""

    count: int = 0
    first: int = 0


@dataclass(frozen=True)
class Asking:
    by_hand: Some  # deliveries
    unsure: Some  # deliveries
    failed: Some  # posts
    returned: Some  # posts of this person
    undeleted: Some  # posts that shall go, and a person must delete them
    late: int  # in review, and their time has passed
    held: int  # posts

    def __bool__(self) -> bool:
        return bool(self.by_hand.count or self.unsure.count or self.returned.count or self.undeleted.count or self.held)


@dataclass(frozen=True)
class Next:
    at: datetime
    place: str
    post_id: int
    network: str


def asking(session: Session, library_id: int, person_id: int, now: datetime, settles: bool = True) -> Asking:
    """`settles`: may this person say whether a message is there? Who may not is not asked."""
    open_ = select(Delivery.state, func.count(Delivery.id), func.min(Delivery.id)).where(
        of_library(library_id), Delivery.state.in_(("in_hand", "unclear"))
    )
    found = {state: Some(count, first) for state, count, first in session.execute(open_.group_by(Delivery.state))}
    wrong = select(func.count(Delivery.post_id.distinct()), func.min(Delivery.post_id)).where(
        of_library(library_id), Delivery.state.in_(FAILED)
    )
    mine = Post.library_id == library_id
    back = select(func.count(Post.id), func.min(Post.id)).where(
        mine, Post.state == "returned", func.coalesce(Post.keeper_id, Post.author_id) == person_id
    )
    held = select(func.count(Post.id)).where(mine, Post.held_at.is_not(None), Post.state != "cancelled")
    late = select(func.count(Post.id)).where(too_late(library_id, now))
    stands = select(func.count(Delivery.post_id.distinct()), func.min(Delivery.post_id)).where(
        of_library(library_id), stands_unwanted()
    )
    failed, returned, unwanted = wrong.subquery(), back.subquery(), stands.subquery()
    counted = held.scalar_subquery(), late.scalar_subquery()
    row: Any = session.execute(
        select(*failed.c, *returned.c, *unwanted.c, *counted)
        .join_from(failed, returned, true())
        .join(unwanted, true())
    ).one()  # fmt: skip
    return Asking(
        by_hand=found.get("in_hand", Some()),
        unsure=found.get("unclear", Some()) if settles else Some(),
        failed=Some(row[0], row[1] or 0),
        returned=Some(row[2], row[3] or 0),
        undeleted=Some(row[4], row[5] or 0),
        held=row[6],
        late=row[7],
    )


def of_library(library_id: int) -> ColumnElement[bool]:
    """By its places: there is an index of place and state, and none of library and state."""
    return Delivery.account_id.in_(select(Account.id).where(Account.library_id == library_id))


def next_out(session: Session, library_id: int) -> Next | None:
    """By state, each in the order of its index: the first that may go out is found without looking at the others."""
    mine: Any = select(Delivery.try_at, Account.name, Delivery.post_id, Account.network)
    mine = mine.join(Account, Account.id == Delivery.account_id)
    mine = mine.where(Account.library_id == library_id, may_go_out()).order_by(Delivery.try_at).limit(1)
    first = [mine.where(Delivery.state == state).subquery() for state in ("queued", "waiting")]
    rows = session.execute(union_all(*(select(one) for one in first))).all()
    return Next(*min(rows)) if rows else None
