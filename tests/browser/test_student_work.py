"""Student work: stopped, then sent, then taken down; with the permission tick, and with the register of consents."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, until_shown
from .desk import approve, choose_places, send_for_review, timeline
from .look import look_at
from .test_take_down import press

STOPPED = "Check the school's permission list, and tick that you did."


def write(page: Page, words: str) -> None:
    page.goto("/posts/new/student")
    page.get_by_label("Your words").fill(words)
    choose_places(page, "Practice")
    page.get_by_label("As soon as it is approved").check()


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_stopped_then_sent_then_taken_down(as_, how):
    words = f"A linocut of a whale, by {how}"
    page, colleague = as_("contributor"), as_("approver")
    write(page, words)
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_role("alert").first).to_contain_text(STOPPED)
    expect(page.get_by_label("Your words")).to_have_value(words)
    tick = page.get_by_label("I checked the school's permission list today")
    expect(tick).to_be_focused()
    tick.check() if how == "mouse" else tick.press("Space")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("link", name="Edit").click()
    expect(tick).to_be_checked()
    words += "!"
    page.get_by_label("Your words").fill(words)
    expect(tick).not_to_be_checked()  # nobody ticked it for what is there now
    tick.check() if how == "mouse" else tick.press("Space")
    address = send_for_review(page, words)

    approve(colleague, address)
    timeline(colleague)
    until_shown(colleague, words)
    page.goto(address)
    press(page, "Take it down", how)
    until_shown(page, "It was taken down everywhere.")
    colleague.reload()
    expect(colleague.get_by_text(words)).to_have_count(0)


def test_on_a_phone_what_the_checks_found_stands_by_the_words(as_):
    page = as_("contributor", viewport=PHONE)
    write(page, "A whale by Ana Ruiz")
    expect(page.locator(".writing .checks")).to_contain_text("looks like a full name")
    page.get_by_label("Your words").fill("A whale by Ana R.")
    expect(page.get_by_text("looks like a full name")).to_have_count(0)


@pytest.fixture
def register(as_):
    manager = as_("librarian", "/library/")
    manager.get_by_role("button", name="Turn the register on").click()
    expect(manager.get_by_role("heading", name="Consents", exact=True)).to_be_visible()
    yield manager
    manager.goto("/library/")
    manager.get_by_role("button", name="Turn the register off").click()
    # a page that is closed on its way elsewhere hangs in Chromium, now and then
    expect(manager.get_by_role("button", name="Turn the register on")).to_be_visible()


def test_with_the_register_no_work_goes_out_without_a_code(as_, register):
    page, manager, colleague = as_("contributor"), register, as_("approver")
    manager.get_by_label("Code").fill("Emma Woods")
    manager.get_by_role("button", name="Add", exact=True).click()
    expect(manager.locator(".flash")).to_contain_text("looks like a name")
    manager.get_by_label("Code").fill("7b-12")
    manager.get_by_role("checkbox", name="Facebook").check()
    manager.get_by_role("button", name="Add", exact=True).click()
    expect(manager.locator(".rows")).to_contain_text("7B-12")
    look_at(manager)

    write(page, "A poem about the sea")
    page.get_by_label("I checked the school's permission list today").check()
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_role("alert").first).to_contain_text("Write the code of each student whose work this is.")
    page.get_by_label("Codes of the students").fill("7b-12")
    address = send_for_review(page, "A poem about the sea")
    approve(colleague, address)
    timeline(colleague)
    until_shown(colleague, "A poem about the sea")

    manager.goto("/consents/")
    manager.get_by_role("link", name="Posts with 7B-12").click()
    press(manager, "Withdraw it", "mouse")
    expect(manager.locator("main")).to_contain_text("Nothing with this code goes out any more.")
    look_at(manager)
    manager.reload()
    press(manager, "Take it down", "mouse")
    until_shown(manager, "It was taken down everywhere.")
