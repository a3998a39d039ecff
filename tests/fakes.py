"""A network in memory, for the domain: one fake with verbs. Channels themselves meet real servers in tests/channels."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from outreach.channels import channel_class, is_local
from outreach.channels.base import (
    Handed,
    Identity,
    Limits,
    Login,
    Outgoing,
    Prepared,
    Refused,
    Sent,
    Tally,
    TryLater,
    Unclear,
)
from outreach.channels.guard import Reach
from outreach.db import db
from outreach.models import Account
from outreach.posts.job import Door
from outreach.words import Sentence


@dataclass
class FakeNetwork:
    """What stands on the account is in `posts`; what the next send does is set by its verbs."""

    posts: list[Outgoing] = field(default_factory=list)
    sends: list[Outgoing] = field(default_factory=list)
    next: list[Exception | str] = field(default_factory=list)
    unreadable: Exception | None = None
    removals: list[str] = field(default_factory=list)  # ids that were asked to go
    stays: list[Exception] = field(default_factory=list)
    edits: list[tuple[str, str]] = field(default_factory=list)  # (id, words) that were asked for
    tests: list[Exception] = field(default_factory=list)  # what the next tests come to; none: it works
    boosts: list[str] = field(default_factory=list)  # ids that are shown once more
    no_boost: list[Exception] = field(default_factory=list)
    tallies: list[Tally | Exception | None] = field(default_factory=list)  # what the next polls came to
    alone: bool = True  # False: another thread may use the database meanwhile
    pool: Any = None  # of connections, for a thread that knows no application

    def refuses(self, error: Exception) -> None:
        """The next send fails with this; nothing is stored."""
        self.next.append(error)

    def goes_silent_after_storing(self) -> None:
        self.next.append("stores")

    def goes_silent_without_storing(self) -> None:
        self.next.append("loses")

    def cannot_be_read(self, error: Exception) -> None:
        self.unreadable = error

    def check(self) -> Identity:
        return Identity("1", "library", "Library", "https://fake.example/@library", Limits())

    def prepare(self, message: Outgoing) -> Prepared:
        return {"uploads": len(message.pictures)}

    def send(self, message: Outgoing, prepared: Prepared) -> Sent | Handed:
        self._holds_nothing()
        self.sends.append(message)
        fate = self.next.pop(0) if self.next else None
        if isinstance(fate, Exception):
            raise fate
        if fate == "loses":
            raise Unclear(Sentence("The connection broke."), "lost")
        if not any(p.key == message.key for p in self.posts):  # an idempotency key is kept
            self.posts.append(message)
        if fate == "stores":
            raise Unclear(Sentence("The connection broke."), "stored")
        return self._sent(message)

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        if self.unreadable:
            raise self.unreadable
        found = (self._sent(p) for p in self.posts if p.text == message.text)
        return next((sent for sent in found if sent.remote_id not in message.others), None)

    def _holds_nothing(self) -> None:
        held = (self.pool or db.engine.pool).checkedout() if self.alone else 0
        assert held == 0, "a connection is held while the network is spoken to"

    def keeps(self, error: Exception) -> None:
        """The next one that is to be taken down stays, with this."""
        self.stays.append(error)

    def take_down(self, remote_id: str) -> Handed | None:
        self._holds_nothing()
        self.removals.append(remote_id)
        if self.stays:
            raise self.stays.pop(0)
        self.posts = [post for post in self.posts if self._sent(post).remote_id != remote_id]
        return None

    def edit(self, remote_id: str, message: Outgoing) -> Sent:
        self._holds_nothing()
        self.edits.append((remote_id, message.text))
        if self.stays:
            raise self.stays.pop(0)
        at = next((n for n, post in enumerate(self.posts) if self._sent(post).remote_id == remote_id), None)
        if at is None:
            raise Refused(Sentence("It is not there any more."))
        self.posts[at] = replace(self.posts[at], text=message.text, pictures=message.pictures)
        return Sent(remote_id, f"https://fake.example/{remote_id}/edited")

    def renew(self) -> None:
        return None

    def test(self) -> None:
        self._holds_nothing()
        if self.tests:
            raise self.tests.pop(0)

    def boost(self, remote_id: str) -> None:
        self._holds_nothing()
        if self.no_boost:
            raise self.no_boost.pop(0)
        self.boosts.append(remote_id)

    def tally(self, remote_id: str) -> Tally | None:
        self._holds_nothing()
        told = self.tallies.pop(0) if self.tallies else None
        if isinstance(told, Exception):
            raise told
        return told

    def _sent(self, message: Outgoing) -> Sent:
        return Sent(f"id-{message.key}", f"https://fake.example/{message.key}")


def door(network: FakeNetwork, now) -> Door:
    """`now` is a function, or a moment that stands still."""

    def opened(account: Account):
        if is_local(account.network):
            return channel_class(account.network)(Login(account.server, {}, Reach()))
        return network

    return Door(open=opened, read=lambda digest: digest.encode(), now=now if callable(now) else lambda: now)


BUSY = TryLater(Sentence("The server is busy."), "HTTP 429")
