"""Look for a message on the account itself (`GET /2/users/:id/tweets`). X charges for each that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from outreach.channels.base import Outgoing, Prepared, TryLater
from outreach.channels.phrases import LOOKED, fill
from outreach.channels.x_client import Client
from outreach.channels.x_match import is_it
from outreach.channels.x_outcome import on_look

PAGE, PAGES = 100, 5
FIELDS = "created_at,entities,attachments,referenced_tweets"


def look(client: Client, account_id: str, message: Outgoing, prepared: Prepared, since: datetime) -> str | None:
    """The id of what is `message`, among those since `since`. Raises Refused, TryLater, Unauthorized."""
    for post in _own(client, account_id, since.astimezone(UTC).replace(microsecond=0)):
        if str(post["id"]) not in message.others and is_it(message, prepared, post):
            return str(post["id"])
    return None


def _own(client: Client, account_id: str, since: datetime) -> Iterator[Mapping[str, Any]]:
    asked = {
        "max_results": str(PAGE),
        "start_time": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "exclude": "retweets",
        "tweet.fields": FIELDS,
    }
    for _ in range(PAGES):
        page = client.json("GET", f"/2/users/{account_id}/tweets", on_look, params=asked)
        meta, posts = page.get("meta"), page.get("data") or []
        if not isinstance(meta, Mapping) or not isinstance(posts, list) or (page.get("errors") and not posts):
            raise TryLater(fill(LOOKED["trouble"], client.place))  # "not found" would be a guess
        yield from (post for post in posts if _created(post) >= since)
        if not meta.get("next_token"):
            return
        asked["pagination_token"] = str(meta["next_token"])
    raise TryLater(fill(LOOKED["too much"], client.place))


def _created(post: Mapping[str, Any]) -> datetime:
    """One whose time cannot be read counts as new: it is then compared and not overlooked."""
    try:
        moment = datetime.fromisoformat(str(post.get("created_at")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
