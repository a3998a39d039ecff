"""What a person posts by hand: posted, with its address; not posted, with a reason; changed my mind."""

from __future__ import annotations

from datetime import datetime

from outreach.access import Actor
from outreach.channels.base import Sent
from outreach.db import writing
from outreach.models import Delivery, Post
from outreach.posts.lifecycle import move_delivery
from outreach.posts.outcome import published
from outreach.posts.schedule import put_off_followers
from outreach.words import NotDone, Sentence, within


def address_of_post(url: str) -> str:
    """As a person pasted it. Raises NotDone for what is no web address."""
    url = url.strip()
    if url and not url.lower().startswith(("http://", "https://")):
        raise NotDone(Sentence("The address of the post begins with https:// – or leave it empty."))
    return within(url, 2_000)


def was_in_hand(delivery: Delivery) -> bool:
    """Was it taken back while a person was asked to post it? They may just be doing so."""
    return delivery.state == "cancelled" and delivery.unwanted_at is not None


def posted(delivery_id: int, url: str, by: Actor, now: datetime) -> None:
    """What was taken back meanwhile is out now, and shall go: it is known, and where."""
    url = address_of_post(url)
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id, populate_existing=True, with_for_update=True)
        if not was_in_hand(delivery):
            _refuse_if_not_in_hand(delivery)
        put_off_followers(session, delivery, now)
        published(session, delivery, Sent("", url or None), now, by)


def is_by_hand(post: Post) -> bool:
    """Nothing of it goes out unless a person posts it."""
    return bool(post.placements) and all(placement.account.network == "by_hand" for placement in post.placements)


def not_posted(delivery_id: int, reason: str, by: Actor, now: datetime) -> None:
    reason = within(reason, 500)
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id)
        _refuse_if_not_in_hand(delivery)
        said = Sentence("%(reason)s", reason=reason) if reason else Sentence("Not posted.")
        move_delivery(session, delivery, "not_posted", by, now, said, sentence=said)  # its answer waits with it


def ask_again(delivery_id: int, by: Actor, now: datetime) -> None:
    """It was a slip, or it is to be posted after all."""
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id)
        if delivery.state != "not_posted":
            raise NotDone(Sentence("This is not waiting for you."))
        move_delivery(session, delivery, "in_hand", by, now, sentence=None)


def _refuse_if_not_in_hand(delivery: Delivery) -> None:
    if delivery.state != "in_hand":
        raise NotDone(Sentence("This is not waiting for you (any more)."))
