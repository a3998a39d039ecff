"""A worker is killed with calls in flight; another one starts at once. With the times of every day."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

from outreach import clock
from tests.bench.table import Row

OTHERS, FOUND, ABSENT = 5.0, 120.0, 240.0


def rows(home: Path) -> list[Row]:
    sys.path.insert(1, str(Path(__file__).parents[1] / "story"))  # behind tests/, which has a conftest of its own
    from conftest import Databases  # of tests/
    from faults import FaultProxy
    from machinery import Machinery
    from mastodon_server import MastodonServer
    from story_desk import STATUSES, Desk, ForgetfulProxy

    databases = Databases(home / "databases")
    url = databases.fresh("sqlite")
    try:
        with MastodonServer() as server, Machinery(home / "killed", url) as machinery:
            machinery.start()
            with ForgetfulProxy(server.port) as network:
                assert isinstance(network, FaultProxy)
                desk = Desk(machinery, server, network)
                warm = desk.schedule()
                desk.wait_for("published", warm, seconds=60)
                network.arm("hang", once=1, path=f"{STATUSES}$", seconds=600)
                network.arm("hang", once=1, path=f"{STATUSES}$", seconds=600, forward=False)
                flying = [desk.schedule() for _ in range(2)]
                _until(lambda: network.sends() >= 3)
                others = [desk.schedule() for _ in range(20)]
                machinery.worker.kill()
                machinery.worker.start()
                back = clock.now()
                told = _watch(desk, flying, others, back)
                desk.close()
    finally:
        databases.close()
    return [
        _row("worker killed while sending: the other posts are out after", told["others"], OTHERS),
        _row("the one in flight that the server has is settled after", told["found"], FOUND),
        _row("the one in flight that it has not is out after", told["absent"], ABSENT),
    ]


def _watch(desk: object, flying: list[int], others: list[int], back: object) -> dict[str, float]:
    told: dict[str, float] = {}
    ends_at = time.monotonic() + 400
    while len(told) < 3 and time.monotonic() < ends_at:
        states = {n: desk.delivery(n).state for n in (*flying, *others)}  # type: ignore[attr-defined]
        since = (clock.now() - back) / timedelta(seconds=1)  # type: ignore[operator]
        if all(states[n] == "published" for n in others):
            told.setdefault("others", since)
        out = sum(states[n] == "published" for n in flying)
        if out >= 1:
            told.setdefault("found", since)
        if out == 2:
            told.setdefault("absent", since)
        time.sleep(0.25)
    return {key: told.get(key, float("inf")) for key in ("others", "found", "absent")}


def _until(check: object) -> None:
    ends_at = time.monotonic() + 60
    while not check():  # type: ignore[operator]
        if time.monotonic() > ends_at:
            raise RuntimeError("the calls did not begin")
        time.sleep(0.05)


def _row(what: str, seconds: float, most: float) -> Row:
    return Row(what, f"{seconds:.1f} s", "from the start of the next worker", f"{most:.0f} s", seconds <= most)
