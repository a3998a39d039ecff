"""Tasks 1 to 3: from the link to her own empty week; news with a picture; what is next, hers, wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Alone, Opener
from browser.desk import picture
from browser.visitor import BROWSERS, PHONE_TOO, Visitor, Way

MOST_QUESTIONS = 3


@pytest.fixture
def link(tmp_path) -> Iterator[Alone]:
    """A server that nobody has set up."""
    alone = Alone(tmp_path)
    yield alone
    alone.server.shutdown()


def questions(page: Page) -> list[str]:
    """What the form asks, as she counts: a group with a heading of its own is one question."""
    form = page.locator("form", has=page.locator("#library"))
    return form.locator(":scope > label:visible, :scope > fieldset:visible > legend").all_inner_texts()


def sets_up(she: Visitor, address: str) -> None:
    she.page.goto(address)
    assert 1 <= len(questions(she.page)) <= MOST_QUESTIONS, questions(she.page)
    she.writes("What is your library called?", "Elm Street School Library")
    she.chooses("Which grades?", "K–5")
    she.writes("Your name", "Jo Librarian")
    she.writes("Your school e-mail", "jo@school.example")
    she.press("Begin")
    she.page.wait_for_url(re.compile(r"/$"))


def writes_news(she: Visitor, words: str) -> str:
    """As far as the last button; returns the usual time that the page offers."""
    she.writes("Your words", words)
    she.brings("Add a picture", picture())
    she.writes("What does it show?", "A green door", within=she.page.locator(".pictures-list"))
    she.ticks("At the next usual time")
    return she.page.locator("#when label", has=she.page.locator("[value=slot]")).locator("strong").inner_text()


@pytest.mark.parametrize("way", PHONE_TOO, ids=str)
def test_from_the_link_to_her_own_empty_week_and_her_first_news(link: Alone, window: Opener, way: Way):
    she = Visitor(window(link, locale=BROWSERS[way.language], **way.options), way)
    sets_up(she, link.link)
    expect(she.page.get_by_role("heading", level=1)).to_have_text(she.say("This week"))
    expect(she.page.locator(".placed")).to_have_count(0)
    she.sees("Nothing is planned for this week. Start with…")
    she.sees_few_places()

    she.press("News")
    at = writes_news(she, "The green door is open again")
    she.press("Schedule")
    she.sees("You are asked to post it %(when)s.", when=at)
    she.reads("The green door is open again")
    she.needed_no_settings()


def test_news_with_a_picture_at_the_usual_time_is_in_review(visit):
    she = visit("contributor")
    she.goes("New post")
    she.press("News")
    at = writes_news(she, "A shelf for the rainy days")
    she.press("Send for review")
    she.sees("Sent for review.")

    colleague = visit("approver")
    colleague.goes("Review")
    while "A shelf for the rainy days" not in colleague.page.inner_text("article"):
        colleague.press("Next")
    assert at in colleague.page.inner_text("article")
    colleague.press("Approve")
    colleague.sees("Approved. It goes out %(when)s.", when=at)
    she.needed_no_settings()
    colleague.needed_no_settings()


@pytest.mark.parametrize("way", PHONE_TOO, ids=str)
def test_what_is_next_what_needs_her_and_what_went_wrong_are_on_one_screen(visit, way: Way):
    she = visit("contributor")
    page = she.page
    height, bar = way.size["height"], page.locator(".side").bounding_box()
    foot = bar["y"] if bar and bar["y"] > 100 else height  # the bar at the foot of a phone covers what is below it
    for told in ("Needs you:", "Went wrong:"):
        line = page.locator(".needs-line p", has_text=she.say(told))
        for link in line.get_by_role("link").all():
            box = link.bounding_box()
            assert box, told
            assert 0 <= box["y"] < box["y"] + box["height"] <= foot, (told, box)
            assert box["x"] + box["width"] <= way.size["width"], (told, box)
        assert line.get_by_role("link").count(), told
    box = page.locator(".needs-line .next").bounding_box()
    assert box
    assert box["y"] + box["height"] <= foot
    assert page.evaluate("scrollY") == 0
    she.sees_few_places()
    she.needed_no_settings()
