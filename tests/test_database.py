"""Connections to PostgreSQL: one that rested while the server was restarted is replaced, and nobody notices."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from outreach import db as module
from outreach.db import db

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def break_all_but_mine(engine):
    """As a restart of the server does: what lies in the pool is dead."""
    with engine.connect() as mine:
        mine.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                 "AND pid <> pg_backend_pid()")
        )  # fmt: skip


def test_one_that_rested_is_asked_whether_it_lives(context, monkeypatch):
    monkeypatch.setattr(module, "RESTED", -1.0)
    with db.engine.connect() as first, db.engine.connect() as second:
        pids = {one.scalar(text("SELECT pg_backend_pid()")) for one in (first, second)}
    break_all_but_mine(db.engine)
    with db.engine.connect() as first, db.engine.connect() as second:
        now = {one.scalar(text("SELECT pg_backend_pid()")) for one in (first, second)}
    assert len(pids & now) == 1, "one of them was replaced"


def test_one_that_was_just_used_is_not_asked_and_costs_one_failure(context):
    """What fails then is told again in seconds (see `dispatch`); all that lay in the pool is forgotten with it."""
    with db.engine.connect() as first, db.engine.connect() as second:
        assert first.scalar(text("SELECT 1")) == second.scalar(text("SELECT 1"))
    break_all_but_mine(db.engine)
    with db.engine.connect() as first, db.engine.connect() as second:
        assert sorted(map(answers, (first, second))) == [False, True]
    with db.engine.connect() as first, db.engine.connect() as second:
        assert [answers(first), answers(second)] == [True, True]


def answers(connection):
    try:
        return connection.scalar(text("SELECT 1")) == 1
    except OperationalError:
        return False
