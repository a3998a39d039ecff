"""Take a message down from a Mastodon server, and be certain that it is gone (see the second table of `verdict`).

What says neither that it is gone nor that it stands is looked at. DELETE may be repeated: then it is a 404.
Source: docs.joinmastodon.org/methods/statuses/#delete
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.channels.base import ChannelError, Unclear
from outreach.channels.mastodon_client import Client
from outreach.channels.mastodon_outcome import MASTODON


def remove(client: Client, remote_id: str) -> None:
    """Raises Refused, TryLater, Unauthorized, Unclear; returns only where it is gone."""
    try:
        told = client.ask(lambda: client.api.status_delete(remote_id), MASTODON.after_delete)
    except Unclear:
        if not _is_gone(client, remote_id):
            raise
        return
    except ChannelError:
        if MASTODON.is_gone(client.session.last):
            return
        raise
    if not _is_message(told) and not _is_gone(client, remote_id):
        raise client.judged(MASTODON.after_delete)


def _is_gone(client: Client, remote_id: str) -> bool:
    """Look whether it is there. False: it is, or we cannot tell."""
    try:
        client.ask(lambda: client.api.status(remote_id), MASTODON.after_delete)
    except ChannelError:
        return MASTODON.is_gone(client.session.last)
    return False


def _is_message(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value.get("id"))
