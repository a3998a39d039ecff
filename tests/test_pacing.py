"""Our own pace, kept in a real Redis: shared by all workers, the server first, and no Redis is no reason to wait."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from outreach.channels.pace import Left
from outreach.pacing import RedisPace
from outreach.up import redis

RATE = {"account:1": (3, 60.0)}


def a_moment() -> datetime:
    """Now, since Redis forgets by its own clock."""
    return datetime.now(UTC).replace(microsecond=0)


class Server:
    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.url = f"unix://{socket}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = redis.arguments(redis.find_server(os.environ), self.socket)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ends_at = monotonic() + 20
        while not redis.answers(self.socket):
            assert monotonic() < ends_at, "Redis did not start"

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def server() -> Iterator[Server]:
    with redis.short_folder() as folder:
        made = Server(folder / redis.SOCKET)
        made.start()
        yield made
        made.kill()


def test_a_bucket_that_is_empty_says_when_there_is_one_more(server: Server) -> None:
    noon = a_moment()
    pace = RedisPace(server.url)
    assert [pace.take(RATE, noon) for _ in range(3)] == [None] * 3
    assert pace.take(RATE, noon) == noon + timedelta(seconds=20)
    assert pace.take(RATE, noon + timedelta(seconds=19)) is not None
    assert pace.take(RATE, noon + timedelta(seconds=20)) is None


def test_all_workers_share_it(server: Server) -> None:
    """Each thread stands for a worker with a connection of its own."""
    noon = a_moment()
    paces = [RedisPace(server.url) for _ in range(8)]
    rate = {"account:1": (50, 3_600.0)}
    with ThreadPoolExecutor(8) as pool:
        went = list(pool.map(lambda n: paces[n % 8].take(rate, noon) is None, range(200)))
    assert went.count(True) == 50


def test_what_one_bucket_refuses_costs_the_other_nothing(server: Server) -> None:
    noon = a_moment()
    pace = RedisPace(server.url)
    both = {"account:1": (1, 60.0), "server:a": (10, 60.0)}
    assert pace.take(both, noon) is None
    assert [pace.take(both, noon) is None for _ in range(5)] == [False] * 5
    other = {"account:2": (100, 60.0), "server:a": (10, 60.0)}
    assert [pace.take(other, noon) is None for _ in range(10)] == [True] * 9 + [False]


def test_the_servers_own_word_comes_first(server: Server) -> None:
    noon = a_moment()
    pace = RedisPace(server.url)
    ends = noon + timedelta(minutes=4)
    pace.hear("account:1", Left(2, 300, ends))
    assert pace.told("account:1", noon) == Left(2, 300, ends)
    many = {"account:1": (1_000, 60.0)}
    assert [pace.take(many, noon) for _ in range(3)] == [None, None, ends]
    assert pace.take(many, ends + timedelta(seconds=1)) is None
    assert pace.told("account:1", ends + timedelta(seconds=1)) is None


def test_without_redis_everybody_goes_and_nobody_waits_for_it(server: Server) -> None:
    noon = a_moment()
    pace = RedisPace(server.url)
    for _ in range(4):
        pace.take(RATE, noon)
    server.kill()
    began = monotonic()
    assert [pace.take(RATE, noon) for _ in range(20)] == [None] * 20
    assert monotonic() - began < 2


def test_it_is_polite_again_when_redis_is_back(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = a_moment()
    monkeypatch.setattr("outreach.pacing.REST", 0.0)
    pace = RedisPace(server.url)
    server.kill()
    assert pace.take(RATE, noon) is None
    server.start()
    assert [pace.take(RATE, noon) is None for _ in range(4)] == [True, True, True, False]
