"""Posting by hand where the school's server is http://library.local: no clipboard and no share sheet of the browser."""

from __future__ import annotations

import copy
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from . import states
from .conftest import PHONE, Watched, launched, until_shown

HOST = "library.local"
WORDS = "Poetry breakfast on Friday at 8:15. There is hot chocolate."


@pytest.fixture
def plain(practice, browser):
    """The contributor's window on the same server, reached by a name that is no secure context."""
    up = SimpleNamespace(url=practice.url.replace("127.0.0.1", HOST))
    state = copy.deepcopy(practice.cast["contributor"])
    for cookie in state["cookies"]:
        cookie["domain"] = HOST
    another = launched(browser.browser_type, f"--host-resolver-rules=MAP {HOST} 127.0.0.1")
    watched = Watched(another, up, state, {"viewport": PHONE})
    yield watched.context.new_page()
    watched.wrong = [told for told in watched.wrong if "Cross-Origin-Opener-Policy" not in told]  # asks for https
    watched.close()
    another.close()


def asked(practice, page):
    with practice.inside() as app:
        post_id = states.by_hand(app.extensions["shop"].store)
    page.goto(f"/posts/{post_id}")
    until_shown(page, "Post it by hand")
    page.get_by_role("link", name="Post it by hand").click()


def test_words_are_really_copied_without_https(practice, plain):
    asked(practice, plain)
    assert not plain.evaluate("isSecureContext")
    plain.get_by_role("button", name="Copy the words").click()
    expect(plain.get_by_role("button", name="Copied")).to_be_visible()
    expect(plain.get_by_role("button", name="Copied")).to_be_focused()
    there = plain.get_by_label("The address of your post there")
    there.press("Control+V")
    expect(there).to_have_value(WORDS)


def test_where_there_is_no_share_sheet_there_is_no_button_for_it(practice, plain):
    asked(practice, plain)
    expect(plain.get_by_role("button", name="Share")).to_have_count(0)
    expect(plain.get_by_role("button", name="Copy the picture")).to_have_count(0)
    expect(plain.get_by_role("link", name="Save")).to_be_visible()
