"""2,000 deliveries on four networks while workers, beats, Redis and the ways to the servers are killed and broken.

    real Redis, two workers, two beats, mastodon-mock, the real Bluesky server, fakes of Facebook and LinkedIn
    -> copies, lost, asked, time to recover; exit code 1 for a copy too many or a delivery lost

Bounded: it ends by itself after about ten minutes, whatever happens.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median

from channels.kits.all import KITS, started
from channels.kits.base import Kit
from conftest import Databases
from faults import FaultProxy
from machinery import SHORT, Machinery
from mastodon_server import MastodonServer
from sqlalchemy import select
from story_desk import SETTLED, Desk, ForgetfulProxy

from outreach.models import Delivery
from soak.chaos import Chaos

NETWORKS = ("mastodon", "bluesky", "facebook", "linkedin")
CALM = 120.0  # seconds after the last accident in which all must be settled
HURRY = {"outreach.pacing.HASTE": 1_000}


@dataclass(frozen=True)
class Place:
    kit: Kit
    proxy: FaultProxy
    account: int


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.soak")
    asked.add_argument("--seconds", type=float, default=450, help="of accidents")
    asked.add_argument("--posts", type=int, default=2_000)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    given = asked.parse_args()
    print(
        f"seed {given.seed}, {given.posts} deliveries, {given.seconds:.0f} s of accidents, {given.database}", flush=True
    )
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as home, ExitStack() as stack:
        databases = Databases(Path(home))
        stack.callback(databases.close)
        machinery = stack.enter_context(Machinery(Path(home) / "soak", databases.fresh(given.database), SHORT | HURRY))
        desk, places = stack.enter_context(opened(machinery))
        return soak(machinery, desk, places, given.seed, given.posts, given.seconds)


@contextmanager
def opened(machinery: Machinery) -> Iterator[tuple[Desk, list[Place]]]:
    with ExitStack() as stack:
        server = stack.enter_context(MastodonServer())
        desk = Desk(machinery, server, stack.enter_context(ForgetfulProxy(server.port)))
        stack.callback(desk.close)
        kits = [stack.enter_context(started(network)) for network in NETWORKS if network in KITS]
        for kit in kits:
            kit.fresh()
        proxies = [stack.enter_context(FaultProxy(kit.port)) for kit in kits]
        yield desk, [Place(k, p, desk.connect_to(k, p.url)) for k, p in zip(kits, proxies, strict=True)]


def soak(machinery: Machinery, desk: Desk, places: list[Place], seed: int, posts: int, seconds: float) -> int:
    workers, beats = [machinery.worker, machinery.make("worker")], [machinery.beat, machinery.make("beat")]
    for process in (*workers, *beats):
        process.start()
    chaos = Chaos(seed, machinery, workers, beats, [(p.proxy, p.kit.publishes) for p in places])
    chaos.start()
    ends_at = time.monotonic() + seconds
    ids = [desk.schedule(account=places[n % len(places)].account) for n in _spread(posts, seconds * 0.9)]
    while time.monotonic() < ends_at:
        time.sleep(0.5)
    chaos.stop()
    took = _until_settled(desk, ids)
    return told(desk, places, ids, chaos, took)


def _spread(posts: int, seconds: float) -> Iterator[int]:
    began = time.monotonic()
    for n in range(posts):
        time.sleep(max(0.0, began + seconds * n / posts - time.monotonic()))
        yield n


def _until_settled(desk: Desk, ids: list[int]) -> float:
    """Seconds from the end of the accidents until nothing is under way any more; at most CALM."""
    began = time.monotonic()
    while time.monotonic() - began < CALM and _open(desk, ids):
        time.sleep(1)
    return time.monotonic() - began


def _open(desk: Desk, ids: list[int]) -> list[Delivery]:
    """Neither out, nor with a person."""
    with desk.reading() as session:
        rows = list(session.scalars(select(Delivery).where(Delivery.id.in_(ids), Delivery.state.not_in(SETTLED))))
        return [d for d in rows if not (d.state == "unclear" and d.asked_at)]


def told(desk: Desk, places: list[Place], ids: list[int], chaos: Chaos, took: float) -> int:
    standing = Counter(_words(one.text) for place in places for one in place.kit.standing())
    with desk.reading() as session:
        rows = {d.id: d for d in session.scalars(select(Delivery).where(Delivery.id.in_(ids)))}
    copies = {n: standing[desk.written[n]] for n in ids}
    twice = [n for n in ids if copies[n] > 1]
    left = {d.id for d in _open(desk, ids)}
    out = [n for n in ids if rows[n].state == "published"]
    asked = [n for n in ids if rows[n].state != "published" and n not in left]
    lost = [n for n in out if copies[n] == 0] + sorted(left)
    print(f"accidents: {len(chaos.happened)}: {dict(Counter(what for _, what in chaos.happened).most_common())}")
    print(f"copies: {dict(sorted(Counter(copies.values()).items()))}   (how often it stands there: of how many)")
    print(f"out: {len(out)}, asked: {len(asked)}, lost: {len(lost)}, twice: {len(twice)}")
    print(f"asked about, by state: {dict(Counter(rows[n].state for n in asked))}")
    print(f"time to recover, from the death of a worker to the next message out: {_recovered(rows, chaos)}")
    print(f"settled {took:.0f} s after the last accident")
    for n in (*twice, *lost):
        print(f"  {n}: {rows[n].state}, {copies[n]} copies, {_in_short(desk.tried(n))}")
    return 1 if twice or lost else 0


def _in_short(tried: list[str]) -> str:
    """What was tried, in order; the same several times in a row once."""
    return ", ".join(f"{len(list(same))} x {what}" for what, same in groupby(tried))


def _words(text: str) -> str:
    return " ".join(text.split())


def _recovered(rows: dict[int, Delivery], chaos: Chaos) -> str:
    out = sorted(d.published_at.timestamp() for d in rows.values() if d.published_at)
    deaths = [at for at, what in chaos.happened if what == "worker killed"]
    waits = [next((moment for moment in out if moment > at), at) - at for at in deaths]
    return f"median {median(waits):.1f} s, longest {max(waits):.1f} s, of {len(waits)}" if waits else "no worker died"


if __name__ == "__main__":
    sys.exit(main())
