"""At most eight calls in flight per server, so that one that hangs cannot fill the pool.

Feeds, looks and checks have a lane each, for the same reason: publishing always finds a thread.

A ninth does not wait in its thread: it stays in the lane of its server and is taken by the thread that comes
back first. If this process dies, what lay in a lane still is `queued` in the database and is told again.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from outreach.posts.dispatch import IN_FLIGHT

log = logging.getLogger(__name__)
_lock = threading.Lock()
_active: dict[str, int] = defaultdict(int)
_lanes: dict[str, dict[int | str, None]] = defaultdict(dict)  # a dict keeps order and drops doubles


def run(ids: Sequence[int | str], server: str | None, job: Callable[[Any], None]) -> None:
    """Do `job` for each now, or leave them in the lane. None as server: there is nothing to wait for."""
    if server is None:
        for one in ids:
            _do(job, one)
        return
    with _lock:
        _lanes[server].update(dict.fromkeys(ids))
        if _active[server] >= IN_FLIGHT:
            return
        _active[server] += 1
    while (current := _next(server)) is not None:
        _do(job, current)


def _do(job: Callable[[Any], None], one: int | str) -> None:
    try:
        job(one)
    except Exception:
        log.exception("job %s", one)


def _next(server: str) -> int | str | None:
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
