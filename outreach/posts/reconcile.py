"""What is stuck, and what nobody knows. Only this module, and a person, takes a delivery out of `unclear`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.access import OUTREACH, Actor
from outreach.accounts.pause import came_loose
from outreach.channels import about
from outreach.channels.base import ChannelError, Sent, Unauthorized
from outreach.channels.exchange import Heard, overheard
from outreach.db import db, writing
from outreach.models import Account, Delivery
from outreach.posts.attempts import log_attempt
from outreach.posts.dispatch import grace_of, too_late
from outreach.posts.hand import address_of_post
from outreach.posts.job import Door, Job, job_of, outgoing
from outreach.posts.lifecycle import may_go_out, move_delivery
from outreach.posts.outcome import published
from outreach.posts.schedule import send_now
from outreach.posts.tell import tell
from outreach.words import NotDone, Sentence

FIRST_LOOK = timedelta(seconds=20)  # a server may still be working on what it answered nothing to
BETWEEN = timedelta(seconds=60)  # two readings before "it is not there"
STUCK = timedelta(seconds=60)
ASK_AFTER = timedelta(minutes=15)  # the server cannot be read: a person looks
CLOCKS_DIFFER = timedelta(minutes=2)  # a server's clock may be behind ours

log = logging.getLogger(__name__)
Look = Callable[[int], None]


def settle(now: datetime, look: Look) -> int:
    """One round. Network looks are given to `look`, one delivery each, so that a slow server delays only its own.

    queued, long past due, may not go -> waiting (it was never attempted); what may only waits for a busy worker
    sending, lease over, not begun    -> waiting (nothing left this machine)
    sending, lease over, begun        -> unclear
    unclear                           -> looked at (see `look_at`)
    """
    with writing() as session:
        _unqueue(session, now)
        _expire(session, now)
        ids = _to_look_at(session, now)
    for delivery_id in ids:
        look(delivery_id)
    return len(ids)


def _unqueue(session: Session, now: datetime) -> None:
    stuck = (Delivery.state == "queued") & (Delivery.try_at < now - STUCK) & ~may_go_out()
    for delivery in session.scalars(select(Delivery).where(stuck).limit(500)):
        move_delivery(session, delivery, "waiting", OUTREACH, now)


def _expire(session: Session, now: datetime) -> None:
    expired = select(Delivery).where(Delivery.state == "sending", Delivery.lease_until < now).limit(500)
    for delivery in session.scalars(expired):
        if delivery.send_started_at is None:
            move_delivery(
                session, delivery, "waiting", OUTREACH, now, Sentence("It was interrupted before it was sent.")
            )
        else:
            told = Sentence("It was interrupted while it was sent. We are looking whether it is there.")
            log_attempt(session, delivery.id, "send", delivery.send_started_at, now, "interrupted", sentence=told)
            move_delivery(session, delivery, "unclear", OUTREACH, now, told, sentence=told, absent_at=None)


def _to_look_at(session: Session, now: datetime) -> list[int]:
    """Unclear, not with a person yet, and not looked at a moment ago."""
    rested = or_(Delivery.absent_at.is_(None), Delivery.absent_at < now - BETWEEN)
    due = select(Delivery).where(
        Delivery.state == "unclear",
        Delivery.asked_at.is_(None),
        rested,
        Delivery.send_started_at < now - FIRST_LOOK,
        or_(Delivery.lease_until.is_(None), Delivery.lease_until < now),
    )
    found = list(session.scalars(due.limit(200)))
    for delivery in found:
        delivery.lease_until = now + STUCK  # one look at a time, whatever number of reconcilers there are
    return [delivery.id for delivery in found]


def look_at(delivery_id: int, door: Door) -> str:
    """Look on the account itself.

    found                                  -> published
    absent twice, 60 s apart, first time   -> waiting: sent once more, with the same key
    absent twice again, or unreadable long -> a person is asked
    """
    claimed = _unclear(delivery_id)
    if claimed is None:
        return "not ours"
    job, account, since, others = claimed
    began_at = door.now()
    with overheard() as heard:
        try:
            message = replace(outgoing(job, door), others=others)
            found: Sent | ChannelError | None = door.open(account).find(message, job.prepared, since)
        except ChannelError as error:
            found = error
        except Exception as error:
            log.warning("could not look: %r", error)
            found = ChannelError(Sentence("We could not look."), repr(error))
    return _after_look(delivery_id, found, door.now(), began_at, heard)


def _unclear(delivery_id: int) -> tuple[Job, Account, datetime, frozenset[str]] | None:
    delivery = db.session.get(Delivery, delivery_id, populate_existing=True)
    if delivery is None or delivery.state != "unclear" or delivery.send_started_at is None:
        db.session.rollback()
        return None
    job: Job = job_of(delivery)
    account, since = delivery.account, delivery.send_started_at - CLOCKS_DIFFER
    known = select(Delivery.remote_id).where(
        Delivery.account_id == account.id,
        Delivery.state.in_(("published", "removing")),
        Delivery.published_at > since - timedelta(days=1),
    )
    others = frozenset(n for n in db.session.scalars(known) if n)
    db.session.expunge(account)
    db.session.rollback()
    return job, account, since, others


def _after_look(
    delivery_id: int, found: Sent | ChannelError | None, now: datetime, began_at: datetime, heard: Heard
) -> str:
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id, populate_existing=True, with_for_update=True)
        if delivery.state != "unclear":
            return delivery.state
        delivery.lease_until = None
        error = found if isinstance(found, ChannelError) else None
        seen = "unreadable" if error else "published" if found else "absent"
        said, words = (error.sentence, error.diagnosis) if error else (None, "")
        log_attempt(session, delivery.id, "look", began_at, now, seen, heard, said, words)
        if isinstance(found, Sent):
            published(session, delivery, found, now)
        elif isinstance(found, ChannelError):
            _unreadable(session, delivery, found, now)
        else:
            _absent(session, delivery, now)
        session.flush()
        return delivery.state


def _unreadable(session: Session, delivery: Delivery, error: ChannelError, now: datetime) -> None:
    delivery.diagnosis = error.diagnosis[:2_000]
    since, cause = delivery.send_started_at or now, error.__cause__
    if isinstance(cause, Unauthorized):
        came_loose(session, delivery.account, cause.sentence, OUTREACH, now)
    hopeless = isinstance(cause, Unauthorized) or not about(delivery.account.network).looks
    if hopeless or now - since > ASK_AFTER:
        ask(session, delivery, now)


def _absent(session: Session, delivery: Delivery, now: datetime) -> None:
    if delivery.absent_at is None:
        delivery.absent_at = now
        return
    delivery.looks += 1
    late = too_late(delivery.due_at, grace_of(session, delivery.library_id), now)
    if delivery.looks > 1 or late:
        ask(session, delivery, now)
        return
    told = Sentence("It was not there when we looked twice, so it is sent once more.")
    move_delivery(
        session, delivery, "waiting", OUTREACH, now, told, try_at=now, absent_at=None, prepared_for=None, sentence=None
    )


def ask(session: Session, delivery: Delivery, now: datetime) -> None:
    """A person looks, and says whether it is out."""
    delivery.asked_at = now
    delivery.sentence = Sentence(
        "We are not sure whether this went out. Look on the account for the words below. "
        "Until you answer, nothing is sent again."
    )
    tell(session, delivery, delivery.sentence, now)


def it_is_there(delivery_id: int, url: str, by: Actor, now: datetime) -> None:
    """A person saw it."""
    url = address_of_post(url)
    with writing() as session:
        delivery = _asked(session, delivery_id)
        published(session, delivery, Sent(delivery.remote_id or "", url or None), now, by)


def it_is_not_there(delivery_id: int, by: Actor, now: datetime) -> None:
    """A person did not see it: it is sent again, now."""
    with writing() as session:
        delivery = _asked(session, delivery_id)
        send_now(session, delivery, by, now, absent_at=None, asked_at=None, looks=0)


def _asked(session: Session, delivery_id: int) -> Delivery:
    delivery = session.get_one(Delivery, delivery_id, populate_existing=True, with_for_update=True)
    if delivery.state != "unclear":
        raise NotDone(Sentence("This is settled already."))
    if delivery.asked_at is None:
        raise NotDone(Sentence("We are still looking ourselves. In a few minutes it is settled, or you are asked."))
    return delivery
