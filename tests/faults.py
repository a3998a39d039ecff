"""A faulty network: a real TCP proxy between a client and an HTTP server, with switches.

    with FaultProxy(server.port) as proxy:
        proxy.arm("reset_after", path="/api/v1/statuses")   # the next such request
        proxy.arm("status", once=2, status=503)             # the next two of any kind

What it forwards and what it was asked is in `proxy.forwarded` and `proxy.asked`.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

Head = tuple[str, str]  # method, path


@dataclass
class Fault:
    kind: str
    once: int = 1
    method: str | None = None
    path: str | None = None  # a regular expression
    forward: bool = True  # does the server get the request?
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 30.0  # of hang, and between the bytes of slow


class FaultProxy:
    def __init__(self, backend_port: int, host: str = "127.0.0.1") -> None:
        self.host, self.backend_port = host, backend_port
        self.faults: list[Fault] = []
        self.asked: list[Head] = []
        self.forwarded: list[Head] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._listener: socket.socket | None = None
        self.port = 0
        self.accept()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def arm(
        self, kind: str, *, once: int = 1, method: str | None = "POST", path: str | None = None, **more: object
    ) -> None:
        """`kind` is a method `_<kind>` below; `once`: for how many matching requests."""
        assert hasattr(self, f"_{kind}"), kind
        self.faults.append(Fault(kind, once, method, path, **more))  # type: ignore[arg-type]

    def clear(self) -> None:
        """Everything works again."""
        self.faults.clear()
        self.asked.clear()
        self.forwarded.clear()
        self.accept()

    def refuse(self) -> None:
        """Nobody listens any more, until `accept` or `clear`."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def accept(self) -> None:
        if self._listener is not None:
            return
        self._listener = socket.create_server((self.host, self.port))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self.refuse()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._handle, args=(client,), daemon=True).start()

    def _handle(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            request = _read_message(client)
            method, path = request.split(b" ", 2)[:2]
            head = (method.decode(), path.decode())
            self.asked.append(head)
            fault = self._next(head)
            if fault is None:
                client.sendall(self._forward(request, head))
                return
            answer: Callable[[socket.socket, Fault, bytes], None] = getattr(self, f"_{fault.kind}")
            kept = b"" if not fault.forward or fault.kind == "reset_before" else self._forward(request, head)
            answer(client, fault, kept)

    def _next(self, head: Head) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                fits = fault.method in (None, head[0]) and re.search(fault.path or "", head[1].partition("?")[0])
                if fault.once > 0 and fits:
                    fault.once -= 1
                    return fault
        return None

    def _forward(self, request: bytes, head: Head) -> bytes:
        """The server's whole answer. One request a connection, so that its end is the end of the answer."""
        top, _, body = request.partition(b"\r\n\r\n")
        lines = [line for line in top.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection((self.host, self.backend_port), timeout=30) as server:
            server.sendall(b"\r\n".join([*lines, b"Connection: close", b"", body]))
            answer = b""
            while chunk := server.recv(65_536):
                answer += chunk
        self.forwarded.append(head)
        return answer

    # The faults: the client, the switch, the server's answer (b"" if it was not asked).

    def _reset_before(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        _reset(client)

    def _reset_after(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        _reset(client)

    def _close_after(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        client.shutdown(socket.SHUT_RDWR)

    def _truncate(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        top, _, body = answer.partition(b"\r\n\r\n")
        client.sendall(top + b"\r\n\r\n" + body[: len(body) // 2])

    def _hang(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        self._stopped.wait(fault.seconds)

    def _slow(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        for byte in answer:
            client.sendall(bytes([byte]))
            if self._stopped.wait(fault.seconds):
                return

    def _status(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        body = fault.body or json.dumps({"error": f"made up {fault.status}"}).encode()
        client.sendall(_message(fault.status, {"Content-Type": "application/json", **fault.headers}, body))

    def _garbage(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        client.sendall(_message(200, {"Content-Type": "text/html"}, b"<html><body>Welcome to our school</body></html>"))

    def _wrong_type(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        body = answer.partition(b"\r\n\r\n")[2]
        client.sendall(_message(200, {"Content-Type": "text/html; charset=utf-8"}, body))

    def _redirect(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        client.sendall(_message(fault.status, {"Content-Type": "text/html", **fault.headers}, b"moved"))

    def _handled(self, client: socket.socket, fault: Fault, answer: bytes) -> None:
        """What GoToSocial says to a repeat."""
        client.sendall(_message(200, {"Content-Type": "application/json"}, b'{"status":"request already handled"}'))


def _message(status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *(f"{k}: {v}" for k, v in headers.items()), f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def _read_message(client: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(client)
    length = re.search(rb"(?im)^content-length:\s*(\d+)", data.partition(b"\r\n\r\n")[0])
    whole = data.index(b"\r\n\r\n") + 4 + int(length[1] if length else 0)
    while len(data) < whole:
        data += _some(client)
    return data


def _some(client: socket.socket) -> bytes:
    chunk = client.recv(65_536)
    if not chunk:
        raise ConnectionError("the client left")
    return chunk


def _reset(client: socket.socket) -> None:
    """Close with RST and not with FIN."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    time.sleep(0)
