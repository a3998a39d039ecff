"""Signals as bytes on a socket, so that one `select` waits for them, for output and for time alike."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def caught() -> Iterator[socket.socket]:
    """Catches Ctrl-C, SIGTERM, a closed terminal and the end of children; yields where their numbers arrive."""
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    # under nohup SIGHUP is ignored, and stays so
    wanted = [n for n in (*STOP, signal.SIGCHLD) if n != signal.SIGHUP or signal.getsignal(n) != signal.SIG_IGN]
    old = {number: signal.signal(number, lambda *_: None) for number in wanted}
    waker = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(waker)
        for number, handler in old.items():
            signal.signal(number, handler)
        reader.close()
        writer.close()


def read(inbox: socket.socket) -> list[int]:
    try:
        return list(inbox.recv(4096))
    except BlockingIOError:
        return []
