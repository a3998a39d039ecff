"""`parse` where it cannot hurt: in a child process with little memory, little time and none of our secrets.

    parse_safely | a line of JSON, then the body | python -m outreach.titles.parse_child | JSON | Parsed

A feed can be made so that any parser needs hours or gigabytes for it. The limits are set by the child itself, as its
first act; code between fork and exec would not be safe in a process with threads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from outreach.titles.item import ParsedTitle
from outreach.titles.not_a_feed import NotAFeed
from outreach.titles.parse import Parsed, parse
from outreach.words import Sentence

CPU_SECONDS = 20  # the slowest honest feed seen, 10,000 items that are not well-formed, takes about 5
MEMORY_BYTES = 1_000_000_000
WALL_SECONDS = 60  # if the machine is busy
_FAILED = 3  # exit status: the child met an error of Python's, out of memory included

_TOO_MUCH = Sentence(
    "The list from the catalog takes too much time or memory to read. "
    "Ask the catalog for fewer titles, for example with count=50 in the address."
)
_DAMAGED = Sentence("The list from the catalog is damaged and cannot be read.")


def parse_safely(body: bytes, content_type: str, url: str, now: datetime) -> Parsed:
    """As `parse`, whatever the body holds: returns or raises NotAFeed within a minute."""
    head = json.dumps({"content_type": content_type, "url": url, "now": now.isoformat()})
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-s", "-m", "outreach.titles.parse_child"],
            input=head.encode() + b"\n" + body,
            capture_output=True,
            env=_environment(),
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise NotAFeed(_TOO_MUCH) from late
    if child.returncode == 0:
        return _received(json.loads(child.stdout))
    last = child.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:500]
    too_much = child.returncode < 0 or last.startswith("MemoryError")
    raise NotAFeed(_TOO_MUCH if too_much else _DAMAGED) from ChildProcessError(child.returncode, last)


def _environment() -> dict[str, str]:
    """No DATABASE_URL and no keys for the process that reads what strangers wrote."""
    kept = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
    own = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"}
    return {key: os.environ[key] for key in kept if key in os.environ} | own


def _received(answer: dict[str, Any]) -> Parsed:
    if "sentence" in answer:
        raise NotAFeed(Sentence.load(answer["sentence"]), answer["feed_link"])
    return Parsed(
        titles=tuple(_title(title) for title in answer["titles"]),
        warnings=tuple(Sentence.load(warning) for warning in answer["warnings"]),
        complete=answer["complete"],
    )


def _title(values: dict[str, Any]) -> ParsedTitle:
    added = values["added"]
    return ParsedTitle(
        **values | {"isbn13": tuple(values["isbn13"]), "added": datetime.fromisoformat(added) if added else None}
    )


def _limit() -> None:
    if sys.platform == "win32":
        return  # has no such limits; the parent's clock remains
    import resource

    # No hard limit above the soft one: SIGXCPU ends a child, and asking for more is not possible.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _answer(given: bytes) -> dict[str, Any]:
    line, _, body = given.partition(b"\n")
    head = json.loads(line)
    try:
        parsed = parse(body, head["content_type"], head["url"], datetime.fromisoformat(head["now"]))
    except NotAFeed as no:
        return {"sentence": no.sentence.dump(), "feed_link": no.feed_link}
    titles = [vars(title) | {"added": title.added and title.added.isoformat()} for title in parsed.titles]
    return {"titles": titles, "warnings": [w.dump() for w in parsed.warnings], "complete": parsed.complete}


def main() -> int:
    import gc

    from outreach.titles.quicker import hurry

    _limit()
    hurry()
    gc.disable()  # nothing here lives longer than the process, and memory is limited
    try:
        answer = json.dumps(_answer(sys.stdin.buffer.read()))
    except Exception as error:  # our parent turns this into a sentence; a traceback would hold the feed's text
        print(f"{type(error).__name__}: {error!s:.200}", file=sys.stderr)
        return _FAILED
    sys.stdout.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
