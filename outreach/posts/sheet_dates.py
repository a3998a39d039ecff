"""Days and times as people write them into a table: 2026-11-24, 11/24/2026, 24.11.2026, 24 de noviembre. Pure.

Whether 3/4 is in March or in April is decided once for a column, by its other cells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta

_NUMBERS = re.compile(r"(\d{1,4})\s*[-/.]\s*(\d{1,2})(?:\s*[-/.]\s*(\d{2,4}))?\.?")
_WORDS = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s*(?:de\s+)?([a-z]{3,})|([a-z]{3,})\.?\s*(\d{1,2})(?:st|nd|rd|th)?)"
    r"\.?,?\s*(?:(?:de|del)\s+)?(\d{4})?"
)
_TIME = re.compile(r"(\d{1,2})(?:[:.h]\s*(\d{2}))?(?::\d{2})?(?:\.0+)?\s*(h|hrs?|uhr)?\s*([ap])?\.?\s*(?:m\.?)?")
_LAST = re.compile(
    r"(.*\S)[\sT]+(\d{1,2}(?:[:.h]\d{2}(?::\d{2})?)?\s*(?:[ap]\.?\s*m\.?)?|noon|mediodia)\s*", re.IGNORECASE
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep set", "oct", "nov", "dec dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom)[a-z]*[.,]*\s+(?=\S*\d|[a-z]+\s+\d)"
)


def plain(text: str) -> str:
    """Without case and accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def day_first(cells: Iterable[str], usual: bool) -> tuple[bool, bool]:
    """(is the day before the month?, is that sure?): by the cells that can be read in one way alone.

    `usual`: as people of the library write, where the cells do not tell.
    """
    first = second = 0
    for cell in cells:
        found = _NUMBERS.match(_WEEKDAY.sub("", plain(cell)))
        if not found or len(found[1]) > 2:
            continue
        one, two = int(found[1]), int(found[2])
        first += one > 12 >= two
        second += two > 12 >= one
    if first == second:
        return usual, False
    return first > second, True


def read_day(cell: str, by_day: bool, today: date) -> date | None:
    """None for what is none. Without a year it is the next such day."""
    text = plain(cell).strip(" ,.")
    return _read(text, by_day, today) or _read(_WEEKDAY.sub("", text), by_day, today)  # "mar" is March and Tuesday


def _read(text: str, by_day: bool, today: date) -> date | None:
    if found := _NUMBERS.fullmatch(text):
        return _of_numbers(found, by_day, today)
    if found := _WORDS.fullmatch(text):
        day, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        number = _MONTHS.get(month[:3])
        return _made(found[5], number, int(day), today) if number else None
    return None


def _of_numbers(found: re.Match[str], by_day: bool, today: date) -> date | None:
    one, two, three = found[1], found[2], found[3]
    if len(one) == 4:
        return _made(one, int(two), int(three), today) if three else None
    if len(one) == 3:
        return None
    month, day = (int(two), int(one)) if by_day else (int(one), int(two))
    return _made(three, month, day, today)


def _made(year: str | None, month: int, day: int, today: date) -> date | None:
    try:
        if year:
            full = int(year) if len(year) == 4 else 2000 + int(year)
            return date(full, month, day) if 2000 <= full <= 2100 else None
        this = date(today.year, month, day)
        return this if this >= today - timedelta(days=30) else date(today.year + 1, month, day)
    except ValueError:
        return None


def read_time(cell: str) -> str | None:
    """ "9:30 pm" -> "21:30"; None for what is none."""
    text = plain(cell).strip()
    if text in ("noon", "mediodia"):
        return "12:00"
    found = _TIME.fullmatch(text)
    if not found or not (found[2] or found[3] or found[4]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[4]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def split_time(cell: str) -> tuple[str, str]:
    """A cell with both, as spreadsheets keep them: 2026-11-24 09:00."""
    found = _LAST.fullmatch(cell.strip())
    return (found[1], found[2]) if found and read_time(found[2]) else (cell.strip(), "")
