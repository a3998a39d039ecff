"""The titles page with 200,000 titles, as a signed-in browser gets it: every filter alone, and some together."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import event, text

from outreach.db import db
from outreach.models import Person
from outreach.titles.shelf import SHOWS
from tests.bench.stock import AUDIENCES, FORMATS, OLD, RARE_AUDIENCE, RARE_FORMAT, Stock, stocked, words_of
from tests.bench.table import Row
from tests.clients import Client, signed_in

TITLES, TIMES = 200_000, 7
GOAL, MOST_QUERIES = 0.060, 8


def rows(home: Path, database: str, url: str = "", count: int = TITLES) -> list[Row]:
    with stocked(home / "shelf", count, url, pages=True) as stock:
        person = db.session.get_one(Person, stock.person_id)
        client = signed_in(stock.app, person)
        measured = [(*_measure(client, filters), filters) for filters in cases(stock, count)]
        bare = _bare(client)
        found = [_row(what, [m for m in measured if what in _kinds(m[2])], database, bare) for what in KINDS]
        return [*found, _all(measured, database, count)]


KINDS = (
    "no filter",
    "words",
    "show",
    "feed",
    "list",
    "audience",
    "format",
    "week",
    "an older page",
    "several together",
)


def _kinds(filters: dict[str, str]) -> Sequence[str]:
    names = {"q": "words", "before": "an older page"}
    if len(filters) > 1:
        return ("several together",)
    return [names.get(name, name) for name in filters] or ["no filter"]


def cases(stock: Stock, count: int) -> Iterator[dict[str, str]]:
    """Common values and rare ones, of the newest and of the oldest titles, and those that nothing has."""
    yield {}
    some = words_of(count // 2)[0]
    for typed in (
        "kettle",
        "turselpi",
        "k",
        "the",
        "a",
        "the kettle",
        some,
        "sch",
        "élan river",
        "9780000000019",
        "nowhere",
        "l",
    ):
        yield {"q": typed}
    shows = [{"show": show} for show in SHOWS]
    froms = [{"feed": str(feed)} for feed in (stock.feeds[0], stock.feeds[1], stock.feeds[-1])]
    lists = [{"list": str(one)} for one in stock.lists]
    whom = [{"audience": a} for a in dict.fromkeys((*AUDIENCES[2:], RARE_AUDIENCE, "Nobody"))]
    forms = [{"format": f} for f in dict.fromkeys((*filter(None, FORMATS), RARE_FORMAT, "scroll"))]
    weeks = [
        {"week": (stock.now - timedelta(days=days)).date().isoformat()}
        for days in (0, 7, 365 * 3, 365 * 7 - 7, 365 * 9)
    ]
    olds = [{"before": str(n)} for n in (count // 2, 200, 1)]
    for alone in (shows, froms, lists, whom, forms, weeks, olds):
        yield from alone
    yield from _together(stock, shows, froms, weeks, olds)


def _together(stock: Stock, *groups: Sequence[dict[str, str]]) -> Iterator[dict[str, str]]:
    shows, froms, weeks, olds = groups
    rare = {"format": RARE_FORMAT}
    kind = {"audience": "Young adult", "format": "DVD"}
    impossible = {"audience": "Teen", "format": RARE_FORMAT}
    old_week = {"week": weeks[3]["week"]}
    yield from (impossible, kind, kind | olds[0])
    for show in shows:
        yield from (
            show | rare,
            show | kind,
            show | {"q": "kettle"},
            show | old_week,
            show | froms[0],
            show | froms[-1],
        )
    for feed in froms:
        yield from (feed | rare, feed | kind, feed | impossible, feed | old_week, feed | {"q": "a"}, feed | weeks[0])
    yield {"list": str(stock.lists[1])} | kind
    yield from (
        {"q": "a"} | kind,
        {"q": "a"} | rare,
        {"q": "a"} | old_week,
        {"q": "kettle"} | impossible,
        {"q": "a"} | olds[0],
    )
    yield {"q": "a", "show": "new", "feed": str(stock.feeds[1])} | kind | old_week
    yield {"show": "hidden", "feed": str(stock.feeds[-1])} | kind


def _measure(client: Client, filters: dict[str, str]) -> tuple[float, int]:
    """(median seconds, queries) of the page."""
    address = f"/titles/all/?{urlencode(filters)}"
    took = []
    for _ in range(TIMES):
        with counted() as queries:
            began = time.perf_counter()
            answer = client.get(address)
            took.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status}")
    return median(took), len(queries)


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _bare(client: Client) -> tuple[float, float]:
    """The raw limits: our smallest page, and reading fifty rows by their ids."""
    page = []
    for _ in range(TIMES):
        began = time.perf_counter()
        client.get("/healthz")
        page.append(time.perf_counter() - began)
    with db.engine.connect() as connection:
        began = time.perf_counter()
        connection.execute(text("SELECT * FROM title WHERE id > :n ORDER BY id LIMIT 50"), {"n": OLD}).all()
        return median(page), time.perf_counter() - began


def _row(
    what: str, measured: Sequence[tuple[float, int, dict[str, str]]], database: str, bare: tuple[float, float]
) -> Row:
    took, _, filters = max(measured, key=lambda m: m[0])
    return Row(
        f"titles page, {database}, {what} ({len(measured)} tried): the slowest",
        f"{took * 1000:.0f} ms  {urlencode(filters)[:60]}",
        f"smallest page {bare[0] * 1000:.0f} ms, 50 rows by id {bare[1] * 1000:.1f} ms",
        f"{GOAL * 1000:.0f} ms",
        took <= GOAL,
    )


def _all(measured: Sequence[tuple[float, int, dict[str, str]]], database: str, count: int) -> Row:
    most = max(queries for _, queries, _ in measured)
    middle = median(took for took, _, _ in measured)
    return Row(
        f"titles page of {count:,}, {database}: most queries, and the middle of {len(measured)} pages",
        f"{most} queries, {middle * 1000:.0f} ms",
        "",
        f"{MOST_QUERIES} queries",
        most <= MOST_QUERIES,
    )
