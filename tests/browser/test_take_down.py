"""Stopping never waits: a waiting post is stopped, a published one taken down, and nobody is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from outreach import clock
from outreach.posts.written import Written

from . import states
from .conftest import DESK, PHONE, until_shown
from .desk import timeline
from .look import look_at


def press(page: Page, word: str, how: str) -> None:
    """The button, and the Yes that it asks for."""
    summary = page.locator("details.sure > summary", has_text=word).first
    if how == "mouse":
        summary.click()
        page.get_by_role("button", name=f"Yes: {word}").click()
        return
    for _ in range(60):
        page.keyboard.press("Tab")
        if summary.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=f"Yes: {word}")).to_be_focused()
    page.keyboard.press("Enter")


def written(words: str, *places: str, **more) -> Written:
    known = states.places()
    return Written("news", words, accounts={known[name]: "" for name in places}, **{"timing": "now"} | more)


@pytest.mark.parametrize(("how", "size"), [("mouse", DESK), ("keyboard", DESK), ("mouse", PHONE)])
def test_a_waiting_post_is_stopped(practice, as_, how, size):
    words = f"Too early, by {how} at {size['width']}"
    with practice.inside():
        later = {"timing": "at", "wished_at": clock.now() + timedelta(days=300)}
        post = states.approved(written(words, "Practice", **later), clock.now())
    page = as_("contributor", f"/posts/{post}", viewport=size)
    press(page, "Do not send it", how)
    expect(page.locator("main")).to_contain_text("Cancelled. What was not out yet will not go out.")


@pytest.mark.parametrize(("how", "size"), [("mouse", DESK), ("keyboard", DESK), ("mouse", PHONE)])
def test_a_published_post_is_taken_down(practice, as_, how, size):
    words = f"Out too early, by {how} at {size['width']}"
    with practice.inside():
        post = states.approved(written(words, "Practice"), clock.now())
    page = as_("contributor", f"/posts/{post}", viewport=size)
    until_shown(page, "See it there")
    press(page, "Take it down", how)
    expect(page.locator(".flash")).to_contain_text("It is being taken down.")
    until_shown(page, "It was taken down everywhere.")
    expect(page.locator(".delivery .state")).to_contain_text("taken down")
    look_at(page)
    timeline(page)
    expect(page.get_by_text(words)).to_have_count(0)


def test_what_was_posted_by_hand_she_is_asked_to_delete(practice, as_):
    with practice.inside():
        post = states.approved(written("Posted by hand, then regretted", "Facebook"), clock.now())
    page = as_("contributor", f"/posts/{post}")
    until_shown(page, "Post it by hand")
    page.get_by_role("link", name="Post it by hand").click()
    page.get_by_label("The address of your post there").fill("https://facebook.example/1")
    page.get_by_role("button", name="Done").click()
    press(page, "Take it down", "mouse")
    until_shown(page, "Please delete it there: https://facebook.example/1")
    look_at(page)
    page.get_by_role("button", name="It is deleted").click()
    expect(page.get_by_text("Thank you. It is marked as taken down.")).to_be_visible()
    expect(page.locator(".delivery .state")).to_contain_text("taken down")
