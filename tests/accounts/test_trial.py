"""A test of one place: what came of it is said, noted, and no connection is held meanwhile."""

import pytest
from fakes import FakeNetwork

from outreach.accounts.limits import dump, limits_of
from outreach.accounts.trial import before, send_test
from outreach.channels.base import Refused, Unauthorized
from outreach.db import db, writing
from outreach.models import Account, Event, Mail
from outreach.words import NotDone, Sentence

NO = Refused(Sentence("%(place)s did not accept it (“%(said)s”).", place="Fake", said="No"))
LOOSE = Unauthorized(Sentence("%(place)s does not know us any more. Connect the account again.", place="Fake"))


@pytest.fixture
def place(cast):
    with writing() as session:
        account = session.get_one(Account, cast.account.id)
        account.limits = {**account.limits, "trial": "message"}
    return account


def noted():
    db.session.rollback()
    return [(e.who, e.note) for e in db.session.query(Event).filter_by(thing="account", verb="tried")]


def test_that_it_works_is_said_and_noted(cast, place, now):
    said = send_test(place.id, lambda _: FakeNetwork(), cast.decider, now)
    assert said == "It works: a message only you could see was sent to Fake and deleted again."
    assert noted() == [("Approver", said)]


def test_what_is_in_the_way_is_said_and_noted(cast, place, now):
    with pytest.raises(NotDone, match="did not accept it"):
        send_test(place.id, lambda _: FakeNetwork(tests=[NO]), cast.decider, now)
    assert noted() == [("Approver", NO.sentence)]
    assert db.session.get_one(Account, place.id).paused_at is None


def test_a_place_that_does_not_know_us_any_more_is_paused_and_told_of(cast, place, now):
    with pytest.raises(NotDone, match="Connect the account again"):
        send_test(place.id, lambda _: FakeNetwork(tests=[LOOSE]), cast.decider, now)
    db.session.rollback()
    assert db.session.get_one(Account, place.id).paused_because == LOOSE.sentence
    assert db.session.query(Mail).count() == 1


def test_what_cannot_be_tried_is_never_asked(cast, now):
    assert before(cast.account) is None
    with pytest.raises(NotDone, match="cannot be tried"):
        send_test(cast.account.id, pytest.fail, cast.decider, now)


def test_how_it_can_be_tried_is_kept_with_what_the_server_said(place):
    assert dump(limits_of(place))["trial"] == "message"
    assert before(place) == "A test goes to you alone, and is deleted at once."
