"""One `outreach up` per instance folder.

The lock belongs to the open file, and the children inherit it: it is free when the supervisor *and* all its
children are gone. So a second supervisor can tell the two cases apart that a pid file mixes up: the first one
still runs (refuse, by name), or it was killed and left children behind (end them, go on).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from outreach.up import CannotStart, holders
from outreach.up.redis import SOCKET, remove_folder

NAME = "up.lock"
TRIES = 20


class Lock:
    def __init__(self, home: Path) -> None:
        self.path = home / NAME
        self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def free(self) -> bool:
        """Take it, if nobody has it."""
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def write(self, *, url: str, folder: Path) -> None:
        """For the next one who finds it taken."""
        text = json.dumps({"pid": os.getpid(), "url": url, "folder": str(folder)})
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text.encode(), 0)

    def read(self) -> dict[str, object]:
        """What its holder wrote; empty when it was just taken and nothing is written yet."""
        with contextlib.suppress(ValueError):
            told = json.loads(self.path.read_text(encoding="utf-8"))
            if isinstance(told, dict):
                return told
        return {}


@contextmanager
def held(home: Path, say: Callable[[str], None], grace: float) -> Iterator[Lock]:
    """The lock, held until every process that inherited it has ended.

    1. Free: it is ours.
    2. Its supervisor lives: refuse, and name it.
    3. Orphans of a killed supervisor hold it: name them, end them (``grace`` seconds for a last send), try again.
    4. Somebody else holds it: refuse, and name them.
    """
    lock = Lock(home)
    try:
        for _ in range(TRIES):
            if lock.free():
                break
            _make_way(lock, home, say, grace)
        else:
            raise CannotStart(f"{lock.path} is in use by a process that cannot be seen from here. End it first.")
        remove_folder(Path(str(lock.read().get("folder", ""))))
        yield lock
    finally:
        os.close(lock.descriptor)


def _make_way(lock: Lock, home: Path, say: Callable[[str], None], grace: float) -> None:
    told, found = lock.read(), holders.of(lock.path)
    folder = str(told.get("folder", ""))
    if told.get("pid") in {holder.pid for holder in found} or not holders.PROC.is_dir():
        raise CannotStart(_already(f"process {told.get('pid', 'unknown')}", str(told.get("url", ""))))
    left = holders.orphans(found, home, folder)
    if others := [holder for holder in found if holder not in left]:
        raise CannotStart(_already(f"process {others[0].name}"))
    if left:
        say(f"An earlier run was killed and left processes behind: {', '.join(h.name for h in left)}. Ending them.")
        holders.end(left, lock.path, grace)
    else:
        time.sleep(holders.TURN)  # its holder ended between our two looks


def _already(who: str, url: str = "") -> str:
    where = f", {url}" if url else ""
    return f"Outreach is already running here: {who}{where}. Stop it there first."


def running_at(home: Path) -> str:
    """The address of what runs here now; empty if nothing does."""
    return _told(home).get("url", "")


def redis_at(home: Path) -> str:
    """The address of the Redis-protocol server that it started; empty if nothing runs here."""
    folder = _told(home).get("folder", "")
    return f"unix://{Path(folder, SOCKET)}" if folder else ""


def _told(home: Path) -> dict[str, str]:
    """What whoever runs here now wrote; empty if nothing does."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        told = json.loads((home / NAME).read_text(encoding="utf-8"))
        os.kill(int(told["pid"]), 0)
        return {name: str(value) for name, value in told.items()}
    return {}
