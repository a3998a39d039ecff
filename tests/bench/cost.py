"""What one delivery costs in the database, from due to published: statements, and time beside a million old ones.

To the practice place, so that no network is in it. Each is due alone: the whole tick of dispatch is counted to it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import event, select, update

from outreach import clock
from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import Account, Delivery
from outreach.posts import compose, send
from outreach.posts.ahead import to_make
from outreach.posts.dispatch import dispatch_due
from outreach.posts.publish import publish, server_of
from outreach.posts.written import Written
from tests.bench.plenty import PLACES, Plenty, plenty
from tests.bench.table import Row

DELIVERIES = 200
OLD = 1_000_000
STATEMENTS, SLOWER = 12, 1.2


def rows(home: Path, database: str, few: str = "", many: str = "") -> list[Row]:
    with plenty(home / "few", 100, 0, 0, few) as made:
        small, statements = _measure(made)
    with plenty(home / "many", 100, 0, OLD // PLACES, many) as made:
        large, _ = _measure(made)
    return [
        Row(
            f"statements of one delivery, from due to published, {database}",
            f"{statements}",
            "",
            f"{STATEMENTS}",
            statements <= STATEMENTS,
        ),
        Row(
            f"its time in the database, beside {OLD:,} old deliveries, {database}",
            f"{large * 1000:.1f} ms",
            f"{small * 1000:.1f} ms beside few; {large / small:.2f} x",
            f"{SLOWER} x",
            large / small <= SLOWER,
        ),
    ]


def _measure(made: Plenty) -> tuple[float, int]:
    """(median seconds, statements of the last one)"""
    with made.app.app_context():
        ids, took = _posts(made), list[float]()
        door = made.app.extensions["shop"].door()
        with counting() as told:
            for delivery_id in ids:
                _make_due(delivery_id)
                told.clear()
                began = time.perf_counter()
                _go(delivery_id, door)
                took.append(time.perf_counter() - began)
        return median(took[DELIVERIES // 4 :]), len(told)


def _go(delivery_id: int, door: object) -> None:
    rung: list[int] = []
    dispatch_due(clock.now(), lambda ids, _at: rung.extend(ids))
    to_make(clock.now())
    server_of(rung[0])  # in whose lane it goes
    states = [publish(n, door) for n in rung]  # type: ignore[arg-type]
    if rung != [delivery_id] or states != ["published"]:
        raise RuntimeError(f"{rung}: {states}")


def _posts(made: Plenty) -> list[int]:
    mine = select(Account.id).where(Account.library_id == made.library_id, Account.network == "practice")
    place, at = db.session.scalars(mine).one(), made.now + timedelta(days=900)
    for n in range(DELIVERIES):
        written = Written("news", f"Post {n}", timing="at", wished_at=at, accounts={place: ""})
        post = compose.create(made.library_id, written, OUTREACH, clock.now())
        send.schedule(post.id, post.revision, OUTREACH, clock.now())
        db.session.remove()
    return list(db.session.scalars(select(Delivery.id).where(Delivery.account_id == place).order_by(Delivery.id)))


def _make_due(delivery_id: int) -> None:
    now = clock.now()
    with writing() as session:
        session.execute(update(Delivery).where(Delivery.id == delivery_id).values(due_at=now, try_at=now))


@contextmanager
def counting() -> Iterator[list[str]]:
    """Every statement as it goes to the database."""
    told: list[str] = []

    def note(conn: object, cursor: object, statement: str, *more: object) -> None:
        if not statement.startswith("BEGIN"):
            told.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
