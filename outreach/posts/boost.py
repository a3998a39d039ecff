"""Show what is out to its readers once more, where the network can. Only a person asks for it, and only once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.accounts.pause import came_loose
from outreach.channels import about
from outreach.channels.base import ChannelError, Unauthorized
from outreach.channels.exchange import Heard, overheard
from outreach.db import db, writing
from outreach.history import record
from outreach.models import Attempt, Delivery
from outreach.posts.attempts import log_attempt, named
from outreach.posts.consents import consent_problems
from outreach.posts.job import Door
from outreach.posts.lifecycle import locked
from outreach.words import NotDone, Sentence

# Where it is still among the newest there, it is not shown twice (Mastodon's FeedManager: the last 40).
SETTLED = timedelta(hours=6)
DONE = Sentence("It is shown there once more.")


def can_be_boosted(delivery: Delivery, now: datetime) -> bool:
    """Is it out for a while, no answer to another one of ours, at a place where we are let in?"""
    place = delivery.account
    let_in = about(place.network).boosts and not place.retired_at and not place.paused_at
    stands = delivery.post.state == "approved" and delivery.unwanted_at is None
    out = stands and delivery.state == "published" and delivery.remote_id and not delivery.after_id
    return bool(let_in and out and delivery.published_at and delivery.published_at <= now - SETTLED)


def boost(delivery_id: int, door: Door, by: Actor) -> Sentence:
    """Raises NotDone with what is in the way. No connection is held while the network is asked."""
    delivery, began_at = db.session.get_one(Delivery, delivery_id), door.now()
    if not can_be_boosted(delivery, began_at) or delivery.post.library.paused_at:
        raise NotDone(Sentence("This cannot be shown once more at the moment."))
    if wrong := consent_problems(delivery.post, began_at):
        raise NotDone(wrong[0])
    if _is_boosted(db.session(), delivery_id):
        raise NotDone(Sentence("It was shown there once more already."))
    account, remote_id = delivery.account, delivery.remote_id or ""
    db.session.expunge(account)
    db.session.rollback()
    error: ChannelError | None = None
    with overheard() as heard:  # opened in it, so that its secrets are masked
        try:
            door.open(account).boost(remote_id)
        except ChannelError as caught:
            error = caught
    _note(delivery_id, error, heard, began_at, door.now(), by)
    if error:
        raise NotDone(error.sentence) from error
    return DONE


def _note(
    delivery_id: int, error: ChannelError | None, heard: Heard, began_at: datetime, now: datetime, by: Actor
) -> None:
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id)
        locked(session, delivery.post_id)
        outcome, again = named(error) if error else "boosted", _is_boosted(session, delivery_id)
        said, words = (error.sentence, error.diagnosis) if error else (None, "")
        log_attempt(session, delivery_id, "boost", began_at, now, outcome, heard, said, words)
        if isinstance(error, Unauthorized):
            came_loose(session, delivery.account, error.sentence, by, now)
        if not error and not again:  # two who pressed at once
            library, post = delivery.library_id, delivery.post_id
            record(session, "delivery", delivery_id, "boosted", by, now, library_id=library, post_id=post)


def _is_boosted(session: Session, delivery_id: int) -> bool:
    mine = Attempt.delivery_id == delivery_id, Attempt.outcome == "boosted"
    return session.scalar(select(Attempt.id).where(*mine).limit(1)) is not None
