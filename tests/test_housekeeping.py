"""Once a day: what is old goes, on a computer that runs at night and on one that does not."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from outreach import housekeeping, mail
from outreach.db import db, writing
from outreach.media.store import Store
from outreach.models import Account, Mail
from outreach.posts.watch import beat
from outreach.up.lock import NAME, running_at

NIGHT = datetime(2026, 11, 25, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "now", "is_time"),
    [
        (timedelta(hours=24), NIGHT, True),
        (timedelta(hours=15), NIGHT, False),
        (timedelta(hours=24), NIGHT + timedelta(hours=9), False),
        (timedelta(hours=27), NIGHT + timedelta(hours=9), True),
    ],
)
def test_it_is_time_at_night_or_when_a_day_has_passed(context, since, now, is_time):
    beat("housekeeping", now - since)
    assert housekeeping.is_time(now) is is_time


def test_the_first_time_is_at_once(context):
    assert housekeeping.is_time(NIGHT)


def test_letters_that_nobody_could_send_do_not_pile_up(context, config):
    with writing() as session:
        mail.put(session, "ana@school.example", "Old", "b", NIGHT - timedelta(days=31))
        mail.put(session, "ana@school.example", "New", "b", NIGHT - timedelta(days=2))
    housekeeping.tidy(config, Store(config.media_dir), NIGHT)
    assert [m.subject for m in db.session.query(Mail)] == ["New"]


def test_what_runs_here_is_known_by_its_address(tmp_path):
    assert running_at(tmp_path) == ""
    (tmp_path / NAME).write_text(json.dumps({"pid": os.getpid(), "url": "http://127.0.0.1:5001", "folder": ""}))
    assert running_at(tmp_path) == "http://127.0.0.1:5001"
    (tmp_path / NAME).write_text(json.dumps({"pid": 2**22 + 1, "url": "http://127.0.0.1:5001", "folder": ""}))
    assert running_at(tmp_path) == ""


def test_each_account_is_looked_at_every_night_and_a_look_that_costs_money_once_a_week(cast, now):
    assert housekeeping.accounts_to_check(now) == [cast.account.id]
    with writing() as session:
        one = session.get_one(Account, cast.account.id)
        one.network, one.checked_at = "x", now
    assert housekeeping.accounts_to_check(now + timedelta(days=6)) == []
    assert housekeeping.accounts_to_check(now + timedelta(days=8)) == [cast.account.id]
