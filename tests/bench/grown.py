"""The worker's memory after 10,000 deliveries, beside what it took before them (its own, PSS)."""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from tests.bench.burst import last_late
from tests.bench.crew import Crew
from tests.bench.memory import _pss
from tests.bench.network import Network
from tests.bench.table import Row

ACCOUNTS, SERVERS, ROUNDS, POSTS = 100, 20, 10, 10
GROWS = 20.0  # MB


def rows(home: Path, url: str) -> list[Row]:
    with Network(SERVERS, 0.02) as network, Crew(home / "grown", url) as crew:
        places = [network.servers[n % SERVERS] for n in range(ACCOUNTS)]
        last_late(crew, network, places, 2)  # every thread has sent, every library is there
        time.sleep(3)
        before = _worker()
        for _ in range(ROUNDS):
            last_late(crew, network, places, POSTS)
        time.sleep(3)
        after = _worker()
    what = f"the worker after {ACCOUNTS * ROUNDS * POSTS:,} deliveries, beside before"
    return [
        Row(what, f"{after - before:+.1f} MB", f"{before:.0f} MB before", f"{GROWS:.0f} MB", after - before <= GROWS)
    ]


def _worker() -> float:
    """MB of the one that this process started."""
    ours = psutil.Process().children(recursive=True)
    (worker,) = [
        one
        for one in ours
        if "workers.app" in " ".join(one.cmdline()) and "celery" in one.cmdline()[0] + one.cmdline()[1]
    ]
    return _pss(worker.pid)
