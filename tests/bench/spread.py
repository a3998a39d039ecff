"""Many feeds due at one moment, each of its own host that takes 200 ms to answer, while somebody looks at a page.

The real checks in eight threads of a process of their own, as the worker's lane for feeds has them; the page is asked
for in this one, since the web is another process too.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sqlalchemy import func, select

from outreach import clock, create_app
from outreach.db import db, writing
from outreach.models import Feed, Person, Title
from outreach.posts.dispatch import IN_FLIGHT
from outreach.titles.ingest import due_hosts, ingest_host
from tests.bench.koha import koha
from tests.bench.library import Seeded
from tests.bench.stock import Stock, settings, stocked
from tests.bench.table import Row, at
from tests.clients import signed_in

FEEDS, ITEMS, SECONDS, AN_HOUR = 200, 20, 0.2, 1_000
SCHOOLS = 25
PAGE_EVERY = 0.25


def rows(home: Path) -> list[Row]:
    with stocked(home / "spread", 2_000, pages=True) as stock, slow_catalogs() as port:
        _add_feeds(stock, port)
        alone = _pages_for(stock, 5.0)
        with _asking(stock) as pages:
            took = _check_all(home / "spread")
    if stored := _missing(stock):
        raise RuntimeError(stored)
    an_hour = took / FEEDS * AN_HOUR
    return [
        Row(
            f"{FEEDS} feeds due at once, {SECONDS * 1000:.0f} ms answers, {ITEMS} items each, {IN_FLIGHT} threads",
            f"{took:.0f} s; {AN_HOUR:,} of them by projection {an_hour / 60:.1f} min",
            f"their answers alone {FEEDS * SECONDS / IN_FLIGHT:.0f} s",
            "1,000 in 60 min",
            an_hour <= 3_600,
        ),
        Row(
            f"a page meanwhile, asked {len(pages)} times: median, 95th percentile",
            f"{at(pages, 0.5) * 1000:.0f} ms, {at(pages, 0.95) * 1000:.0f} ms",
            f"while nothing is checked {at(alone, 0.5) * 1000:.0f} ms, {at(alone, 0.95) * 1000:.0f} ms",
            "100 ms",
            at(pages, 0.95) <= 0.1,
        ),
    ]


def _add_feeds(stock: Stock, port: int) -> None:
    """127.0.x.y: each is a host of its own. They are of other schools than the page."""
    now = clock.now() - timedelta(seconds=1)
    schools = [Seeded(stock.app.extensions["shop"], []).library_id for _ in range(SCHOOLS)]
    with writing() as session:
        for n in range(FEEDS):
            host = f"127.0.{1 + n // 200}.{1 + n % 200}"
            session.add(Feed(library_id=schools[n % SCHOOLS], url=f"http://{host}:{port}/{n}", host=host,
                             name=f"Feed {n}", next_check_at=now, created_at=now))  # fmt: skip
        for old in stock.feeds:
            session.get_one(Feed, old).next_check_at = now + timedelta(days=1)
    db.session.remove()


def _check_all(home: Path) -> float:
    """Seconds, with the start of the process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tests.bench.spread", str(home)], check=True)
    return time.perf_counter() - began


def check_all(home: Path) -> None:
    """As beat and worker: who is due, and each host in the lane."""
    app = create_app(settings(home), pages=False)

    def check(host: str) -> None:
        with app.app_context():
            ingest_host(host, app.extensions["shop"].reach, clock.now)

    with app.app_context(), ThreadPoolExecutor(IN_FLIGHT) as threads:
        while hosts := due_hosts(clock.now()):
            list(threads.map(check, hosts))


def _missing(stock: Stock) -> str:
    with stock.app.app_context():
        good = db.session.scalar(select(func.count(Feed.id)).where(Feed.baseline_at.is_not(None))) or 0
        titles = db.session.scalar(select(func.count(Title.id))) or 0
    expected = 2_000 + FEEDS * ITEMS
    return (
        ""
        if (good, titles) == (FEEDS, expected)
        else f"{good} of {FEEDS} feeds were read, {titles} of {expected} titles"
    )


@contextmanager
def _asking(stock: Stock) -> Iterator[list[float]]:
    """The week and the titles, in turn, until the block ends: seconds of each."""
    took: list[float] = []
    done = threading.Event()
    with stock.app.app_context():
        client = signed_in(stock.app, db.session.get_one(Person, stock.person_id))

    def look() -> None:
        for n in range(100_000):
            if done.wait(PAGE_EVERY):
                return
            began = time.perf_counter()
            client.get(("/", "/titles/all/", "/titles/")[n % 3])
            took.append(time.perf_counter() - began)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield took
    finally:
        done.set()
        thread.join()


def _pages_for(stock: Stock, seconds: float) -> list[float]:
    with _asking(stock) as took:
        time.sleep(seconds)
    return took


@contextmanager
def slow_catalogs() -> Iterator[int]:
    """One server on every loopback address; the path says which titles it has."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(SECONDS)
            first = 100_000 + int(self.path.strip("/")) * ITEMS
            body = koha(first + ITEMS, first)
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("0.0.0.0", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


if __name__ == "__main__":
    check_all(Path(sys.argv[1]))
