"""The main path in Firefox: news with its preview, approved by a colleague, moved by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from outreach import clock
from outreach.access import OUTREACH
from outreach.db import db
from outreach.models import Person
from outreach.people import links
from outreach.practice.around import open_practice

from .conftest import Alone
from .firefox import FIND, PROGRAM, Firefox

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Firefox is not installed: sudo apt install firefox-esr")
WORDS = "Hello from Firefox: the library is open."
TUESDAY = next(day for n in range(8, 15) if (day := date.today() + timedelta(days=n)).weekday() == 1)


@pytest.fixture(scope="module")
def practice(tmp_path_factory) -> Iterator[Alone]:
    alone = Alone(tmp_path_factory.mktemp("practice"))
    with alone.app.app_context():
        open_practice("America/Chicago", clock.now(), alone.app.extensions["shop"])
    yield alone
    alone.server.shutdown()


@pytest.fixture(scope="module")
def firefox(tmp_path_factory) -> Iterator[Firefox]:
    one = Firefox(tmp_path_factory.mktemp("firefox"))
    yield one
    one.end()


def sign_in(firefox: Firefox, practice: Alone, role: str) -> None:
    with practice.app.app_context():
        person = db.session.scalars(select(Person).where(Person.email.startswith(role))).one()
        token = links.new(person.id, OUTREACH, clock.now())
    firefox.goto(f"{practice.url}/sign-in/{token}")
    firefox.click("main button")
    firefox.until("location.pathname === '/'")


def test_write_send_approve_and_move(firefox, practice):
    sign_in(firefox, practice, "contributor")
    firefox.goto(f"{practice.url}/posts/new/news")
    firefox.click("#words")
    firefox.type(WORDS)
    firefox.until(f"document.querySelector('#previews').innerText.includes({WORDS!r})")
    for place in ("Instagram", "Facebook"):
        if firefox.script(f"{FIND}('.chip', '{place}').querySelector('input').checked"):
            firefox.click(".chip", place)
    firefox.click("label", "On a day I choose")
    firefox.fill("[name=day]", str(TUESDAY))
    firefox.fill("[name=clock]", "10:15")
    firefox.click("button", "Send for review")
    firefox.shows("Sent for review.")

    firefox.click(".me summary")
    firefox.click(".me button", "Practice Approver")
    firefox.until("document.querySelector('.me summary').innerText.includes('Practice Approver')")
    firefox.goto(f"{practice.url}/?week={TUESDAY}")
    firefox.click("a.tile", WORDS[:20])
    firefox.click("button", "Approve")
    firefox.shows("Approved. It goes out")

    firefox.goto(f"{practice.url}/?week={TUESDAY}")
    firefox.script(f"{FIND}('a.tile', '{WORDS[:20]}').focus()")
    firefox.press("m", "Right", "Right", "Enter")
    firefox.shows("Moved to")
    firefox.until(f"{FIND}('[data-drop=\"{TUESDAY + timedelta(days=2)}\"]', '{WORDS[:20]}')")
    assert firefox.said == []
