"""What a person posts by hand: posted, with its address; not posted, with a reason; changed my mind."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.channels.base import Sent
from outreach.db import writing
from outreach.models import Delivery
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


def posted(delivery_id: int, url: str, by: Actor, now: datetime) -> None:
    url = address_of_post(url)
    with writing() as session:
        delivery = _in_hand(session, delivery_id)
        put_off_followers(session, delivery, now)
        published(session, delivery, Sent("", url or None), now, by)


def not_posted(delivery_id: int, reason: str, by: Actor, now: datetime) -> None:
    reason = within(reason, 500)
    with writing() as session:
        delivery = _in_hand(session, delivery_id)
        said = Sentence("%(reason)s", reason=reason) if reason else Sentence("Not posted.")
        move_delivery(session, delivery, "not_posted", by, now, said, sentence=said)  # its answer waits with it


def ask_again(delivery_id: int, by: Actor, now: datetime) -> None:
    """It was a slip, or it is to be posted after all."""
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id)
        if delivery.state != "not_posted":
            raise NotDone(Sentence("This is not waiting for you."))
        move_delivery(session, delivery, "in_hand", by, now, sentence=None)


def _in_hand(session: Session, delivery_id: int) -> Delivery:
    delivery = session.get_one(Delivery, delivery_id)
    if delivery.state != "in_hand":
        raise NotDone(Sentence("This is not waiting for you (any more)."))
    return delivery
