"""10,000 deliveries due at one instant over 100 accounts: one worker process, two, and a plain loop of Mastodon.py.

PostgreSQL, servers that answer after 100 ms, 32 threads in each process. The accounts are on 20 servers, so that eight
calls at a time to each are more than the threads of both processes. Each is measured twice, before and after the
others, and the faster counts: a machine that does other things as well has slow minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outreach.up import surroundings
from tests.bench.burst import last_late
from tests.bench.crew import Crew, running
from tests.bench.network import Network
from tests.bench.plain import last_after
from tests.bench.table import Row

ACCOUNTS, SERVERS, POSTS, SECONDS = 100, 20, 100, 0.1
TOTAL = ACCOUNTS * POSTS
BESIDE_PLAIN, BESIDE_ONE = 0.75, 1.4


def rows(home: Path, url: str) -> list[Row]:
    with Network(SERVERS, SECONDS) as network, Crew(home / "great", url) as crew:
        places = [network.servers[n % SERVERS] for n in range(ACCOUNTS)]

        def plain() -> float:
            return TOTAL / last_after(network, TOTAL, places)

        def ours() -> float:
            return TOTAL / last_late(crew, network, places, POSTS)

        last_late(crew, network, places, 1)
        loop, one = [plain()], [ours()]
        with second_worker(crew):
            last_late(crew, network, places, 2)  # both are warm
            two = max(ours(), ours())
        return _rows(two, max(*one, ours()), max(*loop, plain()))


@contextmanager
def second_worker(crew: Crew) -> Iterator[None]:
    command = ["/bin/sh", "-c", surroundings.processes()["worker"]]
    with (crew.home / "second.log").open("wb") as log, running(command, crew.env, log):
        yield


def _rows(two: float, one: float, plain: float) -> list[Row]:
    return [
        Row(
            f"{TOTAL:,} at one instant over {ACCOUNTS} accounts, two workers of 32 threads, PostgreSQL",
            f"{two:.0f} a second",
            f"plain loop, 32 threads {plain:.0f}; ratio {two / plain:.2f}",
            f"ratio {BESIDE_PLAIN}",
            two / plain >= BESIDE_PLAIN,
        ),
        Row(
            "the same with one worker",
            f"{one:.0f} a second",
            f"two are {two / one:.2f} x one",
            f"{BESIDE_ONE} x",
            two / one >= BESIDE_ONE,
        ),
    ]
