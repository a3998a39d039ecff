"""PostgreSQL: a connection that rested while the server was restarted is replaced; a claim finds its row by its id."""

import pytest
from factories import approved, deliveries
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from outreach import db as module
from outreach.db import db
from outreach.models import Delivery
from outreach.posts.lifecycle import _guarded

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


def test_a_claim_finds_its_row_by_its_id_while_the_statistics_are_old(cast, now):
    """They know of no queued message, and thousands have just been queued: the index by state looks as short."""
    (one,) = deliveries(approved(cast, now))
    columns = [column.name for column in Delivery.__table__.columns if column.name not in ("id", "part")]
    more = f"SELECT {', '.join(columns)}, n FROM delivery, generate_series(1, 3000) AS n WHERE delivery.id = {one.id}"
    statement = _guarded("queued", "sending").values(state="sending")
    seen = {"the_id": one.id, "the_attempts": 0, "the_digest": one.digest, "the_moment": now}
    with db.engine.connect() as connection:
        connection.execute(text(f"INSERT INTO delivery ({', '.join(columns)}, part) {more}"))
        connection.execute(text("UPDATE delivery SET state = 'published'"))
        connection.execute(text("ANALYZE delivery"))
        connection.execute(text("UPDATE delivery SET state = 'queued'"))
        written = statement.compile(connection, compile_kwargs={"render_postcompile": True})
        plan = connection.exec_driver_sql(f"EXPLAIN {written}", written.construct_params(seen)).scalars().all()
    assert "pk_delivery on delivery " in "\n".join(plan)
    assert "ix_delivery_state_try" not in "\n".join(plan)
