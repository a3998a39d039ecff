"""A delivery on its way to the network as plain values, and what the outside lends to send it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from outreach.channels.base import Channel, Outgoing, Picture, Poll
from outreach.models import Account, Delivery
from outreach.pacing import NoPace, Pace
from outreach.posts.wording import Message, from_payload

GOOD_FOR = timedelta(minutes=30)  # of what was prepared: containers last a day, uploads an hour and more

Open = Callable[[Account], Channel]
Read = Callable[[str], bytes]  # the bytes of a picture, by its digest


@dataclass(frozen=True)
class Door:
    """What the outside lends to publish: how to open a channel, read a picture, tell the time."""

    open: Open
    read: Read
    now: Callable[[], datetime]
    address: Callable[[str], str] = lambda _digest: ""  # where a network fetches a picture by itself
    pace: Pace = field(default_factory=NoPace)


@dataclass(frozen=True)
class Job:
    """A claimed delivery as plain values: no row is held while the network is spoken to."""

    id: int
    message: Message
    key: str
    reply_to: str | None
    prepared: dict[str, Any]
    begun_at: datetime | None = None  # when it was first tried with this key
    answers: str = ""
    ready: bool = False  # it was prepared ahead
    attempt: int = 0  # whose answer it is: a worker may stand still, and another take over
    lease_until: datetime | None = None


def job_of(delivery: Delivery) -> Job:
    return Job(
        delivery.id,
        from_payload(delivery.payload),
        key_of(delivery),
        delivery.after.remote_id if delivery.after else None,
        dict(delivery.prepared or {}),
        delivery.begun_at,
        delivery.account.answers,
    )


def key_of(delivery: Delivery) -> str:
    """The idempotency key: the same for every attempt until one definitely failed."""
    told = f"{delivery.id}:{delivery.edition}:{delivery.digest}:{delivery.key_round}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def outgoing(job: Job, door: Door) -> Outgoing:
    message = job.message
    return Outgoing(
        key=job.key,
        text=message.text,
        pictures=tuple(
            Picture(door.read(i.digest), i.mime, i.alt, i.digest[:12], door.address(i.digest)) for i in message.images
        ),
        poll=Poll(message.poll, message.poll_minutes) if message.poll else None,
        reply_to=job.reply_to,
        visibility=message.visibility or None,
        warning=message.warning or None,
        language=message.language or None,
        begun_at=job.begun_at,
        answers=job.answers,
    )


def is_ready(delivery: Delivery, now: datetime) -> bool:
    """Was all made for this very message and key, not too long ago? Made anew, an upload is another one."""
    fresh = delivery.prepared_at is not None and now - delivery.prepared_at < GOOD_FOR
    return fresh and delivery.prepared_for == key_of(delivery)
