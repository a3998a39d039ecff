"""A catalog of 10,000 titles through the whole ingest, beside feedparser alone on the same bytes; and once more."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from sqlalchemy import func, select

from outreach import clock, create_app
from outreach.access import OUTREACH
from outreach.channels.http import Reach
from outreach.config import load
from outreach.db import db, writing
from outreach.migrate import upgrade
from outreach.models import Feed, Library, Title
from outreach.shop import Shop
from outreach.titles.feeds import add
from outreach.titles.ingest import ingest_feed
from tests.bench.koha import koha
from tests.bench.library import Seeded
from tests.bench.table import Row

ITEMS, ROUNDS = 10_000, 2


def rows(home: Path) -> list[Row]:
    body = koha(ITEMS)
    app = create_app(load({"OUTREACH_HOME": str(home / "feed")}), pages=False)
    with app.app_context(), served(body) as url:
        upgrade(db.engine)
        rounds = [(_alone(body), *_ingest(app.extensions["shop"], url)) for _ in range(ROUNDS)]
        db.session.remove()
        db.engine.dispose()
    alone, first, again = (min(side) for side in zip(*rounds, strict=True))
    return [
        Row(
            f"{ITEMS:,} titles of {len(body) / 1e6:.1f} MB fetched, read, stored",
            f"{first:.2f} s",
            f"feedparser alone {alone:.2f} s; {first / alone:.2f} x",
            "1.5 x",
            first / alone <= 1.5,
        ),
        Row("the same feed again, unchanged", f"{again * 1000:.0f} ms", "", "50 ms", again <= 0.05),
    ]


def _alone(body: bytes) -> float:
    import feedparser

    return timed(lambda: feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False))


def _ingest(shop: Shop, url: str) -> tuple[float, float]:
    """A new library each round: everything is unknown to it."""
    library_id = Seeded(shop, []).library_id
    feed = add(db.session.get_one(Library, library_id), url, "Catalog", OUTREACH, clock.now())
    reach, feed_id = Reach(allow_hosts=("127.0.0.0/8",)), feed.id
    db.session.remove()
    first = timed(lambda: ingest_feed(feed_id, reach, clock.now()))
    _check(library_id)
    with writing() as session:
        session.get_one(Feed, feed_id).next_check_at = clock.now() - timedelta(seconds=1)
    db.session.remove()
    return first, timed(lambda: ingest_feed(feed_id, reach, clock.now()))


def _check(library_id: int) -> None:
    stored = db.session.scalar(select(func.count()).where(Title.library_id == library_id))
    if stored != ITEMS:
        raise RuntimeError(f"{stored} titles were stored")
    db.session.remove()


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def served(body: bytes) -> Iterator[str]:
    """Over loopback, without ETag: the second fetch has to see for itself that nothing changed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/cgi-bin/koha/opac-search.pl?format=rss"
        server.shutdown()
