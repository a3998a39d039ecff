"""Try a network out with a message that only the account itself sees, taken down again at once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress

from outreach import clock
from outreach.channels.base import ChannelError, Outgoing, Refused, Sent, Unclear
from outreach.channels.phrases import PRESSED, fill

SECONDS = 8.0  # of each call: a person waits for the page


def a_test(visibility: str | None = None) -> Outgoing:
    """It names nobody, so that nobody is told of it; a number, since some networks refuse the same words twice."""
    key = secrets.token_hex(16)
    text = f"A test from Outreach, number {key[:6]}. Only you can see it, and it is deleted at once."
    return Outgoing(key=key, text=text, visibility=visibility, begun_at=clock.now())


def send_and_take_down(
    place: str, send: Callable[[], Sent], find: Callable[[], Sent | None], take_down: Callable[[str], object]
) -> None:
    """Raises Unauthorized, TryLater, Refused, Unclear. Where the answer was lost, what did arrive is taken down too."""
    try:
        sent = send()
    except Unclear:
        with suppress(ChannelError):
            if found := find():
                take_down(found.remote_id)
        raise
    try:
        take_down(sent.remote_id)
    except ChannelError as error:
        raise Refused(fill(PRESSED["stays"], place), error.diagnosis) from error
