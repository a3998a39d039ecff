"""`outreach up`: one supervisor over Redis, migrations, web, worker and beat.

    lock -> port -> (Redis | migrations) -> (web | worker | beat) -> ready

The process that supervises lives as long as the library's machine runs, so it stays small: nothing in this
package imports flask, celery or sqlalchemy, and this file imports the rest only when it is asked to run
(web and worker import `outreach.up.redis` for its addresses).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.config import Config

MIGRATE = (sys.executable, "-m", "outreach.cli", "migrate")


class CannotStart(Exception):
    """A sentence for the person at the terminal: what is in the way and what to do about it."""


def run(
    config: Config,
    *,
    on_ready: Callable[[str], None] | None = None,
    migrate: Sequence[str] = MIGRATE,
    procfile: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> int:
    """Run everything until Ctrl-C or SIGTERM; call it in the main thread, it takes the signals over.

    ``on_ready`` is called once, with the address, when the first page has been answered; it runs between two
    turns of the loop, so it should be quick. ``migrate`` is run before web, worker and beat; empty: nothing is.
    The exit code is 0 when it was asked to stop, 1 when it could not start (the sentence is on stderr).
    """
    from outreach.up.supervisor import supervise

    return supervise(config, on_ready=on_ready, migrate=migrate, procfile=procfile, environ=environ)
