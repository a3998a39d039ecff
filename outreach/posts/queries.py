"""Named selects."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from outreach import clock
from outreach.models import (
    Account,
    Delivery,
    Event,
    Interruption,
    Library,
    Membership,
    Person,
    Placement,
    Post,
)
from outreach.posts.lifecycle import not_held

Pause = tuple[date, date]


def last_event(session: Session, post_id: int) -> Event | None:
    return session.scalar(select(Event).where(Event.post_id == post_id).order_by(Event.id.desc()).limit(1))


def last_decision(session: Session, post_id: int) -> int:
    """The line of its history in which somebody last approved it or sent it back; 0: nobody has."""
    decided = select(func.max(Event.id)).where(Event.post_id == post_id, Event.new.in_(("approved", "returned")))
    return session.scalar(decided) or 0


def events(session: Session, post_id: int) -> list[Event]:
    return list(session.scalars(select(Event).where(Event.post_id == post_id).order_by(Event.id)))


def was_edited(session: Session, post_id: int) -> bool:
    """Were its words changed since it was written? Another time is no change."""
    edits = select(Event.id).where(Event.post_id == post_id, Event.verb == "edited").limit(1)
    return session.scalar(edits) is not None


def board(session: Session, library_id: int, first: datetime, last: datetime) -> list[Post]:
    """Posts of a stretch of time: by the time they go out, or wish to."""
    sent = select(Delivery.post_id).where(
        Delivery.library_id == library_id,
        Delivery.due_at >= first,
        Delivery.due_at < last,
        Delivery.state != "cancelled",
    )
    wished = Post.wished_at.between(first, last) & (Post.wished_at < last) & (Post.state != "cancelled")
    chosen = select(Post).where(Post.library_id == library_id, or_(Post.id.in_(sent), wished))
    return list(session.scalars(chosen.options(*_whole()).order_by(Post.wished_at, Post.id)).unique())


def planned(session: Session, library: Library, first: date, last: date, now: datetime) -> list[Post]:
    """Posts with a time still to come on some days (both included) of the library."""
    begin = max(now, clock.at_wall(first, "00:00", library.timezone))
    end = clock.at_wall(last + timedelta(days=1), "00:00", library.timezone)
    return [p for p in board(session, library.id, begin, end) if p.state != "cancelled"] if begin < end else []


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        selectinload(Post.deliveries).joinedload(Delivery.account),
        selectinload(Post.placements).joinedload(Placement.account),
    )


def needs_person(session: Session, library_id: int) -> list[Delivery]:
    """Deliveries that ask for a person: by hand, not sure, refused, too late."""
    chosen = select(Delivery).where(
        Delivery.library_id == library_id,
        Delivery.state.in_(("in_hand", "refused", "missed", "unclear")),
    )
    return list(
        session.scalars(
            chosen.options(joinedload(Delivery.post), joinedload(Delivery.account)).order_by(Delivery.due_at).limit(200)
        )
    )


def waiting_of(session: Session, library_id: int, account_id: int | None = None) -> int:
    """How many messages wait, e.g. behind a pause."""
    chosen = select(func.count(Delivery.id)).where(
        Delivery.library_id == library_id, Delivery.state.in_(("waiting", "queued"))
    )
    if account_id is not None:
        chosen = chosen.where(Delivery.account_id == account_id)
    return session.scalar(chosen) or 0


def taken_times(
    session: Session, library_id: int, after: datetime, but: int | Collection[int] | None, in_review: bool
) -> set[datetime]:
    """Moments at which a post already goes out, or (`in_review`) waits to, without `but`. A draft holds none."""
    states = ("approved", "submitted") if in_review else ("approved",)
    left_out = but if isinstance(but, Collection) else (but or 0,)
    chosen = select(Post.wished_at).where(
        Post.library_id == library_id,
        Post.wished_at > after,
        Post.state.in_(states),
        Post.id.not_in(left_out),
        not_held(),
    )
    return {moment for moment in session.scalars(chosen) if moment}


def pauses(session: Session, library_id: int) -> list[Pause]:
    """The days on which everything planned waits, since somebody is away: first and last, both included."""
    mine = select(Interruption.first_day, Interruption.last_day).where(
        Interruption.library_id == library_id, Interruption.kind == "pause", Interruption.ended_at.is_(None)
    )
    return [(first, last) for first, last in session.execute(mine)]


def people_of(session: Session, library_id: int) -> list[Person]:
    chosen = select(Person).join(Membership).where(Membership.library_id == library_id, Person.active)
    return list(session.scalars(chosen.order_by(Person.name)))


def accounts_of(session: Session, library_id: int) -> list[Account]:
    chosen = select(Account).where(Account.library_id == library_id, Account.retired_at.is_(None))
    return list(session.scalars(chosen.order_by(Account.network == "practice", Account.id)))


def timeline(session: Session, account_id: int, most: int = 100) -> list[Delivery]:
    """What was published on one account, newest first."""
    chosen = select(Delivery).where(Delivery.account_id == account_id, Delivery.state == "published")
    chosen = chosen.where(Delivery.published_at.is_not(None))  # as its index says
    return list(session.scalars(chosen.order_by(Delivery.published_at.desc(), Delivery.id.desc()).limit(most)))
