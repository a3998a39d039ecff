"""Every page: accessible, narrow enough, in the words of the library, and quiet in the console."""

from __future__ import annotations

import pytest

from . import states
from .conftest import Watched
from .look import look_at

PAGES = {
    "the week": "/",
    "another week": "/?week=2030-03-05",
    "review": "/review/",
    "timeline": "/practice/1",
    "new post": "/posts/new",
    "news": "/posts/new/news",
    "new titles": "/posts/new/titles",
    "trivia": "/posts/new/trivia",
    "titles": "/titles/",
    "add titles": "/titles/lists/",
    "all titles": "/titles/all/",
    "left out titles": "/titles/all/?show=older&week=2026-W48",
    "a title": "/titles/all/{title}",
    "catalog": "/titles/catalog",
    "feed": "/titles/feeds/1",
    "a list that asks": "/titles/lists/{asked list}",
    "a list that is in": "/titles/lists/{done list}",
    "places": "/places/",
    "connect": "/places/mastodon",
    "people": "/people/",
    "library": "/library/",
    "draft": "/posts/6",
    "in review": "/posts/7",
    "sent back": "/posts/8",
    "edit sent back": "/posts/8/edit",
    "published": "/posts/1",
    "goes out": "/posts/4",
    "too late": "/posts/5",
    "own library": "/set-up",
    "password": "/password",
    "not sure": "/posts/{unsure}",
    "look and answer": "/deliveries/{unsure delivery}",
    "refused": "/posts/{refused}",
    "held by a pause": "/posts/{held}",
    "long words": "/posts/{long}",
    "edit long words": "/posts/{long}/edit",
    "in hand": "/posts/{in hand}",
    "no such page": "/nowhere",
}
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
