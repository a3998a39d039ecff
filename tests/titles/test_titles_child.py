"""The child reads every sample as `parse` does here: it has a driver of its own for feedparser, and limits."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from feedparser import mixin
from feedparser.util import FeedParserDict

from outreach.titles import child
from outreach.titles.files.rows_child import rows_in
from outreach.titles.rss import quicker
from outreach.titles.rss.parse import NotAFeed, parse
from outreach.titles.rss.parse_child import parse_safely
from outreach.words import NotDone
from tests.titles.made_workbooks import xlsx

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


@pytest.fixture
def hurried(monkeypatch):
    """This process as the child is, until the end of the test."""
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", [])
    monkeypatch.setattr(mixin, "_urljoin", mixin._urljoin)
    monkeypatch.setattr(FeedParserDict, "__deepcopy__", None, raising=False)
    quicker.hurry()


def test_feedparser_takes_the_driver_and_gets_a_text_in_one_piece(hurried, monkeypatch):
    pieces = []

    class Listening(quicker.WholeTexts):
        def setContentHandler(self, handler):
            heard = handler.characters
            handler.characters = lambda text: (pieces.append(text), heard(text))
            super().setContentHandler(handler)

    monkeypatch.setattr(quicker, "WholeTexts", Listening)
    read = feedparser.parse(b"<rss version='2.0'><channel><title>a\nb\nc</title></channel></rss>")
    assert read.feed.title == "a\nb\nc"
    assert pieces == ["a\nb\nc"]


def test_feedparser_has_what_is_made_quicker(hurried):
    """A release that calls it otherwise would be slower, and nobody would notice."""
    inner = FeedParserDict({"type": "text/html"})
    outer = FeedParserDict({"content": [inner]})
    copied = deepcopy(outer)
    assert (copied, type(copied)) == (outer, FeedParserDict)
    assert copied["content"][0] is not inner
    feedparser.parse(b"<rss version='2.0'><channel><title>a</title><link>https://c.example/</link></channel></rss>")
    assert mixin._urljoin.cache_info().hits > 0


def test_a_small_workbook_that_says_much_is_told():
    rows = [["Words"], *([["x" * 9_000]] * 900)]
    with pytest.raises(NotDone, match="too much time or memory"):
        rows_in(xlsx(Plan=rows), "term.xlsx")


def test_an_answer_has_an_end(monkeypatch):
    monkeypatch.setattr(child, "MOST_ANSWER", 100)
    with pytest.raises(child.TooMuch):
        child.safely("rows", {"name": "a.csv"}, b"Words\n" + b"x\n" * 200)
