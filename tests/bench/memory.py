"""What `outreach up` takes in memory when nothing happens: the proportional share (PSS) of each of its processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
from own_process import free_port

from tests.bench.network import until
from tests.bench.table import Row

GOAL = 330.0  # MB
SETTLE = 12.0  # seconds: every job of the timetable that is short has run by then
NAMES = {  # the last that fits
    "outreach up": "outreach",
    "web": "gunicorn",
    "worker": "celery.* worker",
    "beat": "celery.* beat",
    "valkey": "(valkey|redis)-server",
}


def rows(home: Path) -> list[Row]:
    with (home / "up.log").open("wb") as log:
        port = free_port()
        env = {**os.environ, "OUTREACH_HOME": str(home / "up"), "OUTREACH_PORT": str(port), "PORT": "", "REDIS_URL": ""}
        command = [str(Path(sys.executable).with_name("outreach")), "up"]
        process = subprocess.Popen(command, env=env | {"DATABASE_URL": ""}, stdout=log, stderr=log)
        try:
            until(lambda: _page(port), 40, "the first page")
            time.sleep(SETTLE)
            _page(port)
            sizes = _sizes(process.pid)
        finally:
            process.terminate()
            process.wait(60)
    each = ", ".join(f"{name} {size:.0f}" for name, size in sizes)
    total = sum(size for _, size in sizes)
    return [Row("all of `outreach up`, idle (PSS)", f"{total:.0f} MB", each, f"{GOAL:.0f} MB", total <= GOAL)]


def _sizes(pid: int) -> list[tuple[str, float]]:
    up = psutil.Process(pid)
    return [(_name(" ".join(one.cmdline())), _pss(one.pid)) for one in [up, *up.children(recursive=True)]]


def _name(command: str) -> str:
    kinds = (name for name, pattern in reversed(NAMES.items()) if re.search(pattern, command))
    return next(kinds, command[:20])


def _pss(pid: int) -> float:
    """MB. Memory that processes share is divided among them, so the sum counts nothing twice."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"(?m)^Pss:\s+(\d+) kB", told)
    return int(found[1]) / 1000 if found else 0.0


def _page(port: int) -> bool | None:
    """Before it is set up, everybody sees one page: "being set up"."""
    try:
        urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
    except HTTPError:
        return True
    except OSError:
        return None
    return True
