"""Managers are told before an account ends, and where one has fallen silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import approved, delivery, queue
from fakes import FakeNetwork, door
from sqlalchemy import select

from outreach.accounts import pause
from outreach.channels.base import Refused
from outreach.db import db, writing
from outreach.models import Account, Mail
from outreach.posts.publish import publish
from outreach.posts.warn import ends_soon, warn
from outreach.words import Sentence

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def letters(about):
    db.session.rollback()
    return [m.subject for m in db.session.scalars(select(Mail).where(Mail.about.contains(about)).order_by(Mail.id))]


def ends(cast, moment):
    with writing() as session:
        session.get_one(Account, cast.account.id).ends_at = moment


@pytest.mark.parametrize("days", [14, 7, 1])
def test_a_connection_that_ends_is_told_of_at_each_step_once(cast, now, days):
    ends(cast, now + 30 * DAY)
    assert warn(now) == 0
    at = now + (30 - days) * DAY + HOUR
    for moment in (at, at + HOUR):
        warn(moment)
    assert len(letters(f"ends-{cast.account.id}")) == 1
    assert "please connect it again by" in letters("ends-")[0]


def test_all_three_steps_are_three_letters(cast, now):
    ends(cast, now + 20 * DAY)
    for hour in range(0, 20 * 24, 6):
        warn(now + hour * HOUR)
    assert len(letters("ends-")) == 3


def test_one_that_does_not_end_or_was_removed_is_no_matter(cast, now):
    assert not ends_soon(cast.account, now)
    ends(cast, now + DAY)
    with writing() as session:
        session.get_one(Account, cast.account.id).retired_at = now
    assert warn(now) == 0


def refuse_one(cast, now):
    network = FakeNetwork()
    network.refuses(Refused(Sentence("No.")))
    post = approved(cast, now)
    queue(post, now)
    assert publish(delivery(post).id, door(network, now)) == "refused"
    return network


def test_an_account_that_should_have_succeeded_and_has_not_is_told_of_once_a_day(cast, now):
    refuse_one(cast, now)
    assert warn(now + HOUR) == 0
    for hours in (3, 4, 5):
        warn(now + hours * HOUR)
    assert len(letters("silent-")) == 1
    assert "nothing has gone out there" in letters("silent-")[0]


def test_one_that_has_succeeded_since_is_well(cast, now):
    network = refuse_one(cast, now)
    post = approved(cast, now + HOUR)
    queue(post, now + HOUR)
    assert publish(delivery(post).id, door(network, now + HOUR)) == "published"
    assert warn(now + 3 * HOUR) == 0


def test_what_a_person_paused_is_meant(cast, now):
    refuse_one(cast, now)
    pause.pause(cast.account.id, cast.decider, now)
    assert warn(now + 3 * HOUR) == 0
    pause.resume(cast.account.id, cast.decider, now)
    assert warn(now + 3 * HOUR) == 1
