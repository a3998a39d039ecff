"""How fast a network lets us go, from the headers of its answers. Pure: headers -> moments and numbers.

=================================================== ==============================================
header                                              who sends it
=================================================== ==============================================
X-RateLimit-Limit, -Remaining, -Reset (ISO time)     Mastodon
X-RateLimit-Reset (seconds since 1970)               GoToSocial
x-rate-limit-limit, -remaining, -reset (since 1970)  X
RateLimit-Limit, -Remaining, -Reset (since 1970)     Bluesky
RateLimit-Reset (seconds from now)                   RFC draft-ietf-httpapi-ratelimit-headers
Retry-After (seconds, or an HTTP date)               anybody (RFC 9110)
=================================================== ==============================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from outreach import clock

LONGEST_WAIT = timedelta(hours=24)
STARTS = ("X-RateLimit", "X-Rate-Limit", "RateLimit")
RESETS = tuple(f"{start}-Reset" for start in STARTS)
A_YEAR = 31_536_000  # a reset below it counts from now, above it from 1970


@dataclass(frozen=True)
class Left:
    """What a network still lets us do."""

    remaining: int
    limit: int
    resets_at: datetime  # UTC


def until(headers: Mapping[str, str]) -> datetime | None:
    """When the server lets us try again (UTC, within a day). None where it does not say, or it makes no sense."""
    now = clock.now()
    resets = (_moment(headers.get(name, ""), now) for name in RESETS)
    found = next((moment for moment in resets if moment), None) or _after(headers.get("Retry-After", ""), now)
    return None if found is None or found < now - LONGEST_WAIT else min(found, now + LONGEST_WAIT)


def left(headers: Mapping[str, str]) -> Left | None:
    """None where the answer does not tell all three."""
    now = clock.now()
    for start in STARTS:
        remaining, limit = headers.get(f"{start}-Remaining", ""), headers.get(f"{start}-Limit", "")
        resets = _moment(headers.get(f"{start}-Reset", ""), now)
        if remaining.isdecimal() and limit.isdecimal() and resets and resets > now:
            return Left(int(remaining), int(limit), min(resets, now + LONGEST_WAIT))
    return None


def _moment(text: str, now: datetime) -> datetime | None:
    try:
        if text.isdecimal():
            seconds = int(text)
            return now + timedelta(seconds=seconds) if seconds < A_YEAR else datetime.fromtimestamp(seconds, UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _after(text: str, now: datetime) -> datetime | None:
    try:
        return now + timedelta(seconds=int(text)) if text.isdecimal() else parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
