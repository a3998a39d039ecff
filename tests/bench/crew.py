"""Valkey, worker and beat as `outreach up` starts them, over a database of their own: `with Crew(home) as crew:`.

A web server only with a port, for networks that fetch pictures from us: nobody looks at pages while these figures are
measured. `memory.py` starts all of `outreach up`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from flask import Flask

from outreach import clock, create_app
from outreach.config import load
from outreach.db import db
from outreach.migrate import upgrade
from outreach.models import Heartbeat
from outreach.shop import Shop
from outreach.up import redis, surroundings
from tests.bench.network import until


class Crew(AbstractContextManager["Crew"]):
    def __init__(self, home: Path, database_url: str = "", port: int = 0) -> None:
        self.home, self.port = home, port
        environ = {**os.environ, "OUTREACH_HOME": str(home), "DATABASE_URL": database_url, "REDIS_URL": ""}
        self._around = {"OUTREACH_ALLOW_HOSTS": "127.0.0.0/8", "HTTPS_PROXY": ""}
        if port:
            self._around["OUTREACH_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
        self.config = load(environ | self._around)
        self._stack = ExitStack()

    def __enter__(self) -> Crew:
        with self._stack as stack:
            self.socket = stack.enter_context(redis.short_folder()) / redis.SOCKET
            self.env = self._environ()
            self.app = stack.enter_context(opened(self))
            self._log = stack.enter_context((self.home / "crew.log").open("wb"))
            self._start(stack, redis.arguments(redis.find_server(self.env), self.socket))
            until(lambda: redis.answers(self.socket) or None, 10, "Valkey")
            for name in ("web", "worker", "beat") if self.port else ("worker", "beat"):
                self._start(stack, ["/bin/sh", "-c", surroundings.processes()[name]])
            began = clock.now()
            until(lambda: self._ticked_since(began), 40, "the first tick")
            self._stack = stack.pop_all()
        return self

    @property
    def shop(self) -> Shop:
        made: Shop = self.app.extensions["shop"]
        return made

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _environ(self) -> dict[str, str]:
        env = surroundings.environment(self.config, self.port, f"unix://{self.socket}", os.environ)
        return env | self._around | {"DATABASE_URL": self.config.database_url}

    def _start(self, stack: ExitStack, command: Sequence[str]) -> None:
        stack.enter_context(running(command, self.env, self._log))

    def _ticked_since(self, began: datetime) -> bool | None:
        db.session.rollback()
        tick = db.session.get(Heartbeat, "dispatch", populate_existing=True)
        return True if tick is not None and tick.at > began else None


@contextmanager
def opened(crew: Crew) -> Any:
    """The application over the same database, migrated, with a context for the verbs."""
    app: Flask = create_app(crew.config, pages=False)
    with app.app_context():
        upgrade(db.engine)
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def running(command: Sequence[str], env: dict[str, str], log: IO[bytes]) -> Any:
    """A process, ended afterwards; `exec` in the Procfile makes it one."""
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
