"""Posting one message by hand is handed over to a colleague: whose it is stands there, and she is told by e-mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import Delivery, Membership, Person, Post
from outreach.posts.lifecycle import BEFORE_SENDING, deliveries_locked, locked
from outreach.posts.tell import in_charge, lay_handed_over
from outreach.words import NotDone, Sentence

OPEN = (*BEFORE_SENDING, "in_hand")  # nobody has said yet what became of it


def hand_over(delivery_id: int, person_id: int, by: Actor, now: datetime) -> Person:
    """This message and what follows it at this place. Anybody of the library may, also to themselves. Raises NotDone.

    The post stays its author's: its words, and what goes to other places, are nobody else's for that.
    """
    with writing() as session:
        post = locked(session, session.get_one(Delivery, delivery_id).post_id)
        mine = deliveries_locked(session, post)
        delivery = next(d for d in mine if d.id == delivery_id)
        if delivery.account.network != "by_hand" or delivery.state not in OPEN:
            raise NotDone(Sentence("This is not waiting for anybody (any more)."))
        person = _colleague(session, post, person_id)
        if in_charge(session, delivery) == [person]:
            raise NotDone(Sentence("%(who)s is asked to post it already.", who=person.shown))
        for other in mine:
            if _goes_with(other, delivery):
                other.keeper_id = person.id
        said = Sentence("%(who)s posts it.", who=person.shown)
        more = {"library_id": post.library_id, "post_id": post.id, "note": said}
        record(session, "delivery", delivery.id, "handed", by, now, **more)  # type: ignore[arg-type]
        if person.id != by.person_id:
            lay_handed_over(session, delivery, person, by, now)
    return person


def handed_to(session: Session, post: Post, account_id: int) -> int | None:
    """Who was asked before the post was changed and approved anew: they still are."""
    if post.edition < 2:
        return None
    last = select(Delivery.keeper_id).where(Delivery.post_id == post.id, Delivery.account_id == account_id)
    return session.scalar(last.order_by(Delivery.edition.desc(), Delivery.part).limit(1))


def _goes_with(other: Delivery, delivery: Delivery) -> bool:
    same = other.account_id == delivery.account_id and other.edition == delivery.edition
    return other.id == delivery.id or (same and other.part > delivery.part and other.state in OPEN)


def _colleague(session: Session, post: Post, person_id: int) -> Person:
    here = select(Person).join(Membership).where(Membership.library_id == post.library_id, Person.active)
    person = session.scalar(here.where(Person.id == person_id))
    if person is None:
        raise NotDone(Sentence("Choose the colleague who posts it."))
    return person
