"""Look for a message on the page itself, and tell whether a post there is it.

learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api#find-posts-by-authors
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from outreach.channels.api import Api
from outreach.channels.base import Outgoing, Prepared, Refused, Sent, TryLater, Unclear
from outreach.channels.linkedin_text import LINK, plain
from outreach.channels.linkedin_wire import FINDER, LINKEDIN, PLACE, in_path, on_look
from outreach.channels.phrases import LOOKED, fill
from outreach.channels.their_clock import theirs
from outreach.words import Sentence

PAGE, PAGES = 50, 10
SHORT = re.compile(r"https?://lnkd\.in/")
GHOST = Sentence(
    "LinkedIn says that this stands there already, and shows no such post. It does so for a day or two after a post "
    "was deleted. Look at the page yourself; if it is not there, change some words and send it again."
)


def look(api: Api, author: str, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
    """Raises Refused, TryLater, Unauthorized; Unclear where LinkedIn knows a twin and does not show it."""
    twin = str(prepared.get("twin") or "")
    named = read(api, twin) if twin else None
    posts = [named] if named is not None else []
    for post in (*posts, *_own(api, author, since)):
        if _is_ours(message, prepared, post) and _created(post) >= theirs(since, api.last()):
            return sent(str(post["id"]))
    if twin and named is None:
        raise Unclear(GHOST, f"duplicate of {twin}, which is not there")
    return None


def read(api: Api, urn: str) -> Mapping[str, Any] | None:
    """None: it is certainly not there. Raises Refused, TryLater, Unauthorized."""
    try:
        return api.json("GET", f"/rest/posts/{in_path(urn)}", on_look)
    except Refused:
        if LINKEDIN.is_gone(api.last()):
            return None
        raise


def sent(urn: str) -> Sent:
    return Sent(urn, f"https://www.linkedin.com/feed/update/{urn}/")


def _is_ours(message: Outgoing, prepared: Prepared, post: Mapping[str, Any]) -> bool:
    """The same words, the very pictures that we uploaded for it, the same choices."""
    if str(post.get("id")) in message.others or post.get("lifecycleState", "PUBLISHED") != "PUBLISHED":
        return False
    content = post.get("content") if isinstance(post.get("content"), Mapping) else {}
    pictures, ours = _pictures(content or {}), [one["id"] for one in prepared.get("images") or ()]
    if set(pictures) != set(ours) or _options(content or {}) != (list(message.poll.options) if message.poll else []):
        return False
    told = str(post.get("commentary") or "")
    return _same(plain(told), message.text) or _same(told, message.text)


def _same(theirs_: str, ours: str) -> bool:
    if SHORT.search(theirs_):  # it makes links short [commonly known, not documented]
        theirs_, ours = LINK.sub("link", theirs_), LINK.sub("link", ours)
    return _bare(theirs_) == _bare(ours)


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _pictures(content: Mapping[str, Any]) -> list[str]:
    one, many = content.get("media") or {}, (content.get("multiImage") or {}).get("images") or []
    return [str(picture["id"]) for picture in (one, *many) if picture.get("id")]


def _options(content: Mapping[str, Any]) -> list[str]:
    return [str(option.get("text")) for option in (content.get("poll") or {}).get("options") or []]


def _own(api: Api, author: str, since: datetime) -> Iterator[Mapping[str, Any]]:
    """The page's posts since then, newest first."""
    for start in range(0, PAGE * PAGES, PAGE):
        asked = {"q": "author", "author": author, "count": str(PAGE), "start": str(start), "sortBy": "CREATED"}
        told = api.json("GET", "/rest/posts", on_look, params=asked, headers=FINDER).get("elements")
        if not isinstance(told, list):
            raise on_look(PLACE, api.last(), None)
        first = theirs(since, api.last())
        fresh = [post for post in told if isinstance(post, Mapping) and _created(post) >= first]
        yield from fresh
        if len(told) < PAGE or len(fresh) < len(told):
            return
    raise TryLater(fill(LOOKED["too much"], PLACE))  # "not found" would be a guess


def _created(post: Mapping[str, Any]) -> datetime:
    """A post whose time cannot be read counts as new: it is then compared and not overlooked."""
    told = post.get("createdAt") or post.get("publishedAt")
    if isinstance(told, int) and 0 < told < 1e14:
        return datetime.fromtimestamp(told / 1_000, UTC)
    return datetime.max.replace(tzinfo=UTC)
