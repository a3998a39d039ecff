"""Review by thumb on a phone, by keyboard at a desk, from the e-mail, and without a script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from factories import Cast, found_cast, submitted
from flask.ctx import AppContext
from playwright.sync_api import Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from outreach import clock, create_app
from outreach.access import OUTREACH
from outreach.config import load
from outreach.db import db, writing
from outreach.migrate import upgrade
from outreach.models import Person, Post
from outreach.people import links
from outreach.posts import approve, compose, send
from outreach.posts.deciding import content
from outreach.posts.written import Written

from .conftest import PHONE
from .look import look_at

LAPTOP = {"width": 1366, "height": 768}


class School:
    """The pages of a library with its people, in a thread of the tests: nothing is published."""

    def __init__(self, home: Path) -> None:
        self.app = create_app(load({"OUTREACH_HOME": str(home)}))
        with self.inside():
            upgrade(db.engine)
            self._rows = {name: (type(row), row.id) for name, row in vars(found_cast(clock.now())).items()}
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def cast(self) -> Cast:
        return Cast(**{name: db.session.get_one(*row) for name, row in self._rows.items()})

    @contextmanager
    def inside(self) -> Iterator[AppContext]:
        with self.app.app_context() as context:
            yield context

    def sign_in(self, page: Page, name: str) -> None:
        with self.inside():
            token = links.new(self._person(name).id, OUTREACH, clock.now())
        page.goto(f"/sign-in/{token}")
        page.get_by_role("button", name="Sign in").click()

    def letter(self, name: str, post_id: int) -> str:
        """The path of the link in their letter."""
        with self.inside(), writing() as session:
            seal = content(session.get_one(Post, post_id))
            return "/decide/" + links.make_review(session, self._person(name).id, post_id, seal, clock.now())

    def wait(self, words: str, **more: object) -> int:
        """A post in review."""
        with self.inside():
            cast = self.cast
            return submitted(cast, clock.now(), words=words, **{"accounts": [cast.practice]} | more).id

    def late(self, words: str) -> int:
        with self.inside():
            now = clock.now()
            at = {"timing": "at", "wished_at": now - timedelta(hours=3)}
            return submitted(self.cast, now - timedelta(days=2), words=words, accounts=[self.cast.practice], **at).id

    def states(self) -> list[str]:
        with self.inside():
            return list(db.session.scalars(select(Post.state).order_by(Post.id)))

    def note(self, post_id: int) -> str:
        with self.inside():
            return db.session.get_one(Post, post_id).note

    def _person(self, name: str) -> Person:
        return db.session.scalars(select(Person).where(Person.name == name)).one()


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = School(tmp_path / "home")
    yield made
    made.server.shutdown()


def tomorrow(n: int = 0) -> datetime:
    return clock.now() + timedelta(days=1, hours=n)


@pytest.fixture
def phone(school, window) -> Page:
    page = window(school, viewport=PHONE, has_touch=True)
    school.sign_in(page, "Approver")
    return page


@pytest.fixture
def desk(school, window) -> Page:
    page = window(school, viewport=LAPTOP)
    school.sign_in(page, "Approver")
    return page


def test_nine_posts_on_a_phone_are_nine_taps(school, phone):
    for n in range(9):
        school.wait(f"Post {n}", timing="at", wished_at=tomorrow(n))
    phone.goto("/review/")
    for n in range(9):
        expect(phone.locator("article")).to_contain_text(f"Post {n}")
        button = phone.get_by_role("button", name="Approve")
        box = button.bounding_box()
        assert box
        assert box["height"] >= 48
        assert box["y"] + box["height"] < 844 - 56, "above the bar, under the thumb"
        button.tap()
        expect(phone.get_by_text("Approved. It goes out").first).to_be_visible()
    expect(phone.get_by_text("Nothing waits for review.")).to_be_visible()
    assert school.states() == ["approved"] * 9


def test_send_back_on_a_phone(school, phone):
    post = school.wait("Story hour")
    phone.goto("/review/")
    phone.locator("summary", has_text="Send back").tap()
    phone.get_by_label("What should change?").fill("Which day?")
    phone.get_by_role("button", name="Send it back").tap()
    expect(phone.get_by_text("Sent back with your note.")).to_be_visible()
    assert school.note(post) == "Which day?"


def test_review_by_keyboard_only(school, desk):
    for n in range(4):
        school.wait(f"Post {n}", timing="at", wished_at=tomorrow(n))
    desk.goto("/review/")
    shown = desk.locator("article")
    press = desk.keyboard.press
    press("j")
    expect(shown).to_contain_text("Post 1")
    press("ArrowRight")
    expect(shown).to_contain_text("Post 2")
    press("k")
    expect(shown).to_contain_text("Post 1")
    press("a")
    expect(desk.get_by_text("Approved. It goes out")).to_be_visible()
    expect(shown).to_contain_text("Post 2")
    press("s")
    desk.keyboard.type("A second say")  # with every key of the list in it
    expect(desk.get_by_label("What should change?")).to_have_value("A second say")
    press("Tab")
    press("Enter")
    expect(shown).to_contain_text("Post 3")
    expect(desk.get_by_text("Sent back with your note.")).to_be_visible()
    press("e")
    expect(desk.get_by_label("Your words")).to_have_value("Post 3")
    assert school.states() == ["submitted", "approved", "returned", "submitted"]
    desk.get_by_label("Your words").fill("Post 3, mended")
    desk.get_by_role("button", name="Save and approve").press("Enter")
    expect(desk.get_by_text("Approved. It goes out")).to_be_visible()
    expect(shown).to_contain_text("Post 0")
    assert school.states() == ["submitted", "approved", "returned", "approved"]


def test_the_keys_are_told_and_can_be_turned_off(school, desk):
    school.wait("Story hour")
    desk.goto("/review/")
    expect(desk.get_by_role("button", name="Approve A")).to_be_visible()
    desk.keyboard.press("?")
    expect(desk.get_by_text("send back, with a note")).to_be_visible()
    desk.get_by_label("Use these keys").press("Space")
    desk.reload()
    desk.keyboard.press("a")
    expect(desk.locator("article")).to_contain_text("Story hour")
    assert school.states() == ["submitted"]


def test_approve_from_the_email_on_a_phone(school, window):
    link = school.letter("Approver", school.wait("Story hour"))
    page = window(school, viewport=PHONE, has_touch=True)
    page.goto(link)
    expect(page.locator("article")).to_contain_text("Story hour")
    look_at(page)
    page.set_viewport_size(PHONE)
    page.goto(link)
    page.get_by_role("button", name="Approve").tap()
    expect(page.locator("main")).to_contain_text("Approved. It goes out")
    assert school.states() == ["approved"]
    page.goto(link)
    expect(page.locator("main")).to_contain_text("Approver has approved it already")


def test_send_back_from_the_email_on_a_phone(school, window):
    post = school.wait("Story hour")
    page = window(school, viewport=PHONE, has_touch=True)
    page.goto(school.letter("Approver", post))
    page.locator("summary", has_text="Send back").tap()
    page.get_by_label("What should change?").fill("Which day?")
    page.get_by_role("button", name="Send it back").tap()
    expect(page.get_by_text("Sent back with your note.")).to_be_visible()
    assert school.note(post) == "Which day?"
    page.goto("/")
    expect(page).to_have_url(f"{school.url}/sign-in?next=/")


def test_too_late_gives_a_choice(school, phone):
    for n in range(3):
        school.late(f"Post {n}")
    phone.goto("/review/")
    expect(phone.locator("article")).to_contain_text("Too late, not sent")
    look_at(phone)
    phone.set_viewport_size(PHONE)
    phone.goto("/review/")
    phone.get_by_role("button", name="send at the next usual time").tap()
    expect(phone.locator("article")).to_contain_text("Post 1")
    phone.locator("summary", has_text="Choose a time").tap()
    phone.get_by_label("Day").fill((clock.now() + timedelta(days=3)).date().isoformat())
    phone.get_by_role("button", name="Approve for this time").tap()
    expect(phone.locator("article")).to_contain_text("Post 2")
    phone.locator("summary", has_text="Do not send it").tap()
    phone.get_by_role("button", name="Yes: Do not send it").tap()
    expect(phone.get_by_text("Nothing waits for review.")).to_be_visible()
    assert school.states() == ["approved", "approved", "cancelled"]


def test_several_are_approved_from_the_list(school, desk):
    for n in range(5):
        school.wait(f"Post {n}", timing="at", wished_at=tomorrow(n))
    school.late("Over")
    desk.goto("/review/")
    desk.get_by_role("link", name="Look at all").click()
    desk.get_by_role("button", name="Tick all").click()
    desk.get_by_role("button", name="Approve 5").click()
    expect(desk.get_by_text("Approved 5.")).to_be_visible()
    expect(desk.locator("main li")).to_have_count(1)
    assert school.states() == ["approved"] * 5 + ["submitted"]


def test_what_changed_is_marked(school, desk):
    post_id = school.wait("Open at noon.")
    with school.inside():
        now, cast = clock.now(), school.cast
        approve.send_back(post_id, "When?", cast.decider, now)
        again = Written("news", "Open at ten.", accounts={cast.practice.id: ""}, timing="now")
        compose.save(post_id, again, db.session.get_one(Post, post_id).revision, cast.author, now)
        send.for_review(post_id, cast.author, now)
    desk.goto("/review/")
    expect(desk.locator("del")).to_contain_text("noon.")
    expect(desk.locator("ins")).to_contain_text("ten.")
    look_at(desk)


def test_review_without_javascript(school, window):
    page = window(school, viewport=PHONE, java_script_enabled=False)
    school.sign_in(page, "Approver")
    for n in range(2):
        school.wait(f"Post {n}", timing="at", wished_at=tomorrow(n))
    page.goto("/review/")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("article")).to_contain_text("Post 1")
    page.goto("/review/all")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Approve what is ticked").click()
    expect(page.get_by_text("Approved 1.")).to_be_visible()
    assert school.states() == ["approved"] * 2
