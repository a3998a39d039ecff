"""The places without an API: each opens where it should, carries words only where it says that it does."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from outreach.channels.by_hand import PRESETS, WEBSITES, ByHand
from outreach.channels.by_hand_open import LONGEST, heading, is_of, opening, web_address
from outreach.channels.by_hand_presets import GROUPS

WORDS = "Poetry night\n\nOn Friday, 6:00 & later: 100% poems! #Maple https://maple.example/poems?a=1&b=2"
GROUP = "https://groups.example/ours"


@pytest.mark.parametrize("key", PRESETS)
def test_every_place_can_be_found_opened_and_filled(key):
    preset = PRESETS[key]
    assert preset.group in GROUPS
    assert preset.limits == ByHand.limits_at(key)
    assert preset.limits.characters <= 65_536
    opened = opening(preset, WORDS, GROUP, "office@school.example")
    assert opened.address.startswith(("https://", "mailto:")) or not preset.asks
    if preset.asks and not preset.share:
        assert opened.address == GROUP
    if preset.compose_url:
        assert opening(preset, "x" * 5_000, None).address.startswith("https://")


@pytest.mark.parametrize(("key", "host"), [("whatsapp", "wa.me"), ("x", "twitter.com"), ("threads", "www.threads.com")])
def test_words_arrive_whole_where_the_place_takes_them(key, host):
    opened = opening(PRESETS[key], WORDS, None)
    parts = urlsplit(opened.address)
    assert (parts.hostname, opened.carries) == (host, "words")
    assert parse_qs(parts.query)["text"] == [WORDS]


def test_a_class_gets_the_link_and_only_where_there_is_one():
    opened = opening(PRESETS["classroom"], WORDS, GROUP)
    assert parse_qs(urlsplit(opened.address).query)["url"] == ["https://maple.example/poems?a=1&b=2"]
    assert opened.carries == "link"
    assert opening(PRESETS["classroom"], "No link.", GROUP).address == GROUP


def test_a_newsletter_is_a_letter_with_its_heading_as_subject():
    opened = opening(PRESETS["newsletter"], WORDS, None, "office@school.example")
    to, _, query = opened.address.removeprefix("mailto:").partition("?")
    asked = dict(one.split("=", 1) for one in query.split("&"))
    assert (to, unquote(asked["subject"])) == ("office@school.example", "Poetry night")
    assert unquote(asked["body"]).startswith("On Friday, 6:00 & later: 100% poems!")
    assert "+" not in query  # a mail program shows it as a plus


@pytest.mark.parametrize("key", ["whatsapp", "x", "threads", "newsletter"])
def test_an_address_that_would_be_too_long_carries_nothing(key):
    opened = opening(PRESETS[key], "ü" * 400, None, "o@s.example")
    assert (opened.carries, len(opened.address) < LONGEST) == ("", True)


@pytest.mark.parametrize(
    ("text", "above", "below"),
    [
        ("Poetry night\n\nCome!", "Poetry night", "Come!"),
        ("Poetry night\r\n\r\nCome!\r\nAll of you!", "Poetry night", "Come!\nAll of you!"),
        ("Come on Friday. There is tea.", "Come on Friday.", "Come on Friday. There is tea."),
        ("word " * 40, None, ("word " * 40).strip()),
        ("x" * 200, "x" * 78, "x" * 200),
        ("", "", ""),
    ],
)
def test_what_stands_above_the_words(text, above, below):
    found = heading(text)
    assert len(found[0]) <= 78
    assert found[1] == below
    assert above is None or found[0] == above


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://www.goodreads.com/group/show/1 ", "https://www.goodreads.com/group/show/1"),
        ("goodreads.com/group", "https://goodreads.com/group"),
        ("http://moodle.example/", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://user@evil.example/", None),
        ("https://a b.example", None),
        ("http://[x", None),
    ],
)
def test_only_an_address_that_is_safe_to_press_is_kept(typed, kept):
    assert web_address(typed) == kept


def test_the_hosts_of_a_place_are_a_hint():
    group = PRESETS["facebook_group"]
    assert is_of(group, "https://m.facebook.com/groups/1/posts/2")
    assert not is_of(group, "https://facebook.com.evil.example/1")
    assert is_of(PRESETS["vle"], "https://anything.example/")


def test_every_address_that_names_a_place_names_one_that_is_there():
    assert {preset for preset, _ in WEBSITES.values()} <= set(PRESETS)
