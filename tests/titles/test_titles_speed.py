"""Our part of the work must stay small beside feedparser's: at most half of it again (a bit more here, for noise)."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from outreach.titles.rss.parse import parse

SAMPLE = Path(__file__).parents[1] / "data" / "feeds" / "koha-search.rss.xml"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://opac.hillside-school.example.org/cgi-bin/koha/opac-search.pl?q=x&format=rss"


def koha(count: int) -> bytes:
    """A feed shaped like Koha's search, of `count` items with numbers of their own."""
    head, *items = SAMPLE.read_text("utf-8").split("<item>")
    items = [item.partition("</item>")[0] for item in items]
    numbered = (items[n % 4].replace(f"={4211 + n % 4}", f"={n}") for n in range(count))
    return (head + "".join(f"<item>{item}</item>" for item in numbered) + "</channel></rss>").encode()


def seconds(work) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def test_parse_beside_feedparser_alone():
    body = koha(1_500)

    def alone() -> None:
        feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)

    def ours() -> None:
        assert len(parse(body, "application/rss+xml", URL, NOW).titles) == 1_500

    rounds = [(seconds(ours), seconds(alone)) for _ in range(4)]
    assert min(our for our, _ in rounds) / min(other for _, other in rounds) < 1.8
