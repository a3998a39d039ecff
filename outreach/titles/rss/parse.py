"""A feed's bytes into titles, in plain words. Pure: no network, no database, no clock.

    body | make_ready | feedparser | identifiers | item by item: author, title, ISBN, cover, record, date | Parsed

Nothing in a feed is trusted: titles are text and never HTML, links are http(s) or left out, long values are cut.
`parse_child.parse_safely` runs this where time and memory are limited; use that for what comes from outside.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from xml.sax import SAXException

import feedparser

from outreach.titles.rss.body import Ready, make_ready
from outreach.titles.rss.identifiers import identifiers, split_items
from outreach.titles.rss.item import read_item
from outreach.titles.rss.not_a_feed import NotAFeed as NotAFeed
from outreach.titles.rss.not_a_feed import is_page, not_a_feed
from outreach.titles.rss.systems import source_of
from outreach.titles.title import ParsedTitle
from outreach.words import Sentence

MOST_ITEMS = 20_000

CUT_OFF = Sentence("The list from the catalog was cut off. Titles at its end may be missing; we look again next time.")
NOT_ALL_READ = Sentence("The list from the catalog has faults, and some of its titles could not be read.")
NOT_WELL_FORMED = Sentence("The list from the catalog has small faults. All its titles could be read.")
TOO_MANY = Sentence(
    "The list from the catalog is very long. Only its first %(count)s titles were read.", count=MOST_ITEMS
)

_END = re.compile(rb"</(?:\w+:)?(?:rss|rdf|feed)\s*>", re.IGNORECASE)


@dataclass(frozen=True)
class Parsed:
    titles: tuple[ParsedTitle, ...]
    warnings: tuple[Sentence, ...]
    complete: bool  # False: items may be missing, so absence means nothing


def parse(body: bytes, content_type: str, url: str, now: datetime) -> Parsed:
    """The titles of a feed that was fetched from `url` (after redirects) at `now`.

    Raises NotAFeed, with a sentence for the person who subscribed, for anything that is no feed.
    """
    if not body.strip() or is_page(body.lstrip()[:2_000]):
        raise not_a_feed(body, url)
    ready = make_ready(body, content_type)
    result = _feedparser(ready)
    if not result.get("version"):
        raise not_a_feed(ready.body, url)
    entries: list[dict[str, Any]] = result["entries"]
    entries, warnings, complete = _whole(entries, ready, isinstance(result.get("bozo_exception"), SAXException))
    source = source_of(result["feed"], entries, url, result["version"])
    found = identifiers(ready.body, len(result["entries"]))
    titles = [
        title for entry, ids in zip(entries, found, strict=False) if (title := read_item(entry, ids, source, now))
    ]
    if warnings == (NOT_WELL_FORMED,) and len(titles) < len(entries):
        warnings, complete = (NOT_ALL_READ,), False  # an item lost its title to the fault
    return Parsed(tuple(_without_requests_time(_without_shared_records(titles), now)), warnings, complete)


def _feedparser(ready: Ready) -> Any:
    headers = {"content-type": ready.content_type}  # without our address: links are made absolute by `web_link`, once
    try:
        # bytes would first be tried as the name of a file
        return feedparser.parse(
            io.BytesIO(ready.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as broken:  # it has no errors of its own: a hostile feed meets whatever its code runs into
        raise NotAFeed(Sentence("The list from the catalog is damaged and cannot be read.")) from broken


def _whole(
    entries: list[dict[str, Any]], ready: Ready, broken: bool
) -> tuple[list[dict[str, Any]], tuple[Sentence, ...], bool]:
    """The entries that are there in full, what to say about the rest, and whether all are."""
    if len(entries) > MOST_ITEMS:
        return entries[:MOST_ITEMS], (TOO_MANY,), False
    if not broken:
        return entries, (NOT_WELL_FORMED,) if ready.mended else (), True
    if not _END.search(ready.body, max(0, len(ready.body) - 1_000)):
        ended = ready.body.count(b"</item") + ready.body.count(b"</entry")
        return entries[:ended], (CUT_OFF,), False
    if len(entries) < len(split_items(ready.body)):
        return entries, (NOT_ALL_READ,), False
    return entries, (NOT_WELL_FORMED,), True


def _without_shared_records(titles: list[ParsedTitle]) -> Iterable[ParsedTitle]:
    """A number that different titles share (Koha's RSS 1.0: one link for all) identifies none of them."""
    owner: dict[str, str] = {}
    shared = {t.record for t in titles if t.record and owner.setdefault(t.record, t.title) != t.title}
    return [replace(t, record=None) if t.record in shared else t for t in titles] if shared else titles


def _without_requests_time(titles: Iterable[ParsedTitle], now: datetime) -> Iterable[ParsedTitle]:
    """One moment for every item, and it is now: the catalog dates its answer, not its books."""
    titles = list(titles)
    moments = {title.added for title in titles}
    moment = next(iter(moments), None)
    if len(titles) < 2 or len(moments) != 1 or moment is None or now - moment > timedelta(hours=1):
        return titles
    return [replace(title, added=None) for title in titles]
