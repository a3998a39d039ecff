"""The children of one run, by the order in which they come and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from outreach.up import redis
from outreach.up.child import Child

LAST_SEND = 45.0  # seconds the worker gets to finish what it is sending
GRACE = 5.0  # and everybody else


class Crew:
    def __init__(
        self,
        processes: Mapping[str, str],
        *,
        migrate: Sequence[str],
        socket: Path | None,
        env: Mapping[str, str],
        lock: int,
    ) -> None:
        """``socket`` is where Redis shall listen; None: it runs elsewhere."""

        def child(name: str, command: Sequence[str]) -> Child:
            return Child(name, command, env=env, lock=lock, grace=LAST_SEND if name == "worker" else GRACE)

        self.socket = socket
        self.redis = [child("redis", redis.arguments(redis.find_server(env), socket))] if socket else []
        self.migrate = [child("migrate", migrate)] if migrate else []
        self.staff = [child(name, ["/bin/sh", "-c", command]) for name, command in processes.items()]

    @property
    def first(self) -> list[Child]:
        """Neither needs the other."""
        return [*self.redis, *self.migrate]

    @property
    def before_redis(self) -> list[Child]:
        """Who must be gone before Redis goes."""
        return [*self.migrate, *self.staff]

    @property
    def lasting(self) -> list[Child]:
        """Who is started again when it ends."""
        return [*self.redis, *self.staff]

    @property
    def everybody(self) -> list[Child]:
        return [*self.redis, *self.migrate, *self.staff]
