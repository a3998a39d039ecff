"""What breaks between us and a network, on the call that publishes; and whether the server has it then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from outreach import clock

OUT, NOT = "out", "not out"
BROKEN: dict[str, tuple[str, dict[str, Any], str]] = {
    "reset before": ("reset_before", {}, NOT),
    "reset after": ("reset_after", {}, OUT),
    "closed after": ("close_after", {}, OUT),
    "truncated": ("truncate", {}, OUT),
    "garbage instead": ("garbage", {"forward": False}, NOT),
    "garbage after": ("garbage", {}, OUT),
    "wrong content type": ("wrong_type", {}, OUT),
    "500 after success": ("status", {"status": 500}, OUT),
    "500 instead": ("status", {"status": 500, "forward": False}, NOT),
    "502 after success": ("status", {"status": 502, "body": b"<html>Bad gateway</html>"}, OUT),
    "503 instead": ("status", {"status": 503, "forward": False, "body": b"<html>Sorry</html>"}, NOT),
    "504 after success": ("status", {"status": 504, "body": b"<html>Timeout</html>"}, OUT),
    "redirect": ("redirect", {"status": 302, "forward": False, "headers": {"Location": "https://x.invalid/"}}, NOT),
    "moved": ("redirect", {"status": 301, "forward": False, "headers": {"Location": "https://x.invalid/"}}, NOT),
    "a filter's 403": ("status", {"status": 403, "forward": False, "body": b"<html>Blocked</html>"}, NOT),
    "401": ("status", {"status": 401, "forward": False}, NOT),
    "429 without a time": ("status", {"status": 429, "forward": False}, NOT),
    "429 Retry-After": ("status", {"status": 429, "forward": False, "headers": {"Retry-After": "{seconds}"}}, NOT),
    "429 with a date": (
        "status",
        {"status": 429, "forward": False, "headers": {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}},
        NOT,
    ),
    "429 ISO": ("status", {"status": 429, "forward": False, "headers": {"X-RateLimit-Reset": "{iso}"}}, NOT),
    "429 epoch": ("status", {"status": 429, "forward": False, "headers": {"x-rate-limit-reset": "{epoch}"}}, NOT),
    "slow": ("slow", {"seconds": 0.0005}, OUT),
}


def spelled(more: dict[str, Any], again: datetime) -> dict[str, Any]:
    """With the moment from which the server lets us, in the spelling of each header."""
    seconds = str(max(1, round((again - clock.now()).total_seconds())))
    made_up = {"iso": again.isoformat(), "epoch": str(int(again.timestamp())), "seconds": seconds}
    headers = {key: value.format(**made_up) for key, value in more.get("headers", {}).items()}
    return {**more, "headers": headers} if headers else more
