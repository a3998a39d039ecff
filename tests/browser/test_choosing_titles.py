"""Titles for a post: found and added while it is written, and ticked here and there on the page of all titles."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import until_shown


def ticked(page: Page) -> list[str]:
    return page.locator(".titles-list .title-row:has(:checked) strong").all_inner_texts()


def test_a_title_that_is_found_joins_those_that_are_chosen(as_):
    page = as_("contributor", "/posts/new/titles")
    until_shown(page, "Treasure Island")
    page.get_by_role("checkbox", name="Treasure Island").check()
    finder = page.get_by_label("Find a title, author or ISBN")
    finder.press_sequentially("sewell")
    found = page.locator(".found")
    expect(found).to_contain_text("Black Beauty")
    found.get_by_role("checkbox", name="Black Beauty").click()
    expect(found).not_to_contain_text("Black Beauty")
    expect(finder).to_be_focused()
    assert ticked(page) == ["Treasure Island", "Black Beauty"]
    expect(page.locator(".previews .words").first).to_contain_text(
        "• Treasure Island – Robert Louis Stevenson\n• Black"
    )
    finder.fill("beauty")
    expect(found).to_contain_text("chosen already")
    finder.fill("no such book")
    finder.press("Enter")  # searches, and sends nothing
    expect(found).to_contain_text("No title has these words.")
    expect(page.get_by_label("Words above the list")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".bubble .words").first).to_contain_text("Stevenson\n• Black Beauty")


@pytest.mark.parametrize("script", [True, False])
def test_what_is_ticked_is_kept_from_search_to_search_and_can_be_unticked(as_, script):
    page = as_("contributor", "/titles/all/", java_script_enabled=script)
    until_shown(page, "Treasure Island")
    bar = page.locator(".chosen-titles")
    for name in ("Treasure Island", "Little women", "Black Beauty"):
        page.get_by_placeholder("Title, author or ISBN").fill(name)
        page.get_by_role("button", name="Search").click()
        page.get_by_label(f"Choose {name}").check()
    page.get_by_placeholder("Title, author or ISBN").fill("Anne of")
    page.get_by_role("button", name="Search").click()
    expect(bar).to_contain_text("3 chosen:")
    bar.get_by_label("Little women").click()
    if script:
        expect(bar).to_contain_text("2 chosen:")
        page.get_by_label("Choose Anne of Green Gables").check()
        expect(bar.get_by_label("Anne of Green Gables")).to_be_checked()
        bar.get_by_label("Anne of Green Gables").click()
        expect(page.get_by_label("Choose Anne of Green Gables")).not_to_be_checked()
    page.get_by_role("button", name="Write a post").click()
    expect(page.get_by_label("Words above the list")).to_be_visible()
    assert sorted(ticked(page)) == ["Black Beauty", "Treasure Island"]


def test_without_a_script_the_composer_searches_with_a_button(as_):
    page = as_("contributor", "/posts/new/titles", java_script_enabled=False)
    until_shown(page, "Treasure Island")
    page.get_by_label("Words above the list").fill("For the harbour:")
    page.get_by_role("checkbox", name="Treasure Island").check()
    page.get_by_label("Find a title, author or ISBN").fill("sewell")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_label("Words above the list")).to_have_value("For the harbour:")
    page.locator(".found").get_by_role("checkbox", name="Black Beauty").check()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".bubble .words").first).to_contain_text("Stevenson\n• Black Beauty")


@pytest.mark.parametrize("script", [True, False])
def test_enter_saves_everywhere_but_in_the_search(as_, script):
    page = as_("contributor", "/posts/new/titles", java_script_enabled=script)
    until_shown(page, "Treasure Island")
    page.get_by_role("checkbox", name="Treasure Island").check()
    finder = page.get_by_label("Find a title, author or ISBN")
    finder.fill("sewell")
    finder.press("Enter")
    expect(page.locator(".found")).to_contain_text("Black Beauty")
    expect(page.get_by_label("Find a title, author or ISBN")).to_be_focused()
    page.get_by_label("Link").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator(".bubble .words").first).to_contain_text("Treasure Island")
