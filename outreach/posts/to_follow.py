"""The messages that come after the first one of a post that nobody has approved yet: an answer, reminders, questions.

They have no deliveries so far; their times are those that its form gives them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from outreach.channels.base import Limits
from outreach.models import Library, Post
from outreach.posts.kinds import KINDS
from outreach.posts.lifecycle import UNDECIDED
from outreach.posts.reading import draft_from
from outreach.posts.written import Written

WITH_MORE = ("trivia", "event", "discussion", "chat")
LONGEST = timedelta(days=366)  # between the first message and the last


def times_to_follow(post: Post) -> list[datetime]:
    """When what follows a post goes out, as things are."""
    return _times(post.kind, post.fields, post.wished_at, post.library)


def that_may(library_id: int, first: datetime, last: datetime) -> Select[Any]:
    """Posts whose later messages may fall into a stretch of time."""
    chosen = select(Post.id, Post.kind, Post.fields, Post.wished_at)
    return chosen.where(
        Post.library_id == library_id,
        Post.state.in_(UNDECIDED),
        Post.kind.in_(WITH_MORE),
        Post.wished_at > first - LONGEST,
        Post.wished_at < last,
    )


def within(library: Library, rows: Iterable[Any], first: datetime, last: datetime) -> list[tuple[int, datetime, int]]:
    """Of such posts (post, when, which message of it)."""
    return [
        (row.id, at, number)
        for row in rows
        for number, at in enumerate(_times(row.kind, row.fields, row.wished_at, library), 1)
        if first <= at < last
    ]


def _times(kind: str, fields: dict[str, Any], at: datetime | None, library: Library) -> list[datetime]:
    if kind not in WITH_MORE or at is None:
        return []
    draft = draft_from(Written(kind, "-", fields=fields), library, at, (), (), permitted=False)
    return [part.at for part in KINDS[kind].parts(draft, Limits()) if part.text and part.at and part.at > at]
