"""Review with 1,000 posts in it, as a signed-in approver gets it: one post, the list, and what they ask."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import insert, update

from outreach import clock, create_app
from outreach.config import load
from outreach.db import db, writing
from outreach.migrate import upgrade
from outreach.models import Library, Person, Placement, Post, PostTitle, PostVersion, Title
from outreach.posts.versions import dump
from outreach.posts.written import Written
from tests.bench.shelf import counted
from tests.bench.table import Row
from tests.clients import Client, signed_in
from tests.factories import Cast, found_cast

POSTS, TIMES = 1_000, 15
GOAL, MOST_QUERIES = 0.050, 10
BOOKS = 20


def rows(home: Path, database: str, url: str = "", count: int = POSTS) -> list[Row]:
    with school(home / "review", url) as (app, cast):
        ids = _fill(cast, clock.now(), count)
        client = signed_in(app, db.session.get_one(Person, cast.approver.id))
        pages = {
            "the first post": "/review/",
            "a book list, sent back before": f"/review/?post={ids[count // 2 // 3 * 3]}",
            "trivia": f"/review/?post={ids[count // 2 // 3 * 3 + 1]}",
            "the list": "/review/all",
            "the end of the list": f"/review/all?from={count - 10}",
        }
        return [_row(client, what, path, database, count) for what, path in pages.items()]


@contextmanager
def school(home: Path, url: str) -> Iterator[tuple[Flask, Cast]]:
    app = create_app(load({"OUTREACH_HOME": str(home), "DATABASE_URL": url}))
    app.testing, app.config["WTF_CSRF_ENABLED"] = True, False
    with app.app_context():
        upgrade(db.engine)
        yield app, found_cast(clock.now())
        db.session.remove()
        db.engine.dispose()


def _fill(cast: Cast, now: datetime, count: int) -> list[int]:
    """A third of it book lists that were sent back before, a third trivia, a third news."""
    with writing() as session:
        session.execute(
            update(Library).where(Library.id == cast.library.id).values(title_link="https://opac.example/{isbn}")
        )
        books = [_book(n, cast, now) for n in range(BOOKS)]
        titles = list(session.scalars(insert(Title).returning(Title.id), books))
        posts = list(session.scalars(insert(Post).returning(Post.id), [_post(n, cast, now) for n in range(count)]))
        places = (cast.account.id, cast.practice.id, cast.by_hand.id)
        session.execute(insert(Placement), [{"post_id": p, "account_id": a} for p in posts for a in places])
        lists = posts[::3]
        listed = [{"post_id": p, "title_id": t, "position": n} for p in lists for n, t in enumerate(titles)]
        session.execute(insert(PostTitle), listed)
        session.execute(insert(PostVersion), [_version(p, cast, now, places, titles) for p in lists])
    return posts


def _book(n: int, cast: Cast, now: datetime) -> dict[str, Any]:
    return {"library_id": cast.library.id, "title": f"Book {n}", "match_key": f"book {n}||", "first_seen_at": now}


def _post(n: int, cast: Cast, now: datetime) -> dict[str, Any]:
    kind = ("titles", "trivia", "news")[n % 3]
    choices = {"choices": ["Cat", "Dog", "Hen"], "right": 1, "how": "Tell us at the desk."}
    return {
        "library_id": cast.library.id,
        "kind": kind,
        "state": "submitted",
        "revision": 2,
        "words": f"Post {n}: the lamp in the reading corner is on, and there is tea.",
        "fields": choices if kind == "trivia" else {},
        "timing": "slot" if n % 2 else "at",
        "wished_at": now + timedelta(hours=n + 1),
        "author_id": cast.contributor.id,
        "author_name": "Contributor",
        "decided_revision": 1 if kind == "titles" else None,
        "created_at": now,
        "updated_at": now,
    }


def _version(post: int, cast: Cast, now: datetime, places: tuple[int, ...], titles: list[int]) -> dict[str, Any]:
    written = Written("titles", "The lamp is on.", accounts=dict.fromkeys(places[:2], ""), titles=titles[:-1])
    return {"post_id": post, "revision": 1, "who": "Contributor", "at": now, "written": dump(written)}


def _row(client: Client, what: str, path: str, database: str, count: int) -> Row:
    took, asked = [], 0
    for _ in range(TIMES):
        with counted() as queries:
            began = time.perf_counter()
            answer = client.get(path)
            took.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        asked = len(queries)
    took_ms = median(took) * 1000
    return Row(
        f"review of {count:,}, {database}: {what}",
        f"{took_ms:.0f} ms, {asked} queries",
        f"smallest page {_smallest(client) * 1000:.0f} ms",
        f"{GOAL * 1000:.0f} ms, {MOST_QUERIES} queries",
        took_ms <= GOAL * 1000 and asked <= MOST_QUERIES,
    )


def _smallest(client: Client) -> float:
    began = time.perf_counter()
    client.get("/healthz")
    return time.perf_counter() - began
