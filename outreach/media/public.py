"""An address from which a network fetches one picture, for a day; nobody can guess it from that of another one."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

GOOD_FOR = timedelta(days=1)


def mark_of(secret: str, digest: str, now: datetime) -> str:
    """
    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    >>> is_good("key", "ab", mark_of("key", "ab", noon), noon + timedelta(hours=23))
    True
    >>> is_good("key", "ab", mark_of("key", "ab", noon), noon + timedelta(hours=25))
    False
    >>> is_good("key", "cd", mark_of("key", "ab", noon), noon)
    False
    """
    return _mark(secret, digest, int((now + GOOD_FOR).timestamp()))


def is_good(secret: str, digest: str, mark: str, now: datetime) -> bool:
    ends, _, _ = mark.partition("-")
    if not (ends.isascii() and ends.isdecimal()) or int(ends) < now.timestamp():
        return False
    return hmac.compare_digest(_mark(secret, digest, int(ends)).encode(), mark.encode())


def _mark(secret: str, digest: str, ends: int) -> str:
    told = hmac.new(secret.encode(), f"picture:{digest}:{ends}".encode(), hashlib.sha256).hexdigest()
    return f"{ends}-{told[:40]}"
