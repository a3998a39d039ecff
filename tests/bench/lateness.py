"""How late one post comes to its server while the system is idle, beside a bare Celery task with an ETA."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from outreach import clock
from tests.bench.crew import Crew, running
from tests.bench.library import Seeded
from tests.bench.network import Network, until
from tests.bench.table import Row, at

POSTS = 50
APART = 0.43  # seconds: long enough to be alone, and at ever other distances from beat's tick of 2 s
AHEAD = 8.0  # more than dispatch looks ahead


def rows(crew: Crew) -> list[Row]:
    ours, bare = _ours(crew), _bare(crew)
    return [
        Row(
            f"one post, idle: late by, median / p99 of {POSTS}",
            f"{at(ours, 0.5):.3f} / {at(ours, 0.99):.3f} s",
            f"bare Celery ETA {at(bare, 0.5):.3f} / {at(bare, 0.99):.3f} s",
            "0.1 / 0.5 s",
            at(ours, 0.5) <= 0.1 and at(ours, 0.99) <= 0.5,
        ),
        Row("the earliest of them (never before its time)", f"{min(ours):+.3f} s", "", ">= 0", min(ours) >= 0),
    ]


def _ours(crew: Crew) -> list[float]:
    with Network(1, 0.0) as network:
        seeded = Seeded(crew.shop, network.servers)
        first = clock.now() + timedelta(seconds=AHEAD)
        due = {f"Post {n}": first + timedelta(seconds=n * APART) for n in range(POSTS)}
        for words, moment in due.items():
            seeded.post(words, moment)
        time.sleep(max(0.0, (max(due.values()) - clock.now()).total_seconds()))  # no question disturbs it
        return [arrival.at - due[arrival.words].timestamp() for arrival in network.wait_for(POSTS, 15)]


def _bare(crew: Crew) -> list[float]:
    from tests.bench import bare

    told = crew.home / "bare.txt"
    told.touch()
    env = crew.env | {"REDIS_URL": f"unix://{crew.socket}?virtual_host=1"}
    command = "exec celery -q -A tests.bench.bare worker --pool threads --without-gossip --without-mingle"
    bare.celery.conf.broker_url = f"redis+socket://{crew.socket}?virtual_host=1"
    with (crew.home / "bare.log").open("wb") as log, running(["/bin/sh", "-c", command], env, log):
        first = time.time() + AHEAD
        for n in range(POSTS):
            moment = first + n * APART / 4
            bare.note.apply_async((moment, str(told)), eta=datetime.fromtimestamp(moment, UTC))
        return until(lambda: _noted(told), 40, "the bare tasks")


def _noted(told: Path) -> list[float] | None:
    found = [float(line) for line in told.read_text().splitlines()]
    return found if len(found) >= POSTS else None
