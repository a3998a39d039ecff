"""Adding a network is one file and one line: this one is connected by its page, publishes, is looked at, taken down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from channels import toy
from clients import signed_in
from factories import approved, deliveries, queue

from outreach.channels import CHANNELS, Line
from outreach.db import db, writing
from outreach.models import Account, Library
from outreach.posts import reconcile
from outreach.posts.publish import publish
from outreach.posts.remove import remove
from outreach.posts.take_down import take_down


@pytest.fixture
def board(monkeypatch):
    monkeypatch.setitem(CHANNELS, "toy", Line("channels.toy:Toy"))
    toy.BOARD.clear()
    toy.SILENT.clear()
    return toy.BOARD


@pytest.fixture
def place(app, cast, board):
    manager = signed_in(app, cast.librarian)
    manager.post("/places/connect/toy", data={"word": "open sesame"})
    db.session.rollback()
    return db.session.query(Account).filter_by(network="toy").one()


def test_it_stands_on_the_pages_with_what_it_asks(app, cast, board):
    manager = signed_in(app, cast.librarian)
    assert "The notice board" in manager.get("/places/connect/").get_data(as_text=True)
    page = manager.get("/places/connect/toy").get_data(as_text=True)
    assert "Ask the porter for the word." in page
    assert 'type="password"' in page
    wrong = manager.post("/places/connect/toy", data={"word": "please"})
    assert (wrong.status_code, "does not know this word" in wrong.get_data(as_text=True)) == (422, True)


def test_what_it_can_carry_is_what_it_said(app, cast, place, now):
    post = approved(cast, now, words="Words on the board", accounts=[place])
    queue(post, now)
    (out,) = deliveries(post)
    assert publish(out.id, app.extensions["shop"].door_at(now)) == "published"
    assert list(toy.BOARD.values()) == ["Words on the board [everyone]"]


def test_a_lost_answer_is_looked_for_and_it_is_taken_down(app, cast, place, now):
    toy.SILENT.append("Words on the board")
    post = approved(cast, now, words="Words on the board", accounts=[place])
    queue(post, now)
    (out,) = deliveries(post)
    door = app.extensions["shop"].door_at(now)
    assert publish(out.id, door) == "unclear"
    assert reconcile.settle(now + timedelta(seconds=30), lambda n: reconcile.look_at(n, door)) == 1
    assert deliveries(post)[0].state == "published"
    take_down(post.id, cast.decider, now)
    assert remove(out.id, door) == "removed"
    assert toy.BOARD == {}


def test_in_an_elementary_library_nobody_may_answer_until_a_manager_says_so(app, cast, board):
    with writing() as session:
        session.get_one(Library, cast.library.id).grades = "k5"
    manager = signed_in(app, cast.librarian)
    manager.post("/places/connect/toy", data={"word": "open sesame"})
    db.session.rollback()
    made = db.session.query(Account).filter_by(network="toy").one()
    assert made.answers == "nobody"
    manager.post(f"/places/{made.id}/answers", data={"answers": "everyone"})
    manager.post(f"/places/{made.id}/answers", data={"answers": "followed"})  # it cannot be told that
    db.session.rollback()
    assert db.session.get_one(Account, made.id, populate_existing=True).answers == "everyone"
