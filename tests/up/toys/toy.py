"""A process that writes its pid and waits. `slow` needs that many seconds to stop, `deaf` never does."""

import os
import signal
import sys
import time
from pathlib import Path

name, manner, *more = [*sys.argv[1:], ""]
home = Path(os.environ["OUTREACH_HOME"])


def stop(*_: object) -> None:
    print("finishing")
    time.sleep(float(more[0]) if manner == "slow" else 0)
    (home / f"{name}.finished").touch()
    sys.exit(0)


signal.signal(signal.SIGTERM, signal.SIG_IGN if manner == "deaf" else stop)
with (home / f"{name}.pids").open("a") as pids:
    pids.write(f"{os.getpid()}\n")
print("here")
while True:
    time.sleep(60)
