"""What people are asked to post by hand, the oldest first, and what they said of it lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from outreach.models import Account, Delivery, Post
from outreach.posts.asking import Who, looks_after, of_library
from outreach.posts.tell import in_charge

OVERDUE = timedelta(hours=1)  # until then it is just her turn
NOW = timedelta(0)
LATELY = timedelta(days=1)
MOST = 100


@dataclass(frozen=True)
class Asked:
    delivery: Delivery
    names: tuple[str, ...]  # who is asked
    mine: bool
    overdue: bool


def to_post(session: Session, library_id: int, who: Who, now: datetime, late: timedelta = NOW) -> list[Asked]:
    """All of a library, those of `who` first. `late`: only what should have been posted that long ago."""
    mine = looks_after(library_id, who).label("mine")
    found = select(Delivery, mine).join(Post, Post.id == Delivery.post_id)
    found = found.where(of_library(library_id), Delivery.state == "in_hand", Delivery.due_at <= now - late)
    found = found.options(joinedload(Delivery.account), joinedload(Delivery.post).joinedload(Post.author))
    rows = session.execute(found.order_by(Delivery.due_at, Delivery.id).limit(MOST)).all()
    asked = [
        Asked(d, tuple(p.shown for p in in_charge(session, d)), bool(hers), d.due_at <= now - OVERDUE)
        for d, hers in rows
    ]
    return sorted(asked, key=lambda one: not one.mine)


def overdue(session: Session, library_id: int, who: Who, now: datetime) -> list[Asked]:
    """What she should have posted and did not."""
    return [one for one in to_post(session, library_id, who, now, OVERDUE) if one.mine]


def settled(session: Session, library_id: int, now: datetime) -> Sequence[Delivery]:
    """What somebody said of it within a day, for whom it was a slip."""
    places = select(Account.id).where(Account.library_id == library_id, Account.network == "by_hand")
    out = (Delivery.state == "published") & (Delivery.published_at > now - LATELY) & Delivery.unwanted_at.is_(None)
    not_posted = (Delivery.state == "not_posted") & (Delivery.due_at > now - 7 * LATELY)
    found = select(Delivery).where(Delivery.account_id.in_(places), out | not_posted)
    found = found.options(joinedload(Delivery.account), joinedload(Delivery.post))
    return session.scalars(found.order_by(Delivery.due_at.desc(), Delivery.id.desc()).limit(10)).all()
