"""The page of a place: what it takes, how much is left, and whether it works."""

import html
import re
from datetime import timedelta

import pytest
from clients import signed_in
from mastodon_server import TOKEN, MastodonServer

from outreach import clock
from outreach.channels.pace import Left
from outreach.db import db, writing
from outreach.models import Account, Event
from outreach.pacing import NoPace, RedisPace
from outreach.web.extensions import limiter


@pytest.fixture(scope="module")
def server():
    with MastodonServer() as started:
        yield started


@pytest.fixture
def place(app, cast, server):
    with writing() as session:
        account = session.get_one(Account, cast.account.id)
        account.server, account.sealed = server.url, app.extensions["shop"].vault.seal({"token": TOKEN})
        account.remote_id = None
    signed_in(app, cast.librarian).post(f"/places/{account.id}/check")
    return account


def words_of(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def page_where(app, cast, place, monkeypatch, pace):
    monkeypatch.setitem(app.extensions["shop"].__dict__, "pace", pace)
    return words_of(signed_in(app, cast.librarian).get(f"/places/{place.id}"))


def test_what_it_takes_is_said_in_one_line(app, cast, place):
    page = words_of(signed_in(app, cast.contributor).get(f"/places/{place.id}"))
    assert "What it takes 500 characters, 4 pictures" in page
    assert "Send a test" not in page


@pytest.mark.parametrize(
    ("remaining", "limit", "said"),
    [(250, 300, "250 of 300 more until"), (2_500, 0, "2,500 more until"), (0, 300, "It takes nothing more until")],
)
def test_what_the_server_still_takes_is_told(app, cast, place, monkeypatch, remaining, limit, said):
    left, pace = Left(remaining, limit, clock.now() + timedelta(minutes=3)), NoPace()
    monkeypatch.setattr(pace, "told", lambda bucket, now: {f"account:{place.id}": left}.get(bucket))
    assert said in page_where(app, cast, place, monkeypatch, pace)


@pytest.mark.parametrize("pace", [NoPace(), RedisPace("unix:///nowhere/redis.sock")])
def test_where_nobody_knows_it_nothing_is_told(app, cast, place, monkeypatch, pace):
    assert "more until" not in page_where(app, cast, place, monkeypatch, pace)


def test_a_test_is_sent_and_said_to_work(app, cast, place, server):
    manager = signed_in(app, cast.librarian)
    assert "A test goes to you alone, and is deleted at once." in words_of(manager.get(f"/places/{place.id}"))
    page = manager.post(f"/places/{place.id}/test", follow_redirects=True)
    assert "It works: a message only you could see was sent to Fake and deleted again." in words_of(page)
    db.session.rollback()
    assert [e.who for e in db.session.query(Event).filter_by(verb="tried")] == ["Librarian"]


def test_a_place_that_does_not_know_us_any_more_asks_to_be_connected(app, cast, place):
    with writing() as session:
        session.get_one(Account, place.id).sealed = app.extensions["shop"].vault.seal({"token": "another"})
    page = signed_in(app, cast.librarian).post(f"/places/{place.id}/test", follow_redirects=True)
    assert "does not know us any more. Connect the account again." in words_of(page)
    assert 'href="/places/connect/mastodon?server=' in page.text


def test_tests_are_few(app, cast, place, monkeypatch):
    manager = signed_in(app, cast.librarian)
    monkeypatch.setattr(limiter, "enabled", True)
    answers = [manager.post(f"/places/{place.id}/test").status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
