"""Work on what strangers wrote, where it cannot hurt: a process with little memory and time and none of our secrets.

    safely | a line of JSON, then the body | python -m outreach.titles.child | JSON | answer

A feed or a file can be made so that any parser needs hours or gigabytes for it. The limits are set by the child itself,
as its first act; code between fork and exec would not be safe in a process with threads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

CPU_SECONDS = 20  # the slowest honest feed seen, 10,000 items that are not well-formed, takes about 5
MEMORY_BYTES = 1_000_000_000
WALL_SECONDS = 60  # if the machine is busy
_FAILED = 3  # exit status: the child met an error of Python's, out of memory included

_AT_ONCE = BoundedSemaphore(4)  # in one process: each may take MEMORY_BYTES

JOBS = {
    "feed": "outreach.titles.rss.parse_child",
    "list": "outreach.titles.files.list_child",
}  # each has `answer(head, body)`


class TooMuch(Exception):
    """It takes more time or memory than any honest one."""


class Damaged(Exception):
    """Its reader met an error that it did not expect."""


def safely(job: str, head: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What the job's `answer` says of the body, within a minute. Raises TooMuch or Damaged."""
    try:
        with _AT_ONCE:
            child = subprocess.run(
                [sys.executable, "-P", "-s", "-m", "outreach.titles.child"],
                input=json.dumps(head | {"job": job}).encode() + b"\n" + body,
                capture_output=True,
                env=_environment(),
                timeout=WALL_SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired as late:
        raise TooMuch from late
    if child.returncode == 0:
        answer: dict[str, Any] = json.loads(child.stdout)
        return answer
    last = child.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:500]
    too_much = child.returncode < 0 or last.startswith("MemoryError")
    raise (TooMuch if too_much else Damaged) from ChildProcessError(child.returncode, last)


def _environment() -> dict[str, str]:
    """No DATABASE_URL and no keys for the process that reads what strangers wrote."""
    kept = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
    own = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"}
    return {key: os.environ[key] for key in kept if key in os.environ} | own


def _limit() -> None:
    if sys.platform == "win32":
        return  # has no such limits; the parent's clock remains
    import resource

    os.nice(10)  # pages and posts go before what nobody waits for
    # No hard limit above the soft one: SIGXCPU ends a child, and asking for more is not possible.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> int:
    import gc

    _limit()
    gc.disable()  # nothing here lives longer than the process, and memory is limited
    line, _, body = sys.stdin.buffer.read().partition(b"\n")
    try:
        head = json.loads(line)
        answer = json.dumps(import_module(JOBS[head["job"]]).answer(head, body))
    except Exception as error:  # our parent turns this into a sentence; a traceback would hold what strangers wrote
        print(f"{type(error).__name__}: {error!s:.200}", file=sys.stderr)
        return _FAILED
    sys.stdout.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
