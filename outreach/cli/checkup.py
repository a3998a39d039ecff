"""The doctor: what is well, what is not, and what to do about it.

    database -> what lies in it, on disk, in Redis      \\
             -> servers, accounts, e-mail: all at once   > ok / NOT / hint, what was found, what to do
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask, current_app

from outreach.cli import checkup_places, checkup_servers, checkup_store, checkup_work
from outreach.cli.finding import Finding, hint, wrong
from outreach.shop import Shop

PATIENCE = 30.0  # seconds for all that others have to answer
HELP = "Run it again. If it stays so, send `outreach doctor --report` to whoever helps you."
Look = Callable[[], list[Finding]]


def findings(shop: Shop, now: datetime, patience: float = PATIENCE) -> list[Finding]:
    found = checkup_store.database(shop)
    if any(not one.well for one in found):
        found.append(hint("the rest", "most of it lies in the database: it is looked at once that is well"))
        asks: list[tuple[str, Look]] = []
    else:
        found += guarded("key", lambda: checkup_store.key(shop))
        found += guarded("publishing", lambda: checkup_work.publishing(shop, now))
        found += guarded("feeds", lambda: checkup_places.feeds(now))
        found += guarded("letters", checkup_servers.letters)
        asks = [*checkup_places.accounts(shop, now), ("clock", lambda: checkup_servers.clock_skew(shop))]
    found += guarded("backups", lambda: checkup_store.backups(shop, now))
    found += guarded("disk", lambda: checkup_store.disk(shop))
    found += guarded("redis", lambda: checkup_work.redis(shop))
    asks += [
        ("e-mail", lambda: checkup_servers.mail_server(shop)),
        ("address", lambda: checkup_servers.public_address(shop)),
    ]
    return found + all_at_once(asks, patience)


def guarded(name: str, look: Look) -> list[Finding]:
    """A check that breaks is a finding, and no end of the others."""
    try:
        return look()
    except Exception as trouble:
        return [wrong(name, f"could not be looked at: {type(trouble).__name__}: {trouble}", HELP)]


def all_at_once(asks: Sequence[tuple[str, Look]], patience: float) -> list[Finding]:
    """In their order. Who has not answered by then is said; nobody waits for them."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    told: dict[int, list[Finding]] = {}

    def look(number: int, name: str, ask: Look) -> None:
        with app.app_context():
            told[number] = guarded(name, ask)

    threads = [threading.Thread(target=look, args=(n, *ask), daemon=True) for n, ask in enumerate(asks)]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + patience
    for thread in threads:
        thread.join(max(ends - time.monotonic(), 0))
    late = f"did not answer within {patience:g} seconds"
    return [
        finding
        for n, (name, _) in enumerate(asks)
        for finding in told.get(n) or [wrong(name, late, "Check whether this computer is online, then run it again.")]
    ]
