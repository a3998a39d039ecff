"""A server that hangs, with 200 deliveries due, beside another account's delivery: how late is that?"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from outreach import clock
from tests.bench.crew import Crew
from tests.bench.library import Seeded
from tests.bench.network import Network
from tests.bench.table import Row, at

HANGING, OTHERS = 200, 30
GOAL = 1.0  # seconds more than without it
AHEAD = 8.0


def rows(crew: Crew) -> list[Row]:
    with Network(1, 0.05) as network, hanging() as dead:
        alone = _late(crew, network, "Alone")
        stuck = Seeded(crew.shop, [dead] * 10)
        for n in range(HANGING // 10):
            stuck.post(f"Stuck {n}", clock.now() + timedelta(days=1))
        stuck.all_due(clock.now() + timedelta(seconds=3))
        time.sleep(6)  # its calls hang
        beside = _late(crew, network, "Beside")
    more = max(beside) - max(alone)
    return [
        Row(
            f"another account's posts beside {HANGING} to a server that hangs: the latest late by",
            f"{max(beside):.2f} s (median {at(beside, 0.5):.3f})",
            f"alone {max(alone):.2f} s",
            f"{GOAL:.0f} s more",
            more <= GOAL,
        )
    ]


def _late(crew: Crew, network: Network, word: str) -> list[float]:
    network.forget()
    seeded = Seeded(crew.shop, network.servers)
    first = clock.now() + timedelta(seconds=AHEAD)
    due = {f"{word} {n}": first + timedelta(seconds=n * 0.3) for n in range(OTHERS)}
    for words, moment in due.items():
        seeded.post(words, moment)
    time.sleep(max(0.0, (max(due.values()) - clock.now()).total_seconds()))
    return [arrival.at - due[arrival.words].timestamp() for arrival in network.wait_for(OTHERS, 30)]


@contextmanager
def hanging() -> Iterator[str]:
    """It takes the connection and the request, and never answers."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    kept: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                kept.append(listener.accept()[0])
            except OSError:
                return

    threading.Thread(target=take, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    for one in kept:
        one.close()
