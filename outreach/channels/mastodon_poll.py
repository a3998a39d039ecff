"""What a poll on a Mastodon server came to.

Source: docs.joinmastodon.org/entities/Poll. `votes_count` of an option is null as long as the server hides it;
`expires_at` is null where a poll never ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from outreach.channels.base import Tally
from outreach.channels.mastodon_client import Client
from outreach.channels.mastodon_outcome import MASTODON

SECONDS = 8.0  # a person waits for the page


def count(client: Client, remote_id: str) -> Tally | None:
    """None: it has no poll. Raises Refused, TryLater, Unauthorized."""
    client.session.deadline_seconds = SECONDS
    status = client.ask(lambda: client.api.status(remote_id), MASTODON.on_look)
    if not isinstance(status, Mapping) or not status.get("id"):
        raise client.judged(MASTODON.on_look)
    poll = status.get("poll")
    return Tally(_votes(poll), _open_until(poll)) if isinstance(poll, Mapping) else None


def _votes(poll: Mapping[str, Any]) -> tuple[int, ...]:
    """Of all options, or of none."""
    options = poll.get("options")
    told = [option.get("votes_count") for option in options if isinstance(option, Mapping)] if options else []
    counted = [votes for votes in told if isinstance(votes, int) and votes >= 0]
    return tuple(counted) if options and len(counted) == len(options) else ()


def _open_until(poll: Mapping[str, Any]) -> datetime | None:
    if poll.get("expired"):
        return None
    try:
        ends = datetime.fromisoformat(str(poll.get("expires_at")))
    except ValueError:
        return None
    return ends.replace(tzinfo=UTC) if ends.tzinfo is None else ends.astimezone(UTC)
