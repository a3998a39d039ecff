"""Look for a message on the page itself, and tell whether a post there is it.

developers.facebook.com/docs/pages-api/posts: `published_posts` are those of the page itself, newest first. They are
ranked and bounded for old ones (some 600 a year); what was posted minutes ago stands at the top.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from outreach.channels.api import Api
from outreach.channels.base import Outgoing, Prepared, Sent, TryLater
from outreach.channels.graph import on_look
from outreach.channels.phrases import LOOKED, fill
from outreach.channels.their_clock import theirs

FIELDS = "id,message,created_time,permalink_url,attachments{target{id},subattachments{target{id}}}"
PAGE, PAGES = 50, 10
Ask = Callable[[Mapping[str, str]], Mapping[str, Any]]


def look(api: Api, ask: Ask, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
    """Raises Refused, TryLater, Unauthorized. `ask(parameters)`: one page of the page's posts."""
    for post in _since(api, ask, since):
        if str(post.get("id")) not in message.others and is_it(message, prepared, post):
            return Sent(str(post["id"]), str(post.get("permalink_url") or address(str(post["id"]))))
    return None


def address(post_id: str) -> str:
    """Facebook leads on from it to where the post stands [commonly known, not documented]."""
    return f"https://www.facebook.com/{post_id}"


def is_it(message: Outgoing, prepared: Prepared, post: Mapping[str, Any]) -> bool:
    """The same words, and pictures where it has some; without words, the very ones that we uploaded for it.

    That an attachment tells the id of the upload is not documented, so it never speaks against the same words: a
    message that is taken for absent goes out twice.
    """
    if bare(str(post.get("message") or "")) != bare(message.text):
        return False
    ours = set(prepared.get("photos") or ())
    if not bare(message.text):
        return bool(ours & _targets(post))
    return not ours or bool(_data(post.get("attachments")))


def bare(text: str) -> str:
    """White space is trimmed there, and letters may come back composed."""
    return "".join(unicodedata.normalize("NFC", text).split())


def _targets(post: Mapping[str, Any]) -> set[str]:
    """The ids of what is attached: of the pictures themselves, or of the album around several."""
    found = set()
    for attached in _data(post.get("attachments")):
        found |= {(one.get("target") or {}).get("id") for one in (attached, *_data(attached.get("subattachments")))}
    return {str(one) for one in found if one}


def _data(value: Any) -> list[Mapping[str, Any]]:
    data = value.get("data") if isinstance(value, Mapping) else None
    return [one for one in data if isinstance(one, Mapping)] if isinstance(data, list) else []


def _since(api: Api, ask: Ask, since: datetime) -> Iterator[Mapping[str, Any]]:
    asked = {"fields": FIELDS, "limit": str(PAGE)}
    for _ in range(PAGES):
        told = ask(asked)
        if not isinstance(told.get("data"), list):
            raise on_look(api.place, api.last(), None)
        first = theirs(since, api.last())
        fresh = [post for post in _data(told) if _created(post) >= first]
        yield from fresh
        paging = told.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if len(fresh) < len(told["data"]) or not paging.get("next") or not after:
            return
        asked["after"] = after
    raise TryLater(fill(LOOKED["too much"], api.place))  # "not found" would be a guess


def _created(post: Mapping[str, Any]) -> datetime:
    """A post whose time cannot be read counts as new: it is then compared and not overlooked."""
    try:
        moment = datetime.fromisoformat(str(post.get("created_time")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
