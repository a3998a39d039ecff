"""Look for a message on the account itself, after nobody could say whether it went out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from outreach.channels.base import Outgoing, Refused, TryLater
from outreach.channels.mastodon_client import Client
from outreach.channels.mastodon_match import Verdict, compare, same_source
from outreach.channels.mastodon_outcome import MASTODON
from outreach.channels.phrases import LOOKED, fill

PAGE, PAGES = 40, 12
CLOCK_SKEW = timedelta(minutes=2)  # the server's clock may be behind ours


def look(client: Client, account_id: str, message: Outgoing, since: datetime) -> Mapping[str, Any] | None:
    """The status that is `message`, among those since `since`. Raises Refused, TryLater, Unauthorized."""
    statuses = _own(client, account_id, since - CLOCK_SKEW)
    unknown = (status for status in statuses if str(status.get("id")) not in message.others)
    return next((status for status in unknown if _is(client, message, status)), None)


def _own(client: Client, account_id: str, since: datetime) -> Iterator[Mapping[str, Any]]:
    """The account's statuses since then, newest first."""
    before: str | None = None
    for _ in range(PAGES):
        page = client.ask(partial(_page, client, account_id, before), MASTODON.on_look)
        if not isinstance(page, list):
            raise client.judged(MASTODON.on_look)
        fresh = [status for status in page if _created(status) >= since]
        yield from fresh
        if len(page) < PAGE or len(fresh) < len(page):
            return
        before = str(page[-1]["id"])
    raise TryLater(fill(LOOKED["too much"], client.place))  # "not found" would be a guess


def _page(client: Client, account_id: str, before: str | None) -> object:
    return client.api.account_statuses(account_id, exclude_reblogs=True, limit=PAGE, max_id=before)


def _is(client: Client, message: Outgoing, status: Mapping[str, Any]) -> bool:
    verdict = compare(message, status)
    if verdict is Verdict.ASK_SOURCE:
        with suppress(Refused):  # no such thing on this server: the text we saw is all there is
            source = client.ask(lambda: client.api.status_source(str(status["id"])), MASTODON.on_look)
            return isinstance(source, Mapping) and same_source(message, source)
    return verdict is Verdict.SAME


def _created(status: Mapping[str, Any]) -> datetime:
    """A status whose time cannot be read counts as new: it is then compared and not overlooked."""
    try:
        moment = datetime.fromisoformat(str(status.get("created_at")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
