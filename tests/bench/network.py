"""The server of `mastodon_api` in a process of its own: `with Network(10, 0.05) as network:`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, TypeVar
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
T = TypeVar("T")


class Arrival(NamedTuple):
    at: float  # seconds, by time.time(): one clock for the whole machine
    token: str
    words: str


class Network(AbstractContextManager["Network"]):
    def __init__(self, servers: int, seconds: float) -> None:
        self._command = [sys.executable, "-m", "tests.bench.mastodon_api", str(servers), str(seconds)]

    def __enter__(self) -> Network:
        self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.servers = [f"http://127.0.0.1:{port}" for port in json.loads(self._process.stdout.readline())]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def arrivals(self) -> list[Arrival]:
        with urlopen(f"{self.servers[0]}/arrivals", timeout=10) as answer:
            return [Arrival(*told) for told in json.load(answer)]

    def forget(self) -> None:
        urlopen(Request(f"{self.servers[0]}/arrivals", method="DELETE"), timeout=10).close()

    def wait_for(self, count: int, seconds: float) -> list[Arrival]:
        """Until so many have come. Until then only their number is asked: what is measured shares the machine."""
        until(lambda: True if self._count() >= count else None, seconds, f"{count} statuses")
        return self.arrivals()

    def _count(self) -> int:
        with urlopen(f"{self.servers[0]}/count", timeout=10) as answer:
            return int(answer.read())


def until(look: Callable[[], T | None], seconds: float, what: str) -> T:
    ends_at = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > ends_at:
            raise RuntimeError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.5)
    return found
