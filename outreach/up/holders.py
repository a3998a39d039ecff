"""Who holds a file open, and which of them an earlier supervisor left behind (Linux; elsewhere nobody is found)."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach.up.surroundings import MARK

PROC = Path("/proc")
TURN = 0.05  # seconds between two looks


@dataclass(frozen=True)
class Holder:
    pid: int
    command: str
    environ: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.pid} ({self.command.strip()[:60] or 'ended'})"


def of(path: Path) -> list[Holder]:
    """The processes, other than ourselves, that have the file open. Other people's cannot be seen."""
    if not PROC.is_dir():
        return []
    wanted = path.stat()
    pids = (int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal())
    return [_describe(pid) for pid in pids if pid != os.getpid() and _holds(pid, wanted)]


def _holds(pid: int, wanted: os.stat_result) -> bool:
    return any((found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino) for found in _open_files(pid))


def _open_files(pid: int) -> Iterator[os.stat_result]:
    with contextlib.suppress(OSError):
        for entry in (PROC / str(pid) / "fd").iterdir():
            with contextlib.suppress(OSError):
                yield entry.stat()


def _describe(pid: int) -> Holder:
    pairs = (word.partition("=") for word in _words(pid, "environ"))
    return Holder(pid, " ".join(_words(pid, "cmdline")), {name: value for name, _, value in pairs})


def _words(pid: int, name: str) -> list[str]:
    try:
        return (PROC / str(pid) / name).read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return []


def orphans(holders: list[Holder], home: Path, folder: str) -> list[Holder]:
    """Those whose supervisor is gone.

    A child carries its supervisor's pid in its environment; Redis overwrites its own environment with its title,
    which names the socket in the temporary folder of that supervisor.
    """
    alive = {str(holder.pid) for holder in holders}
    return [
        holder
        for holder in holders
        if (holder.environ.get("OUTREACH_HOME") == str(home) and holder.environ.get(MARK, "") not in {*alive, ""})
        or (folder and f"{folder}/" in holder.command)
    ]


def end(found: list[Holder], path: Path, grace: float) -> None:
    """Ask each to stop, and kill what still holds the file when the grace is over."""
    pids = {holder.pid for holder in found}
    for pid in pids:
        _signal(pid, signal.SIGTERM)
    until = time.monotonic() + grace
    while left := pids & {holder.pid for holder in of(path)}:
        if time.monotonic() > until:
            for pid in left:
                _signal(pid, signal.SIGKILL)
        time.sleep(TURN)


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
