"""What a person posts by hand: posted, with its address; not posted, with a reason; either of them taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.channels.base import Sent
from outreach.db import writing
from outreach.models import Change, Delivery, Post, Title
from outreach.posts.lifecycle import BEFORE_SENDING, deliveries_locked, locked, move_delivery
from outreach.posts.outcome import published
from outreach.posts.schedule import put_off_followers
from outreach.words import NotDone, Sentence, within

REASONS: Mapping[str, Sentence] = {  # those that are tapped; any other is typed
    "no_time": Sentence("There was no time."),
    "too_late": Sentence("It is too late for it now."),
    "not_needed": Sentence("It is not needed any more."),
    "not_let": Sentence("The place did not let us."),
}
TAKE_BACK = timedelta(days=1)  # for so long "posted" can be a slip
OTHER_WORDS = Sentence(
    "The words were corrected while you posted them. Please change them there as they are below, then press Done once "
    "more."
)


def address_of_post(url: str) -> str:
    """As a person pasted it. Raises NotDone for what is no web address."""
    url = url.strip()
    if url and not url.lower().startswith(("http://", "https://")):
        raise NotDone(Sentence("The address of the post begins with https:// – or leave it empty."))
    return within(url, 2_000)


def was_in_hand(delivery: Delivery) -> bool:
    """Was it taken back while a person was asked to post it? They may just be doing so."""
    return delivery.state == "cancelled" and delivery.unwanted_at is not None


def posted(delivery_id: int, url: str, by: Actor, now: datetime, seen: str = "") -> None:
    """What was taken back meanwhile is out now, and shall go: it is known, and where.

    `seen`: the digest of the words that she had before her. Raises NotDone where they were corrected meanwhile.
    """
    url = address_of_post(url)
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id, populate_existing=True, with_for_update=True)
        if not was_in_hand(delivery):
            _refuse_if_not_in_hand(delivery)
        if seen and seen != delivery.digest:
            raise NotDone(OTHER_WORDS)
        put_off_followers(session, delivery, now)
        published(session, delivery, Sent("", url or None), now, by)


def is_by_hand(post: Post) -> bool:
    """Nothing of it goes out unless a person posts it."""
    return bool(post.placements) and all(placement.account.network == "by_hand" for placement in post.placements)


def not_posted(delivery_id: int, reason: str, by: Actor, now: datetime) -> None:
    """`reason`: a key of REASONS, or what was typed."""
    typed = within(reason, 500)
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id)
        _refuse_if_not_in_hand(delivery)
        said = REASONS.get(typed) or (Sentence("%(reason)s", reason=typed) if typed else Sentence("Not posted."))
        move_delivery(session, delivery, "not_posted", by, now, said, sentence=said)  # its answer waits with it


def ask_again(delivery_id: int, by: Actor, now: datetime) -> None:
    """It was a slip, or it is to be posted after all."""
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id)
        if delivery.state != "not_posted":
            raise NotDone(Sentence("This is not waiting for you."))
        move_delivery(session, delivery, "in_hand", by, now, sentence=None)


def not_yet(delivery_id: int, by: Actor, now: datetime) -> None:
    """She said that it is posted, and it is not. Raises NotDone where more hangs on it by now."""
    with writing() as session:
        post = locked(session, session.get_one(Delivery, delivery_id).post_id)
        mine = deliveries_locked(session, post)
        delivery = next(d for d in mine if d.id == delivery_id)
        if not can_be_slip(delivery, now):
            raise NotDone(Sentence("This cannot be taken back (any more)."))
        if any(d.after_id == delivery.id and d.state not in (*BEFORE_SENDING, "cancelled") for d in mine):
            raise NotDone(Sentence("The next message answers it, and has begun to go out."))
        told = update(Title).where(Title.library_id == post.library_id, Title.announced_at == delivery.published_at)
        session.execute(told.values(announced_at=None).execution_options(synchronize_session=False))
        _take_correction(session, delivery, now)
        move_delivery(session, delivery, "in_hand", by, now, published_at=None, remote_url=None)


def _take_correction(session: Session, delivery: Delivery, now: datetime) -> None:
    """It is not out: what it should have been changed to is what is to be posted."""
    mine = select(Change).where(Change.delivery_id == delivery.id, Change.ended_at.is_(None))
    for change in session.scalars(mine):
        delivery.payload, delivery.digest, change.ended_at = change.payload, change.digest, now


def can_be_slip(delivery: Delivery, now: datetime) -> bool:
    by_hand = delivery.account.network == "by_hand" and delivery.account.retired_at is None
    said = delivery.state == "published" and delivery.unwanted_at is None
    return by_hand and said and (delivery.published_at or now) > now - TAKE_BACK


def _refuse_if_not_in_hand(delivery: Delivery) -> None:
    if delivery.state != "in_hand":
        raise NotDone(Sentence("This is not waiting for you (any more)."))
