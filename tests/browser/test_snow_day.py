"""A snow day and its undo, and a week away: as a first-time user would, by mouse and by keyboard alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from outreach import clock
from outreach.db import db
from outreach.holidays import is_closed
from outreach.models import Library
from outreach.posts.written import Written

from . import states
from .look import look_at

SIZES = [{"width": 1366, "height": 768}, {"width": 390, "height": 844}]


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, thing: Locator) -> None:
        thing.click()

    def type_day(self, field: Locator, day: date) -> None:
        field.fill(day.isoformat())

    def choose(self, field: Locator, beginning: str) -> None:
        field.select_option(label=beginning)


class Keyboard(Mouse):
    """Tab, Enter and what is typed: never the mouse."""

    def go_to(self, thing: Locator) -> None:
        for _ in range(120):
            if thing.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by keyboard to {thing}")

    def press(self, thing: Locator) -> None:
        expect(thing).to_be_visible()
        self.go_to(thing)
        self.page.keyboard.press("Enter")

    def type_day(self, field: Locator, day: date) -> None:
        self.go_to(field)
        self.page.keyboard.type(f"{day:%m%d%Y}")

    def choose(self, field: Locator, beginning: str) -> None:
        self.go_to(field)
        self.page.keyboard.type(beginning)


@pytest.fixture
def planned(practice) -> tuple[date, str]:
    """A post on the next school day: that day, and its first words."""
    with practice.inside():
        library = db.session.scalars(select(Library)).one()
        now = clock.now()
        today = clock.today(now, library.timezone)
        day = clock.school_days_after(today, 1, lambda one: is_closed(library, one))
        at = clock.at_wall(day, "13:37", library.timezone)
        words = f"Hot chocolate and poems, number {now:%f}"
        accounts = {states.places()["Practice"]: ""}
        states.approved(Written("news", words, timing="at", wished_at=at, accounts=accounts), now)
    return day, words


@pytest.fixture(params=SIZES, ids=["desk", "phone"])
def size(request) -> dict[str, int]:
    return request.param


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_a_snow_day_and_its_undo(as_, planned, size, hands):
    day, words = planned
    page = as_("contributor", viewport=size)
    visited: list[str] = []
    page.on("framenavigated", lambda frame: visited.append(frame.url))
    mine = hands(page)
    mine.press(page.get_by_role("link", name="Snow day, or I am away"))
    mine.press(page.get_by_role("button", name=f"Snow day on {day:%A}"))
    expect(page.get_by_text("Below is what moved and what waits.")).to_be_visible()
    told = page.locator("section.digest").first.locator("li", has_text=words)
    expect(told).to_contain_text("waits for another time")
    mine.press(page.get_by_role("button", name="Undo the snow day"))
    expect(page.get_by_role("heading", name=f"No snow day: {day:%A}").first).to_be_visible()
    expect(told).to_contain_text("is back")
    assert not [url for url in visited if "/library" in url]


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_a_week_away_and_back(as_, planned, size, hands):
    day, words = planned
    page = as_("contributor", viewport=size)
    mine = hands(page)
    mine.press(page.get_by_role("link", name="Snow day, or I am away"))
    mine.type_day(page.get_by_label("First day"), day)
    mine.type_day(page.get_by_label("Last day"), day + timedelta(days=7))
    mine.press(page.get_by_role("button", name="Mark as away"))
    away = page.locator("section.digest").first
    expect(away).to_contain_text("Practice Contributor is away until")
    expect(away.locator("li", has_text=words)).to_contain_text("waits for another time")
    mine.press(page.get_by_role("button", name="I am back"))
    expect(away).to_contain_text("Practice Contributor is back")
    expect(away.locator("li", has_text=words)).to_contain_text("is back: ")
    expect(page.locator("#waits", has_text=words)).to_have_count(0)


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_a_colleague_looks_after_it(as_, planned, hands):
    day, _words = planned
    page = as_("contributor", "/calendar/")
    mine = hands(page)
    mine.type_day(page.get_by_label("Last day"), day)
    mine.choose(page.get_by_label("Meanwhile"), "Practice Librarian looks after my posts")
    mine.press(page.get_by_role("button", name="Mark as away"))
    away = page.locator("section.digest").first
    expect(away).to_contain_text("Practice Librarian looks after the posts")
    mine.press(page.get_by_role("button", name="I am back"))
    expect(away).to_contain_text("Practice Contributor is back")


def test_the_page_of_a_snow_day_is_for_everybody(as_, planned, practice):
    day, _words = planned
    page = as_("librarian", "/calendar/")
    page.get_by_role("button", name=f"Snow day on {day:%A}").click()
    try:
        look_at(page)
    finally:
        page.goto("/calendar/")
        page.get_by_role("button", name="Undo the snow day").click()
    expect(page.get_by_text("Done. What could be put back")).to_be_visible()
