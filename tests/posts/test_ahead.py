"""What has something to make first is made some seconds before it is due, so that it leaves at its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import approved, delivery, queue
from fakes import FakeNetwork, door
from pictures_made import jpeg

from outreach.media.store import upload
from outreach.posts import ahead, compose
from outreach.posts.publish import publish


class Noting(FakeNetwork):
    """How often it was asked to prepare."""

    made = 0

    def prepare(self, message):
        self._holds_nothing()
        self.made += 1
        return {"uploads": [f"upload-{self.made}"]}

    def send(self, message, prepared):
        self.used = prepared
        return super().send(message, prepared)


@pytest.fixture
def network() -> Noting:
    return Noting()


@pytest.fixture
def post(app, cast, now):
    shop = app.extensions["shop"]
    medium = upload(shop.store, cast.library.id, jpeg(40, 30), "shelf.jpg", now)
    media = [(medium.id, "A shelf of red books, in the reading corner")]
    return approved(cast, now, media=media, timing="at", wished_at=now + timedelta(minutes=5))


def soon(post):
    return delivery(post).due_at - timedelta(seconds=10)


def test_it_is_made_shortly_before_and_used_when_it_is_due(post, network):
    at = soon(post)
    assert ahead.to_make(at - timedelta(minutes=1)) == []
    assert [n for n, _ in ahead.to_make(at)] == [delivery(post).id]
    assert ahead.make(delivery(post).id, door(network, at))
    assert ahead.to_make(at) == []
    due = delivery(post).due_at
    queue(post, due)
    assert publish(delivery(post).id, door(network, due)) == "published"
    assert (network.made, network.used) == (1, {"uploads": ["upload-1"]})


def test_two_workers_make_it_once(post, network):
    at = soon(post)
    assert [ahead.make(delivery(post).id, door(network, at)) for _ in range(2)] == [True, False]
    assert network.made == 1


def test_what_went_wrong_is_tried_again_when_it_is_due(post, network, monkeypatch):
    monkeypatch.setattr(Noting, "prepare", lambda *_: 1 / 0)
    assert not ahead.make(delivery(post).id, door(network, soon(post)))
    monkeypatch.undo()
    due = delivery(post).due_at
    queue(post, due)
    assert publish(delivery(post).id, door(network, due)) == "published"
    assert network.made == 1


def test_what_was_made_long_ago_is_made_anew(post, network):
    ahead.make(delivery(post).id, door(network, soon(post)))
    late = delivery(post).due_at + timedelta(minutes=45)
    queue(post, late)
    assert publish(delivery(post).id, door(network, late)) == "published"
    assert network.used == {"uploads": ["upload-2"]}


def test_nothing_is_made_for_what_was_taken_back_or_has_no_pictures(cast, post, network, now):
    at = soon(post)
    compose.cancel(post.id, cast.decider, now)
    assert ahead.to_make(at) == []
    assert not ahead.make(delivery(post).id, door(network, at))
    plain = approved(cast, now, timing="at", wished_at=now + timedelta(minutes=5))
    assert ahead.to_make(soon(plain)) == []
    assert network.made == 0
