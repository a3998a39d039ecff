"""The only network of titles: one feed, conditionally, through the guard. And what an answer means (pure)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from outreach.channels.guard import Reach, check_for_proxy
from outreach.channels.http import Blocked, Unreachable, get
from outreach.config import Config
from outreach.words import NotDone, Sentence

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
PRACTICE = "outreach://practice/catalog.rss"


@dataclass(frozen=True)
class Known:
    """What we remember of the last good fetch."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    failures: int = 0


@dataclass(frozen=True)
class Fetched:
    """What came back. `body` None: unchanged, or failed with a sentence."""

    body: bytes | None = None
    url: str = ""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    complete: bool = True
    sentence: Sentence | None = None
    diagnosis: str = ""
    again_in: timedelta = DAY
    stop: bool = False
    tell: bool = False


def fetch(known: Known, reach: Reach, config: Config | None = None) -> Fetched:
    """Ask for the feed, saying what we have. Raises nothing: what went wrong is in the answer."""
    url = known.url
    if url == PRACTICE and config is not None:  # the practice catalog is our own page: loopback, for this one only
        url, reach = (
            f"{config.own_url}/practice/catalog.rss",
            replace(reach, allow_hosts=("127.0.0.1",), https_proxy=""),
        )
    headers = {"Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    try:
        answer = get(reach, url, headers=headers)
    except Blocked as blocked:
        return Fetched(sentence=blocked.sentence, again_in=DAY, tell=True)
    except Unreachable as error:
        return Fetched(sentence=error.sentence, diagnosis=error.diagnosis, again_in=back_off(known.failures))
    return read(
        known,
        answer.status,
        {k.lower(): v for k, v in answer.headers.items()},
        answer.body,
        answer.url,
        answer.complete,
    )


def refuse_private(url: str, reach: Reach) -> None:
    """Said when a feed is added, not a minute later: an address that no check will ever be let to. Raises NotDone."""
    try:
        host = urlsplit(url.strip()).hostname
    except ValueError:
        host = None
    if not host:
        return  # `feeds.add` says that this is no address
    try:
        check_for_proxy(host, 443, reach)
    except Blocked as blocked:
        raise NotDone(blocked.sentence) from blocked


def read(known: Known, status: int, headers: dict[str, str], body: bytes, url: str, complete: bool) -> Fetched:
    """Status and headers -> what to do. Pure."""
    if status == 304:
        return Fetched(again_in=HOUR, etag=known.etag, last_modified=known.last_modified, body_hash=known.body_hash)
    if status != 200:
        return refused(known, status, headers)
    hashed = hashlib.sha256(body).hexdigest()
    etag, modified = headers.get("etag"), headers.get("last-modified")
    again = HOUR if etag or modified else DAY
    if hashed == known.body_hash:
        return Fetched(again_in=again, etag=etag, last_modified=modified, body_hash=hashed)
    kind = headers.get("content-type", "")
    return Fetched(body, url, kind, etag, modified, hashed, complete, again_in=again)


def refused(known: Known, status: int, headers: dict[str, str]) -> Fetched:
    """Every other status, as catalog-feeds "Fetching" says. Pure."""
    diagnosis = f"HTTP {status}"
    if status == 410:
        return Fetched(
            sentence=Sentence("The catalog says that this feed is gone for good. Look for a new address."),
            diagnosis=diagnosis,
            stop=True,
            tell=True,
        )
    if status == 404:
        told = Sentence("The catalog has no feed at this address (any more). Check the address.")
        return Fetched(sentence=told, diagnosis=diagnosis, again_in=DAY, tell=known.failures >= 2)
    if status in (401, 403):
        told = Sentence(
            "The catalog asks for a sign-in before it shows this feed. Ask whoever runs the catalog to open it."
        )
        return Fetched(sentence=told, diagnosis=diagnosis, again_in=DAY, tell=True)
    if status in (429, 503):
        told = Sentence("The catalog is busy. We ask again later.")
        return Fetched(sentence=told, diagnosis=diagnosis, again_in=retry_after(headers) or back_off(known.failures))
    told = Sentence("The catalog answered with a fault of its own (%(status)s). We ask again later.", status=status)
    return Fetched(sentence=told, diagnosis=diagnosis, again_in=back_off(known.failures))


def back_off(failures: int) -> timedelta:
    """1 h, 2 h, 4 h ... a day."""
    return min(timedelta(hours=2 ** min(failures, 6)), DAY)


def retry_after(headers: dict[str, str]) -> timedelta | None:
    """Seconds or a date (RFC 9110), at most a week; None where it says nothing that makes sense."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), WEEK)
    dated = headers.get("date", "")
    try:
        until = parsedate_to_datetime(text)
        since = parsedate_to_datetime(dated) if dated else None
    except (TypeError, ValueError):
        return None
    if since is None or until.tzinfo is None:
        return None
    return max(timedelta(0), min(until.astimezone(UTC) - since.astimezone(UTC), WEEK))


def jitter(feed_id: int, moment: datetime, again_in: timedelta = HOUR) -> timedelta:
    """Up to a sixth of the time between two checks, so that a district's feeds spread over the day."""
    seed = hashlib.sha256(f"{feed_id}:{moment:%Y-%m-%d}".encode()).digest()
    return min(again_in, DAY) / 6 * (int.from_bytes(seed[:4], "big") / 2**32)
