"""Every page, looked at by `look.py`: accessible, whole at 320 px and at 200 %, in the words of the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .conftest import Alone, Watched
from .everything import everything
from .look import look_at

SEVERAL = {  # one address for many pages
    "the week": "/",
    "another week": "/?week=2030-03-05",
    "all titles": "/titles/all/",
    "left out titles": "/titles/all/?show=older&week=2026-W48",
    "news from hours": "/posts/new/news?start=hours",
    "trivia from the bank": "/posts/new/trivia?from=bank",
    "a list that asks": "/titles/lists/{asked list}",
    "a list that is in": "/titles/lists/{done list}",
}
KINDS = ("news", "titles", "trivia", "event", "highlight", "student", "discussion", "feedback", "chat")
WRITTEN = ("event", "highlight", "student", "discussion", "feedback", "chat", "titles")
STATES = {
    "published": 1, "goes out": 4, "too late": 5, "draft": 6, "in review": 7, "sent back": 8, "refused": "{refused}",
    "not sure": "{unsure}", "held by a pause": "{held}", "long words": "{long}", "in hand": "{in hand}",
    "repeats": "{repeats}", "two languages": "{two languages}", "warned": "{warned}",
}  # fmt: skip
EDITED = ("draft", "sent back", "long words", "repeats", "two languages", "warned")
PAGES = (
    SEVERAL
    | {f"new {kind}": f"/posts/new/{kind}" for kind in KINDS}
    | {f"{state} post": f"/posts/{number}" for state, number in STATES.items()}
    | {f"edit {state}": f"/posts/{STATES[state]}/edit" for state in EDITED}
    | {f"{kind} post": f"/posts/{{{kind}}}" for kind in WRITTEN}
    | {f"edit {kind}": f"/posts/{{{kind}}}/edit" for kind in WRITTEN}
    | {
        "month": "/month",
        "list": "/list/",
        "list of one word": "/list/?q=nothing+like+this",
        "printed week": "/week/print",
        "move": "/posts/6/when",
        "versions": "/writing/{two languages}/versions",
        "a version": "/writing/version/{version}",
        "from a start": "/writing/start/{start}",
        "voted post": "/posts/{voted}",
        "what came of it": "/writing/{voted}/result",
        "review": "/review/",
        "the votes": "/posts/{asked all}/votes",
        "correct": "/corrections/{published}",
        "a correction": "/corrections/{corrected}",
        "all in review": "/review/all",
        "timeline": "/practice/{practice}",
        "new post": "/posts/new",
        "titles": "/titles/",
        "add titles": "/titles/lists/",
        "a title": "/titles/all/{title}",
        "catalog": "/titles/catalog",
        "feed": "/titles/feeds/{feed}",
        "repeats": "/repeats/",
        "trivia questions": "/trivia/",
        "a table of questions": "/trivia/file/{questions}",
        "import a term": "/term/",
        "a term": "/term/{term}",
        "places": "/places/",
        "a place": "/places/{place}",
        "add a place": "/places/connect/",
        "connect": "/places/connect/mastodon",
        "connect Bluesky": "/places/connect/bluesky",
        "connect Facebook": "/places/connect/facebook",
        "what was tried": "/deliveries/{unsure delivery}/log",
        "archive": "/archive/",
        "places for all": "/district/networks/",
        "set up Facebook": "/district/networks/facebook",
        "add a web page": "/places/connect/page",
        "back from Mastodon": "/places/connect/mastodon/back",
        "people": "/people/",
        "is leaving": "/people/{person}/leaving",
        "hand-over": "/people/hand-over",
        "library": "/library/",
        "school calendar": "/calendar/",
        "new school year": "/calendar/school/new-year",
        "district": "/district/",
        "own library": "/set-up",
        "password": "/password",
        "is it you": "/verify",
        "post by hand": "/deliveries/{by hand}",
        "all by hand": "/by-hand/",
        "add by hand": "/places/by-hand/facebook_group",
        "look and answer": "/deliveries/{unsure delivery}",
        "no such page": "/nowhere",
        "a day": "/list/?day=2031-03-04",
    }
)
OPEN = {
    "sign in": "/sign-in",
    "a sign-in link": "/sign-in/{sign in}",
    "a link is used": "/set-up/used",
    "new password": "/forgotten",
    "decide": "/decide/{review link}",
    "choose a password": "/forgotten/{reset}",
    "decided": "/decide/used",
}
FILES = {
    "static", "bootstrap.static", "security.static", "health.healthz", "media.show", "decide.picture", "plan.feed",
    "practice.catalog", "shelf_pictures.card", "shelf_pictures.cover", "shelf_pictures.collage", "shelf.table",
    "terms.table", "terms.example", "security.logout",
    "attempts.download", "media.fetched",
    "latest.page", "latest.frame", "latest.screen", "latest.picture", "latest.colour",  # these in test_latest.py
    "latest.rss", "latest.atom", "latest.json_feed",
    "ics.event",
    "ics.reminder",
    "writing.earlier",  # a piece of the composer
    "consents.home",  # these two are looked at in test_student_work.py, with the register turned on
    "consents.show",
}  # fmt: skip
NEW = {"being set up": "/being-set-up", "set up": "{link}"}
SAME = {  # one page at several addresses
    "no such page": {"a link is used"},
    "connect": {"back from Mastodon"},
    "new news": {"news from hours", "from a start"},
    "new trivia": {"trivia from the bank"},
    "new feedback": {"what came of it"},
    "all titles": {"left out titles"},
    "list": {"list of one word"},
    "edit two languages": {"a version"},
}
titles: dict[str, str] = {}


class Library(Alone):
    """Has everything, and an address that breaks; `state` remembers its librarian."""

    def __init__(self, home: Path, browser: Browser) -> None:
        super().__init__(home, OUTREACH_SMTP_URL="smtp://localhost:9", OUTREACH_PUBLIC_URL="http://127.0.0.1")
        self.app.add_url_rule("/breaks", "breaks", lambda: 1 / 0)
        with self.app.app_context(), self.app.test_request_context():
            self.ids = everything(self.app)
        window = Watched(browser, self, None, {})
        page = window.context.new_page()
        page.goto(f"/sign-in/{self.ids['librarian link']}")
        page.locator("main button").click()
        page.wait_for_url(f"{self.url}/")
        self.state = window.context.storage_state()
        window.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory, browser) -> Iterator[Library]:
    alone = Library(tmp_path_factory.mktemp("everything"), browser)
    yield alone
    alone.server.shutdown()


@pytest.fixture(scope="module")
def nobody_yet(tmp_path_factory) -> Iterator[Alone]:
    alone = Alone(tmp_path_factory.mktemp("new"))
    yield alone
    alone.server.shutdown()


@pytest.fixture(scope="module")
def window(browser) -> Iterator[Callable[..., Watched]]:
    """One for whoever looks at a server, kept open: its stylesheets are loaded once."""
    opened: dict[tuple[str, bool], Watched] = {}

    def of(up: Alone, state: dict | None = None) -> Watched:
        key = (up.url, state is None)
        if key not in opened:
            opened[key] = Watched(browser, up, state, {})
        return opened[key]

    yield of
    for watched in opened.values():
        watched.close()


def walk(watched: Watched, name: str, address: str) -> None:
    page = watched.context.new_page()
    page.goto(address)
    look_at(page)
    title = page.title()
    watched.check()
    name = next((page for page in SAME if name in SAME[page]), name)
    assert titles.setdefault(title, name) == name, f"its title is that of “{titles[title]}”: {title}"


@pytest.mark.parametrize("name", PAGES)
def test_page(library, window, name):
    walk(window(library, library.state), name, PAGES[name].format_map(library.ids))


@pytest.mark.parametrize("name", OPEN)
def test_page_without_signing_in(library, window, name):
    walk(window(library), name, OPEN[name].format_map(library.ids))


@pytest.mark.parametrize("name", NEW)
def test_page_before_there_is_a_library(nobody_yet, window, name):
    walk(window(nobody_yet), name, NEW[name].format(link=nobody_yet.link))


def test_page_of_what_broke(library, window):
    watched = window(library, library.state)
    page = watched.context.new_page()
    assert page.goto("/breaks").status == 500
    look_at(page)
    page.close()
    (said,) = watched.wrong
    assert "status of 500" in said
    watched.wrong.clear()


def test_the_walk_leaves_no_page_out(library):
    adapter = library.app.url_map.bind("localhost")
    addresses = [address.format_map(library.ids).split("?")[0] for address in (*PAGES.values(), *OPEN.values())]
    walked = {adapter.match(address)[0] for address in addresses if address != "/nowhere"}
    walked |= {adapter.match(address.format(link="/set-up/1"))[0] for address in NEW.values()}
    rules = [rule for rule in library.app.url_map.iter_rules() if "GET" in rule.methods]
    assert {rule.endpoint for rule in rules} - FILES - {"breaks"} == walked
