"""The post is the one that somebody had in front of them, or nothing is done to it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from outreach.models import Post
from outreach.posts.lifecycle import locked
from outreach.words import NotDone, Sentence

DECIDING = Sentence("This post was changed since you opened it. Look at it again, then decide.")
MOVING = Sentence("This post was changed since you opened the page, so it was not moved. Here it is as it is now.")


class Stale(NotDone):
    """Somebody else changed the post since the page was opened. Nothing was done, and nothing overwritten."""


def seen(session: Session, post_id: int, revision: int | None, told: Sentence = DECIDING) -> Post:
    """The post, locked, as revision `revision` showed it. Raises Stale, with `told`."""
    post = locked(session, post_id)
    if post.revision != revision:
        raise Stale(told)
    return post
