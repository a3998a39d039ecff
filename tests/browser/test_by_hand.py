"""Posting by hand from the reminder, on a phone."""

from __future__ import annotations

from playwright.sync_api import expect

from . import states
from .conftest import PHONE, until_shown
from .look import width


def test_posted_by_hand_from_the_reminder_on_a_phone(practice, as_):
    with practice.inside() as app:
        post_id = states.by_hand(app.extensions["shop"].store)

    page = as_("contributor", viewport=PHONE, is_mobile=True, has_touch=True)
    until_shown(page, "to post by hand")
    page.goto(f"/posts/{post_id}")
    until_shown(page, "Post it by hand")
    page.get_by_role("link", name="Post it by hand").tap()

    expect(page.locator("#copy-words")).to_have_text("Poetry breakfast on Friday at 8:15. There is hot chocolate.")
    expect(page.locator("#copy-alt-1")).to_have_text("A cup of chocolate beside a book of poems")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save").tap()
    assert download.value.suggested_filename.startswith("picture-")
    assert width(page) <= PHONE["width"]
    for button in page.locator(".steps .button:visible").all():
        assert button.bounding_box()["height"] >= 44

    page.get_by_label("The address of your post there").fill("instagram.com/p/1")
    page.get_by_role("button", name="Done").tap()
    expect(page.locator(".flash")).to_contain_text("begins with https://")
    page.goto(f"/posts/{post_id}")
    page.get_by_role("link", name="Post it by hand").tap()
    page.get_by_label("The address of your post there").fill("https://instagram.com/p/1")
    page.get_by_role("button", name="Done").tap()
    expect(page.get_by_text("Thank you. It is marked as posted.")).to_be_visible()
    expect(page.get_by_role("link", name="See it there")).to_have_attribute("href", "https://instagram.com/p/1")
