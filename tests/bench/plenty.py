"""A library with many posts, put into the tables at once: what is measured is how pages read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from outreach import clock, create_app
from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.migrate import upgrade
from outreach.models import Account, Delivery, Library, Placement, Post, Slot
from outreach.people.libraries import found
from outreach.people.members import person_for, set_role
from tests.bench.stock import settings, words_of

KINDS = ("news", "news", "titles", "trivia")
PLACES, CHUNK = 3, 5_000


@dataclass(frozen=True)
class Plenty:
    app: Flask
    library_id: int
    person_id: int
    now: datetime


@contextmanager
def plenty(home: Path, this_month: int, coming: int, long_ago: int, database_url: str = "") -> Iterator[Plenty]:
    """Posts all over this month, `coming` of them with a time still to come beyond it, and those of seven years."""
    app = create_app(settings(home, database_url), pages=True)
    app.config.update(RATELIMIT_ENABLED=False)
    with app.app_context():
        upgrade(db.engine)
        try:
            yield _fill(app, this_month, coming, long_ago)
        finally:
            db.session.remove()
            db.engine.dispose()


def _fill(app: Flask, this_month: int, coming: int, long_ago: int) -> Plenty:
    now = clock.now()
    with writing() as session:
        library = found(session, "School", OUTREACH, now, timezone="America/Chicago")
        manager = person_for(session, "manager@school.example", "Manager", now)
        set_role(session, manager, library, "manager", OUTREACH, now)
        library.country = "US"
        session.add(Slot(library_id=library.id, weekday=5, clock="10:00"))
        places = [Account(library_id=library.id, network="mastodon", name=f"Place {n}", server=f"https://p{n}.example",
                          remote_id=str(n), limits={}, created_at=now) for n in range(PLACES)]  # fmt: skip
        session.add_all(places)
        session.flush()
        ids = [place.id for place in places]
    made = Plenty(app, library.id, manager.id, now)
    _put(made, ids, list(_times(made, this_month, coming, long_ago)))
    _settle()
    return made


def _times(made: Plenty, this_month: int, coming: int, long_ago: int) -> Iterator[datetime]:
    zone = db.session.get_one(Library, made.library_id).timezone
    first = clock.today(made.now, zone).replace(day=1)
    begin = clock.at_wall(first, "00:00", zone)
    for n in range(this_month):
        yield begin + timedelta(days=28) * n / this_month
    for n in range(coming):
        yield begin + timedelta(days=45) + timedelta(days=100) * n / coming
    for n in range(long_ago):
        yield begin - timedelta(days=30) - timedelta(days=7 * 365) * n / long_ago


def _put(made: Plenty, places: list[int], times: list[datetime]) -> None:
    number, numbers = count(1), count()
    for at in range(0, len(times), CHUNK):
        some = [(next(number), at) for at in times[at : at + CHUNK]]
        with writing() as session:
            rows = [_post(made, n, at) for n, at in some]
            ids = [n for (n,) in session.execute(insert(Post).returning(Post.id, sort_by_parameter_order=True), rows)]
            pairs = [(row | {"id": post_id}, place) for row, post_id in zip(rows, ids, strict=True) for place in places]
            going = [pair for pair in pairs if pair[0]["state"] == "approved"]
            session.execute(insert(Placement.__table__), [_placement(*pair) for pair in pairs])
            session.execute(insert(Delivery.__table__), [_delivery(made, *pair, next(numbers)) for pair in going])
        db.session.remove()


def _post(made: Plenty, n: int, at: datetime) -> dict[str, Any]:
    past = at < made.now
    state = "approved" if past or n % 10 else ("draft", "submitted", "returned")[n // 10 % 3]
    title, _, author = words_of(n)
    return {
        "library_id": made.library_id, "kind": KINDS[n % len(KINDS)], "state": state, "revision": 1,
        "edition": int(state == "approved"), "words": f"{title}, told by {author}. " + "Come and read it with us. " * 8,
        "link": "", "fields": {}, "visibility": "", "warning": "", "language": "", "second": {}, "timing": "at",
        "wished_at": at, "author_name": "Manager", "author_id": made.person_id, "permission_by": "", "note": "",
        "created_at": at - timedelta(days=7), "updated_at": at - timedelta(days=7),
    }  # fmt: skip


def _placement(row: dict[str, Any], place: int) -> dict[str, Any]:
    return {"post_id": row["id"], "account_id": place, "words": ""}


def _delivery(made: Plenty, row: dict[str, Any], place: int, n: int) -> dict[str, Any]:
    past, at = row["wished_at"] < made.now, row["wished_at"]
    state = "waiting" if not past else "missed" if n % 40_000 == 7 else "published"
    return {
        "library_id": made.library_id, "post_id": row["id"], "account_id": place, "edition": 1, "part": 0, "parts": 1,
        "state": state, "payload": {"text": row["words"]}, "digest": "0" * 64, "due_at": at, "try_at": at,
        "stays": False, "prepared": {}, "attempts": int(past), "key_round": 0, "looks": 0, "diagnosis": "",
        "published_at": at if state == "published" else None,
    }  # fmt: skip


def _settle() -> None:
    """What PostgreSQL's autovacuum does after so many rows. SQLite is left as the application leaves it."""
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE post, delivery, placement"))
