"""A worker stands still until its lease is over and another one takes the delivery: the late one harms nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from factories import Cast, approved, delivery, queue
from fakes import BUSY, FakeNetwork, door

from outreach.access import OUTREACH
from outreach.channels.base import Channel, Outgoing, Prepared, Sent
from outreach.db import writing
from outreach.models import Account, Delivery, Post
from outreach.posts import publish, reconcile
from outreach.posts.job import Door
from outreach.posts.wording import seal_of

LATER = timedelta(seconds=61)


@dataclass
class StandsStill(FakeNetwork):
    meanwhile: Callable[[], object] = object
    fails: Exception | None = None

    def send(self, message: Outgoing, prepared: Prepared) -> Sent:
        self.meanwhile()
        if self.fails:
            raise self.fails
        return Sent("1", "https://fake.example/1")


def taken_over(post: Post, later: datetime) -> None:
    """The lease is over, a person says that it is not there, and another worker claims it."""
    reconcile.settle(later, lambda _: None)
    with writing() as session:
        session.get_one(Delivery, delivery(post).id).asked_at = later
    reconcile.it_is_not_there(delivery(post).id, OUTREACH, later)
    assert queue(post, later)
    publish._claim(delivery(post).id, later)


def test_its_late_failure_does_not_free_what_another_one_sends(cast: Cast, now: datetime):
    post = approved(cast, now)
    queue(post, now)
    network = StandsStill(meanwhile=lambda: taken_over(post, now + LATER), fails=BUSY)
    publish.publish(delivery(post).id, door(network, now))
    row = delivery(post)
    assert (row.state, row.attempts) == ("sending", 2)


def test_its_late_success_is_believed(cast: Cast, now: datetime):
    post = approved(cast, now)
    queue(post, now)
    network = StandsStill(meanwhile=lambda: taken_over(post, now + LATER))
    assert publish.publish(delivery(post).id, door(network, now)) == "published"


def test_it_sends_nothing_when_it_wakes_after_its_lease(cast: Cast, now: datetime):
    post = approved(cast, now)
    queue(post, now)
    network, moments = FakeNetwork(), iter([now, now + LATER])
    publish.publish(delivery(post).id, door(network, lambda: next(moments)))
    assert network.sends == []
    reconcile.settle(now + LATER, lambda _: None)
    assert delivery(post).state == "unclear"


@pytest.mark.parametrize("state", ["waiting", "published"])
def test_it_sends_nothing_when_another_one_settled_it_during_the_upload(cast: Cast, now: datetime, state: str):
    post = approved(cast, now)
    queue(post, now)
    give_picture(post)
    network = FakeNetwork()

    def opened(account: Account) -> Channel:
        with writing() as session:
            session.get_one(Delivery, delivery(post).id).state = state
        return network

    lent = door(network, now)
    publish.publish(delivery(post).id, Door(opened, lent.read, lent.now))
    assert network.sends == []
    assert (delivery(post).state, delivery(post).send_started_at) == (state, None)


def give_picture(post: Post) -> None:
    picture = {"digest": "0" * 64, "mime": "image/png", "size": 1, "alt": "A pile of books"}
    with writing() as session:
        row = session.get_one(Delivery, delivery(post).id)
        row.payload = {**row.payload, "images": [picture]}
        row.digest = seal_of(row.payload)
