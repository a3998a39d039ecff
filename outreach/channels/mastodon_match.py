"""Is this status on the server the message we sent? Pure: a status as JSON in, a verdict out.

Servers give back HTML of their own making: links shortened, mentions without their server, markdown drawn.
So the text is compared after both sides lost what servers may change; where that does not settle it, the
caller asks for the source of the status.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

from outreach.channels.base import Outgoing

MENTION = re.compile(r"@([\w.-]*\w)@[\w-]+(?:\.[\w-]+)*")
LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f]+")
SEPARATE = {"p", "br", "div", "li", "blockquote", "pre", "h1", "h2", "h3"}


class Verdict(Enum):
    SAME = "same"
    OTHER = "other"
    ASK_SOURCE = "ask source"


def compare(message: Outgoing, status: Mapping[str, Any]) -> Verdict:
    """`status` is one of the account's own, as `/api/v1/accounts/:id/statuses` gives it."""
    if status.get("reblog") or str(status.get("in_reply_to_id") or "") != (message.reply_to or ""):
        return Verdict.OTHER
    media = status.get("media_attachments") or []
    if len(media) != len(message.pictures) or _options(status) != _asked(message):
        return Verdict.OTHER
    if not _same_warning(message, status.get("spoiler_text")):
        return Verdict.OTHER
    if not bare(message.text):
        return _by_alt(message, media, status)
    if bare(to_text(str(status.get("content") or ""))) == bare(message.text):
        return Verdict.SAME
    return Verdict.ASK_SOURCE


def same_source(message: Outgoing, source: Mapping[str, Any]) -> bool:
    """`source` is the answer of `/api/v1/statuses/:id/source`."""
    return bare(str(source.get("text") or "")) == bare(message.text)


def bare(text: str) -> str:
    """What is left of a text when all that servers change is taken away."""
    text = MENTION.sub(r"@\1", unicodedata.normalize("NFC", text))
    text = LINK.sub(lambda found: unquote(found[0].partition("://")[2]).rstrip("/"), text)
    return UNSEEN.sub("", text).casefold()


def _same_warning(message: Outgoing, shown: Any) -> bool:
    # A server that has no content warnings drops ours.
    return not shown or bare(str(shown)) == bare(message.warning or "")


def _by_alt(message: Outgoing, media: list[Mapping[str, Any]], status: Mapping[str, Any]) -> Verdict:
    """Without a text, only the descriptions of the pictures tell one message from another."""
    if bare(to_text(str(status.get("content") or ""))):
        return Verdict.OTHER
    ours = [bare(picture.alt) for picture in message.pictures]
    theirs = [bare(str(item.get("description") or "")) for item in media]
    return Verdict.SAME if ours == theirs else Verdict.OTHER


def _options(status: Mapping[str, Any]) -> list[str]:
    poll = status.get("poll") or {}
    return [bare(str(option.get("title") or "")) for option in poll.get("options") or []]


def _asked(message: Outgoing) -> list[str]:
    return [bare(option) for option in message.poll.options] if message.poll else []


def to_text(html: str) -> str:
    """The words of a status, with each link in full."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.words).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.link: str | None = None
        self.mark = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SEPARATE:
            self.words.append("\n")
        if tag == "a":
            self.link, self.mark = dict(attrs).get("href"), len(self.words)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link:
            shown = "".join(self.words[self.mark :])
            if _stands_for(shown, self.link):
                self.words[self.mark :] = [self.link]
            self.link = None


def _stands_for(shown: str, link: str) -> bool:
    """Is `shown` the address itself, whole or shortened? A mention or a hashtag keeps its own words."""
    if shown.startswith(("@", "#")):
        return False
    start, _, end = shown.replace("...", "…").partition("…")
    start, whole = (
        text.removeprefix("https://").removeprefix("http://").removeprefix("www.") for text in (start, link)
    )
    start = start.rstrip("./ ")
    return bool(start) and whole.startswith(start) and whole.endswith(end)
