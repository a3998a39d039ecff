"""A real server in a process of its own, in a folder and on a port that nobody else has."""

from __future__ import annotations

import socket
import subprocess
import tempfile
from abc import ABC, abstractmethod
from contextlib import suppress
from types import TracebackType
from typing import Self


class OwnProcess(ABC):
    """`with` starts it and ends it. `begin` returns once it answers, or raises."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = tempfile.TemporaryDirectory(prefix="server-")
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def begin(self) -> None: ...

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process.kill()
            self.process.communicate()
        self.folder.cleanup()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
