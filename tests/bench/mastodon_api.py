"""A server that takes statuses as docs.joinmastodon.org/methods/statuses says, and notes when each arrived.

    python -m tests.bench.mastodon_api PORTS SECONDS

It listens on PORTS ports (each counts as a server of its own), answers after SECONDS, and prints its ports. Small and
without a framework: it shares the machine with what is measured. GET /arrivals tells all, GET /count how many they are,
DELETE /arrivals forgets them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import parse_qs

ACCOUNT = {
    "id": "1", "username": "library", "acct": "library", "display_name": "Library", "locked": False, "bot": False,
    "discoverable": True, "group": False, "created_at": "2026-01-05T00:00:00.000Z", "note": "<p>Our school</p>",
    "url": "http://127.0.0.1/@library", "uri": "http://127.0.0.1/users/library", "avatar": "http://127.0.0.1/a.png",
    "avatar_static": "http://127.0.0.1/a.png", "header": "http://127.0.0.1/h.png",
    "header_static": "http://127.0.0.1/h.png", "followers_count": 40, "following_count": 4, "statuses_count": 300,
    "last_status_at": "2026-11-20", "emojis": [], "fields": [],
}  # fmt: skip
STATUS = {
    "in_reply_to_id": None, "in_reply_to_account_id": None, "sensitive": False, "spoiler_text": "",
    "visibility": "public", "language": "en", "replies_count": 0, "reblogs_count": 0, "favourites_count": 0,
    "favourited": False, "reblogged": False, "muted": False, "bookmarked": False, "pinned": False, "reblog": None,
    "application": {"name": "Outreach", "website": None}, "account": ACCOUNT, "media_attachments": [],
    "mentions": [], "tags": [], "emojis": [], "card": None, "poll": None, "filtered": [], "edited_at": None,
}  # fmt: skip


class Arrivals:
    """What came, and the idempotency keys that were used: a repeat gets its first answer and counts as one."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.told: list[tuple[float, str, str]] = []  # when, token, words
        self.by_key: dict[str, bytes] = {}

    def status(self, headers: dict[str, str], body: bytes, at: float) -> bytes:
        key = headers.get("authorization", "") + "/" + headers.get("idempotency-key", str(len(self.told)))
        if key not in self.by_key:
            typed = headers.get("content-type", "").startswith("application/json")
            words = str(json.loads(body)["status"]) if typed else parse_qs(body.decode())["status"][0]
            self.told.append((at, headers.get("authorization", "").removeprefix("Bearer "), words))
            self.by_key[key] = self._made(words)
        return self.by_key[key]

    def _made(self, words: str) -> bytes:
        number = str(113_000_000_000 + len(self.told))
        address = f"http://127.0.0.1/@library/{number}"
        more = {"id": number, "uri": address, "url": address, "content": f"<p>{words}</p>"}
        return json.dumps(STATUS | more | {"created_at": "2026-11-24T18:00:00.000Z"}).encode()


class Line(asyncio.Protocol):
    """One connection: HTTP/1.1, kept open, one request after the other."""

    def __init__(self, arrivals: Arrivals) -> None:
        self.arrivals, self.data = arrivals, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.data += data
        head, end, rest = self.data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if not end or len(rest) < int(headers.get("content-length", 0)):
            return
        self.data = b""
        self.answer(first, headers, rest, time.time())

    def answer(self, first: str, headers: dict[str, str], body: bytes, at: float) -> None:
        if first.startswith("POST /api/v1/statuses "):
            made = self.arrivals.status(headers, body, at)
            asyncio.get_running_loop().call_later(self.arrivals.seconds, self.write, made)
        elif first.startswith("GET /arrivals "):
            self.write(json.dumps(self.arrivals.told).encode())
        elif first.startswith("GET /count "):
            self.write(str(len(self.arrivals.told)).encode())
        elif first.startswith("DELETE /arrivals "):
            self.arrivals.told.clear()
            self.arrivals.by_key.clear()
            self.write(b"[]")
        else:
            self.write(b'{"error": "not here"}', "404 Not Found")

    def write(self, body: bytes, status: str = "200 OK") -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        self.transport.write(f"{head}\r\n".encode() + body)


async def serve(ports: int, seconds: float) -> None:
    arrivals, loop = Arrivals(seconds), asyncio.get_running_loop()
    made = [await loop.create_server(lambda: Line(arrivals), "127.0.0.1", 0, backlog=512) for _ in range(ports)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in made]), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
