"""Sockets that hold to one deadline and connect to the address that was checked.

A time-out of `requests` counts for each read, so a server that sends a byte every few seconds holds a worker
for ever. Here each read and write gets what is left of the whole call: look-up, connect, TLS, headers, body.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Any, cast

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.ssl_ import create_urllib3_context

from outreach.channels import guard, leave

CONNECT_SECONDS = 5.0  # to one address; a name with IPv6 and IPv4 gets two tries
ADDRESSES = 3


@dataclass
class Trip:
    """One call under way. A session makes one call at a time."""

    reach: guard.Reach
    ends_at: float = 0.0  # by monotonic()
    sent: bool = False  # the request began to leave: it may have had its effect

    def begin(self, seconds: float) -> None:
        self.ends_at, self.sent = monotonic() + seconds, False

    def left(self) -> float:
        """Seconds; raises TimeoutError when there are none."""
        left = self.ends_at - monotonic()
        if left <= 0:
            raise TimeoutError("the deadline of the whole call has passed")
        return left


class _Timed:
    """Mixed into a socket class: no read or write lasts longer than the call may."""

    trip: Trip | None = None

    def _limit(self) -> None:
        if self.trip is not None:
            cast(socket.socket, self).settimeout(self.trip.left())

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self._limit()
        return cast(int, super().recv_into(*args, **kwargs))  # type: ignore[misc]

    def recv(self, *args: Any, **kwargs: Any) -> bytes:
        self._limit()
        return cast(bytes, super().recv(*args, **kwargs))  # type: ignore[misc]

    def send(self, *args: Any, **kwargs: Any) -> int:
        self._limit()
        return cast(int, super().send(*args, **kwargs))  # type: ignore[misc]

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self._limit()
        super().sendall(*args, **kwargs)  # type: ignore[misc]


class TimedSocket(_Timed, socket.socket):
    pass


class TimedTLSSocket(_Timed, ssl.SSLSocket):
    pass


@lru_cache(maxsize=8)
def trust(ca_file: str) -> ssl.SSLContext:
    """The system's certificates, certifi's, and those in `ca_file`."""
    context = create_urllib3_context()
    context.load_default_certs()
    context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    context.sslsocket_class = TimedTLSSocket
    return context


class GuardedHTTP(HTTPConnection):
    def __init__(self, *args: Any, trip: Trip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trip = trip

    def _new_conn(self) -> socket.socket:
        return open_socket(self, self.trip)

    def request(self, method: str, *args: Any, **kwargs: Any) -> None:
        _depart(self, self.trip, method)
        super().request(method, *args, **kwargs)


class GuardedHTTPS(HTTPSConnection):
    def __init__(self, *args: Any, trip: Trip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trip = trip

    def _new_conn(self) -> socket.socket:
        return open_socket(self, self.trip)

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, TimedTLSSocket):
            self.sock.trip = self.trip

    def request(self, method: str, *args: Any, **kwargs: Any) -> None:
        _depart(self, self.trip, method)
        super().request(method, *args, **kwargs)


def _depart(connection: HTTPConnection, trip: Trip, method: str) -> None:
    """Connect now and not inside `request`, so that what fails before the first byte is known as unsent."""
    if connection.sock is None:
        connection.connect()
    leave.check(method)
    trip.sent = True


def open_socket(connection: HTTPConnection, trip: Trip) -> socket.socket:
    """A TCP connection to the first address that answers, of those we may call.

    Raises Blocked, and urllib3's NameResolutionError, ConnectTimeoutError, NewConnectionError.
    """
    host, port = connection._dns_host, connection.port or connection.default_port
    try:
        addresses = _within(trip.left(), lambda: guard.resolve(host, port))
    except (socket.gaierror, UnicodeError) as error:
        raise NameResolutionError(host, connection, cast(socket.gaierror, error)) from error
    # The proxy itself is the administrator's word and may be private.
    allowed = guard.permitted(host, addresses, guard.Reach(allow_hosts=(host,)) if connection.proxy else trip.reach)
    failure: OSError = OSError("the name has no address")
    for address in allowed[:ADDRESSES]:
        try:
            return _connect(address, port, trip)
        except OSError as error:
            failure = error
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, "no connection in time") from failure
    raise NewConnectionError(connection, "no connection") from failure


def _connect(address: guard.Address, port: int, trip: Trip) -> TimedSocket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    sock = TimedSocket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(min(CONNECT_SECONDS, trip.left()))
        sock.connect((str(address), port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The TLS handshake follows; OpenSSL's wrapper counts this time-out over all of it.
        sock.settimeout(trip.left())
    except BaseException:
        sock.close()
        raise
    sock.trip = trip
    return sock


def _within(seconds: float, look_up: Callable[[], list[str]]) -> list[str]:
    """`look_up`, given up on after `seconds`: the system's resolver takes no time-out."""
    answer: queue.Queue[list[str] | Exception] = queue.Queue()

    def run() -> None:
        try:
            answer.put(look_up())
        except Exception as error:
            answer.put(error)

    threading.Thread(target=run, daemon=True, name="resolver").start()
    try:
        found = answer.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the name was not resolved in time") from None
    if isinstance(found, Exception):
        raise found
    return found
