"""What `up` and `demo` say once the first page answers. Runs in a child, so that the supervisor stays small."""

from __future__ import annotations

import subprocess
import sys
import threading


def greet(url: str) -> None:
    _child("greet", url)


def follow(url: str) -> None:
    _child("follow", url)


def _child(what: str, url: str) -> None:
    """In the background: `up` has children to watch."""
    command = [sys.executable, "-m", "outreach.cli.narrate", what, url]
    threading.Thread(target=lambda: subprocess.run(command, check=False), daemon=True).start()
