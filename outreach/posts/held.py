"""What waits for another time, after a snow day or while somebody is away: one by one, or all at the usual times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.models import Library, Post
from outreach.posts.interrupt import messages_locked
from outreach.posts.lifecycle import all_locked, not_held
from outreach.posts.queries import Pause, pauses, taken_times
from outreach.posts.schedule import free_time, move_in
from outreach.words import NotDone, Sentence


def _waits(library_id: int) -> ColumnElement[bool]:
    return (Post.library_id == library_id) & ~not_held() & (Post.state != "cancelled")


def held(session: Session, library_id: int) -> Sequence[Post]:
    """In the order in which they were planned."""
    return session.scalars(select(Post).where(_waits(library_id)).order_by(Post.wished_at, Post.id)).all()


def at_usual_times(library_id: int, by: Actor, now: datetime) -> int:
    """One for each usual time that is free, in order. Returns for how many there was one. Raises NotDone for none."""
    with writing() as session:
        posts = all_locked(session, _waits(library_id))
        messages_locked(session, {post.id: post for post in posts})
        library = session.get_one(Library, library_id, with_for_update=ALONE)  # one usual time, one post
        taken = taken_times(session, library_id, now, None, in_review=True)
        shut = pauses(session, library_id)
        placed = sum(_place(session, library, post, taken, shut, by, now) for post in sorted(posts, key=_planned))
        if not placed:
            raise NotDone(Sentence("There is no usual time to use. Open each post, and choose a day and a time."))
        return placed


def _planned(post: Post) -> tuple[bool, float, int]:
    return post.wished_at is None, post.wished_at.timestamp() if post.wished_at else 0, post.id


def _place(
    session: Session,
    library: Library,
    post: Post,
    taken: set[datetime],
    shut: Sequence[Pause],
    by: Actor,
    now: datetime,
) -> bool:
    at = free_time(library, post.kind, now, taken, shut)
    if at is None:
        return False
    try:
        move_in(session, post, at, by, now)
    except NotDone:  # e.g. a reminder of it goes out before that: it waits for a person
        return False
    taken.add(at)
    return True
