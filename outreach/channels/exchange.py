"""What was said between us and a network, kept for the log of an attempt. No secret stays in it.

    with overheard() as heard:      # around a send or a look
        channel.send(...)           # every call of a GuardedSession in this thread is noted
    heard.told()

Masked: what `hide` was told (the secrets of the account), and whatever stands where a token usually does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from outreach.channels.pace import Left, left

BODY = 1_500  # letters of each body
CALLS = 12  # of one attempt; a picture that is asked for every few seconds would fill the log
# All that helps support, and no cookie, key or token.
HEADERS = re.compile(
    r"content-type|retry-after|x-?rate-?limit.*|ratelimit.*|date|server|x-.*(request|trace).*id|x-restli-id",
    re.IGNORECASE,
)
TOKEN = re.compile(
    r"(bearer\s+|(?:access_?token|refresh_?token|client_?secret|password|secret|jwt|token|oauth_\w+|sig(?:nature)?|code)"
    r"[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,}]+",
    re.IGNORECASE,
)


@dataclass
class Heard:
    calls: list[dict[str, Any]] = field(default_factory=list)
    left: Left | None = None  # what the server's latest answer said of how much it still lets us do
    secrets: set[str] = field(default_factory=set, repr=False)

    def told(self) -> list[dict[str, Any]]:
        """Each call as JSON can hold it; secrets masked."""
        return [{key: self._masked(value) for key, value in call.items()} for call in self.calls]

    def _masked(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._masked(one) for key, one in value.items()}
        if not isinstance(value, str):
            return value
        for secret in sorted(self.secrets, key=len, reverse=True):
            value = value.replace(secret, "•••")
        return TOKEN.sub(r"\1•••", value)


_heard: ContextVar[Heard | None] = ContextVar("heard", default=None)


@contextmanager
def overheard() -> Iterator[Heard]:
    heard = Heard()
    before = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(before)


def hide(secrets: Iterable[str]) -> None:
    """Never to be read in what is overheard now."""
    if heard := _heard.get():
        heard.secrets.update(secret for secret in secrets if len(secret) > 3)


def note(method: str, url: str, sent: Any, milliseconds: int, answer: Any = None, trouble: str = "") -> None:
    """One call: `sent` is its body, `answer` a requests.Response. The query of the address is left out."""
    heard = _heard.get()
    if heard is None:
        return
    heard.left = (left(answer.headers) if answer is not None else None) or heard.left
    if len(heard.calls) >= CALLS:
        return
    parts = urlsplit(url)
    call: dict[str, Any] = {"call": f"{method} {parts.hostname}{parts.path}", "ms": milliseconds, "sent": _body(sent)}
    if answer is not None:
        call |= {"status": answer.status_code, "answer": _body(answer.content, answer.headers.get("Content-Type", ""))}
        call["headers"] = {key: value for key, value in answer.headers.items() if HEADERS.fullmatch(key)}
    else:
        call["trouble"] = trouble
    heard.calls.append(call)


def _body(body: Any, kind: str = "") -> str:
    if body is None or body in (b"", ""):
        return ""
    if not isinstance(body, bytes | str):
        return f"({type(body).__name__})"
    if isinstance(body, bytes):
        if kind.startswith(("image/", "video/")) or b"\0" in body[:2_000]:
            return f"({len(body)} bytes)"
        body = body[: BODY * 4].decode("utf-8", "replace")
    return body if len(body) <= BODY else f"{body[:BODY]}… ({len(body)})"
