"""The main path with JavaScript switched off. Only previews while writing are missing."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import become, until_shown
from .desk import approve, choose_places, picture, send_for_review, timeline, write_news


def test_from_writing_to_published_without_javascript(as_):
    page = as_("contributor", java_script_enabled=False)
    write_news(page, "No script, no problem", "Practice")
    page.get_by_label("Add a picture").set_input_files(picture())
    page.get_by_label("What does it show?").fill("A green wall")  # always there without JavaScript
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator(".bubble")).to_contain_text("A green wall")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Your words").fill("No script, no problem at all")
    address = send_for_review(page, "No script, no problem at all")

    become(page, "approver")
    page.goto(address)
    page.get_by_text("Send back with a note").click()
    page.get_by_label("What should change?").fill("Shorter, please.")
    page.get_by_role("button", name="Send back", exact=True).click()
    become(page, "contributor")
    page.goto(f"{address}/edit")
    page.get_by_label("Your words").fill("No script, no words")
    send_for_review(page, "No script, no words")
    become(page, "approver")
    approve(page, address)
    timeline(page)
    until_shown(page, "No script, no words")


def test_trivia_and_pause_without_javascript(as_):
    page = as_("contributor", "/posts/new/trivia", java_script_enabled=False)
    page.get_by_label("Your question").fill("Is this written without a script?")
    page.get_by_label("Choice A").fill("Yes")
    page.get_by_label("Choice B").fill("No")
    page.get_by_label("A is right").check()
    choose_places(page, "Practice")
    page.get_by_label("At the next usual time").check()
    send_for_review(page, "Is this written without")

    become(page, "librarian")
    page.goto("/places/")
    page.get_by_role("button", name="Pause everything").click()
    page.locator(".bar").get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Going out again.")).to_be_visible()
