"""The child reads every sample as `parse` does here: it has a driver of its own for feedparser, and limits."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from outreach.titles import expat
from outreach.titles.parse import NotAFeed, parse
from outreach.titles.parse_child import parse_safely

DATA = Path(__file__).parents[1] / "data"
FEEDS = [path for folder in ("feeds", "feeds-more") for path in (DATA / folder).iterdir()]
SAMPLES = sorted(path for path in FEEDS if path.name != "expected.json")
NOW = datetime(2026, 11, 24, 9, 0, 12, tzinfo=UTC)
URL = "https://cat.example.org/feed.xml"


def told(read, body: bytes):
    try:
        return read(body, "", URL, NOW)
    except NotAFeed as wrong:
        return wrong.sentence


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_sample_in_the_child_and_here(sample):
    body = sample.read_bytes()
    assert told(parse_safely, body) == told(parse, body)


def test_feedparser_takes_the_driver_and_gets_a_text_in_one_piece(monkeypatch):
    pieces = []

    class Listening(expat.WholeTexts):
        def setContentHandler(self, handler):
            heard = handler.characters
            handler.characters = lambda text: (pieces.append(text), heard(text))
            super().setContentHandler(handler)

    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", ["outreach.titles.expat"])
    monkeypatch.setattr(expat, "WholeTexts", Listening)
    read = feedparser.parse(b"<rss version='2.0'><channel><title>a\nb\nc</title></channel></rss>")
    assert read.feed.title == "a\nb\nc"
    assert pieces == ["a\nb\nc"]
