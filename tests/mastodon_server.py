"""A real (mock) Mastodon server in a process of its own: `with MastodonServer() as server:`."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

from own_process import OwnProcess

TOKEN = "mock_token"
START_SECONDS = 30


class MastodonServer(OwnProcess):
    def begin(self) -> None:
        command = [str(Path(sys.executable).with_name("mastodon_mock")), "serve", "--in-memory"]
        self.process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self.port), "--log-level", "error"],
            cwd=self.folder.name,  # it writes uploads beside it
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self) -> None:
        ends_at = time.monotonic() + START_SECONDS
        while time.monotonic() < ends_at:
            with suppress(OSError), urlopen(f"{self.url}/api/v2/instance", timeout=2):
                return
            time.sleep(0.05)
        raise RuntimeError("mastodon_mock did not start")
