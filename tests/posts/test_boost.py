"""Showing a message once more: a person asks, the network does it once, and it is written down."""

from datetime import timedelta

import pytest
from factories import approved, deliveries, delivery, queue
from fakes import BUSY, FakeNetwork, door

from outreach.accounts.pause import pause, pause_everything
from outreach.channels.base import Refused, Unauthorized
from outreach.db import db
from outreach.models import Account, Event
from outreach.posts.attempts import attempts_of
from outreach.posts.boost import SETTLED, boost, can_be_boosted
from outreach.posts.publish import publish
from outreach.words import NotDone, Sentence

LATER = SETTLED + timedelta(minutes=1)


@pytest.fixture
def network(cast):
    return FakeNetwork(pool=db.engine.pool)


def out(cast, network, now, **more):
    """A message that went out some hours ago."""
    post = approved(cast, now, **more)
    queue(post, now)
    for one in deliveries(post):
        publish(one.id, door(network, now))
    return delivery(post)


def pressed(cast, network, sent, now):
    said = boost(sent.id, door(network, now), cast.decider)
    db.session.rollback()
    return said


def history():
    db.session.rollback()
    return [event.who for event in db.session.query(Event).filter_by(verb="boosted")]


def tried(sent):
    db.session.rollback()
    return [(one.what, one.outcome) for one in attempts_of(db.session(), sent.id) if one.what == "boost"]


def test_it_is_shown_once_more_and_written_down(cast, network, now):
    sent = out(cast, network, now)
    assert pressed(cast, network, sent, now + LATER) == "It is shown there once more."
    assert network.boosts == [sent.remote_id]
    assert tried(sent) == [("boost", "boosted")]
    assert history() == ["Approver"]


def test_a_second_time_nobody_is_asked(cast, network, now):
    sent = out(cast, network, now)
    pressed(cast, network, sent, now + LATER)
    with pytest.raises(NotDone, match="already"):
        pressed(cast, network, sent, now + 2 * LATER)
    assert len(network.boosts) == 1


def test_two_who_press_at_once_leave_one_line(cast, network, now):
    sent = out(cast, network, now)

    class Slow(FakeNetwork):
        def boost(self, remote_id):
            pressed(cast, network, sent, now + LATER)
            super().boost(remote_id)

    pressed(cast, Slow(pool=db.engine.pool), sent, now + LATER)
    assert history() == ["Approver"]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(BUSY, "later"), (Refused(Sentence("It does not stand on %(place)s any more.", place="Fake")), "refused")],
)
def test_what_is_in_the_way_is_said_and_it_can_be_pressed_again(cast, network, now, error, outcome):
    sent = out(cast, network, now)
    network.no_boost = [error]
    with pytest.raises(NotDone, match=str(error.sentence)):
        pressed(cast, network, sent, now + LATER)
    assert (tried(sent), history()) == ([("boost", outcome)], [])
    pressed(cast, network, sent, now + LATER)
    assert network.boosts == [sent.remote_id]


def test_a_place_that_does_not_let_us_in_any_more_is_paused(cast, network, now):
    sent = out(cast, network, now)
    network.no_boost = [Unauthorized(Sentence("Connect the account again."))]
    with pytest.raises(NotDone, match="Connect the account again"):
        pressed(cast, network, sent, now + LATER)
    db.session.rollback()
    assert db.session.get_one(Account, cast.account.id).paused_because == "Connect the account again."


def test_it_is_offered_some_hours_after_it_went_out(cast, network, now):
    sent = out(cast, network, now)
    assert not can_be_boosted(sent, now + SETTLED - timedelta(minutes=1))
    assert can_be_boosted(sent, now + SETTLED)


def test_not_where_the_network_cannot(cast, network, now):
    sent = out(cast, network, now, accounts=[cast.practice])
    assert not can_be_boosted(sent, now + LATER)


@pytest.mark.parametrize("stops", [pause, pause_everything])
def test_what_is_paused_shows_nothing(cast, network, now, stops):
    sent = out(cast, network, now)
    stops(cast.account.id if stops is pause else cast.library.id, cast.author, now)
    with pytest.raises(NotDone, match="at the moment"):
        pressed(cast, network, sent, now + LATER)
    assert network.boosts == []
