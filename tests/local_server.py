"""A small real HTTP server on the loopback: a function from request to reply, or to what it writes itself."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def form(self) -> dict[str, Any]:
        """The fields of a form or of JSON; lists only where there are several."""
        if "json" in self.headers.get("Content-Type", ""):
            return dict(json.loads(self.body))
        return {k: v[0] if len(v) == 1 else v for k, v in parse_qs(self.body.decode("latin-1")).items()}


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: Any = b""  # bytes, or what becomes JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None  # writes everything itself


class LocalServer:
    """`with LocalServer(answer) as server:` then `server.url`; `server.seen` has the requests."""

    def __init__(
        self, answer: Callable[[Request], Reply], context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ):
        self.answer = answer
        self.seen: list[Request] = []
        self.httpd = ThreadingHTTPServer((host, 0), self._handler())
        self.httpd.daemon_threads = True
        if context is not None:
            self.httpd.socket = context.wrap_socket(self.httpd.socket, server_side=True)
        self.scheme = "https" if context else "http"
        self.port = int(self.httpd.server_address[1])
        self.url = f"{self.scheme}://{host}:{self.port}"

    def __enter__(self) -> LocalServer:
        threading.Thread(target=self.httpd.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.httpd.shutdown()
        self.httpd.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self.command, parts.path, parse_qs(parts.query), self.headers, body)
                outer.seen.append(request)
                self._write(outer.answer(request))

            def _write(self, reply: Reply) -> None:
                try:
                    if reply.raw is not None:
                        self.close_connection = True
                        reply.raw(self)
                        return
                    plain = isinstance(reply.body, bytes)
                    body = reply.body if plain else json.dumps(reply.body).encode()
                    self.send_response(reply.status)
                    headers = {"Content-Type": "text/html" if plain else "application/json", **reply.headers}
                    for name, value in {**headers, "Content-Length": str(len(body))}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
