"""The sheet for whoever takes over: places, weekly posts, usual times, what is planned and open. No secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.models import Account, Delivery, DigestRule, Feed, Library, Person, Post, Series
from outreach.posts.approve import deciders
from outreach.posts.queries import accounts_of, needs_person, people_of, planned
from outreach.titles.queries import rules_of

AHEAD = timedelta(weeks=4)


@dataclass(frozen=True)
class Sheet:
    people: Sequence[Person]
    deciders: Sequence[Person]
    places: Sequence[Account]
    weekly: Sequence[DigestRule]
    repeats: Sequence[Series]
    planned: Sequence[Post]
    loose: Sequence[Post]
    tasks: Sequence[Delivery]
    feeds: Sequence[tuple[str, str]]  # name, host: the rest of an address may hold a key


def sheet(session: Session, library: Library, now: datetime) -> Sheet:
    today = clock.today(now, library.timezone)
    repeats = select(Series).where(Series.library_id == library.id, Series.stopped_at.is_(None), Series.next_at >= now)
    feeds = select(Feed).where(Feed.library_id == library.id, Feed.stopped_at.is_(None)).order_by(Feed.id)
    return Sheet(
        people=people_of(session, library.id),
        deciders=deciders(session, library).people,
        places=accounts_of(session, library.id),
        weekly=[rule for rule in rules_of(session, library.id) if not rule.stopped_at],
        repeats=session.scalars(repeats.order_by(Series.next_at)).all(),
        planned=planned(session, library, today, today + AHEAD, now),
        loose=_unfinished(session, library.id, now),
        tasks=needs_person(session, library.id),
        feeds=[(feed.name, feed.host) for feed in session.scalars(feeds)],
    )


def _unfinished(session: Session, library_id: int, now: datetime) -> Sequence[Post]:
    """Drafts without a time, or whose time was before."""
    undated = Post.wished_at.is_(None) | (Post.wished_at < now)
    mine = select(Post).where(
        Post.library_id == library_id, Post.state.in_(("draft", "returned", "submitted")), undated
    )
    return session.scalars(mine.order_by(Post.updated_at.desc()).limit(50)).all()
