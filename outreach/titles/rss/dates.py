"""When was a title added? Most dates in catalog feeds say something else.

Evergreen sends the year of the imprint, Aspen 1 January of it, VuFind the last re-index, Blacklight and SirsiDynix the
moment of our request. So a date counts only if the system is not one of those and if it lies in the last weeks; what
is new is decided by what we have seen before, never by a date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

WINDOW = timedelta(weeks=8)

_MONTH_NAMES = (
    "jan ene gen",
    "feb fev fév",
    "mar mär mrt",
    "apr abr avr",
    "may mai mag maj mei",
    "jun juin giu",
    "jul juil lug",
    "aug ago aou aoû",
    "sep set",
    "oct okt ott out",
    "nov",
    "dec dez dic déc",
)
_MONTHS = {month: number for number, names in enumerate(_MONTH_NAMES, 1) for month in names.split()}
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)(?:\.\d+)?)?")  # MARC 005
_SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:\s+(\d\d?):(\d\d)(?::(\d\d))?)?")
_WORDS = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})\.?\s+(?:de\s+)?([^\W\d]{3,})\.?,?\s+(?:de\s+)?(\d{4})"
    r"(?:,?\s+(\d\d?):(\d\d)(?::(\d\d))?(?:\s*(?:([+-])(\d\d):?(\d\d)|Z|GMT|UTC))?)?"
)


def added_date(entry: dict[str, Any], now: datetime) -> datetime | None:
    """The moment, if the entry names a plausible one; without a zone it is taken for UTC."""
    for key in ("user_date_added", "published", "updated"):
        text = entry.get(key)
        if text and (found := _read(text, entry.get(f"{key}_parsed"))):
            return found if _is_plausible(found, now) else None
    return None


def _is_plausible(date: datetime, now: datetime) -> bool:
    is_a_year = date.month == 1 and date.day == 1 and date.hour == date.minute == 0
    return now - WINDOW <= date <= now and not is_a_year


def _read(text: str, parsed: Any) -> datetime | None:
    text = text.strip()
    try:
        if stamp := _STAMP.fullmatch(text):
            return _date(*stamp.groups())
        if parsed:
            year, month, day, hour, minute, second = parsed[:6]
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        if slashes := _SLASHES.fullmatch(text):
            return _slashes(*slashes.groups())
        return _words(text)
    except (ValueError, OverflowError):
        return None


def _date(year: str, month: str, day: str, *clock: str | None) -> datetime:
    hour, minute, second = (int(part or 0) for part in clock)
    return datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=UTC)


def _slashes(first: str, second: str, year: str, *clock: str | None) -> datetime | None:
    """23/11/2026 and 11/23/2026 are clear, 5/11/2026 is not."""
    if int(first) <= 12 and int(second) <= 12 and first != second:
        return None
    day, month = (first, second) if int(second) <= 12 else (second, first)
    return _date(year, month, day, *clock)


def _words(text: str) -> datetime | None:
    words = _WORDS.match(text)
    if words is None:
        return None
    day, name, year, hour, minute, second, sign, hours, minutes = words.groups()
    name = name.casefold()
    month = _MONTHS.get(name[:4]) or _MONTHS.get(name[:3])
    if month is None:
        return None
    east = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    return _date(year, str(month), day, hour, minute, second) - east
