"""Take a message down from a Mastodon server, and be certain that it is gone.

============================================ ==========================================
the server says to DELETE                    it is
============================================ ==========================================
2xx with the message; 404, 410 in JSON       gone
401, 403 in JSON                             Unauthorized
425, 429                                     TryLater
no connection                                TryLater
other 4xx in JSON                            Refused
all else (5xx, time-out, HTML with 200)      looked at: gone if it is not there, else Unclear
============================================ ==========================================

A 404 that is no JSON is a web filter's, and proves nothing. DELETE may be repeated: then it is a 404.
Source: docs.joinmastodon.org/methods/statuses/#delete
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.channels.base import ChannelError, Refused, TryLater, Unauthorized, Unclear
from outreach.channels.mastodon_client import Client
from outreach.channels.mastodon_outcome import Answered, Trouble, diagnosis, error_text, until
from outreach.channels.mastodon_words import STANDS, fill

GONE = (404, 410)


def remove(client: Client, remote_id: str) -> None:
    """Raises Refused, TryLater, Unauthorized, Unclear; returns only where it is gone."""
    try:
        told = client.ask(lambda: client.api.status_delete(remote_id), after_delete)
    except Unclear:
        if not _is_gone(client, remote_id):
            raise
        return
    except ChannelError:
        if _says_gone(client):
            return
        raise
    if not _is_message(told) and not _is_gone(client, remote_id):
        raise client.judged(after_delete)


def after_delete(place: str, answer: Answered, trouble: Trouble) -> ChannelError:
    """What an answer to DELETE, or none, means."""
    if answer is None:
        return _unasked(place, trouble)
    status, said, log = answer.status_code, error_text(answer), diagnosis(answer)
    if status in (425, 429):
        return TryLater(fill(STANDS["wait"], place), log, until(answer))
    if said is None or status < 400 or status in (408, 409) or status >= 500:
        return Unclear(fill(STANDS["unsure"], place), log)
    if status in (401, 403):
        return Unauthorized(fill(STANDS["loose"], place), log)
    return Refused(fill(STANDS["refused"], place, said=said or str(status)), log)


def _unasked(place: str, trouble: Trouble) -> ChannelError:
    if trouble is not None and trouble.sent:
        return Unclear(fill(STANDS["unsure"], place), trouble.diagnosis)
    if trouble is not None and trouble.cause == "blocked":
        return Refused(fill(STANDS["blocked"], place), trouble.diagnosis)
    return TryLater(fill(STANDS["network"], place), trouble.diagnosis if trouble else "")


def _is_gone(client: Client, remote_id: str) -> bool:
    """Look whether it is there. False: it is, or we cannot tell."""
    try:
        client.ask(lambda: client.api.status(remote_id), after_delete)
    except ChannelError:
        return _says_gone(client)
    return False


def _says_gone(client: Client) -> bool:
    answer = client.session.last
    return answer is not None and answer.status_code in GONE and error_text(answer) is not None


def _is_message(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value.get("id"))
