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
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import Any

from outreach.words import NotDone, Sentence

BUSY = Sentence("Many files are being read right now. Try again in a minute.")
CPU_SECONDS = 20  # the slowest honest feed seen, 10,000 items that are not well-formed, takes about 5
MEMORY_BYTES = 1_000_000_000
MOST_ANSWER = 50_000_000  # bytes
PATIENCE = 10  # seconds that somebody at a page waits until the reading begins
WALL_SECONDS = 60  # if the machine is busy
_FAILED = 3  # exit status: the child met an error of Python's, out of memory included

_AT_ONCE = BoundedSemaphore(4)  # in one process: each may take MEMORY_BYTES

JOBS = {
    "feed": "outreach.titles.rss.parse_child",
    "list": "outreach.titles.files.list_child",
    "calendar": "outreach.school.ical",
    "rows": "outreach.titles.files.rows_child",
}  # each has `answer(head, body)`


class TooMuch(Exception):
    """It takes more time or memory than any honest one."""


class Damaged(Exception):
    """Its reader met an error that it did not expect."""


def safely(job: str, head: dict[str, Any], body: bytes, patience: float | None = None) -> dict[str, Any]:
    """What the job's `answer` says of the body, within a minute. Raises TooMuch or Damaged.

    `patience`: seconds that somebody waits at a page for their turn. Raises NotDone when they are over.
    """
    try:
        with _turn(patience):
            code, said, trouble = _run(json.dumps(head | {"job": job}).encode() + b"\n" + body)
    except subprocess.TimeoutExpired as late:
        raise TooMuch from late
    if code == 0 and len(said) <= MOST_ANSWER:
        answer: dict[str, Any] = json.loads(said)
        return answer
    last = trouble.decode("utf-8", "replace").strip().rpartition("\n")[2][:500]
    too_much = code <= 0 or len(said) >= MOST_ANSWER or last.startswith("MemoryError")
    raise (TooMuch if too_much else Damaged) from ChildProcessError(code, last)


def _run(told: bytes) -> tuple[int, bytes, bytes]:
    """(status, answer, last words). Both are files, which the child cannot let grow without end, as it could a pipe."""
    with TemporaryFile() as answer, TemporaryFile() as trouble:
        child = subprocess.run(
            [sys.executable, "-P", "-s", "-m", "outreach.titles.child"],
            input=told,
            stdout=answer,
            stderr=trouble,
            env=_environment(),
            timeout=WALL_SECONDS,
            check=False,
        )
        answer.seek(0)
        trouble.seek(0)
        return child.returncode, answer.read(MOST_ANSWER + 1), trouble.read(100_000)


@contextmanager
def _turn(patience: float | None) -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=patience):
        raise NotDone(BUSY)
    try:
        yield
    finally:
        _AT_ONCE.release()


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
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_ANSWER, MOST_ANSWER))


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
