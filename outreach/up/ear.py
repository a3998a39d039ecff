"""Listens to all children at once: one `select` over their output and our signals."""

from __future__ import annotations

import os
import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass

from outreach.up.child import Child
from outreach.up.log import Log
from outreach.up.redis import NOISE

CHUNK = 65_536  # bytes; also where a line without an end is broken
LAST_WORDS = 16  # chunks that are still read after an end; a descendant may go on talking


@dataclass
class Talk:
    """The output of one life of a child."""

    name: str
    pipe: int
    rest: bytes = b""


class Ear:
    def __init__(self, log: Log, inbox: socket.socket, on_signal: Callable[[], None]) -> None:
        self._log = log
        self._selector = selectors.DefaultSelector()
        self._selector.register(inbox, selectors.EVENT_READ, on_signal)
        self._talks: dict[str, Talk] = {}

    def wait(self, seconds: float) -> None:
        """Until something is said, a signal comes, or the time is over."""
        for key, _ in self._selector.select(seconds):
            key.data()

    def attach(self, child: Child) -> None:
        talk = self._talks[child.name] = Talk(child.name, child.pipe)
        self._selector.register(talk.pipe, selectors.EVENT_READ, lambda: self._hear(talk))

    def detach(self, child: Child) -> None:
        """Hear its last words, and turn away even if a descendant still holds the other end."""
        for _ in range(LAST_WORDS):
            talk = self._talks.get(child.name)
            if talk is None or not self._hear(talk):
                break
        if talk := self._talks.get(child.name):
            self._forget(talk)

    def close(self) -> None:
        self._selector.close()

    def _hear(self, talk: Talk) -> bool:
        """Print the whole lines that have come; False when there is nothing more now."""
        try:
            data = os.read(talk.pipe, CHUNK)
        except BlockingIOError:
            return False
        *lines, talk.rest = (talk.rest + data).split(b"\n")
        for line in lines:
            self._print(talk, line)
        if not data:
            self._forget(talk)
        elif len(talk.rest) > CHUNK:
            self._print(talk, talk.rest)
            talk.rest = b""
        return bool(data)

    def _forget(self, talk: Talk) -> None:
        self._print(talk, talk.rest)
        del self._talks[talk.name]
        self._selector.unregister(talk.pipe)

    def _print(self, talk: Talk, line: bytes) -> None:
        if line.strip() and NOISE not in line:
            self._log.line(talk.name, line)
