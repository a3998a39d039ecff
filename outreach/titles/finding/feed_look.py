"""What one address answered: a feed, a page to look for one in, or a reason why not. No network."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from outreach.channels.http import Answer
from outreach.titles.finding import words as words
from outreach.titles.finding.feed_systems import system_of
from outreach.titles.rss.body import make_ready
from outreach.titles.rss.not_a_feed import CHALLENGE as CHALLENGE
from outreach.titles.rss.not_a_feed import NotAFeed, is_page
from outreach.titles.rss.parse import Parsed
from outreach.titles.text import cap, plain, tidy
from outreach.titles.title import ParsedTitle
from outreach.words import Sentence

SHOWN = 5
_READ = 300_000  # bytes of a page
_HEAD = 5_000  # bytes of a feed, for its name
_TITLE = re.compile(r"<(?:\w{1,20}:)?title\b[^<>]{0,300}>\s{0,99}(?:<!\[CDATA\[)?([^<\]]{1,2000})", re.IGNORECASE)
_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
# as `systems.record_of` names the record of a catalog
_NUMBERED = re.compile(r" (?:(?:biblionumber|record|id) |[A-Z_]+:|b)\d+\Z")

Read = Callable[[bytes, str, str, datetime], Parsed]


@dataclass(frozen=True)
class Found:
    """A feed and a first look at it."""

    url: str
    titles: tuple[ParsedTitle, ...]  # the first SHOWN
    count: int
    name: str  # the feed's own, or the page's; at most 80 characters, "" if none
    warning: Sentence | None


@dataclass(frozen=True)
class Look:
    """One address, asked: a feed, a page or neither."""

    url: str
    final: str = ""  # after redirects
    html: str = ""
    found: Found | None = None
    books: bool = False
    sentence: Sentence | None = None
    cause: str = ""  # of `Unreachable`; "challenge" where robots are not wanted
    status: int = 0


def seen(url: str, answer: Answer, read: Read, now: datetime) -> Look:
    """What `url` answered."""
    if answer.status != 200:
        return _refused(url, answer)
    kind = {k.lower(): v for k, v in answer.headers.items()}.get("content-type", "")
    try:
        parsed = read(answer.body, kind, answer.url, now)
    except NotAFeed as no:
        html = _text(answer.body) if is_page(answer.body.lstrip()) else ""
        robots = bool(html) and no.feed_link is None and bool(CHALLENGE.search(html))
        return Look(url, answer.url, html, sentence=no.sentence, cause="challenge" if robots else "", status=200)
    if _is_shelf_of_feeds(answer.body):
        return Look(url, answer.url, _text(answer.body), sentence=words.NO_FEED_NAMED, status=200)
    return _feed(url, answer, parsed, kind)


def _feed(url: str, answer: Answer, parsed: Parsed, kind: str) -> Look:
    books = any(map(_of_a_library, parsed.titles)) or (bool(parsed.titles) and system_of(url) is not None)
    doubt = None if books else words.NOT_SURE if parsed.titles else words.NOTHING_IN_IT
    name = _feed_name(answer.body, kind)
    warning = doubt or next(iter(parsed.warnings), None)
    return Look(
        url, answer.url, "", Found(url, parsed.titles[:SHOWN], len(parsed.titles), name, warning), books, status=200
    )


def _of_a_library(title: ParsedTitle) -> bool:
    return bool(
        title.isbn13 or title.call_number or _NUMBERED.search(title.record or "") or system_of(title.link or "")
    )


def _refused(url: str, answer: Answer) -> Look:
    robots = answer.status in (403, 429, 503) and (
        "cf-mitigated" in {k.lower() for k in answer.headers} or CHALLENGE.search(_text(answer.body))
    )
    if robots:
        told = Sentence(
            "The catalog asks visitors to prove that they are human, and we cannot. "
            "Ask whoever runs it to let us read the feed."
        )
        return Look(url, answer.url, sentence=told, cause="challenge", status=answer.status)
    return Look(url, answer.url, sentence=words.refused(answer.status), cause="status", status=answer.status)


def _is_shelf_of_feeds(body: bytes) -> bool:
    """OPDS: a feed whose entries lead to other feeds, and none of them to a book."""
    head = body[:_READ]
    return b"opds-spec.org/sort/new" in head and b"opds-spec.org/acquisition" not in head


def _text(body: bytes) -> str:
    return body[:_READ].decode("utf-8", "replace")


def _feed_name(body: bytes, content_type: str) -> str:
    """The title above the items."""
    ready = make_ready(body[:_HEAD], content_type)
    item = _ITEM.search(ready.body)
    head = ready.body[: item.start()] if item else ready.body
    try:
        return name_in(head.decode("utf-8"))
    except UnicodeDecodeError:
        return name_in(head.decode("cp1252", "replace"))


def name_in(text: str) -> str:
    """The first title in a page, or in what stands above a feed's items; at most 80 characters, "" if none."""
    found = _TITLE.search(text)
    return cap(tidy(plain(unescape(found[1]))), 80) if found else ""
