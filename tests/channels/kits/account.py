"""One account on one network, behind a faulty proxy: what the suites of all channels speak through."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from channels.kits.base import Kit, Standing
from faults import FaultProxy
from pictures_made import jpeg

from outreach import clock
from outreach.channels import channel_class
from outreach.channels.base import Limits, Outgoing, Picture, Prepared, Sent

number = itertools.count(1)


def message(text: str = "", **more: Any) -> Outgoing:
    n = next(number)
    begun = clock.now().replace(microsecond=n * 37 % 1_000_000)
    return Outgoing(key=f"{n:032x}", text=text or f"New on our shelves, number {n}", begun_at=begun, **more)


class Account:
    """One account on one network, its calls through the proxy."""

    def __init__(self, kit: Kit, proxy: FaultProxy) -> None:
        self.kit, self.proxy = kit, proxy
        self.channel = channel_class(kit.network)(kit.login(proxy.url))
        self.limits: Limits = self.channel.check().limits
        self.began = clock.now() - timedelta(seconds=10)

    def again(self) -> Account:
        """Another worker's channel: it remembers nothing."""
        return Account(self.kit, self.proxy)

    def prepared(self, out: Outgoing) -> Prepared:
        return self.channel.prepare(self.served(out))

    def served(self, out: Outgoing) -> Outgoing:
        return replace(out, pictures=tuple(map(self.kit.served, out.pictures)))

    def publish(self, out: Outgoing) -> Sent:
        sent = self.channel.send(self.served(out), self.prepared(out))
        assert isinstance(sent, Sent)
        return sent

    def standing(self) -> list[Standing]:
        return self.kit.standing()

    def needs_picture(self, out: Outgoing) -> Outgoing:
        """A network for pictures gets one with each message."""
        if not self.limits.image_required or out.pictures:
            return out
        return replace(out, pictures=(picture("A shelf of red books"),))

    def breaks(self, kind: str, **more: Any) -> None:
        """The next call that publishes meets this fault."""
        method, path = self.kit.publishes
        self.proxy.arm(kind, method=method, path=path, **more)


def picture(alt: str, size: tuple[int, int] = (64, 48), data: bytes | None = None) -> Picture:
    return Picture(data or jpeg(*size), "image/jpeg", alt, "shelf.jpg")


@contextmanager
def account_on(kit: Kit) -> Iterator[Account]:
    kit.fresh()
    with FaultProxy(kit.port) as proxy:
        yield Account(kit, proxy)
    assert kit.wrong() == []


def only(account: Account) -> Standing:
    (one,) = account.standing()
    return one


def impatient(channel: Any) -> None:
    """One second instead of thirty, on whichever session it speaks through."""
    for holder in (channel, *(getattr(channel, name, None) for name in ("client", "api"))):
        with suppress(AttributeError):
            holder.session.deadline_seconds = 1.0
