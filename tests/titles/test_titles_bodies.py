"""Bodies in trouble: wrong encodings, pages instead of feeds, cut-off lists, attacks on the parser."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.titles import child
from outreach.titles.links import host_of, web_link
from outreach.titles.rss.parse import CUT_OFF, NOT_ALL_READ, NotAFeed, parse
from outreach.titles.rss.parse_child import parse_safely

NOW = datetime(2026, 11, 24, 9, 0, 12, tzinfo=UTC)
URL = "https://cat.example.org/new/feed.xml"


def feed(*items: str, head: str = "") -> bytes:
    rows = "".join(f"<item>{item}</item>" for item in items)
    return f'{head}<rss version="2.0"><channel><title>t</title>{rows}</channel></rss>'.encode()


def titles(body: bytes, content_type: str = "text/xml", url: str = URL) -> list[str]:
    return [title.title for title in parse(body, content_type, url, NOW).titles]


def one(item: str, url: str = URL):
    return parse(feed(item), "text/xml", url, NOW).titles[0]


def sentence(body: bytes, content_type: str = "text/html") -> str:
    with pytest.raises(NotAFeed) as no:
        parse(body, content_type, URL, NOW)
    return no.value.sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_unicode_encodings_whatever_the_header_says(encoding):
    body = feed("<title>Ünïcode 書</title>").decode().encode(encoding)
    assert titles(body, "text/xml; charset=iso-8859-1") == ["Ünïcode 書"]


def test_the_header_names_the_encoding_of_what_is_not_utf8():
    body = feed("<title>Caf\xe9</title>").decode().encode("latin-1")
    assert titles(body, "text/xml; charset=ISO-8859-1") == ["Café"]


def test_a_page_of_results_offers_its_feed_although_it_has_a_sign_in_form():
    page = b'<html><link href="rss?x=1&amp;y" rel="alternate" type="application/rss+xml"><input type=password>'
    with pytest.raises(NotAFeed) as no:
        parse(page, "text/html", URL, NOW)
    assert no.value.feed_link == "https://cat.example.org/new/rss?x=1&y"


def test_a_feed_link_to_nowhere_is_not_offered():
    with pytest.raises(NotAFeed) as no:
        parse(b'<html><link rel="alternate" type="application/rss+xml" href="javascript:x">', "text/html", URL, NOW)
    assert no.value.feed_link is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"00714cam a2200205 a 4500001", "MARC"),
        (b"%PDF-1.7", "file"),
        (b"Not found", "not a feed"),
        (b"<html><title>Sign in</title></html>", "log-in"),
        (b"<!DOCTYPE html><div class='h-captcha'></div>", "human"),
        (b"\xef\xbb\xbf<!doctype html><title>Down</title>", "Down"),
    ],
)
def test_other_bodies(body, said):
    assert said in sentence(body)


def test_a_lost_item_makes_the_list_incomplete():
    broken = feed("<title>One</title>", "<title><b Two</title>", "<title><b Three</title>", "<title>Four</title>")
    parsed = parse(broken, "text/xml", URL, NOW)
    assert len(parsed.titles) < 4
    assert (parsed.warnings, parsed.complete) == ((NOT_ALL_READ,), False)


def test_a_cut_off_list_keeps_only_whole_items():
    body = feed(*(f"<title>Book {n}</title><link>https://x.example.org/{n}</link>" for n in range(5)))
    for end in range(len(body) - 20, 60, -7):
        try:
            parsed = parse(body[:end], "text/xml", URL, NOW)
        except NotAFeed:
            continue
        assert not parsed.complete
        assert parsed.warnings[0] in (CUT_OFF, NOT_ALL_READ)
        assert [t.title for t in parsed.titles] == [f"Book {n}" for n in range(len(parsed.titles))]


def test_a_cdata_section_is_left_as_it_is():
    assert one("<title><![CDATA[AT&T & sons]]></title>").title == "AT&T & sons"


def test_an_invalid_reference_costs_one_character():
    assert titles(feed("<title>x&#xD800;y&#0;z</title>")) == ["xyz"]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.example.org/",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.0.0.8/x",
        "http://localhost:6379/",
        "http://printer/",
        "http://nas.local/",
        "http://user:word@x.example.org/",
        "http://[::1",
        "https://x.example.org:port/",
        "https://x.example.org/" + "a" * 3000,
        "",
    ],
)
def test_links_that_lead_nowhere_good(href):
    assert web_link(URL, href) is None


def test_a_school_s_own_private_catalog_keeps_its_links():
    assert web_link("http://10.0.0.8/feed", "/book/1") == "http://10.0.0.8/book/1"
    assert web_link("http://koha.local/feed", "http://10.0.0.8/x") is None


def test_links_are_absolute_and_quoted():
    assert web_link(URL, "../b?x=a b") == "https://cat.example.org/b?x=a%20b"
    assert web_link(URL, "//y.example.org/b") == "https://y.example.org/b"
    assert web_link(URL, 'https://y.example.org/"><script>') == "https://y.example.org/%22%3E%3Cscript%3E"
    assert host_of("https://Y.example.org:8443/b") == "y.example.org:8443"


def test_every_item_dated_now_is_the_time_of_the_request():
    same = [f"<title>{n}</title><pubDate>Tue, 24 Nov 2026 09:00:11 GMT</pubDate>" for n in range(3)]
    assert {title.added for title in parse(feed(*same), "text/xml", URL, NOW).titles} == {None}
    assert parse(feed(same[0]), "text/xml", URL, NOW).titles[0].added == NOW - timedelta(seconds=1)


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_feed_or_none(body):
    for given_body in (body, b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>' + body):
        with contextlib.suppress(NotAFeed):
            parse(given_body, "text/xml", URL, NOW)


# In the child process


def test_the_child_says_what_parse_says():
    body = feed("<title>Amulet / Kazu</title><link>/1</link><pubDate>Mon, 23 Nov 2026 09:00:11 GMT</pubDate>")
    assert parse_safely(body, "text/xml", URL, NOW) == parse(body, "text/xml", URL, NOW)


def test_the_child_says_what_is_no_feed():
    page = b'<html><link rel="alternate" type="application/atom+xml" href="/atom">'
    with pytest.raises(NotAFeed) as no:
        parse_safely(page, "text/html", URL, NOW)
    assert no.value.feed_link == "https://cat.example.org/atom"
    assert no.value.sentence.pattern


def test_the_child_has_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert "DATABASE_URL" not in child._environment()


def test_the_child_needs_neither_flask_nor_the_database():
    import subprocess
    import sys

    code = (
        "import sys, outreach.titles.rss.parse_child; print([m for m in ('flask', 'sqlalchemy') if m in sys.modules])"
    )
    environment = child._environment()
    shown = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def lol(depth: int) -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">{levels}]>'


@pytest.mark.parametrize(
    "body",
    [
        feed(f"<title>&l{9};</title>", head=lol(10)),
        feed(f"<title>x</title><author>{'a.' * 100_000}</author>"),
        feed(f"<title>x</title><author><![CDATA[{'a' * 400_000}]]></author>"),
        b'<rss version="2.0"><channel><item><title>' + b"<![CDATA[" * 200_000,
        feed("<title>x</title><description>" + "&lt;!--&lt;script&gt;" * 50_000 + "</description>"),
        feed("<title>" + "[kit] / : = by " * 50_000 + "</title>"),
        feed("<title>x</title><description>" + "ISBN (" * 100_000 + "</description>"),
    ],
    ids=["billion laughs", "long author", "long CDATA author", "open CDATA", "comments", "title", "isbn"],
)
def test_attacks_are_over_in_seconds(body):
    start = time.monotonic()
    assert len(parse_safely(body, "text/xml", URL, NOW).titles) <= 1
    assert time.monotonic() - start < 10


def test_too_much_work_ends_with_a_sentence(monkeypatch):
    monkeypatch.setattr(child, "WALL_SECONDS", 1)
    body = b'<rss version="2.0"><channel>' + b"<a>" * 1_000_000
    start = time.monotonic()
    with pytest.raises(NotAFeed, match="fewer titles"):
        parse_safely(body, "text/xml", URL, NOW)
    assert time.monotonic() - start < 10


def test_too_much_memory_ends_with_a_sentence(tmp_path):
    """The child under a limit that even a small feed breaks."""
    import subprocess
    import sys

    code = (
        "import sys; from outreach.titles import child as c; c.MEMORY_BYTES = 120_000_000;"
        "c.import_module = lambda name: bytearray(500_000_000); sys.exit(c.main())"
    )
    job = b'{"job": "feed"}'
    ended = subprocess.run([sys.executable, "-c", code], env=child._environment(), input=job, capture_output=True)
    assert ended.returncode == child._FAILED
    assert ended.stderr.startswith(b"MemoryError")
