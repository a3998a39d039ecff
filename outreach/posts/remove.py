"""What a person wants gone is taken down by workers: tried again until it is certain, then a person is told."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from outreach.access import OUTREACH
from outreach.accounts.pause import came_loose, managers
from outreach.channels import is_local
from outreach.channels.base import ChannelError, Handed, TryLater, Unauthorized, Unclear
from outreach.channels.exchange import Heard
from outreach.db import db, writing
from outreach.mail import put
from outreach.models import Account, Delivery, Person
from outreach.posts import errands
from outreach.posts.attempts import log_attempt
from outreach.posts.job import Door
from outreach.posts.lifecycle import move_delivery
from outreach.posts.tell import author_of, in_charge
from outreach.vault import Unsealable
from outreach.words import Sentence

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    id: int
    remote_id: str
    attempt: int


def due(now: datetime) -> list[int]:
    """Those that a worker should take now."""
    return errands.take(Delivery, now, (Delivery.state == "removing") & _nothing_below())


def _nothing_below() -> ColumnElement[bool]:
    """Of a thread the last message goes first; one that did not go at once keeps nobody waiting."""
    later = Delivery.__table__.alias("later")
    begins = or_(later.c.attempts == 0, later.c.lease_until.is_not(None))
    answers = (later.c.after_id == Delivery.id) & (later.c.state == "removing") & later.c.asked_at.is_(None) & begins
    return ~exists(select(later.c.id).where(answers))


def remove(delivery_id: int, door: Door) -> str:
    """Take one message down. Returns the state it is in afterwards (for the log).

    gone                          -> removed
    only a person can             -> a person is asked, it stays in removing
    not now, or nobody knows      -> tried again, with growing pauses
    refused, let in no more, late -> published, with a sentence that says where it stands
    """
    claimed = _claim(delivery_id, door.now())
    if isinstance(claimed, str):
        return claimed
    job, account = claimed
    began_at = door.now()
    outcome, heard = errands.call(lambda: door.open(account).take_down(job.remote_id))
    return _write(job, outcome, door.now(), began_at, heard)


def _claim(delivery_id: int, now: datetime) -> tuple[Job, Account] | str:
    with writing() as session:
        row = select(Delivery).where(Delivery.id == delivery_id).options(joinedload(Delivery.account, innerjoin=True))
        fresh = row.execution_options(populate_existing=True).with_for_update(of=Delivery)
        delivery = session.scalar(fresh)
        if delivery is None or delivery.state != "removing" or delivery.asked_at:
            return "not ours"
        if errands.is_taken(delivery, now):
            return "not ours"
        account = delivery.account
        let_in = is_local(account.network) or not account.retired_at
        if not delivery.remote_id or not let_in:  # nothing that a network would know it by, or us
            _ask(session, delivery, now)
            return "with a person"
        errands.lease(delivery, now)
        job = Job(delivery.id, delivery.remote_id, delivery.attempts)
        session.flush()
        session.expunge(account)
    db.session.rollback()  # gives the connection back: none is held during the call
    return job, account


def _write(job: Job, outcome: errands.Outcome, now: datetime, began_at: datetime, heard: Heard) -> str:
    """A late writer may only add that it is gone."""
    with writing() as session:
        delivery = session.get_one(Delivery, job.id, populate_existing=True, with_for_update=True)
        if delivery.state == "removing" and (outcome is None or delivery.attempts == job.attempt):
            delivery.lease_until = None
            _note(session, delivery, outcome, now)
        said, words = getattr(outcome, "sentence", None), getattr(outcome, "diagnosis", "")
        named = errands.named(outcome, "removed", "stands")
        log_attempt(session, job.id, "remove", began_at, now, named, heard, said, words)
        state = delivery.state
    db.session.rollback()
    log.info("delivery %s: %s", job.id, state)
    return state


def _note(session: Session, delivery: Delivery, outcome: errands.Outcome, now: datetime) -> None:
    match outcome:
        case None:
            move_delivery(session, delivery, "removed", OUTREACH, now, sentence=None, asked_at=None, diagnosis="")
        case Handed():
            _ask(session, delivery, now)
        case TryLater() | Unclear():
            _later(session, delivery, outcome, now)
        case Unauthorized() | Unsealable():
            came_loose(session, delivery.account, outcome.sentence, OUTREACH, now)
            _stands(session, delivery, outcome, now)
        case Exception():
            _stands(session, delivery, outcome, now)


def _later(session: Session, delivery: Delivery, error: ChannelError, now: datetime) -> None:
    if not errands.later(delivery, error, delivery.unwanted_at or now, now):
        _stands(session, delivery, error, now)
        return
    delivery.sentence, delivery.diagnosis = error.sentence, error.diagnosis[:2_000]


def _ask(session: Session, delivery: Delivery, now: datetime) -> None:
    """There it is deleted by a person."""
    delivery.asked_at, delivery.lease_until = now, None
    if address := where(delivery):
        delivery.sentence = Sentence("Please delete it there: %(address)s", address=address)
    else:
        delivery.sentence = Sentence("Please delete it on %(place)s.", place=delivery.account.name)
    subject = Sentence("Please delete a post on %(place)s", place=delivery.account.name)
    _mail(session, delivery, in_charge(session, delivery), subject, now)


def _stands(session: Session, delivery: Delivery, error: Exception, now: datetime) -> None:
    """We could not. What is to be done, and where."""
    why = getattr(error, "sentence", "")
    if address := where(delivery):
        told = Sentence(
            "%(why)s It may still stand there. Please delete it yourself: %(address)s", why=why, address=address
        )
    else:
        told = Sentence("%(why)s It may still stand there. Please look, and delete it yourself.", why=why)
    diagnosis = getattr(error, "diagnosis", "")[:2_000]
    move_delivery(session, delivery, "published", OUTREACH, now, told, sentence=told, diagnosis=diagnosis)
    people = {p.id: p for p in managers(session, delivery.library_id)}
    if author := author_of(delivery.post):
        people[author.id] = author
    subject = Sentence("Not taken down: %(place)s", place=delivery.account.name)
    _mail(session, delivery, list(people.values()), subject, now)


def where(delivery: Delivery) -> str:
    return delivery.remote_url or delivery.account.url or ""


def _mail(session: Session, delivery: Delivery, people: list[Person], subject: Sentence, now: datetime) -> None:
    asked = int((delivery.unwanted_at or now).timestamp())
    said, path = delivery.sentence or "", f"/posts/{delivery.post_id}"
    for person in people:
        about = f"remove-{delivery.id}-{asked}-{delivery.state}-{person.id}"
        put(session, person.email, subject, said, now, about=about, path=path)
