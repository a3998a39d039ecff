"""Our counting for X against an independent reading of its rules, twitter-text-parser (PyPI)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twitter_text import parse_tweet

from outreach.channels.base import Limits
from outreach.channels.counting import count

X = Limits(characters=280, counting="weighted", link_cost=23)
EMOJI = [
    "".join(chr(int(point, 16)) for point in found[1].split())
    for found in re.finditer(
        r"^([0-9A-F ]+);", files("twitter_text.regexp").joinpath("emoji-test.txt").read_text("utf-8"), re.MULTILINE
    )
]
HOSTS = [
    "maplelibrary.org",
    "Lib.example",
    "catalog.school.k12.tx.us",
    "books.zone.bar.notld",
    "foo.com.example",
    "my_lib.example.com",
    "foo_bar.org",
    "-a.lib.org",
    "t.co",
    "bücherei.de",
    "図書館.jp",
    "a.zone.5",
    "x.foo_bar.org",
    "xn--bcher-kva.example",
    "end.Begin",
    "10.30",
]
PATHS = ["/", "/new?shelf=12&x=%20", "/Maple_(tree)", "/a,b.", "/é/ü", "?q=(a)", ":8080/x", "/@me/", "#top", "/a|b~c!"]
PIECES = st.one_of(
    st.sampled_from(
        ["https://", "http://", "HTTPS://", "@", "#", "$", ".", "-", "_", "/", " ", "\n", "\r\n", "(", ")"]
    ),
    st.sampled_from(HOSTS),
    st.sampled_from(PATHS),
    st.sampled_from(EMOJI),
    st.sampled_from(
        ["\u200d", "\ufe0f", "\u20e3", "\U0001f3fd", "🇺", "🇾", "👩", "❤️", "♀", "\u0301", "e\u0301", "क्षि", "图", "ﬁ"]
    ),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=3),
    st.text(alphabet="abcom.-_/:@?=123 ", max_size=8),
)


def at_x(text: str) -> int:
    return int(parse_tweet(text).weightedLength)


@settings(max_examples=800, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_we_never_count_less_than_x(text: str) -> None:
    assert count(text, X) >= at_x(text)


@pytest.mark.parametrize(
    "text",
    [
        "Grüße aus der Bücherei: 12 neue Bücher!",
        "New: https://maplelibrary.org/new-books/2026?shelf=3&sort=date#top and more",
        "On maplelibrary.org, at 10.30, for $3.50 (24.12.2026), e.g. this.",
        "Write to first.last@school.k12.tx.us or info@library.org.",
        "https://en.wikipedia.org/wiki/Maple_(tree), https://catalog.library.edu/record=b1234567~S1",
        "图书馆的新书 👨‍👩‍👧‍👦 👍🏽 🇺🇾 ❤️ 1️⃣ 🏴‍☠️ 🤷🏾‍♀️ 👩🏽‍🚀",
        "“Quotes” — dashes – and ‘others’… ½ €",
        "क्षत्रिय नमस्ते שלום مرحبا",
    ],
)
def test_what_people_write_counts_as_x_counts_it(text: str) -> None:
    assert count(text, X) == at_x(text)


def test_every_emoji_of_the_published_list_counts_at_least_as_there() -> None:
    assert [emoji for emoji in EMOJI if count(emoji, X) < at_x(emoji)] == []


def test_a_long_address_costs_as_much_as_a_short_one() -> None:
    assert count("https://maplelibrary.org/" + "a" * 400, X) == count("https://lib.org", X) == 23
