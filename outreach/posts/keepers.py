"""Who looks after the posts of somebody who is away, or has left: as long as they are not finished."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from outreach.models import Delivery, Interruption, Post
from outreach.posts.lifecycle import all_locked, deliveries_locked

OPEN = ("waiting", "queued", "sending", "unclear", "in_hand", "refused", "missed")


def unfinished() -> ColumnElement[bool]:
    """Drafts, what was sent back, what waits for review or for its time, and what asks for a person."""
    going = select(Delivery.post_id).where(Delivery.state.in_(OPEN))  # few: what is taken back or out is none of them
    return Post.state.in_(("draft", "returned", "submitted")) | ((Post.state == "approved") & Post.id.in_(going))


def theirs_locked(session: Session, library_id: int, person_id: int) -> Sequence[Post]:
    """What somebody has to look after themselves, and has not finished."""
    mine = (Post.author_id == person_id) & Post.keeper_id.is_(None)
    return _locked(session, library_id, mine & unfinished())


def give(session: Session, one: Interruption) -> None:
    """To the colleague, from its first day on; again for what was written meanwhile."""
    given = theirs_locked(session, one.library_id, one.person_id) if one.person_id else []
    for post in given:
        post.keeper_id = one.keeper_id
    if given:
        one.moves = [*one.moves, *({"post": post.id, "deed": "handed"} for post in given)]


def give_back(session: Session, one: Interruption) -> None:
    """Those that it gave, if nobody has given them to somebody else since."""
    given = [int(move["post"]) for move in one.moves]
    mine = Post.id.in_(given) & (Post.keeper_id == one.keeper_id)
    for post in _locked(session, one.library_id, mine):
        post.keeper_id = None


def hand_on(session: Session, library_id: int, person_id: int, successor_id: int) -> int:
    """All that somebody who leaves has not finished, and what they looked after. Returns how many posts."""
    theirs = ((Post.author_id == person_id) & Post.keeper_id.is_(None)) | (Post.keeper_id == person_id)
    given = _locked(session, library_id, theirs & unfinished())
    for post in given:
        post.keeper_id = successor_id
    _hand_on_by_hand(session, library_id, person_id, successor_id)
    return len(given)


def _hand_on_by_hand(session: Session, library_id: int, person_id: int, successor_id: int) -> None:
    """What colleagues asked them to post."""
    theirs = (Delivery.library_id == library_id) & (Delivery.keeper_id == person_id) & Delivery.state.in_(OPEN)
    posts = _locked(session, library_id, Post.id.in_(select(Delivery.post_id).where(theirs)))
    for delivery in (d for post in posts for d in deliveries_locked(session, post)):
        if delivery.keeper_id == person_id:
            delivery.keeper_id = successor_id


def kept(session: Session, library_id: int, person_id: int) -> Sequence[Post]:
    """What waits for somebody, whether they wrote it or look after it; the next one first."""
    theirs = or_((Post.author_id == person_id) & Post.keeper_id.is_(None), Post.keeper_id == person_id)
    chosen = select(Post).where(Post.library_id == library_id, theirs & unfinished())
    return session.scalars(chosen.order_by(Post.wished_at.is_(None), Post.wished_at, Post.id)).all()


def _locked(session: Session, library_id: int, those: ColumnElement[bool]) -> Sequence[Post]:
    return all_locked(session, (Post.library_id == library_id) & those)
