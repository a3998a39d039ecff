"""A real (mock) Mastodon server in a process of its own: `with MastodonServer() as server:`."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from urllib.request import urlopen

TOKEN = "mock_token"
START_SECONDS = 30


class MastodonServer:
    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = tempfile.TemporaryDirectory(prefix="mastodon-")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> MastodonServer:
        command = [str(Path(sys.executable).with_name("mastodon_mock")), "serve", "--in-memory"]
        self._process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self.port), "--log-level", "error"],
            cwd=self._folder.name,  # it writes uploads beside it
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def _wait(self) -> None:
        ends_at = time.monotonic() + START_SECONDS
        while time.monotonic() < ends_at:
            with suppress(OSError), urlopen(f"{self.url}/api/v2/instance", timeout=2):
                return
            time.sleep(0.05)
        raise RuntimeError("mastodon_mock did not start")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
