"""Every page: accessible, narrow enough, in the words of the library, and quiet in the console."""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from . import states
from .conftest import DESK, PHONE, Watched

NEVER_SHOWN = re.compile(r"\b(channels?|deliver(y|ies)|queued|sending|grace|payloads?|sync\w*)\b", re.IGNORECASE)
TEXT = """() => {
  const said = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) said.push(walker.currentNode.data);
  for (const e of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) said.push(e.getAttribute(name) ?? '');
  return said.join('\\n');
}"""
AXE = Axe()
PAGES = {
    "the week": "/", "another week": "/?week=2030-03-05", "review": "/review/", "timeline": "/practice/1",
    "new post": "/posts/new", "news": "/posts/new/news", "new titles": "/posts/new/titles", "trivia": "/posts/new/trivia",
    "titles": "/titles/", "places": "/places/", "connect": "/places/mastodon", "people": "/people/", "library": "/library/",
    "draft": "/posts/6", "in review": "/posts/7", "sent back": "/posts/8", "edit sent back": "/posts/8/edit",
    "published": "/posts/1", "goes out": "/posts/4", "too late": "/posts/5", "own library": "/set-up",
    "not sure": "/posts/{unsure}", "look and answer": "/deliveries/{unsure delivery}", "refused": "/posts/{refused}",
    "held by a pause": "/posts/{held}", "long words": "/posts/{long}", "edit long words": "/posts/{long}/edit",
    "in hand": "/posts/{in hand}", "no such page": "/nowhere",
}  # fmt: skip
OPEN = {"sign in": "/sign-in", "link is used": "/set-up/used", "no such page": "/nowhere"}


@pytest.fixture(scope="module")
def made(practice) -> dict[str, int]:
    with practice.inside() as app:
        return states.one_of_each(app.extensions["shop"].store)


@pytest.fixture(scope="module")
def inside(practice, browser, made):
    yield from _one_window(browser, practice, practice.cast["librarian"])


@pytest.fixture(scope="module")
def outside(practice, browser):
    yield from _one_window(browser, practice, None)


def _one_window(browser, practice, state):
    watched = Watched(browser, practice, state, {})
    yield watched.context.new_page()
    watched.close()


@pytest.mark.parametrize("name", PAGES)
def test_page(inside, made, name):
    inside.goto(PAGES[name].format_map(made))
    look_at(inside)


@pytest.mark.parametrize("name", OPEN)
def test_page_without_signing_in(outside, name):
    outside.goto(OPEN[name])
    look_at(outside)


def test_by_hand(practice, inside, made):
    inside.goto(f"/posts/{made['in hand']}")
    for _ in range(40):
        if inside.get_by_role("link", name="Post it by hand").count():
            break
        inside.wait_for_timeout(250)
        inside.reload()
    inside.get_by_role("link", name="Post it by hand").click()
    inside.wait_for_url("**/deliveries/*")
    look_at(inside)


def look_at(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    said = page.evaluate(TEXT)
    assert not NEVER_SHOWN.findall(said), NEVER_SHOWN.findall(said)
    assert page.locator("h1").count() == 1
    assert not page.locator("[style], script:not([src]), style").count()
    for size in ({"width": 320, "height": 640}, PHONE, DESK):
        page.set_viewport_size(size)
        assert width(page) <= size["width"], f"scrolls sideways at {size['width']}: {widest(page)}"
        if size["width"] == 320:
            continue
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            accessible(page, f"{size['width']} {scheme}")


def accessible(page: Page, where: str) -> None:
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
    short = [(v["id"], v["impact"], [n["html"][:160] for n in v["nodes"][:4]]) for v in found]
    assert not found, f"{where}: {json.dumps(short, indent=1)}"


def width(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def widest(page: Page) -> str:
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')].map((e) => [e.getBoundingClientRect().right, e.outerHTML.slice(0, 120)])
        .sort((a, b) => b[0] - a[0]).slice(0, 3).map(String).join('\\n')"""
    )
