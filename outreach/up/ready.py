"""Is the first page there? Asked without ever blocking the supervisor's loop."""

from __future__ import annotations

import socket

from outreach.up import ports


class Probe:
    """Asks for a page again and again until anything is answered.

    gunicorn listens before the application is loaded, so an open port is not enough; the question waits in
    the port's queue until a worker is there, and the answer comes without another try.
    """

    def __init__(self, bind: str, port: int) -> None:
        self._family = ports.family(bind)
        self._address = (ports.caller(bind), port)
        self._line: socket.socket | None = None
        self._asked = False

    def answered(self) -> bool:
        """One small step; True once a byte has come back."""
        try:
            return self._step()
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            self.close()
            return False

    def _step(self) -> bool:
        if self._line is None:
            self._line, self._asked = socket.socket(self._family), False
            self._line.setblocking(False)
            self._line.connect(self._address)
        if not self._asked:
            self._line.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            self._asked = True
        answer = self._line.recv(1)
        self.close()
        return bool(answer)

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
