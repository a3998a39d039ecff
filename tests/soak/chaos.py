"""What breaks, and when: drawn from a seed, so that a run can be had again (as far as processes keep time)."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from channels.kits.broken import BROKEN, spelled
from faults import FaultProxy
from machinery import Machinery, Process

from outreach import clock
from outreach.up import redis

LEFT_OUT = ("401", "429 with a date")  # a dead token stops the account; a date far ahead is waited for a day
PAUSE = (0.5, 3.0)  # seconds between two accidents


class Chaos(threading.Thread):
    """From `start` until `stop`; afterwards everything works again."""

    def __init__(
        self,
        seed: int,
        machinery: Machinery,
        workers: list[Process],
        beats: list[Process],
        ways: list[tuple[FaultProxy, tuple[str, str]]],
    ) -> None:
        super().__init__(daemon=True)
        self.random = random.Random(seed)
        self.machinery, self.workers, self.beats, self.ways = machinery, workers, beats, ways
        self.happened: list[tuple[float, str]] = []  # when (time.time), what
        self._over = threading.Event()
        acts: list[tuple[int, Callable[[], str]]] = [
            (4, self._kill_worker),
            (1, self._kill_beat),
            (2, self._kill_redis),
            (2, self._stand_still),
            (8, self._break_a_call),
            (2, self._nobody_listens),
        ]
        self._acts = [act for weight, act in acts for _ in range(weight)]

    def run(self) -> None:
        while not self._over.wait(self.random.uniform(*PAUSE)):
            self.happened.append((time.time(), self.random.choice(self._acts)()))

    def stop(self) -> None:
        self._over.set()
        self.join(30)
        for proxy, _ in self.ways:
            proxy.clear()
        for process in (*self.workers, *self.beats):
            with suppress(ProcessLookupError, AssertionError):
                process.wake()
            if not process.lives():
                process.start()
        if not redis.answers(self.machinery.socket):
            self.machinery.redis.kill()
            self.machinery.start_redis()

    def _kill_worker(self) -> str:
        self._again(self.random.choice(self.workers), self.random.uniform(0, 2))
        return "worker killed"

    def _kill_beat(self) -> str:
        self._again(self.random.choice(self.beats), self.random.uniform(0, 3))
        return "beat killed"

    def _again(self, process: Process, after: float) -> None:
        process.kill()
        time.sleep(after)
        process.start()

    def _kill_redis(self) -> str:
        self.machinery.redis.kill()
        time.sleep(self.random.uniform(0, 2))
        self.machinery.start_redis()
        return "redis killed"

    def _stand_still(self) -> str:
        """Longer than the lease, now and then: another one takes over, and this one wakes."""
        worker = self.random.choice(self.workers)
        if worker.lives():
            os.kill(worker.pid, signal.SIGSTOP)
            time.sleep(self.random.uniform(0.5, 6))
            worker.wake()
        return "worker stood still"

    def _break_a_call(self) -> str:
        proxy, (method, path) = self.random.choice(self.ways)
        kind = self.random.choice([name for name in BROKEN if name not in LEFT_OUT] + ["hang", "hang, not stored"])
        if kind.startswith("hang"):
            proxy.arm("hang", method=method, path=path, seconds=20, forward=kind == "hang")
        else:
            fault, more, _ = BROKEN[kind]
            once = self.random.randint(1, 4)
            again = clock.now() + timedelta(seconds=self.random.randint(1, 5))
            proxy.arm(fault, method=method, path=path, once=once, **spelled(more, again))
        return kind

    def _nobody_listens(self) -> str:
        proxy, _ = self.random.choice(self.ways)
        proxy.refuse()
        time.sleep(self.random.uniform(0.5, 3))
        proxy.accept()
        return "nobody listens"
