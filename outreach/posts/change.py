"""A message that is out says what was approved instead: a worker changes it, or a person says that they did.

changed                       -> its delivery says so; what it said before stands in the history
not now, or nobody knows      -> tried again, with growing pauses: it is the same message however often
refused, or late              -> it stands as it was, with a sentence: its author is told, and may change it there
let in no more                -> it waits until the account is connected again
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from outreach.access import OUTREACH, Actor
from outreach.accounts.pause import came_loose
from outreach.channels.base import ChannelError, Outgoing, Sent, TryLater, Unauthorized, Unclear
from outreach.channels.exchange import Heard
from outreach.db import db, writing
from outreach.history import record
from outreach.models import Account, Change, Delivery, Library, Post
from outreach.posts import errands
from outreach.posts.attempts import log_attempt
from outreach.posts.consents import gone_before_sending
from outreach.posts.correction_apply import was
from outreach.posts.correction_letters import tell_as_it_was
from outreach.posts.job import Door, Job, key_of, outgoing
from outreach.posts.wording import from_payload, seal_of
from outreach.vault import Unsealable
from outreach.words import NotDone, Sentence

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    id: int
    delivery_id: int
    remote_id: str
    job: Job
    attempt: int


def due(now: datetime) -> list[int]:
    """Those that a worker should take now: of posts that stand, at places where nothing is paused."""
    return errands.take(Change, now, Change.ended_at.is_(None) & Change.delivery_id.in_(_that_stand()))


def _that_stand() -> ColumnElement[int]:
    mine = select(Delivery.id).join(Post, Post.id == Delivery.post_id).join(Account, Account.id == Delivery.account_id)
    mine = mine.join(Library, Library.id == Account.library_id).where(
        Post.state == "approved",
        Delivery.state == "published",
        Delivery.unwanted_at.is_(None),
        Account.paused_at.is_(None),
        Account.retired_at.is_(None),
        Library.paused_at.is_(None),
    )
    # of the few that are to be changed, and not of all that were ever published
    return mine.where(Delivery.id.in_(select(Change.delivery_id).where(Change.ended_at.is_(None)))).scalar_subquery()


def waits(delivery: Delivery) -> bool:
    """Is something paused around it, so that it is not changed now? The same as a question to the database: `due`."""
    place = delivery.account
    return bool(place.paused_at or place.library.paused_at)


def server_of(change_id: int) -> str:
    """In whose lane it goes."""
    mine = select(Account.server).join(Delivery).join(Change).where(Change.id == change_id)
    server = db.session.scalar(mine)
    db.session.rollback()
    return server or ""


def change(change_id: int, door: Door) -> str:
    """Change one message. Returns what came of it (for the log)."""
    claimed = _claim(change_id, door.now())
    if isinstance(claimed, str):
        return claimed
    task, account = claimed
    began_at = door.now()

    def errand() -> Sent:
        message: Outgoing = outgoing(task.job, door)
        return door.open(account).edit(task.remote_id, message)

    outcome, heard = errands.call(errand)
    return _write(task, outcome, door.now(), began_at, heard)


def _claim(change_id: int, now: datetime) -> tuple[Task, Account] | str:
    with writing() as session:
        change, delivery = _locked(session, change_id)
        if change.ended_at or change.asked_at or errands.is_taken(change, now) or not _is_out(delivery):
            return "not ours"
        if change.try_at > now or waits(delivery) or delivery.account.retired_at or delivery.post.state != "approved":
            return "not now"
        if seal_of(change.payload) != change.digest or not delivery.remote_id:
            _stands(session, change, delivery, NOT_AS_APPROVED, now)
            return "not as approved"
        if wrong := gone_before_sending(session, delivery, now):
            _stands(session, change, delivery, wrong, now)
            return "without consent"
        if not change.attempts:
            change.begun_at = now  # however long it had to wait until then
        errands.lease(change, now)
        account = delivery.account
        job = Job(delivery.id, from_payload(change.payload), key_of(delivery), None, {}, answers=account.answers)
        task = Task(change.id, delivery.id, delivery.remote_id, job, change.attempts)
        session.flush()
        session.expunge(account)
    db.session.rollback()  # gives the connection back: none is held during the call
    return task, account


GIVEN_UP = Sentence("We tried for an hour, and do not know that %(place)s has changed it.")
NOT_AS_APPROVED = Sentence("This is not what was approved, so nothing was changed.")


def _write(task: Task, outcome: errands.Outcome, now: datetime, began_at: datetime, heard: Heard) -> str:
    """A late writer may only add that it is changed: that is so, also where another correction comes next."""
    with writing() as session:
        change, delivery = _locked(session, task.id)
        said, words = getattr(outcome, "sentence", None), getattr(outcome, "diagnosis", "")
        named = errands.named(outcome, "changed", "unchanged")
        log_attempt(session, delivery.id, "change", began_at, now, named, heard, said, words)
        if isinstance(outcome, Sent):
            _changed(session, change, delivery, OUTREACH, now, outcome.url)
        elif change.ended_at is None and change.attempts == task.attempt:
            change.lease_until = None
            _note(session, change, delivery, outcome, now)
    db.session.rollback()
    log.info("change %s of delivery %s: %s", task.id, task.delivery_id, named)
    return named


def _note(session: Session, change: Change, delivery: Delivery, outcome: errands.Outcome, now: datetime) -> None:
    match outcome:
        case _ if not _is_out(delivery):  # it is taken down meanwhile
            return
        case Unauthorized() | Unsealable():  # the change waits with it
            came_loose(session, delivery.account, outcome.sentence, OUTREACH, now)
            change.attempts = 0
        case TryLater() | Unclear() if errands.later(change, outcome, change.begun_at, now):
            delivery.sentence = outcome.sentence
        case TryLater() | Unclear():
            _ask(session, change, delivery, GIVEN_UP.filled(place=delivery.account.name), now)
        case ChannelError():
            _ask(session, change, delivery, outcome.sentence, now)


def _changed(
    session: Session, change: Change, delivery: Delivery, by: Actor, now: datetime, url: str | None = None
) -> None:
    before = was(delivery.payload, change.payload)
    delivery.payload, delivery.digest = change.payload, change.digest
    delivery.remote_url = url or delivery.remote_url
    if _is_out(delivery):
        delivery.sentence = None
    change.ended_at, change.lease_until = change.ended_at or now, None
    _tell_history(session, delivery, "changed", by, now, before)


def _ask(session: Session, change: Change, delivery: Delivery, why: Sentence, now: datetime) -> None:
    """We cannot; perhaps a person can, in the network's own app. They say what became of it."""
    change.asked_at, delivery.sentence = now, why
    tell_as_it_was(session, delivery, change, why, now)


def _stands(session: Session, change: Change, delivery: Delivery, why: Sentence, now: datetime) -> None:
    told = Sentence("%(why)s It stands there as it was.", why=why)
    change.ended_at, delivery.sentence = now, told
    _tell_history(session, delivery, "not_changed", OUTREACH, now, why)
    tell_as_it_was(session, delivery, change, told, now)


def by_hand_done(change_id: int, by: Actor, now: datetime) -> None:
    """Somebody changed it there."""
    with writing() as session:
        change, delivery = _asked(session, change_id)
        _changed(session, change, delivery, by, now)


def leave(change_id: int, by: Actor, now: datetime) -> None:
    """It stays there as it is after all."""
    with writing() as session:
        change, delivery = _asked(session, change_id)
        change.ended_at, delivery.sentence = now, None
        _tell_history(session, delivery, "not_changed", by, now)


def _asked(session: Session, change_id: int) -> tuple[Change, Delivery]:
    change, delivery = _locked(session, change_id)
    if change.ended_at or change.asked_at is None:
        raise NotDone(Sentence("This is settled already."))
    return change, delivery


def _locked(session: Session, change_id: int) -> tuple[Change, Delivery]:
    """The delivery first, as whoever approves a correction has it."""
    delivery_id = session.get_one(Change, change_id).delivery_id
    place = joinedload(Delivery.account, innerjoin=True).joinedload(Account.library)
    one = select(Delivery).where(Delivery.id == delivery_id).options(place)
    delivery = session.scalars(one.with_for_update(of=Delivery).execution_options(populate_existing=True)).one()
    return session.get_one(Change, change_id, populate_existing=True, with_for_update={"of": Change}), delivery


def _is_out(delivery: Delivery) -> bool:
    return delivery.state == "published" and delivery.unwanted_at is None


def _tell_history(
    session: Session, delivery: Delivery, verb: str, by: Actor, now: datetime, note: Sentence | None = None
) -> None:
    library_id, post_id = delivery.library_id, delivery.post_id
    record(session, "delivery", delivery.id, verb, by, now, library_id=library_id, post_id=post_id, note=note)
