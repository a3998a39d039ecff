"""Where the pages are served: the wished port, or the next free one."""

from __future__ import annotations

import errno
import socket

from outreach.up import CannotStart

TRIES = 100


def family(bind: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in bind else socket.AF_INET


def choose(bind: str, wished: int) -> int:
    """The first free port from ``wished`` on; 0 means any."""
    last = min(wished + TRIES - 1, 65_535)
    for port in range(wished, last + 1):
        found = _free(bind, port)
        if found is not None:
            return found
    raise CannotStart(f"The ports {wished} to {last} are all taken. Set OUTREACH_PORT to a free one.")


def _free(bind: str, port: int) -> int | None:
    """The port if it can be listened on, else None. It is let go again: gunicorn binds it a moment later."""
    try:
        with socket.socket(family(bind)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
            probe.bind((bind, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return None
        raise CannotStart(_why(error, bind, port)) from error


def _why(error: OSError, bind: str, port: int) -> str:
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system's administrator. Set OUTREACH_PORT to 1024 or more."
    return f"OUTREACH_BIND is {bind!r}, which is no address of this machine. Set it to 127.0.0.1, or 0.0.0.0 for all."


def listen(bind: str, port: int) -> str:
    """``127.0.0.1:5000`` or ``[::1]:5000``, as gunicorn reads it."""
    return f"[{bind}]:{port}" if ":" in bind else f"{bind}:{port}"


def caller(bind: str) -> str:
    """The address by which this machine itself reaches what listens on ``bind``."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104 (compared, not bound)


def url(bind: str, port: int) -> str:
    return f"http://{listen(caller(bind), port)}"
