"""Every feed in tests/data against the expectation beside it: a new system is a new file and some lines of JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from outreach.titles.clean import match_key
from outreach.titles.rss.parse import CUT_OFF, NOT_WELL_FORMED, NotAFeed, Parsed, ParsedTitle, parse

DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2026, 11, 24, 9, 0, 12, tzinfo=UTC)
URL = "https://cat.example.org/feed.xml"

EXPECTED: dict[str, dict[str, Any]] = {
    f"{folder}/{name}": said
    for folder in ("feeds", "feeds-more")
    for name, said in json.loads((DATA / folder / "expected.json").read_text("utf-8")).items()
}


NO_FEEDS = {
    "feeds/nasty-empty.xml": "empty",
    "feeds/nasty-whitespace.xml": "empty",
    "feeds/nasty-json-error.json": "JSON",
    "feeds/nasty-html-error-200.html": "web page (“An error has occurred”)",
    "feeds/nasty-login-200.html": "log-in page",
    "feeds/nasty-html-with-feed-link.html": "names its feed",
    "feeds-more/bot-challenge.html": "human",
    "feeds-more/not-rss.xml": "searchRetrieveResponse",
}


def read(name: str) -> Parsed:
    return parse((DATA / name).read_bytes(), "application/rss+xml", URL, NOW)


def having(*keys: str) -> list[str]:
    return [name for name, said in EXPECTED.items() if any(key in said for key in keys)]


def first(name: str) -> ParsedTitle:
    return read(name).titles[0]


def test_every_sample_has_an_expectation():
    samples = {f"{f.parent.name}/{f.name}" for folder in ("feeds", "feeds-more") for f in (DATA / folder).iterdir()}
    assert samples - {"feeds/expected.json", "feeds-more/expected.json"} == set(EXPECTED)


@pytest.mark.parametrize("name", [name for name in having("count") if name not in NO_FEEDS])
def test_count(name):
    assert str(len(read(name).titles)) in str(EXPECTED[name]["count"]).split(" or ")


@pytest.mark.parametrize("name", having("first_title", "titles"))
def test_titles(name):
    said = EXPECTED[name]
    titles = [title.title for title in read(name).titles]
    if "titles" in said:
        assert titles == said["titles"]
    else:
        assert titles[0] == said["first_title"]


@pytest.mark.parametrize("name", having("first_author", "authors"))
def test_authors(name):
    said = EXPECTED[name]
    authors = [title.author for title in read(name).titles]
    if "authors" in said:
        assert authors == said["authors"]
    else:
        assert authors[0] == said["first_author"]


@pytest.mark.parametrize("name", having("isbn13"))
def test_isbn(name):
    assert list(first(name).isbn13) == EXPECTED[name]["isbn13"]


@pytest.mark.parametrize("name", having("cover"))
def test_cover(name):
    assert first(name).cover == EXPECTED[name]["cover"]
    if "covers" in EXPECTED[name]:
        assert [title.cover for title in read(name).titles] == EXPECTED[name]["covers"]


@pytest.mark.parametrize("name", having("format"))
def test_format(name):
    assert first(name).format == EXPECTED[name]["format"].rpartition("-> ")[2]


@pytest.mark.parametrize("name", having("date", "added"))
def test_date(name):
    added = first(name).added
    assert (added and added.isoformat()) == EXPECTED[name].get("added")


@pytest.mark.parametrize("name", having("id", "record"))
def test_record(name):
    said, title = EXPECTED[name], first(name)
    if said.get("record") or said["id"] is None:
        assert title.record == said.get("record")
        return
    host = (title.link or "").split("/")[2]
    number = said["id"].partition(" (")[0]
    assert title.record == f"{host} {number}" if number != "link" else f"https://{title.record}".replace(" ", "")


@pytest.mark.parametrize("name", having("links"))
def test_links(name):
    assert [title.link for title in read(name).titles] == EXPECTED[name]["links"]


@pytest.mark.parametrize("name", having("warn"))
def test_warnings(name):
    parsed = read(name)
    cut_off = EXPECTED[name]["warn"].startswith("truncated")
    assert parsed.warnings == ((CUT_OFF,) if cut_off else (NOT_WELL_FORMED,))
    assert parsed.complete is not cut_off


@pytest.mark.parametrize("name", [n for n in EXPECTED if "warn" not in EXPECTED[n] and "status" not in EXPECTED[n]])
def test_the_others_are_complete(name):
    assert read(name).complete


@pytest.mark.parametrize("name", having("status"))
def test_what_is_no_feed(name):
    said = EXPECTED[name]
    if said["status"].startswith("ok"):
        assert read(name) == Parsed((), (), True)
        return
    with pytest.raises(NotAFeed) as no:
        read(name)
    assert NO_FEEDS[name] in no.value.sentence
    assert no.value.feed_link == ("https://cat.example.org" + said["feed"] if "feed" in said else None)


# The notes of expected.json, one by one.


def test_the_same_records_under_another_date():
    day1, day2 = read("feeds/evergreen-freshmeat.rss2.xml"), read("feeds/evergreen-freshmeat.rss2.day2.xml")
    assert [title.record for title in day1.titles] == [title.record for title in day2.titles]
    assert [title.link for title in day1.titles] != [title.link for title in day2.titles]


def test_koha_search_notes():
    titles = read("feeds/koha-search.rss.xml").titles
    assert titles[1].subtitle == "a graphic novel"
    assert (titles[3].author, titles[3].isbn13, titles[3].cover) == (None, (), None)
    assert {title.added for title in titles} == {None}


def test_koha_cron_takes_the_link_and_not_the_broken_details():
    for name in ("feeds/koha-lastacquired-2.0.rss.xml", "feeds/koha-lastacquired-2.0-old.rss.xml"):
        assert (
            first(name).link == "https://opac.hillside-school.example.org/cgi-bin/koha/opac-detail.pl?biblionumber=4211"
        )
        assert read(name).titles[2].author == "Antoine de Saint-Exupéry"


def test_one_record_has_one_name_in_all_feeds_of_a_catalog():
    names = ("koha-search.rss.xml", "koha-search.atom.xml", "koha-lastacquired-2.0.rss.xml")
    assert {first(f"feeds/{name}").record for name in names} == {"opac.hillside-school.example.org biblionumber 4211"}


def test_an_undeclared_nbsp_is_no_news():
    assert read("feeds/koha-search.atom.xml").warnings == ()


def test_bibliocommons_notes():
    titles = read("feeds/bibliocommons-search.rss.xml").titles
    assert titles[1].isbn13 == ("9780545935180",)
    assert (titles[2].cover, titles[2].isbn13, titles[2].format) == (None, (), "Kit")


def test_aspen_without_an_isbn_has_no_cover():
    assert read("feeds/aspen-search.rss.xml").titles[1].cover is None


def test_sirsidynix_notes():
    titles = read("feeds/sirsidynix-enterprise.atom.xml").titles
    assert [title.author for title in titles] == ["Carlo Collodi", "Hervé Tullet", None, "Kazu Kibuishi"]
    assert (titles[2].title, titles[2].format) == ("Chess", "game")
    assert {title.added for title in titles} == {None}


def test_only_recent_dates_count():
    added = {title.title: title.added for title in read("feeds/nasty-dates.rss.xml").titles}
    dated = {name for name, date in added.items() if date}
    assert dated == {"long month no zone (SLiMS)", "MARC 005", "day first", "ctime (Koha cron)", "French month"}
    assert added["French month"] == datetime(2026, 11, 23, 9, 11, 12, tzinfo=UTC)
    assert all(NOW - timedelta(weeks=8) <= date <= NOW for date in added.values() if date)


def test_nothing_hostile_survives():
    titles = read("feeds/nasty-injection.rss.xml").titles
    everything = repr(titles)
    for bad in ("javascript:", "data:", "169.254", "localhost", "<script", "onerror", "\u202e", "\u200b"):
        assert bad not in everything
    assert titles[0].title == "Safe title"
    assert titles[6].cover == "https://covers.example.org/7.jpg"


def test_long_values_are_cut_and_long_links_refused():
    long, short = read("feeds/nasty-long.rss.xml").titles
    assert len(long.title) <= 500
    assert long.title.endswith("…")
    assert long.link == "https://cat.example.org/1"
    assert short.link is None


def test_mending_an_ampersand_keeps_the_words():
    titles = read("feeds/nasty-unescaped-ampersand.rss.xml").titles
    assert [title.title for title in titles] == ["Frog & Toad", "AT&T café", "ok"]
    assert titles[0].link == "https://cat.example.org/1?a=1&b=2"


def test_titles_without_identity_still_have_a_key():
    assert all(match_key(t.title, t.author, t.format) for name in having("titles") for t in read(name).titles)
