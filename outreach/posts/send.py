"""Send what was written: into review, or scheduled by who may; and it begins to repeat, if its form says so.

All of it or nothing: whoever is told that something is in the way has sent nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import writing
from outreach.models import Post
from outreach.posts.approve import schedule_in, submit_in
from outreach.posts.hashtag_sets import remember
from outreach.posts.lifecycle import locked
from outreach.posts.review_letter import ask_for_review
from outreach.posts.seen import seen
from outreach.posts.series import begin_in
from outreach.posts.series_make import make_all
from outreach.posts.series_rule import Choice


class Repeats(NamedTuple):
    """How it comes again."""

    choice: Choice
    draws: bool = False  # those that follow ask the next questions of the bank


def for_review(post_id: int, by: Actor, now: datetime, repeats: Repeats | None = None) -> None:
    """A draft goes into review, if nothing stands in its way."""
    with writing() as session:
        post = locked(session, post_id)
        submit_in(session, post, by, now)
        remember(session, post)
        begun = _begin(session, post, repeats, by, now)
        ask_for_review(session, post, by, now)  # the letter says how it repeats
    if begun:
        make_all(begun, now)


def schedule(post_id: int, revision: int, by: Actor, now: datetime, repeats: Repeats | None = None) -> datetime | None:
    """Exactly what was seen is submitted and approved in one step. Raises Stale."""
    with writing() as session:
        post = seen(session, post_id, revision)
        remember(session, post)  # it locks the library, which comes before a series
        at = schedule_in(session, post, by, now)
        begun = _begin(session, post, repeats, by, now)
    if begun:
        make_all(begun, now)
    return at


def _begin(session: Session, post: Post, repeats: Repeats | None, by: Actor, now: datetime) -> int | None:
    return begin_in(session, post, repeats.choice, by, now, repeats.draws).id if repeats else None
