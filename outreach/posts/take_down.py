"""Take a post down, everywhere at once. Anybody of the library may: stopping never waits for anybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.accounts.pause import managers
from outreach.db import writing
from outreach.history import record
from outreach.mail import put
from outreach.models import Delivery, Post
from outreach.posts.compose import take_back
from outreach.posts.correction_ends import end_corrections
from outreach.posts.lifecycle import begin_removing, deliveries_locked, locked, move_delivery, move_post
from outreach.posts.tell import next_morning
from outreach.posts.whole import ON_ITS_WAY, asks_person
from outreach.words import NotDone, Sentence


def can_be_taken_down(deliveries: Iterable[Delivery]) -> bool:
    """Is there anything out that nobody takes down yet?"""
    return any(d.state == "published" or (d.state in ON_ITS_WAY and not d.unwanted_at) for d in deliveries)


def take_down(post_id: int, by: Actor, now: datetime) -> None:
    """1. what is not out yet never goes out  2. what is out goes  3. what is just being sent goes once it is out."""
    with writing() as session:
        take_down_in(session, locked(session, post_id), by, now)


def take_down_in(session: Session, post: Post, by: Actor, now: datetime) -> None:
    """The same for a post that is `locked`."""
    if not can_be_taken_down(deliveries_locked(session, post)):
        raise NotDone(Sentence("There is nothing to take down: nothing is out, or it is being taken down already."))
    if post.state != "cancelled":
        move_post(session, post, "cancelled", by, now, verb="take_down")
    else:
        record(session, "post", post.id, "take_down", by, now, library_id=post.library_id, post_id=post.id)
    take_back(session, post, by, now)
    end_corrections(session, post, by, now)
    for delivery in deliveries_locked(session, post):
        if delivery.state == "published":
            begin_removing(session, delivery, by, now)
        elif delivery.state in ON_ITS_WAY:
            delivery.unwanted_at = now
    _tell(session, post, by, now)


def gone(delivery_id: int, by: Actor, now: datetime) -> None:
    """A person deleted it there, or saw that it is gone."""
    with writing() as session:
        delivery = _unwanted(session, delivery_id)
        move_delivery(session, delivery, "removed", by, now, sentence=None, asked_at=None, lease_until=None)


def leave_up(delivery_id: int, by: Actor, now: datetime) -> None:
    """It stays there after all."""
    with writing() as session:
        delivery = _unwanted(session, delivery_id)
        cleared: dict[str, Any] = dict.fromkeys(("unwanted_at", "asked_at", "lease_until", "sentence"))
        if delivery.state == "removing":
            move_delivery(session, delivery, "published", by, now, **cleared)
            return
        for name, value in cleared.items():
            setattr(delivery, name, value)
        library_id, post_id = delivery.library_id, delivery.post_id
        record(session, "delivery", delivery.id, "not_removed", by, now, library_id=library_id, post_id=post_id)


def _unwanted(session: Session, delivery_id: int) -> Delivery:
    delivery = session.get_one(Delivery, delivery_id, populate_existing=True, with_for_update=True)
    if not asks_person(delivery):
        raise NotDone(Sentence("This is settled already."))
    return delivery


def _tell(session: Session, post: Post, by: Actor, now: datetime) -> None:
    """The managers read of it in the morning."""
    said = Sentence("%(who)s took down this post: %(words)s", who=by.name, words=post.words[:200])
    morning = next_morning(post.library, now)
    for person in managers(session, post.library_id):
        if person.id != by.person_id:
            subject = Sentence("A post was taken down")
            put(session, person.email, subject, said, now, path=f"/posts/{post.id}", morning=morning)
