"""Week, month and list as a signed-in browser gets them: 2,000 posts in a month, 1,000 scheduled, 200,000 in all."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from outreach.db import db
from outreach.models import Person
from tests.bench.plenty import plenty
from tests.bench.shelf import counted
from tests.bench.table import Row
from tests.clients import Client, signed_in

TIMES = 25
FEW, MANY, SCHEDULED = 2_000, 200_000, 1_000
PAGES = {"board": "/", "month": "/month", "queue": "/list/"}
NARROW = (
    "/list/?q=kettle",
    "/list/?q=turselpi+nowhere",
    "/list/?kind=trivia",
    "/list/?place={place}",
    "/list/?show=failed",
    "/month?kind=trivia",
    "/month?place={place}",
)
# (seconds, queries) to reach; what the nearest peer takes
REACH = {"month": (0.060, 12, "575–617 ms, 125 queries"), "queue": (0.050, 10, "166–235 ms, 232 queries")}
SLOWER = 1.3


def rows(home: Path, database: str, few: str = "", many: str = "") -> list[Row]:
    """Each page in a library of few posts, and in one of many."""
    took, found = dict[str, list[tuple[float, int]]](), []
    for name, url, long_ago in (("few", few, 0), ("many", many, MANY - FEW)):
        with plenty(home / name, FEW, SCHEDULED, long_ago, url) as made:
            client = signed_in(made.app, db.session.get_one(Person, made.person_id))
            took[name] = [_measure(client, address) for address in PAGES.values()]
            bare = _bare(client)
            found += [_narrow(client, database)] if long_ago else []
    both = list(zip(PAGES, took["few"], took["many"], strict=True))
    reached = [row for page, small, _ in both for row in _reached(page, database, *small, bare)]
    return [*reached, *(_grown(page, database, small[0], large[0]) for page, small, large in both), *found]


def _grown(page: str, database: str, few: float, many: float) -> Row:
    told = f"{many * 1000:.0f} ms beside {few * 1000:.0f} ms"
    what = f"{page}, {database}, {MANY:,} posts in the database beside {FEW:,}"
    return Row(what, f"{many / few:.2f} x", told, f"{SLOWER} x", many / few <= SLOWER)


def _reached(page: str, database: str, took: float, queries: int, bare: float) -> list[Row]:
    beside = f"smallest page {bare * 1000:.0f} ms"
    if page not in REACH:
        return [Row(f"{page}, {database}", f"{took * 1000:.0f} ms, {queries} queries", beside, "")]
    goal, most, peer = REACH[page]
    what = f"{page}, {database}, " + (f"{SCHEDULED:,} scheduled" if page == "queue" else f"{FEW:,} posts in it")
    return [
        Row(what, f"{took * 1000:.0f} ms", f"{beside}; peer {peer}", f"{goal * 1000:.0f} ms", took <= goal),
        Row(f"{what}: queries", str(queries), "", str(most), queries <= most),
    ]


def _narrow(client: Client, database: str) -> Row:
    place = 3
    slowest = max((_measure(client, address.format(place=place))[0], address) for address in NARROW)
    return Row(
        f"month and queue, {database}, {MANY:,} posts, filtered: the slowest of {len(NARROW)}",
        f"{slowest[0] * 1000:.0f} ms  {slowest[1]}", "", "",
    )  # fmt: skip


def _measure(client: Client, address: str) -> tuple[float, int]:
    """(median seconds, queries) of the page, once it is warm."""
    client.get(address)
    took = []
    for _ in range(TIMES):
        with counted() as queries:
            began = time.perf_counter()
            answer = client.get(address)
            took.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status}")
    return median(took), len(queries)


def _bare(client: Client) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        client.get("/healthz")
        took.append(time.perf_counter() - began)
    return median(took)
