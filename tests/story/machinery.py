"""Redis, workers and beats as real processes on one database: `with Machinery(home, url) as machinery:`."""

from __future__ import annotations

import json
import os
import resource
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from own_process import free_port

from outreach.up import redis
from outreach.up.surroundings import processes

LAUNCHER = Path(__file__).with_name("launch.py")
T = TypeVar("T")

# One call 3 s, a lease longer than that, and every wait in between a few seconds.
SHORT = {
    "outreach.channels.mastodon_client.CALL_SECONDS": 3.0,
    "outreach.channels.mastodon.CALL_SECONDS": 3.0,
    "outreach.channels.api.CALL_SECONDS": 3.0,
    "outreach.channels.bluesky_client.CALL_SECONDS": 3.0,
    "outreach.channels.mastodon_media.CALL_SECONDS": 3.0,
    "outreach.posts.publish.LEASE": 3.5,
    "outreach.posts.errands.LEASE": 3.5,
    "outreach.posts.errands.TELL_AGAIN": 1.0,
    "outreach.posts.reconcile.FIRST_LOOK": 0.5,
    "outreach.posts.reconcile.BETWEEN": 1.0,
    "outreach.posts.reconcile.STUCK": 6.0,
    "outreach.posts.dispatch.TELL_AGAIN": 1.0,
    "outreach.posts.dispatch.SPACING": 1.0,
    "outreach.posts.outcome.BACK_OFF": 2.0,
    "outreach.posts.errands.BACK_OFF": 2.0,
}
TICKS = {"dispatch": 0.5, "reconcile": 0.5}


def wait_until(check: Callable[[], T], seconds: float = 30.0) -> T:
    """What `check` gives as soon as it is true; fails with its last value when the time is over."""
    ends_at = time.monotonic() + seconds
    while not (value := check()):
        assert time.monotonic() < ends_at, f"after {seconds:g} s still {value!r}: {check.__qualname__}"
        time.sleep(0.05)
    return value


class Process:
    """One process of ours; it can be started again."""

    def __init__(self, words: list[str], env: Mapping[str, str], log: Path) -> None:
        self.words, self.env, self.log = [sys.executable, str(LAUNCHER), *words], env, log
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    def start(self) -> Process:
        assert not self.lives()
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self.words,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def lives(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def ended(self) -> int | None:
        return self._child.poll() if self._child else None

    def wait_for_death(self) -> None:
        """It shall have been killed, and not have ended by itself."""
        assert self._child is not None
        assert self._child.wait(30) == -signal.SIGKILL

    def wake(self) -> None:
        """After it was made to stand still."""
        os.kill(self.pid, signal.SIGCONT)

    def fill_disk(self) -> None:
        """No file of it may grow, as on a full disk."""
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))

    def make_room(self) -> None:
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()


class Machinery:
    def __init__(self, home: Path, database_url: str, times: Mapping[str, float] | None = None) -> None:
        """`times` None: the times of every day."""
        self.home, self.database_url = home, database_url
        self.accidents = home / "accidents"
        self.accidents.mkdir(parents=True)
        self.environ = {
            "OUTREACH_HOME": str(home),
            "DATABASE_URL": database_url,
            "OUTREACH_ALLOW_HOSTS": "127.0.0.0/8,localhost",
            "OUTREACH_PUBLIC_URL": f"http://127.0.0.1:{free_port()}",  # where a network fetches our pictures
        }
        self._own = {} if times is None else {"STORY_TIMES": json.dumps(times), "STORY_TICKS": json.dumps(TICKS)}
        self._all: list[Process] = []
        self._stack = ExitStack()

    def __enter__(self) -> Machinery:
        self.socket = self._stack.enter_context(redis.short_folder()) / redis.SOCKET
        self.redis_url = self.environ["REDIS_URL"] = f"unix://{self.socket}"
        self.redis = self._process("redis", redis.arguments(redis.find_server(os.environ), self.socket))
        self.beat, self.worker = self.make("beat"), self.make("worker")
        self.start_redis()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self._all):
            process.kill()
        self._stack.close()

    def make(self, role: str) -> Process:
        """Another worker or beat, by the command of the Procfile; not started yet."""
        words = shlex.split(processes()[role])
        assert words[:2] == ["exec", "celery"]
        return self._process(role, words[1:])

    def _process(self, name: str, words: list[str]) -> Process:
        env = {**os.environ, **self.environ, **self._own, "STORY_ACCIDENTS": str(self.accidents)}
        made = Process(words, env, self.home / f"{name}-{len(self._all)}.log")
        self._all.append(made)
        return made

    def start_redis(self) -> None:
        self.redis.start()
        wait_until(lambda: redis.answers(self.socket))

    def start(self) -> None:
        """Beat and worker, where they do not run, and whatever a test did to them is over."""
        for process in (self.beat, self.worker):
            if process.lives():
                process.make_room()
                process.wake()
            else:
                process.start()

    def stop(self) -> None:
        self.beat.kill()
        self.worker.kill()

    def outreach(self, *words: str, preamble: str = "") -> subprocess.CompletedProcess[str]:
        """The command line; `preamble` is Python that runs before it."""
        return subprocess.run(
            [sys.executable, "-c", f"{preamble}\nfrom outreach.cli import main; main()", *words],
            env={**os.environ, **self.environ},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def arm(self, point: str, act: str = "die") -> Path:
        """The next worker that comes to `point` meets with `act` (see launch.py). The file goes when it does."""
        draft, armed = self.accidents / f".{point}", self.accidents / point
        draft.write_text(act)
        return draft.rename(armed)
