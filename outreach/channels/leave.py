"""Until when a message may leave this machine: a worker that stood still for longer sends nothing any more.

Another worker takes over when the lease is over, looks twice, and sends the message itself. So the last look at the
clock is where the first byte leaves, after the name was resolved, the connection made and the certificate checked.
What only reads may always leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from outreach import clock
from outreach.channels.trouble import Unreachable
from outreach.words import Sentence

_latest: ContextVar[datetime | None] = ContextVar("latest", default=None)


class Late(Unreachable):
    """Nothing left this machine."""

    def __init__(self) -> None:
        told = Sentence("It has not gone out: this machine stood still for too long. We try again by ourselves.")
        super().__init__(told, "the lease was over before the first byte left", sent=False, cause="timeout")


@contextmanager
def leaving_within(left: timedelta | None) -> Iterator[None]:
    """None: whenever it likes."""
    before = _latest.set(None if left is None else now() + left)
    try:
        yield
    finally:
        _latest.reset(before)


def check(method: str) -> None:
    """Called just before the first byte. Raises Late."""
    latest = _latest.get()
    if latest is not None and method.upper() not in ("GET", "HEAD") and now() > latest:
        raise Late


def now() -> datetime:
    """Of this machine; tests whose time is made up replace it."""
    return clock.now()
