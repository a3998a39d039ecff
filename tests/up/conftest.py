"""`outreach up` as a process of its own, over a Procfile of toys."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from own_process import free_port

from outreach.up import holders
from outreach.up.redis import remove_folder

TOYS = Path(__file__).parent / "toys"
PROCFILE = 'web: exec "$PYTHON" -u "$TOYS/web.py"\nworker: exec "$PYTHON" -u "$TOYS/toy.py" worker\n'
DRIVER = """
import importlib, json, os, sys
from pathlib import Path
from outreach import config, up
for name, value in json.loads(os.environ["SHORTER"]).items():
    module, _, constant = name.partition(".")
    setattr(importlib.import_module("outreach.up." + module), constant, value)
told = Path(os.environ["OUTREACH_HOME"], "ready")
sys.exit(up.run(config.load(), migrate=json.loads(os.environ["MIGRATE"]), procfile=Path(sys.argv[1]),
                on_ready=told.write_text))
"""


class Up:
    """One supervisor; its verbs are what a person, or bad luck, does to it."""

    def __init__(self, home: Path, procfile: str, migrate: list[str], shorter: dict[str, float], **env: str) -> None:
        self.home = home
        (home / "Procfile").write_text(procfile)
        self.log_file = home / f"log-{time.monotonic_ns()}"
        self.environ = {
            **os.environ,
            "OUTREACH_HOME": str(home),
            "OUTREACH_PORT": str(free_port()),
            "PYTHONPATH": str(TOYS.parents[2]),  # a checkout that is not installed can be tested, too
            "PYTHON": sys.executable,
            "TOYS": str(TOYS),
            "MIGRATE": json.dumps(migrate),
            "SHORTER": json.dumps({"restart.FIRST": 0.1, **shorter}),
            **env,
        }
        (home / "ready").unlink(missing_ok=True)
        with self.log_file.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", DRIVER, str(home / "Procfile")],
                env=self.environ,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    @property
    def url(self) -> str:
        return (self.home / "ready").read_text()

    @property
    def socket(self) -> Path:
        return Path(json.loads((self.home / "up.lock").read_text())["folder"]) / "redis.sock"

    def until(self, what: Callable[[], object], seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, f"it did not come to pass; the log:\n{self.log}"
            time.sleep(0.02)

    def until_ready(self) -> Up:
        self.until(lambda: (self.home / "ready").exists() and self.url)
        return self

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def pid(self, name: str) -> int:
        """The latest process of this name; a toy writes its own, Redis is known by its program."""
        if name == "redis":
            return next(c.pid for c in self.children() if "-server" in c.name())
        return int((self.home / f"{name}.pids").read_text().split()[-1])

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def ends(self, seconds: float = 30.0) -> int:
        return self.process.wait(seconds)

    @staticmethod
    def left_of(processes: list[psutil.Process]) -> list[psutil.Process]:
        return [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]

    def clean_up(self) -> None:
        """Only what holds the lock of this test's own folder, or is our child."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        lock = self.home / "up.lock"
        for holder in holders.of(lock) if lock.exists() else []:
            with contextlib.suppress(ProcessLookupError):
                os.kill(holder.pid, signal.SIGKILL)
        with contextlib.suppress(OSError, ValueError, KeyError):
            remove_folder(self.socket.parent)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    """Starts a supervisor over toys; ends it and its children afterwards, whatever the test did."""
    started: list[Up] = []

    def start(procfile: str = PROCFILE, migrate: tuple[str, ...] = (), shorter: dict[str, float] | None = None, **env):
        started.append(Up(tmp_path, procfile, list(migrate), shorter or {}, **env))
        return started[-1]

    yield start
    for one in started:
        one.clean_up()
