"""At most eight calls in flight per server, so that one that hangs cannot fill the pool.

Feeds, looks and checks have a lane each, for the same reason: publishing always finds a thread.

A ninth does not wait in its thread: it is put into the lane of its server and taken by the thread that comes
back first. If this process dies, what lay in a lane still is `queued` in the database and is told again.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable

IN_FLIGHT = 8

log = logging.getLogger(__name__)
_lock = threading.Lock()
_active: dict[str, int] = defaultdict(int)
_lanes: dict[str, dict[int, None]] = defaultdict(dict)  # a dict keeps order and drops doubles


def run(delivery_id: int, server: str | None, job: Callable[[int], None]) -> None:
    """Do `job` now, or leave it in the lane. None as server: there is nothing to wait for."""
    if server is None:
        job(delivery_id)
        return
    with _lock:
        if _active[server] >= IN_FLIGHT:
            _lanes[server][delivery_id] = None
            return
        _active[server] += 1
    current: int | None = delivery_id
    while current is not None:
        try:
            job(current)
        except Exception:
            log.exception("delivery %s", current)
        current = _next(server)


def _next(server: str) -> int | None:
    """The next in the lane, or give the place back."""
    with _lock:
        lane = _lanes[server]
        if lane:
            delivery_id = next(iter(lane))
            del lane[delivery_id]
            return delivery_id
        _active[server] -= 1
        if not _active[server]:
            del _active[server], _lanes[server]
        return None
