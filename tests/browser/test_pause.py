"""Pause everything, and resume."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from .conftest import until_shown
from .desk import approve, send_for_review, timeline, write_news


def test_nothing_goes_out_while_everything_is_paused(as_):
    author, manager = as_("contributor"), as_("librarian", "/places/")
    manager.get_by_role("button", name="Pause everything").click()
    try:
        expect(manager.locator(".bar", has_text="Everything is paused.")).to_be_visible()
        write_news(author, "Patience is a virtue", "Practice")
        address = send_for_review(author, "Patience is a virtue")
        approve(manager, address)
        expect(author.locator(".bar", has_text="Everything is paused.")).to_be_visible()
        time.sleep(3.5)  # a tick is every 2 s
        timeline(manager)
        expect(manager.get_by_text("Patience is a virtue")).to_have_count(0)
    finally:
        manager.goto("/")
        manager.locator(".bar").get_by_role("button", name="Resume").click()
    expect(manager.get_by_text("Going out again.")).to_be_visible()
    timeline(manager)
    until_shown(manager, "Patience is a virtue")


def test_one_place_is_paused_and_resumed(as_):
    page = as_("librarian", "/places/")
    page.get_by_role("button", name="Pause Facebook").click()
    row = page.locator(".rows > li", has_text="Facebook")
    expect(row).to_contain_text("Paused. Nothing goes out there.")
    row.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause Facebook")).to_be_visible()
