"""A real `outreach up` with its practice library, and Chromium. One server for all tests but those of the set-up.

Every page that a test opens is watched: no request to another host, no error in the console (so no breach of the
Content-Security-Policy either).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from open_library import OpenLibraryServer
from own_process import free_port
from playwright.sync_api import Browser, BrowserContext, BrowserType, ConsoleMessage, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from outreach import clock, create_app
from outreach.config import load
from outreach.db import db
from outreach.migrate import upgrade
from outreach.people.setup import set_up_token

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
ANSWERED = re.compile(r"status of (4\d\d|503)")  # Chromium tells the console of every page that says no
LINK = re.compile(r"http://\S+/set-up/\S+")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last what waits for the clock: by then most of its time has passed."""
    items.sort(key=lambda item: item.path.name == "test_look_around.py")


class Up:
    """`outreach up` on a folder of its own."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home, self.log_file = home, home / "log"
        environ = {k: v for k, v in os.environ.items() if not k.startswith(("OUTREACH_", "DATABASE_", "REDIS_"))}
        environ |= {"OUTREACH_HOME": str(home), "OUTREACH_PORT": str(free_port())} | settings
        self.url = f"http://127.0.0.1:{environ['OUTREACH_PORT']}"
        with self.log_file.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "outreach.cli", "up"], env=environ, stdout=output, stderr=output
            )

    @property
    def link(self) -> str:
        """The one-time link that it prints."""
        end = time.monotonic() + 40
        while not (found := LINK.search(self.log_file.read_text())):
            assert time.monotonic() < end, f"no link; the log:\n{self.log_file.read_text()}"
            assert self.process.poll() is None, f"it ended; the log:\n{self.log_file.read_text()}"
            time.sleep(0.05)
        return found.group()

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """The same database, to make what no browser can make."""
        app = create_app(load({"OUTREACH_HOME": str(self.home)}), pages=False)
        with app.app_context():
            yield app

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(50)
        except subprocess.TimeoutExpired:
            self.process.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = chromium(playwright)
        yield opened
        opened.close()


def chromium(playwright: Playwright) -> Browser:
    return launched(playwright.chromium)


def launched(kind: BrowserType, *more: str) -> Browser:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((path for name in names if (path := shutil.which(name))), None)  # None: Playwright's own
    return kind.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu", *more])


class Watched:
    """A browser's window, and what must not happen in it."""

    def __init__(self, browser: Browser, up: Up | Alone, state: dict | None, options: dict) -> None:
        self.wrong: list[str] = []
        self.home = up.url
        self.context: BrowserContext = browser.new_context(
            base_url=up.url, storage_state=state, timezone_id="America/Chicago",
            **{"viewport": DESK, "locale": "en-US"} | options,
        )  # fmt: skip
        self.context.set_default_timeout(10_000)
        self.context.on("page", self._watch)

    def _watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not ANSWERED.search(message.text):
            self.wrong.append(message.text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:")):
            self.wrong.append(f"a request to {url}")

    def check(self) -> None:
        """End of a test: its pages are closed, and nothing was wrong on them."""
        for page in self.context.pages:
            page.close()
        wrong, self.wrong = self.wrong, []
        assert not wrong, wrong

    def close(self) -> None:
        self.context.close()
        assert not self.wrong, self.wrong


Opener = Callable[..., Page]


@pytest.fixture
def window(browser: Browser) -> Iterator[Opener]:
    """Opens a page on a server, as whoever `state` remembers."""
    opened: list[Watched] = []

    def open_one(up: Up | Alone, state: dict | None = None, **options) -> Page:
        opened.append(Watched(browser, up, state, options))
        return opened[-1].context.new_page()

    yield open_one
    for one in opened:
        one.close()


class Alone:
    """Only the pages, in a thread of the tests: enough where nothing is published."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.app = app = create_app(load({"OUTREACH_HOME": str(home)} | settings))
        with app.app_context():
            upgrade(db.engine)
            token = set_up_token(clock.now())
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.link = f"{self.url}/set-up/{token}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    """A server that nobody has set up."""
    alone = Alone(tmp_path_factory.mktemp("fresh"))
    yield alone
    alone.server.shutdown()


@pytest.fixture(scope="session")
def open_library() -> Iterator[OpenLibraryServer]:
    """What the practice server takes for Open Library."""
    with OpenLibraryServer() as server:
        yield server


@pytest.fixture(scope="session")
def practice(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, open_library: OpenLibraryServer
) -> Iterator[Up]:
    """A server on which somebody chose to look around; `cast` remembers who can practise there."""
    up = Up(
        tmp_path_factory.mktemp("practice"),
        OUTREACH_ALLOW_HOSTS="127.0.0.1",
        OUTREACH_OPEN_LIBRARY=open_library.url,
        OUTREACH_COVERS=open_library.url,
    )
    try:
        up.cast = look_around(browser, up)  # type: ignore[attr-defined]
        yield up
    finally:
        up.end()


def look_around(browser: Browser, up: Up) -> dict[str, dict]:
    first = Watched(browser, up, None, {})
    page = first.context.new_page()
    page.goto(up.link)
    up.begun = time.monotonic()  # type: ignore[attr-defined]
    page.get_by_role("button", name="Look around").click()
    page.wait_for_url(up.url + "/", timeout=40_000)
    cast = {"librarian": first.context.storage_state()}
    for role in ("approver", "contributor"):
        become(page, role)
        cast[role] = first.context.storage_state()
    first.close()
    return cast


def become(page: Page, role: str) -> None:
    """`Practise as`, in the corner of every page of the practice library."""
    page.locator(".me summary").click()
    page.get_by_role("button", name=f"Practice {role.title()}").click()
    page.wait_for_load_state()


@pytest.fixture(scope="session")
def desks(browser: Browser, practice: Up) -> Iterator[dict[str, Watched]]:
    """A window for each of the cast, kept open: its stylesheets are loaded once."""
    opened = {role: Watched(browser, practice, state, {}) for role, state in practice.cast.items()}
    yield opened
    for one in opened.values():
        one.close()


@pytest.fixture
def as_(practice: Up, window: Opener, desks: dict[str, Watched]) -> Iterator[Opener]:
    """A page of the practice library: as_("approver"), or in a window of its own: as_("approver", viewport=PHONE)."""

    def open_as(role: str, path: str = "/", **options) -> Page:
        page = window(practice, practice.cast[role], **options) if options else desks[role].context.new_page()
        page.goto(path)
        return page

    yield open_as
    for one in desks.values():
        one.check()


def until_shown(page: Page, words: str, seconds: float = 30) -> None:
    """Reload until the page shows these words."""
    end = time.monotonic() + seconds
    while not page.get_by_text(words).count():
        assert time.monotonic() < end, f"never shown: {words}\n{page.inner_text('main')}"
        time.sleep(0.25)
        page.reload()
