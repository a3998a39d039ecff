"""Is this message on X the one we sent? Pure: JSON of `GET /2/users/:id/tweets` in, a yes or no out.

X changes what it is given: & < > come as &amp; &lt; &gt;, each address as https://t.co/…, with what it stands for in
`entities.urls[].expanded_url` (and a scheme where none was typed); each picture adds a t.co address of its own; the
text is NFC, and its ends are trimmed (docs.x.com, data dictionary).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from outreach.channels.base import Outgoing, Prepared

UNSEEN = re.compile(r"[\s/\u200b\u2060\ufeff]+")
SCHEME = re.compile(r"https?://", re.IGNORECASE)
SHOWN = re.compile(r"/(?:photo|video)/\d+$")  # how a picture's own address ends


def is_it(message: Outgoing, prepared: Prepared, post: Mapping[str, Any]) -> bool:
    if _answers(post) != (message.reply_to or None):
        return False
    attached = post.get("attachments") or {}
    keys = [str(key) for key in attached.get("media_keys") or ()]
    if {str(one.get("key")) for one in prepared.get("media") or ()} & set(keys):
        return True  # a picture that was uploaded for this message and for no other
    if len(keys) != len(message.pictures) or bool(attached.get("poll_ids")) != bool(message.poll):
        return False
    return bare(written(post)) == bare(message.text)


def written(post: Mapping[str, Any]) -> str:
    """Its text with every address as it was typed, but for the scheme; without those of its pictures."""
    text = html.unescape(str(post.get("text") or ""))  # before the addresses, in which &copy= is no sign
    for url in (post.get("entities") or {}).get("urls") or ():
        meant = str(url.get("expanded_url") or url.get("url"))
        text = text.replace(str(url.get("url")), "" if url.get("media_key") or SHOWN.search(meant) else meant)
    return text


def bare(text: str) -> str:
    text = unquote(SCHEME.sub("", unicodedata.normalize("NFC", text)))
    return UNSEEN.sub("", text).casefold()


def _answers(post: Mapping[str, Any]) -> str | None:
    """The message it answers; for what repeats or quotes another one, something that is no message of ours."""
    named = post.get("referenced_tweets") or ()
    return next((str(one.get("id")) if one.get("type") == "replied_to" else "another's" for one in named), None)
