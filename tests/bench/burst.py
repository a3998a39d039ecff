"""Many messages due at one instant: when does the last arrive? Beside a plain loop of Mastodon.py, same servers."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from outreach import clock
from tests.bench.crew import Crew
from tests.bench.library import Seeded
from tests.bench.network import Network
from tests.bench.plain import last_after
from tests.bench.table import Row

AHEAD = 7.5  # seconds: more than dispatch looks ahead, and a tick
GOAL = 1.5  # seconds
SLOWEST = 40  # a second: nobody waits longer for all of them


def hundred(crew: Crew, servers: int) -> list[Row]:
    """10 posts to each of 10 accounts."""
    with Network(servers, 0.05) as network:
        places = [network.servers[n % servers] for n in range(10)]
        plain = last_after(network, 100, places)
        ours = last_late(crew, network, places, 10)
    many = f"{servers} servers" if servers > 1 else "one server (8 calls at a time)"
    return [
        Row(
            f"100 to 10 accounts, {many}, 50 ms: the last late by",
            f"{ours:.2f} s",
            f"plain loop {plain:.2f} s",
            f"{GOAL} s",
            ours <= GOAL,
        )
    ]


def thousand(crew: Crew, database: str) -> list[Row]:
    """50 posts to each of 20 accounts on 10 servers; one to each before, as the plain loop makes its clients before."""
    with Network(10, 0.1) as network:
        places = [network.servers[n % 10] for n in range(20)]
        last_late(crew, network, places, 1)
        plain = 1_000 / last_after(network, 1_000, places)
        ours = 1_000 / last_late(crew, network, places, 50)
    return [
        Row(
            f"1,000 at one instant, 100 ms, 32 threads, {database}",
            f"{ours:.0f} a second",
            f"plain loop {plain:.0f}; ratio {ours / plain:.2f}",
            "ratio 0.6",
            ours / plain >= 0.6,
        )
    ]


def last_late(crew: Crew, network: Network, places: Sequence[str], posts: int) -> float:
    """Seconds from the due instant to the last arrival; checks that each came once, none early, and all are settled."""
    network.forget()
    seeded = Seeded(crew.shop, places)
    for n in range(posts):
        seeded.post(f"Post {n}", clock.now() + timedelta(days=1))
    due = clock.now() + timedelta(seconds=AHEAD)
    seeded.all_due(due)
    time.sleep(max(0.0, (due - clock.now()).total_seconds()))
    came = network.wait_for(posts * len(places), max(60, posts * len(places) / SLOWEST))
    _check(came_once=Counter((a.token, a.words) for a in came), early=min(a.at for a in came) - due.timestamp())
    _settled(seeded, posts * len(places))
    return max(a.at for a in came) - due.timestamp()


def _check(came_once: Counter[tuple[str, str]], early: float) -> None:
    if early < 0 or max(came_once.values()) > 1:
        raise RuntimeError(f"early by {-early:.3f} s, or twice: {came_once.most_common(1)}")


def _settled(seeded: Seeded, count: int) -> None:
    ends_at = time.monotonic() + 10
    while (states := seeded.states()) != {"published": count}:
        if time.monotonic() > ends_at:
            raise RuntimeError(f"not all published: {states}")
        time.sleep(0.1)
