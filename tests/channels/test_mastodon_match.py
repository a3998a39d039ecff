from __future__ import annotations

from typing import Any

import pytest

from outreach.channels.base import Outgoing, Picture, Refused
from outreach.channels.mastodon import normal_server
from outreach.channels.mastodon_match import Verdict, compare, same_source, to_text

LONG = "https://catalog.example.org/cgi-bin/koha/opac-detail.pl?biblionumber=42&x=1"
# As Mastodon itself writes it (lib/text_formatter)
MASTODON = (
    '<p>New: <a href="https://catalog.example.org/cgi-bin/koha/opac-detail.pl?biblionumber=42&amp;x=1" target="_blank" '
    'rel="nofollow noopener" translate="no"><span class="invisible">https://</span><span class="ellipsis">'
    'catalog.example.org/cgi-bin/ko</span><span class="invisible">ha/opac-detail.pl?biblionumber=42&amp;x=1</span></a>'
    '</p><p><span class="h-card" translate="no"><a href="https://social.school/@ms_lee" class="u-url mention">@<span>'
    'ms_lee</span></a></span> <a href="https://m.example/tags/BookTalk" class="mention hashtag" rel="tag">#<span>'
    "BookTalk</span></a></p>"
)
OURS = f"New: {LONG}\n\n@ms_lee@social.school #BookTalk"


def seen(content: str, **more: Any) -> dict[str, Any]:
    return {"id": "1", "content": content, "in_reply_to_id": None, "media_attachments": [], "spoiler_text": "", **more}


@pytest.mark.parametrize(
    ("ours", "html"),
    [
        (OURS, MASTODON),
        (f"Look {LONG} !", f'Look <a href="{LONG}">catalog.example.org/cgi…er=42&amp;x=1</a> !'),
        (f"Look {LONG}", f'Look <a href="{LONG}">catalog.example.org/cgi-bin…</a>'),
        (f"Look {LONG}.", f'<p>Look <a href="{LONG}">{LONG[:30]}...</a>.</p>'),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("one\n\ntwo\nthree", "<p>one</p><p>two<br/>three</p>"),
        ("https://example.org/", '<a href="https://example.org">example.org</a>'),
        ("https://example.org/ä", '<a href="https://example.org/%C3%A4">example.org/ä</a>'),
        ("Café", "<p>Cafe\u0301</p>"),
        ("#BookTalk", '<a href="https://x/tags/booktalk">#booktalk</a>'),
        ("a  b", "a&nbsp;b"),
    ],
)
def test_the_same_in_the_servers_clothes(ours: str, html: str) -> None:
    assert compare(Outgoing("k", ours), seen(html)) is Verdict.SAME


@pytest.mark.parametrize("html", ["<p>New: something else</p>", "<p>New: *bold*</p>", ""])
def test_another_text_is_asked_for_its_source(html: str) -> None:
    assert compare(Outgoing("k", "New: **bold**"), seen(html)) is Verdict.ASK_SOURCE
    assert same_source(Outgoing("k", "New: **bold**"), {"text": "New: **bold**"})
    assert not same_source(Outgoing("k", "New: **bold**"), {"text": "New: bold"})


PICTURED = Outgoing("k", "x", pictures=(Picture(b"", "image/png", "A cat"),))


@pytest.mark.parametrize(
    ("out", "more"),
    [
        (Outgoing("k", "x"), {"in_reply_to_id": "7"}),
        (Outgoing("k", "x", reply_to="7"), {}),
        (Outgoing("k", "x", reply_to="7"), {"in_reply_to_id": "8"}),
        (Outgoing("k", "x"), {"media_attachments": [{}]}),
        (PICTURED, {}),
        (Outgoing("k", "x"), {"poll": {"options": [{"title": "A"}]}}),
        (Outgoing("k", "x", warning="Spoiler"), {"spoiler_text": "Other"}),
        (Outgoing("k", "x"), {"spoiler_text": "Other"}),
        (Outgoing("k", "x"), {"reblog": {"id": "3"}}),
    ],
)
def test_what_is_another_message(out: Outgoing, more: dict[str, Any]) -> None:
    assert compare(out, seen("<p>x</p>", **more)) is Verdict.OTHER


def test_ids_may_be_numbers() -> None:
    assert compare(Outgoing("k", "x", reply_to="7"), seen("x", in_reply_to_id=7)) is Verdict.SAME


def test_without_words_the_descriptions_decide() -> None:
    out = Outgoing("k", "", pictures=PICTURED.pictures)
    assert compare(out, seen("", media_attachments=[{"description": "A cat"}])) is Verdict.SAME
    assert compare(out, seen("", media_attachments=[{"description": "A dog"}])) is Verdict.OTHER
    assert compare(out, seen("<p>words</p>", media_attachments=[{"description": "A cat"}])) is Verdict.OTHER


def test_to_text_keeps_what_a_link_says() -> None:
    assert to_text('<p>See <a href="https://x.example/">our list</a></p>') == "See our list"


@pytest.mark.parametrize(
    ("typed", "server"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" Mastodon.Social/ ", "https://mastodon.social"),
        ("https://mastodon.social/@library", "https://mastodon.social"),
        ("@library@mastodon.social", "https://mastodon.social"),
        ("library@mastodon.social", "https://mastodon.social"),
        ("mastodon.social/@library", "https://mastodon.social"),
        ("https://mastodon.social/@other@elsewhere.example", "https://mastodon.social"),
        ("https://mastodon.social:8443/web/", "https://mastodon.social:8443"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://mastodon:3000", "http://mastodon:3000"),
        ("localhost:3000", "https://localhost:3000"),
        ("http://[::1]:3000/x", "http://[::1]:3000"),
        ("bücher.example", "https://bücher.example"),
        ("HTTPS://Mastodon.Social?x=1", "https://mastodon.social"),
        ("https://mastodon.social#x", "https://mastodon.social"),
    ],
)
def test_a_server_however_it_is_typed(typed: str, server: str) -> None:
    assert normal_server(typed) == server
    assert normal_server(server) == server


@pytest.mark.parametrize(
    "typed",
    ["", "mastodon", "@library", "my library", "ftp://x.example", "https://", "https:///x", "a.b:port", "x.y:99999999"],
)
def test_what_is_no_server(typed: str) -> None:
    with pytest.raises(Refused, match="not the address of a server"):
        normal_server(typed)
