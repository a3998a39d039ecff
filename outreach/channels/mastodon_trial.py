"""Does it work? A message with the visibility "direct" that mentions nobody is seen by its author alone.

Source: docs.joinmastodon.org/entities/Status/#visibility. GoToSocial, Pleroma and Akkoma do the same; Pixelfed
refuses it, and what other servers make of it is not known: they are not tried (`mastodon_limits`).
"""

from __future__ import annotations

from collections.abc import Callable

from outreach.channels.base import Refused, Sent
from outreach.channels.mastodon_client import Client, sent_of
from outreach.channels.mastodon_outcome import MASTODON
from outreach.channels.mastodon_remove import remove
from outreach.channels.phrases import PRESSED, fill
from outreach.channels.trial import SECONDS, send_and_take_down


def try_out(client: Client, post: Callable[[], object], find: Callable[[], Sent | None]) -> None:
    """Raises Unauthorized, TryLater, Refused, Unclear."""
    client.session.deadline_seconds = min(SECONDS, client.session.deadline_seconds)
    seen = []

    def send() -> Sent:
        made = client.ask(post, MASTODON.on_press)
        found = sent_of(made)
        if found is None:
            raise client.judged(MASTODON.on_press)
        seen.append(made.get("visibility"))
        return found

    send_and_take_down(client.place, send, find, lambda remote_id: remove(client, remote_id))
    if seen != ["direct"]:
        raise Refused(fill(PRESSED["seen"], client.place), f"visibility {seen}")
