"""Taken down at the same instant as something else happens to it, on PostgreSQL: SQLite has one writer at a time."""

from functools import partial

import pytest
from factories import approved, clock_from, deliveries, delivery, queue
from fakes import FakeNetwork, door

from outreach.db import db
from outreach.models import Consent, Post
from outreach.posts import compose, consents, reconcile, take_down
from outreach.posts.publish import publish
from outreach.posts.remove import due, remove
from outreach.posts.withdrawn import posts_of, withdraw
from outreach.words import NotDone
from tests.posts.test_races import at_once

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def work(network, now):
    while ids := due(now()):
        for delivery_id in ids:
            remove(delivery_id, door(network, now))


@pytest.mark.parametrize("_round", range(4))
def test_while_it_is_being_sent_nothing_stays(app, cast, now, _round):
    network, tick = FakeNetwork(alone=False), clock_from(now)
    post = approved(cast, now)
    queue(post, now)
    row, by = delivery(post).id, cast.author

    def down() -> None:
        for _ in range(3):  # as a person who presses until it takes
            try:
                return take_down.take_down(post.id, by, tick())
            except NotDone:
                pass
        return compose.cancel(post.id, by, tick())

    at_once(app, partial(publish, row, door(network, tick)), down)
    db.session.expire_all()
    if delivery(post).state == "published":  # it came out between the last press and the other button, which is told
        take_down.take_down(post.id, by, tick())
    work(network, tick)
    assert network.posts == []
    assert delivery(post).state in ("removed", "cancelled")


@pytest.mark.parametrize("_round", range(4))
def test_twice_at_once_is_once(app, cast, now, _round):
    network, tick = FakeNetwork(alone=False), clock_from(now)
    post = approved(cast, now)
    queue(post, now)
    publish(delivery(post).id, door(network, now))
    by = cast.author
    raised = at_once(app, *[partial(take_down.take_down, post.id, by, now)] * 3)
    assert sorted(map(str, raised)).count("None") == 1
    work(network, tick)
    assert [d.state for d in deliveries(post)] == ["removed"]


@pytest.mark.parametrize("_round", range(4))
def test_two_workers_at_once_take_it_down_once(app, cast, now, _round):
    network, tick = FakeNetwork(alone=False), clock_from(now)
    post = approved(cast, now)
    queue(post, now)
    publish(delivery(post).id, door(network, now))
    take_down.take_down(post.id, cast.author, now)
    row = delivery(post).id
    assert at_once(app, *[partial(remove, row, door(network, tick))] * 2) == [None, None]
    assert (len(network.removals), network.posts) == (1, [])


@pytest.mark.parametrize("_round", range(4))
def test_found_at_the_moment_it_is_taken_down_it_does_not_stay(app, cast, now, _round):
    network, tick = FakeNetwork(alone=False), clock_from(now)
    network.goes_silent_after_storing()
    post = approved(cast, now)
    queue(post, now)
    row, by = delivery(post).id, cast.author
    publish(row, door(network, now))
    acts = partial(reconcile.look_at, row, door(network, tick)), partial(take_down.take_down, post.id, by, now)
    assert at_once(app, *acts) == [None, None]
    work(network, tick)
    db.session.expire_all()
    assert (delivery(post).state, network.posts) == ("removed", [])


@pytest.mark.parametrize("_round", range(6))
def test_a_consent_withdrawn_at_the_moment_of_sending_stops_it_or_finds_it_out(app, cast, now, _round):
    """Never between the two: sent, and not on the list of what is to be taken down."""
    network, tick = FakeNetwork(alone=False), clock_from(now)
    consents.turn(cast.library.id, True, cast.decider, now)
    consents.add(cast.library.id, "7B-12", ["mastodon"], None, cast.decider, now)
    number = db.session.query(Consent.id).scalar()
    post = approved(cast, now, kind="student", words="A poem", permitted=True, fields={"codes": ["7B-12"]})
    queue(post, now)
    row, by = delivery(post).id, cast.author
    acts = partial(publish, row, door(network, tick)), partial(withdraw, number, by, now)
    assert at_once(app, *acts) == [None, None]
    db.session.expire_all()
    state = db.session.get_one(Post, post.id).state
    assert (delivery(post).state, state, len(network.posts)) in [
        ("published", "approved", 1),
        ("cancelled", "draft", 0),
        ("refused", "approved", 0),
    ]
    if network.posts:
        assert [take_down.can_be_taken_down(p.deliveries) for p in posts_of(db.session(), number)] == [True]
