"""What should have been posted and was not: on the week, on its page, handed over, not posted, taken back."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from outreach import clock
from outreach.db import writing
from outreach.models import Delivery

from . import states
from .conftest import PHONE, until_shown
from .look import width


def overdue(practice, page):
    """News for Instagram that a person was asked to post two hours ago."""
    with practice.inside() as app:
        post_id = states.by_hand(app.extensions["shop"].store)
    page.goto(f"/posts/{post_id}")
    until_shown(page, "Post it by hand")
    with practice.inside(), writing() as session:
        row = session.query(Delivery).filter_by(post_id=post_id).one()
        row.due_at = clock.now() - timedelta(hours=2)
        return row.id


def row_of(page, delivery_id):
    return page.locator(".by-hand > li").filter(has=page.locator(f"a[href='/deliveries/{delivery_id}']"))


def undo(page, delivery_id):
    """Its own button: what other tests settled stands in the same list."""
    page.locator(f"form[action*='/deliveries/{delivery_id}/']").get_by_role("button", name="Undo: Instagram").click()


def test_overdue_on_the_week_then_handed_over_and_not_posted_and_taken_back(practice, as_):
    page = as_("contributor", viewport=PHONE, is_mobile=True, has_touch=True)
    number = overdue(practice, page)
    page.goto("/")
    expect(page.get_by_role("heading", name="Should be posted by now")).to_be_visible()
    page.goto("/by-hand/")
    assert width(page) <= PHONE["width"]

    mine = row_of(page, number)
    expect(mine).to_contain_text("since")
    mine.get_by_text("Hand it over").first.tap()
    mine.get_by_label("Who posts it?").select_option(label="Practice Approver")
    mine.get_by_role("button", name="Hand it over").tap()
    expect(page.locator(".flash")).to_contain_text("Practice Approver posts it now.")
    expect(row_of(page, number)).to_contain_text("for Practice Approver")

    other = as_("approver", "/by-hand/")
    theirs = row_of(other, number)
    expect(theirs).not_to_contain_text("for Practice Approver")
    theirs.get_by_text("Not posted").first.click()
    theirs.get_by_role("button", name="There was no time.").click()
    expect(other.locator(".flash")).to_contain_text("Noted: not posted.")
    expect(row_of(other, number)).to_have_count(0)
    undo(other, number)
    expect(row_of(other, number)).to_have_count(1)


def test_posted_by_mistake_is_undone_from_the_list(practice, as_):
    page = as_("contributor")
    number = overdue(practice, page)
    page.goto(f"/deliveries/{number}")
    page.get_by_role("button", name="Done").click()
    page.goto("/by-hand/")
    expect(row_of(page, number)).to_have_count(0)
    undo(page, number)
    expect(row_of(page, number)).to_have_count(1)


def test_the_share_sheet_gets_the_words_with_the_pictures(practice, as_):
    page = as_("contributor", viewport=PHONE)
    page.add_init_script(
        "navigator.canShare = () => true;"
        "navigator.share = async ({ text, files }) => { window.shared = [text, ...files.map((f) => f.type)]; };"
    )
    number = overdue(practice, page)
    page.goto(f"/deliveries/{number}")
    page.get_by_role("button", name="Share, with the pictures").click()
    assert page.evaluate("shared") == ["Poetry breakfast on Friday at 8:15. There is hot chocolate.", "image/jpeg"]


def test_without_script_all_of_it_is_there(practice, as_):
    page = as_("contributor", java_script_enabled=False)
    number = overdue(practice, page)
    page.goto(f"/deliveries/{number}")
    expect(page.get_by_role("button", name="Copy the words")).to_have_count(0)
    expect(page.get_by_role("button", name="Share")).to_have_count(0)
    page.get_by_text("Not posted").first.click()
    page.get_by_label("Another reason").fill("The page was locked.")
    page.get_by_role("button", name="Not posted").click()
    expect(page.get_by_text("The page was locked.").first).to_be_visible()
