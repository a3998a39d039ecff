"""Fields of a post in a cell of a table, and back: words as they are, moments on the wall, all else as JSON. Pure."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from outreach import clock
from outreach.words import keepable

_AS_JSON = ("[", "{", '"')


def said_value(value: Any, zone: str, name: str = "") -> str:
    """
    >>> said_value("2026-12-01T15:00:00+00:00", "America/Chicago", "answer_at")
    '2026-12-01 09:00'
    """
    if isinstance(value, str):
        if name.endswith("_at") and (at := _moment(value)) is not None:
            return f"{clock.to_local(at, zone):%Y-%m-%d %H:%M}"
        return value if _read(value) == value else json.dumps(value, ensure_ascii=False)
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def read_value(text: str, zone: str = "UTC", name: str = "") -> Any:
    """What `said_value` wrote, or a person.

    >>> read_value("2026-12-01 09:00", "America/Chicago", "answer_at")
    '2026-12-01T15:00:00+00:00'
    """
    if name.endswith("_at"):
        with suppress(ValueError, OverflowError):
            wall = datetime.fromisoformat(text)
            return (wall if wall.tzinfo else clock.to_utc(wall, zone)).isoformat()
    return _read(text)


def _read(text: str) -> Any:
    if text.startswith(_AS_JSON) or text in ("true", "false") or text.lstrip("-").replace(".", "", 1).isdecimal():
        with suppress(ValueError, RecursionError):
            return keepable(json.loads(text))  # "\\u0000" in a cell is a NUL only now
    return text


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else None
    return None
