"""Looking around: within 90 s a post has gone out, and the weekly new titles stand in review."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from .conftest import until_shown
from .desk import timeline


def left(practice) -> float:
    return max(1.0, practice.begun + 90 - time.monotonic())


def test_the_practice_library_says_what_it_is(as_):
    page = as_("librarian")
    expect(page.locator(".bar").first).to_contain_text("nobody outside sees this")
    expect(page.locator("main")).to_contain_text("Without a time yet")


def test_the_weekly_new_titles_stand_in_review(practice, as_):
    page = as_("approver", "/review/all")
    end = left(practice) + time.monotonic()
    waits = page.locator("main li", has_text="New titles")
    while not waits.count():
        assert time.monotonic() < end, page.inner_text("main")
        time.sleep(0.5)
        page.reload()
    waits.first.get_by_role("link", name="Look at").click()
    card = page.locator("article.review", has=page.get_by_role("link", name="New titles"))
    expect(card.first).to_contain_text("•")
    expect(card.first.locator("img").first).to_be_visible()
    card.first.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved. It goes out")).to_be_visible()


def test_a_scheduled_post_went_out_by_itself(practice, as_):
    page = as_("contributor")
    timeline(page)
    until_shown(page, "This post went out by itself", left(practice))
