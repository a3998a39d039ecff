"""A worker that reads a list and is killed in the middle: `python dying_reader.py LIST PARTS`.

SIGKILL, after so many parts of the list were committed. The database is that of the environment.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime

from outreach import create_app
from outreach.config import load
from outreach.titles import reading


def main(list_id: int, parts: int, now: datetime) -> None:
    put, done = reading.put, 0

    def put_and_die(*args, **kwargs):
        nonlocal done
        goes_on = put(*args, **kwargs)
        done += 1
        if done == parts:
            os.kill(os.getpid(), signal.SIGKILL)
        return goes_on

    reading.put = put_and_die
    with create_app(load(os.environ), pages=False).app_context():
        reading.read_list(list_id, reading.Desk(None, lambda: now))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
