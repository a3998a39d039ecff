"""Take a message down from X; count its poll.

`DELETE /2/tweets/:id` answers `{"data": {"deleted": true}}`. What it says of one that is not there is documented
nowhere, so whatever is neither that nor a 404 is looked at. `GET /2/tweets/:id` of what is gone is a 200 with `errors`
and without `data`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from outreach.channels.base import ChannelError, Refused, Tally, TryLater, Unauthorized, Unclear
from outreach.channels.x_client import Client
from outreach.channels.x_outcome import X, after_delete, on_look

TALLY_SECONDS = 8.0  # a person waits for the page


def remove(client: Client, remote_id: str) -> None:
    """Raises Refused, TryLater, Unauthorized, Unclear; returns only where it is gone."""
    try:
        told = client.data("DELETE", f"/2/tweets/{remote_id}", after_delete)
    except Unclear:
        if not _is_gone(client, remote_id):
            raise
        return
    except ChannelError:
        if X.is_gone(client.last()):
            return
        raise
    if told.get("deleted") is not True and not _is_gone(client, remote_id):
        raise after_delete(client.place, client.last(), None)


def _is_gone(client: Client, remote_id: str) -> bool:
    """Look whether it is there. False: it is, or we cannot tell."""
    with suppress(Refused, TryLater, Unauthorized, Unclear):
        told = client.json("GET", f"/2/tweets/{remote_id}", after_delete)
        return not told.get("data") and any(_is_missing(one, remote_id) for one in told.get("errors") or ())
    return X.is_gone(client.last())


def _is_missing(error: Any, remote_id: str) -> bool:
    if not isinstance(error, Mapping) or str(error.get("resource_id", remote_id)) != remote_id:
        return False
    return str(error.get("type")).endswith("/resource-not-found")


def count(client: Client, remote_id: str) -> Tally | None:
    """None: it has no poll. Raises Refused, TryLater, Unauthorized."""
    client.session.deadline_seconds = TALLY_SECONDS
    asked = {"expansions": "attachments.poll_ids", "poll.fields": "options,end_datetime,voting_status"}
    told = client.json("GET", f"/2/tweets/{remote_id}", on_look, params=asked)
    if not isinstance(told.get("data"), Mapping):
        raise on_look(client.place, client.last(), None)
    polls = (told.get("includes") or {}).get("polls") or []
    return _tally(polls[0]) if polls else None


def _tally(poll: Mapping[str, Any]) -> Tally:
    options = sorted(poll.get("options") or [], key=lambda option: int(option.get("position") or 0))
    votes = tuple(int(option["votes"]) for option in options if isinstance(option.get("votes"), int))
    ends = _moment(str(poll.get("end_datetime"))) if poll.get("voting_status") == "open" else None
    return Tally(votes if len(votes) == len(options) else (), ends)


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return None
