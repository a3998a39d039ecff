"""One message to one account, at most once per approval of a person or a look of reconcile."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session, defer, joinedload

from outreach.access import OUTREACH
from outreach.channels import about, is_local, prepares
from outreach.channels.base import (
    Channel,
    Handed,
    Outgoing,
    Prepared,
    Refused,
    Sent,
    TryLater,
    Unauthorized,
    Unclear,
)
from outreach.channels.exchange import Heard, overheard
from outreach.channels.leave import leaving_within
from outreach.db import db, end_reading, writing
from outreach.models import Account, Delivery, Library, Post
from outreach.posts import compose
from outreach.posts.attempts import log_attempt, named
from outreach.posts.consents import gone_before_sending
from outreach.posts.dispatch import grace_of, miss, too_late
from outreach.posts.job import Door, Job, is_ready, job_of, outgoing
from outreach.posts.lifecycle import deliveries_locked, locked, move_delivery, move_post
from outreach.posts.outcome import write_outcome
from outreach.posts.policy import too_long
from outreach.posts.reading import place_of
from outreach.posts.spending import over_budget
from outreach.posts.tell import tell
from outreach.posts.wording import from_payload, seal_of
from outreach.vault import Unsealable
from outreach.words import Sentence

LEASE = timedelta(seconds=60)  # longer than the one deadline of a call (45 s)
# What is asked for each delivery is made once: SQLAlchemy takes longer to make a statement than to run it.
_account, _library = joinedload(Delivery.account), joinedload(Delivery.account).joinedload(Account.library)
ROW = select(Delivery).where(Delivery.id == bindparam("id")).execution_options(populate_existing=True)
ROW_TO_SEND = ROW.options(  # one question instead of three, and a third of the columns
    _account.load_only(
        Account.network,
        Account.server,
        Account.sealed,
        Account.remote_id,
        Account.library_id,
        Account.name,
        Account.limits,
        Account.answers,
    ),
    _library.load_only(Library.grace_minutes, Library.consent_register, Library.timezone),
)
_seldom = (Delivery.payload, Delivery.prepared, Delivery.sentence, Delivery.diagnosis)  # long, and read seldom
ROW_TO_WRITE = ROW.options(
    joinedload(Delivery.post, innerjoin=True).load_only(Post.kind), *map(defer, _seldom)
).with_for_update(of=Delivery)
_TABLE = cast(Table, Delivery.__table__)
OURS = update(_TABLE).where(
    _TABLE.c.id == bindparam("the_id"), _TABLE.c.state == "sending", _TABLE.c.attempts == bindparam("the_attempt")
)
UNBEGUN: dict[str, Any] = dict.fromkeys(("send_started_at", "begun_at", "lease_until"))
SERVER = select(Account.network, Account.server).join(Delivery).where(Delivery.id == bindparam("id"))

log = logging.getLogger(__name__)


class Overtaken(Exception):
    """This worker stood still until its lease was over: another one may have sent it, so it sends nothing."""


def publish(delivery_id: int, door: Door) -> str:
    """Send one delivery. Returns the state it is in afterwards (for the log).

    1. claim: queued -> sending, with a lease; only what is due, approved, unchanged and not paused
    2. open the account, upload its pictures (harmless, may be repeated)
    3. commit `send_started_at`: from here on it may be out
    4. send, and write what happened. What nobody classified is unclear, never a retry.
    """
    now = door.now()
    claimed = _claim(delivery_id, now)
    if isinstance(claimed, str):
        return claimed
    job, account = claimed
    with overheard() as heard:
        try:
            _in_pace(account, door, now)
            channel = door.open(account)
            message = outgoing(job, door)
            prepared, leave_by = _prepare(channel, message, job, door, account.network)
        except Overtaken:
            return "not ours any more"
        except Exception as error:
            return _write(job, _before(error), door.now(), now, heard)
        with leaving_within(leave_by - door.now() if leave_by else None):
            outcome = _sent(channel, message, prepared)
    if heard.left and not is_local(account.network):
        door.pace.hear(f"account:{account.id}", heard.left)
    return _write(job, outcome, door.now(), now, heard)


def _claim(delivery_id: int, now: datetime) -> tuple[Job, Account] | str:
    """Take the delivery, or say why not."""
    with writing() as session:
        delivery = session.scalar(ROW_TO_SEND, {"id": delivery_id})
        if delivery is None or delivery.state != "queued":
            return "not ours"
        if too_late(delivery.due_at, grace_of(session, delivery.library_id), now):
            miss(session, delivery, now)
            return "missed"
        if (wrong := not_as_approved(delivery)) or (wrong := no_longer_fits(delivery)):
            return _back_to_review(session, delivery, wrong, now)
        if wrong := gone_before_sending(session, delivery, now):
            return _refused(session, delivery, wrong, now)
        lease, attempt = now + LEASE, delivery.attempts + 1
        ready = is_ready(delivery, now)
        at_once = ready or not prepares(delivery.account.network, bool(delivery.payload["images"]))
        begun_at = delivery.begun_at or now
        started: dict[str, Any] = {"send_started_at": now if at_once else None, "begun_at": begun_at}
        started |= {"lease_until": lease, "attempts": attempt}
        job = replace(job_of(delivery), attempt=attempt, lease_until=lease, begun_at=begun_at, ready=ready)
        if not move_delivery(session, delivery, "sending", OUTREACH, now, **started):
            return "not ours"
        if wrong := over_budget(session, delivery, now):
            return _refused(session, delivery, wrong, now, **UNBEGUN, attempts=attempt - 1)
        account = delivery.account
        session.flush()
        session.expunge(account)
    db.session.rollback()  # gives the connection back: none is held during the call
    return job, account


def _refused(session: Session, delivery: Delivery, why: Sentence, now: datetime, **values: Any) -> str:
    """By us, before anybody was called."""
    move_delivery(session, delivery, "refused", OUTREACH, now, why, sentence=why, **values)
    tell(session, delivery, why, now)
    return "refused"


def _back_to_review(session: Session, delivery: Delivery, why: Sentence, now: datetime) -> str:
    """It cannot go out as it was approved. The whole post goes back, unless some of it is out: then this is refused."""
    post = locked(session, delivery.post_id)
    all_of_it = deliveries_locked(session, post)
    if delivery.state != "queued" or post.state != "approved" or delivery.edition != post.edition:
        return "not ours"  # somebody took it back meanwhile
    if any(d.state in compose.BEGUN for d in all_of_it):
        return _refused(session, delivery, why, now)
    compose.take_back(session, post, OUTREACH, now)
    move_post(session, post, "submitted", OUTREACH, now, why)
    tell(session, delivery, why, now)
    return "back in review"


def not_as_approved(delivery: Delivery) -> Sentence | None:
    """What is sent is compared with what was approved, whoever may have written into the database since."""
    if seal_of(delivery.payload) == delivery.digest:
        return None
    return Sentence("This is not what was approved. Nothing was published. Look at it, and approve it again.")


def no_longer_fits(delivery: Delivery) -> Sentence | None:
    """The server's limits may have shrunk since the approval; what was approved is never shortened."""
    message = from_payload(delivery.payload)
    found = too_long(place_of(delivery.account), message, delivery.part + 1, delivery.parts)
    if not found:
        return None
    return Sentence(
        "%(what)s The limit has shrunk since the approval. Nothing was published. Edit it, and approve it again.",
        what=found[0],
    )


def _in_pace(account: Account, door: Door, now: datetime) -> None:
    """Nothing was asked yet. Raises TryLater with the moment from which it may."""
    if is_local(account.network):
        return
    asked = about(account.network)
    buckets = {f"account:{account.id}": asked.rate, f"server:{account.server}": asked.server_rate}
    if moment := door.pace.take(buckets, now):
        told = Sentence("It waits a little, so that %(place)s is not asked too often.", place=account.name)
        raise TryLater(told, "our own pace", moment)


def _prepare(
    channel: Channel, message: Outgoing, job: Job, door: Door, network: str
) -> tuple[Prepared, datetime | None]:
    """Upload, and commit that from here on it may be out; and until when it may leave. Raises Overtaken."""
    if job.ready or not prepares(network, bool(message.pictures)):
        if job.lease_until and door.now() > job.lease_until:
            raise Overtaken
        return job.prepared if job.ready else {}, job.lease_until
    prepared = channel.prepare(message)
    now = door.now()
    kept = {"prepared": dict(prepared), "prepared_for": job.key, "prepared_at": now}
    kept |= {"send_started_at": now, "lease_until": now + LEASE}
    with writing() as session:
        ours = session.execute(OURS, {"the_id": job.id, "the_attempt": job.attempt, **kept}).rowcount  # type: ignore[attr-defined]
    db.session.rollback()
    if not ours:
        raise Overtaken
    return prepared, now + LEASE


def _sent(channel: Channel, message: Outgoing, prepared: Prepared) -> Sent | Handed | Exception:
    try:
        return channel.send(message, prepared)
    except (Refused, TryLater, Unauthorized, Unclear) as error:
        return error
    except Exception as error:
        log.exception("an error that nobody classified")
        return Unclear(Sentence("Something unexpected happened while it was sent."), f"{type(error).__name__}: {error}")


def _before(error: Exception) -> Exception:
    """Nothing was sent yet, so whatever happened, it is not out."""
    if isinstance(error, (Refused, TryLater, Unauthorized)):
        return error
    if isinstance(error, Unsealable):
        return Unauthorized(error.sentence)
    if isinstance(error, FileNotFoundError):
        return Refused(
            Sentence("A picture of this post is missing on this machine. Nothing was published. Add it again.")
        )
    log.warning("before the send: %r", error)
    return TryLater(Sentence("It could not be prepared. It will be tried again."), f"{type(error).__name__}: {error}")


def _write(job: Job, outcome: Sent | Handed | Exception, now: datetime, began_at: datetime, heard: Heard) -> str:
    """The answer into the row. A late writer may only add that it is out, never that it failed."""
    with writing() as session:
        delivery = session.scalars(ROW_TO_WRITE, {"id": job.id}).one()
        in_time = delivery.state == "sending" and job.attempt == delivery.attempts
        if in_time or (isinstance(outcome, Sent) and delivery.state in ("sending", "unclear")):
            write_outcome(session, delivery, outcome, now)
        said, log_words = getattr(outcome, "sentence", None), getattr(outcome, "diagnosis", "")
        log_attempt(session, job.id, "send", began_at, now, named(outcome), heard, said, log_words)
        state = delivery.state
    db.session.rollback()
    log.info("delivery %s: %s", job.id, state)
    return state


def rehearse() -> None:
    """Make the statements of a send while there is time: else all threads make them at the moment they are needed."""
    with writing() as session:
        for statement in (ROW_TO_SEND, ROW_TO_WRITE):
            session.scalars(statement, {"id": 0}).first()
    db.session.rollback()
    server_of(0)


def server_of(delivery_id: int) -> str | None:
    """Whose lane a delivery belongs to; None where no server is called."""
    row = db.session.execute(SERVER, {"id": delivery_id}).first()
    end_reading()
    return None if row is None or is_local(row.network) else row.server
