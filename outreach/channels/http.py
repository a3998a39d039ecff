"""Bounded HTTP to addresses that people type: servers of accounts, feeds, covers.

    URL -> http(s) only -> address checked -> connected to that address -> redirect? the same again
        -> one deadline over all of it -> body unpacked up to a cap

Sources: the outreach of a fetch is the platform's risk (server-side request forgery, OWASP API7:2023); the
caps are those of the catalogs we read (20 MB, 60 s, 5 redirects).
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import DecodeError, IncompleteRead, ProtocolError, ReadTimeoutError

from outreach.channels import guard
from outreach.channels.exchange import note
from outreach.channels.explain import explain
from outreach.channels.guard import Reach
from outreach.channels.trouble import Blocked, TooLarge, Unreachable, unreachable
from outreach.channels.wire import GuardedHTTP, GuardedHTTPS, Trip, trust

__all__ = ["Answer", "Blocked", "GuardedSession", "Reach", "Unreachable", "get", "session"]

# No version in it: GoToSocial counts the User-Agent into its idempotency key.
USER_AGENT = "Outreach (library scheduler)"
MAX_BYTES = 20_000_000
CHUNK = 65_536


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # case-insensitive
    body: bytes = field(repr=False)
    url: str  # after redirects
    complete: bool  # False: the connection ended before the announced length


class GuardedAdapter(HTTPAdapter):
    """Checks every hop, and reads the body itself: `requests` would read it without a cap."""

    def __init__(self, trip: Trip, max_bytes: int) -> None:
        self.trip, self.max_bytes = trip, max_bytes
        self.context = trust(trip.reach.ca_file)
        super().__init__(pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=self.context, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self.context, **kwargs)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = GuardedHTTPS if pool.scheme == "https" else GuardedHTTP
        pool.conn_kw["trip"] = self.trip
        return pool

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Our context says whom to trust; there is no way to switch that off."""
        conn.cert_reqs = ssl.CERT_REQUIRED

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        reach, host = self.trip.reach, parts.hostname or ""
        proxy = "" if parts.scheme != "https" or guard.goes_direct(host, reach) else reach.https_proxy
        if proxy:
            guard.check_for_proxy(host, parts.port or 443, reach)
        response = super().send(
            request, stream=True, timeout=self.trip.left(), verify=True, proxies={"https": proxy} if proxy else {}
        )
        try:
            self._read(response)
        except BaseException:
            response.close()
            raise
        return response

    def _read(self, response: requests.Response) -> None:
        body, complete = bytearray(), True
        try:
            for chunk in response.raw.stream(CHUNK, decode_content=True):
                body += chunk
                if len(body) > self.max_bytes:
                    raise TooLarge
        except ReadTimeoutError as error:
            raise requests.ReadTimeout(error) from error
        except (IncompleteRead, ProtocolError, OSError):
            complete = False
            response.close()
        except DecodeError as error:
            raise requests.exceptions.ContentDecodingError(error) from error
        response._content, response._content_consumed = bytes(body), True  # type: ignore[attr-defined]
        response.complete = complete  # type: ignore[attr-defined]


class GuardedSession(requests.Session):
    """A `requests` session that can be handed to a library. Every failure to get an answer is Unreachable.

    For one thread. `deadline_seconds` holds for each call with its redirects, and may be changed between calls.
    """

    def __init__(self, reach: Reach, deadline_seconds: float, max_bytes: int = MAX_BYTES, max_redirects: int = 5):
        super().__init__()
        self.trip = Trip(reach)
        self.deadline_seconds, self.max_redirects = deadline_seconds, max_redirects
        self.trust_env = False  # no .netrc, no proxies but the one in `reach`
        self.last: requests.Response | None = None  # what the latest call was answered
        self.headers.update({"User-Agent": USER_AGENT})
        self.adapters.clear()
        for scheme in ("https://", "http://"):
            self.mount(scheme, GuardedAdapter(self.trip, max_bytes))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        self.last = None
        self.trip.begin(self.deadline_seconds)
        if method.upper() not in ("GET", "HEAD"):
            # `requests` would turn it into a GET on another page, whose answer says nothing of our request.
            kwargs["allow_redirects"] = False
        began = time.monotonic()
        sent = kwargs.get("json") or kwargs.get("data")
        try:
            self.last = super().request(method, url, *args, **kwargs)
        except Exception as error:
            asked = getattr(getattr(error, "request", None), "url", None) or url
            told = explain(error, _place(asked), sent=self.trip.sent)
            note(method, url, sent, _since(began), trouble=told.diagnosis)
            raise told from error
        note(method, url, sent, _since(began), self.last)
        return self.last


def session(reach: Reach, deadline_seconds: float) -> GuardedSession:
    """Guarded, capped, one deadline for each call."""
    return GuardedSession(reach, deadline_seconds)


def get(
    reach: Reach,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
    deadline: float = 60,
    max_redirects: int = 5,
) -> Answer:
    """Fetch `url`: any status is an Answer; no answer is Unreachable (Blocked where we would not go).

    `max_bytes` counts after decompression, `deadline` is in seconds and covers redirects and the body.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise unreachable("address", _place(url))
    with GuardedSession(reach, deadline, max_bytes, max_redirects) as client:
        got = client.get(url, headers=dict(headers or {}))
        complete = bool(getattr(got, "complete", True))
        return Answer(got.status_code, got.headers, got.content, got.url or url, complete)


def _since(began: float) -> int:
    """Milliseconds."""
    return round((time.monotonic() - began) * 1_000)


def _place(url: str | bytes) -> str:
    """The host alone, for sentences: the rest of a feed's address may hold a key."""
    text = url.decode("ascii", "replace") if isinstance(url, bytes) else url
    try:
        return urlsplit(text).hostname or text[:60].partition("?")[0]
    except ValueError:
        return text[:60].partition("?")[0]
