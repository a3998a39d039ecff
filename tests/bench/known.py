"""A feed of 50 with 3 new ones, among 200,000 titles that are known, and among 2,000: what the check costs beside
the network and the reading of the feed."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from outreach import clock
from outreach.db import db, writing
from outreach.models import Feed, Title
from outreach.titles.identity import candidate
from outreach.titles.rss.parse import Parsed, parse
from outreach.titles.store import store
from tests.bench.feed import timed
from tests.bench.koha import koha
from tests.bench.stock import Stock, stocked
from tests.bench.table import Row

MANY, FEW, ROUNDS = 200_000, 2_000, 9
OLD, NEW = 47, 3
URL = "https://opac.hillside-school.example.org/cgi-bin/koha/opac-search.pl?format=rss"


def rows(home: Path, database: str, few_url: str = "", many_url: str = "") -> list[Row]:
    with stocked(home / "few", FEW, few_url) as stock:
        few, _ = _measure(stock, FEW)
    with stocked(home / "many", MANY, many_url) as stock:
        many, bare = _measure(stock, MANY)
    return [
        Row(
            f"feed of {OLD + NEW} with {NEW} new among {MANY:,}, {database}: to store it",
            f"{many * 1000:.0f} ms; among {FEW:,} {few * 1000:.0f} ms",
            f"an empty transaction {bare * 1000:.1f} ms; ratio {many / few:.2f}",
            "100 ms, ratio 1.5",
            many <= 0.1 and many / few <= 1.5,
        )
    ]


def _measure(stock: Stock, count: int) -> tuple[float, float]:
    """Medians of the check and of an empty transaction; each round has other titles, as each week has."""
    took, bare = [], []
    for n in range(ROUNDS):
        parsed = _of_round(n, count)
        before = _stored(stock)
        took.append(timed(lambda found=parsed: _check(stock, found)))  # type: ignore[misc]
        if (new := _stored(stock) - before) != NEW:
            raise RuntimeError(f"{new} titles were new")
        bare.append(timed(_nothing))
    return median(took[1:]), median(bare)


def _of_round(n: int, count: int) -> Parsed:
    """47 of the middle of the stock, and three that no round before had."""
    first = count // 2 + n * OLD
    titles = parse(koha(first + OLD, first), "application/rss+xml", URL, clock.now()).titles
    new = parse(koha(count * 2 + n * NEW + NEW, count * 2 + n * NEW), "application/rss+xml", URL, clock.now()).titles
    return Parsed((*new, *titles), (), True)


def _check(stock: Stock, parsed: Parsed) -> None:
    """As `ingest` does once the feed was fetched and read."""
    candidates = [candidate(title) for title in parsed.titles]
    with writing() as session:
        feed = session.get_one(Feed, stock.feeds[0], with_for_update=True)
        feed.baseline_at = feed.baseline_at or stock.now
        store(session, feed, candidates, clock.now())
    db.session.remove()


def _nothing() -> None:
    with writing() as session:
        session.scalar(select(1))
    db.session.remove()


def _stored(stock: Stock) -> int:
    found = db.session.scalar(select(func.count(Title.id)).where(Title.library_id == stock.library_id)) or 0
    db.session.remove()
    return found
