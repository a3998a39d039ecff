"""What nobody decided on in time: a person says when it goes out. And several posts approved at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import Post
from outreach.posts.approve import NOT_IN_REVIEW, approve_in
from outreach.posts.deciding import is_late
from outreach.posts.schedule import check_time
from outreach.posts.seen import seen
from outreach.words import NotDone, Sentence, cap

When = Literal["now", "next"] | datetime
OVER = Sentence("Its time has passed. Say on its own page when it goes out.")


def approve_late(
    post_id: int, revision: int, when: When | None, by: Actor, now: datetime, accepted: bool = False
) -> datetime | None:
    """Approve it for now, for the next usual time, or for a moment. Returns as `approve` does."""
    with writing() as session:
        post = seen(session, post_id, revision)
        if post.state != "submitted":
            raise NotDone(NOT_IN_REVIEW)
        _set_time(session, post, when, by, now)
        return approve_in(session, post, by, now, accepted)


def _set_time(session: Session, post: Post, when: When | None, by: Actor, now: datetime) -> None:
    if when is None:
        raise NotDone(Sentence("Choose a day and a time."))
    if when == "now":
        post.timing = "now"
    elif when == "next":
        post.timing = "slot"
    else:
        post.timing, post.wished_at = "at", check_time(when, now)
    post.held_at = None
    post.revision += 1
    record(session, "post", post.id, "moved", by, now, library_id=post.library_id, post_id=post.id)


@dataclass(frozen=True)
class NotApproved:
    post_id: int
    words: str
    why: Sentence


@dataclass(frozen=True)
class Several:
    approved: int = 0
    half: int = 0  # had their first word of two
    left: list[NotApproved] = field(default_factory=list)


def approve_several(library_id: int, chosen: Iterable[tuple[int, int]], by: Actor, now: datetime) -> Several:
    """(post, revision that was seen): each in a transaction of its own. What needs a closer look is left, with why."""
    approved, half, left = 0, 0, []
    for post_id, revision in dict(chosen).items():
        try:
            at = _approve_one(library_id, post_id, revision, by, now)
            approved, half = approved + (at is not None), half + (at is None)
        except _Left as stop:
            left.append(NotApproved(post_id, stop.words, stop.sentence))
    return Several(approved, half, left)


class _Left(NotDone):
    def __init__(self, words: str, why: Sentence) -> None:
        super().__init__(why)
        self.words = words


def _approve_one(library_id: int, post_id: int, revision: int, by: Actor, now: datetime) -> datetime | None:
    words = ""
    try:
        with writing() as session:
            post = session.get(Post, post_id)
            if post is None or post.library_id != library_id:
                raise NotDone(NOT_IN_REVIEW)
            words = cap(post.words or post.library.name, 60)
            post = seen(session, post_id, revision)
            if is_late(post, now):
                raise NotDone(OVER)
            return approve_in(session, post, by, now)
    except NotDone as stop:
        raise _Left(words, stop.sentence) from stop
