"""Somebody who does a task with nothing but the words on the pages, in their language and with their hands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from urllib.parse import urlsplit

from catalog import patterns
from playwright.sync_api import Locator, Page, expect

from outreach.languages import spoken
from outreach.words import Sentence

from .keys import Keyboard, Mouse, Thumb

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
SETTINGS = ("/library", "/people", "/places", "/calendar", "/district")
BROWSERS = {"en": "en-US", "es": "es-US"}  # what a browser asks for, before somebody is signed in
MOST_PLACES = 5  # in the side bar, besides "New post"


@dataclass(frozen=True)
class Way:
    """How a task is done: with which hands, on which screen, in which language."""

    hands: type[Mouse]
    size: dict[str, int]
    language: str

    def __str__(self) -> str:
        return f"{self.hands.name}-{self.size['width']}-{self.language}"

    @property
    def options(self) -> dict[str, object]:
        touch = {"has_touch": True, "is_mobile": True} if self.hands is Thumb else {}
        return {"viewport": self.size} | touch


MOUSE, KEYS = Way(Mouse, DESK, "en"), Way(Keyboard, DESK, "es")
THUMB, PHONE_ENGLISH = Way(Thumb, PHONE, "es"), Way(Thumb, PHONE, "en")
WAYS = (MOUSE, KEYS, THUMB)
PHONE_TOO = (*WAYS, PHONE_ENGLISH)


@cache
def _words() -> frozenset[str]:
    return frozenset(patterns()) | {plural for _one, *many in patterns().values() for plural in many}


def said(language: str, words: str, **values: object) -> str:
    """These words of the code as a page says them in this language."""
    assert words in _words(), f"no page says this (any more): {words}"
    return spoken(Sentence(words, **values), language)  # type: ignore[arg-type]


@dataclass
class Visitor:
    page: Page
    way: Way
    visited: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hands = self.way.hands(self.page)
        self.page.on("framenavigated", lambda frame: self.visited.append(urlsplit(frame.url).path))

    def say(self, words: str, **values: object) -> str:
        return said(self.way.language, words, **values)

    # what she looks for: a button, a link or something to unfold that has these words; a field with this label

    def thing(self, words: str, within: Locator | None = None, exact: bool = False, **values: object) -> Locator:
        root, name = within or self.page.locator("main"), self.say(words, **values)
        found = root.get_by_role("button", name=name, exact=exact)
        found = found.or_(root.get_by_role("link", name=name, exact=exact))
        whole = re.compile(rf"^\s*{re.escape(name)}\s*$") if exact else name
        return found.or_(root.locator("summary").filter(has_text=whole)).filter(visible=True).first

    def labelled(self, words: str, within: Locator | None = None, exact: bool = False, **values: object) -> Locator:
        root = within or self.page.locator("main")
        return root.get_by_label(self.say(words, **values), exact=exact).filter(visible=True).first

    # what she does

    def press(self, words: str, within: Locator | None = None, exact: bool = False, **values: object) -> None:
        self.hands.press(self.thing(words, within, exact, **values))

    def goes(self, words: str) -> None:
        """By the side bar, or the bar at the foot of a phone."""
        self.press(words, within=self.page.locator(".side nav"))

    def opens(self, words: str) -> None:
        """What has a name of its own, e.g. the words of a post."""
        self.hands.press(self.page.locator("main").get_by_role("link", name=words).first)

    def writes(self, label: str, words: str, **more) -> None:
        self.hands.write(self.labelled(label, **more), words)

    def ticks(self, label: str, **more) -> None:
        self.hands.tick(self.labelled(label, **more))

    def chooses(self, label: str, option: str) -> None:
        self.hands.choose(self.labelled(label), self.say(option))

    def brings(self, label: str, path: object) -> None:
        self.hands.file(self.labelled(label), path)

    def writes_day(self, label: str, day: date, **more) -> None:
        self.hands.day(self.labelled(label, **more), day)

    def writes_clock(self, label: str, hour: int, minute: int, **more) -> None:
        self.hands.clock(self.labelled(label, **more), hour, minute)

    def posts_to(self, *places: str) -> None:
        """Ticks these places and unticks the others."""
        for chip in self.page.locator(".chip").all():
            box = chip.locator("input")
            if chip.inner_text().split("\n")[0].strip().startswith(places) != box.is_checked():
                self.hands.tick(box) if not box.is_checked() else self.hands_off(box)

    def hands_off(self, box: Locator) -> None:
        if isinstance(self.hands, Keyboard):
            self.hands.go_to(box)
            self.page.keyboard.press("Space")
        else:
            self.hands.press(box)
        expect(box).not_to_be_checked()

    # what she sees

    def sees(self, words: str, within: Locator | None = None, seconds: float = 10, **values: object) -> None:
        expect(within or self.page.locator("main")).to_contain_text(self.say(words, **values), timeout=seconds * 1000)

    def reads(self, words: str, within: Locator | None = None) -> None:
        """Words that nobody translates."""
        expect(within or self.page.locator("main")).to_contain_text(words)

    def needed_no_settings(self, but: str = " ") -> None:
        opened = [path for path in self.visited if path.startswith(SETTINGS) and not path.startswith(but)]
        assert not opened, f"settings were opened: {opened}"

    def sees_few_places(self) -> None:
        """In the side bar, or in the bar at the foot of a phone."""
        bar = self.page.locator(".side nav a:visible:not(.new)")
        assert 1 <= bar.count() <= MOST_PLACES, bar.all_inner_texts()
