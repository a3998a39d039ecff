"""Which links lead nowhere: asked in the background, known for an hour. No page waits for it.

    seen for the second time -> HEAD -> (it says no) GET -> 404, 410, or no such server: dead

A link is asked when it is seen twice, so that nobody is asked for the half of one that is being typed. Whatever else
happens (a firewall, a slow server, a page that needs a sign-in) says nothing about what readers will see.
"""

from __future__ import annotations

import socket
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from outreach import clock
from outreach.channels.guard import Reach

KNOWN_FOR = timedelta(hours=1)
SECONDS = 3.0  # for one link, with its redirects
MOST_BYTES = 65_536
MOST_LINKS, MOST_KNOWN, MOST_WAITING, AT_ONCE = 100, 2_000, 20, 2
GONE = (404, 410)
NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5))  # and not EAI_AGAIN: we are offline ourselves


@dataclass(frozen=True)
class Known:
    at: datetime
    dead: bool | None  # None: seen, not asked yet


class DeadLinks:
    """Of one process. `now` is its clock."""

    def __init__(self, reach: Reach, now: Callable[[], datetime] = clock.now) -> None:
        self.reach, self.now = reach, now
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._asking: set[str] = set()
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None

    def among(self, links: Iterable[str], *, typed: bool = False) -> frozenset[str]:
        """Those that are known to be dead. Begins to ask for what is not known; `typed`: not before it comes again."""
        dead = set()
        with self._lock:
            for link in list(links)[:MOST_LINKS]:
                known = self._fresh(link)
                if known and known.dead:
                    dead.add(link)
                elif known is None and typed:
                    self._keep(link, None)
                elif known is None or known.dead is None:
                    self._begin(link)
        return frozenset(dead)

    def _fresh(self, link: str) -> Known | None:
        known = self._known.get(link)
        return known if known and self.now() - known.at < KNOWN_FOR else None

    def _keep(self, link: str, dead: bool | None) -> None:
        self._known[link] = Known(self.now(), dead)
        self._known.move_to_end(link)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def _begin(self, link: str) -> None:
        if link in self._asking or len(self._asking) >= MOST_WAITING:
            return
        self._asking.add(link)
        self._pool = self._pool or ThreadPoolExecutor(AT_ONCE, "links")
        self._pool.submit(self._ask, link)

    def _ask(self, link: str) -> None:
        dead = False
        try:
            dead = is_dead(self.reach, link)
        finally:
            with self._lock:
                self._asking.discard(link)
                self._keep(link, dead)


def is_dead(reach: Reach, link: str) -> bool:
    """HEAD, and GET where that says no: some servers know no HEAD. Raises nothing."""
    from outreach.channels.http import GuardedSession, Unreachable  # heavy, and not needed by every process

    try:
        with GuardedSession(reach, SECONDS, MOST_BYTES) as client:
            if client.head(link, allow_redirects=True).status_code < 400:
                return False
            return client.get(link).status_code in GONE
    except Unreachable as failure:
        if reach.https_proxy:
            return False  # behind a proxy many names are unknown here
        return failure.cause == "name" and any(f"[Errno {code}]" in failure.diagnosis for code in NO_SUCH_NAME)
    except Exception:  # an address that no library can read
        return False
