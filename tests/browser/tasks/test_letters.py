"""Tasks 4 and 9: approve or send back from the e-mail on a phone; posted by hand from the reminder."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from email.message import Message

import pytest
from own_process import free_port
from playwright.sync_api import Browser, expect
from smtp_server import SmtpServer
from sqlalchemy import select

from browser import states
from browser.conftest import Opener, Up, Watched
from browser.look import width
from browser.visitor import BROWSERS, MOUSE, PHONE_ENGLISH, THUMB, Visitor, Way
from outreach import clock
from outreach.access import OUTREACH, actor
from outreach.db import db, writing
from outreach.models import Library, Person, Post
from outreach.people import links
from outreach.people.members import person_for, set_role
from outreach.posts import compose, send
from outreach.posts.written import Written

from .conftest import speaks

ADDRESS = re.compile(r"http://\S+/(?:decide|deliveries)/\S+")
TELEPHONES = (THUMB, PHONE_ENGLISH)


class Mailed(Up):
    """A library whose letters arrive, at an address that others reach."""

    def __init__(self, home, smtp: SmtpServer) -> None:
        port = str(free_port())
        self.smtp = smtp
        public = f"http://127.0.0.1:{port}"
        super().__init__(home, OUTREACH_PORT=port, OUTREACH_PUBLIC_URL=public, OUTREACH_SMTP_URL=smtp.url)

    def letter(self, to: str, words: str) -> Message:
        end = time.monotonic() + 40
        while time.monotonic() < end:
            for letter in list(self.smtp.letters):
                if letter["To"].startswith(to) and words in text_of(letter):
                    return letter
            time.sleep(0.1)
        raise AssertionError(f"no letter to {to} with: {words}; {[str(one['Subject']) for one in self.smtp.letters]}")


def text_of(letter: Message) -> str:
    return letter.get_body(("plain",)).get_content()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def mailed(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailed]:
    with SmtpServer() as smtp:
        up = Mailed(tmp_path_factory.mktemp("mailed"), smtp)
        try:
            first = Watched(browser, up, None, {})
            page = first.context.new_page()
            page.goto(up.link)
            page.get_by_label("What is your library called?").fill("Elm Street School Library")
            page.get_by_label("Your name").fill("Jo Librarian")
            page.get_by_label("Your school e-mail").fill("jo@school.example")
            page.get_by_role("button", name="Begin").click()
            page.wait_for_url(up.url + "/")
            first.close()
            join(up)
            yield up
        finally:
            up.end()


def join(up: Up) -> None:
    with up.inside(), writing() as session:
        library = session.scalars(select(Library)).one()
        for role in ("approver", "contributor"):
            person = person_for(session, f"{role}@school.example", f"Ms {role.title()}", clock.now())
            set_role(session, person, library, role, OUTREACH, clock.now())


Writes = Callable[[str], int]


@pytest.fixture
def submitted(mailed: Mailed, way: Way) -> Writes:
    """A post with a picture in review, and its letter in the language of who reads it."""
    speaks(mailed, "approver", way.language)

    def write(words: str) -> int:
        with mailed.inside() as app:
            now = clock.now()
            person = db.session.scalars(select(Person).where(Person.email.startswith("contributor"))).one()
            media = [(states.picture(app.extensions["shop"].store, now), "A cup of chocolate")]
            accounts = {states.places()["Facebook"]: ""}
            written = Written("news", words, timing="now", accounts=accounts, media=media)
            library = db.session.scalar(select(Library.id))
            post = compose.create(library, written, actor(person), now)
            send.for_review(post.id, actor(person), now)
            return post.id

    return write


def post(up: Up, post_id: int) -> tuple[str, str]:
    with up.inside():
        row = db.session.get_one(Post, post_id)
        return row.state, row.note


def opened(mailed: Mailed, window: Opener, way: Way, words: str) -> Visitor:
    """The letter that came, and its link on a phone on which nobody is signed in."""
    letter = mailed.letter("approver", words)
    assert words in text_of(letter)
    she = Visitor(window(mailed, **way.options), way)
    she.page.goto(ADDRESS.search(text_of(letter)).group())  # type: ignore[union-attr]
    expect(she.page.locator("article")).to_contain_text(words)
    expect(she.page.locator("article img").first).to_be_visible()
    assert width(she.page) <= way.size["width"]
    return she


@pytest.mark.parametrize("way", TELEPHONES, ids=str)
def test_approved_from_the_letter_without_a_password(mailed, submitted, window, way):
    words = f"Poetry breakfast on Friday ({way})"
    number = submitted(words)
    she = opened(mailed, window, way, words)
    box = she.thing("Approve").bounding_box()
    assert box
    assert box["y"] + box["height"] <= way.size["height"], "under the thumb, without scrolling"
    she.press("Approve")
    she.sees("Thank you")
    assert post(mailed, number)[0] == "approved"
    she.needed_no_settings()


@pytest.mark.parametrize("way", TELEPHONES, ids=str)
def test_sent_back_from_the_letter_with_a_note(mailed, submitted, window, way):
    words = f"Poetry supper ({way})"
    number = submitted(words)
    she = opened(mailed, window, way, words)
    she.press("Send back")
    she.writes("What should change?", "Which Friday?")
    she.press("Send it back")
    she.sees("Sent back with your note.")
    assert post(mailed, number) == ("returned", "Which Friday?")
    she.needed_no_settings()


@pytest.mark.parametrize("way", [*TELEPHONES, MOUSE], ids=str)
def test_posted_by_hand_from_the_reminder(mailed, window, way):
    words = f"Hot chocolate and poems ({way})"
    speaks(mailed, "contributor", way.language)
    with mailed.inside() as app:
        now = clock.now()
        media = [(states.picture(app.extensions["shop"].store, now), "A cup of chocolate")]
        accounts = {states.places()["Instagram"]: ""}
        number = states.approved(Written("news", words, timing="now", accounts=accounts, media=media), now)
        person = db.session.scalars(select(Person).where(Person.email.startswith("contributor"))).one()
        token = links.new(person.id, OUTREACH, now)
    letter = mailed.letter("contributor", words)
    she = Visitor(window(mailed, locale=BROWSERS[way.language], **way.options), way)
    she.page.goto(f"{mailed.url}/sign-in/{token}")  # once, as on her own phone
    she.press("Sign in")
    expect(she.thing("Sign in")).to_have_count(0)
    assert str(letter["Subject"]) == she.say("Please post on %(place)s", place="Instagram")
    she.page.goto(ADDRESS.search(text_of(letter)).group())  # type: ignore[union-attr]

    expect(she.page.locator("#copy-words")).to_have_text(words)
    with she.page.expect_download() as picture:
        she.press("Save")
    assert picture.value.suggested_filename
    expect(she.thing("Open %(place)s", place="Instagram")).to_have_attribute("href", re.compile("instagram"))
    she.writes("The address of your post there", "https://instagram.com/p/1")
    she.press("Done")
    she.sees("Thank you. It is marked as posted.")
    with mailed.inside():
        assert states.outcome(number) == ["published"]
    she.needed_no_settings()
