"""On which days a library is closed: its own closures, and the public holidays of its country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module

from outreach.models import Closure, Library


def is_closed(library: Library, day: date) -> bool:
    return closed_because(library, day) is not None


def closed_because(library: Library, day: date) -> str | None:
    """The name of the closure or holiday, or None."""
    for closure in library.closures:
        if closure.first_day <= day <= closure.last_day:
            return closure.name
    return _public(library.country, day.year).get(day)


@dataclass(frozen=True)
class ClosedDays:
    first: date
    last: date
    name: str
    closure: Closure | None  # None: a public holiday


def closed_days(library: Library, first: date, last: date) -> list[ClosedDays]:
    """All of a stretch of time: the closures of the library, and the public holidays that are no week-end."""
    own = [
        ClosedDays(c.first_day, c.last_day, c.name, c)
        for c in library.closures
        if c.last_day >= first and c.first_day <= last
    ]
    public = (_public(library.country, year).items() for year in range(first.year, last.year + 1))
    holidays = [
        ClosedDays(day, day, name, None)
        for days in public
        for day, name in days
        if first <= day <= last and day.weekday() < 5
    ]
    return sorted(own + holidays, key=lambda days: (days.first, days.last))


def school_year(day: date) -> tuple[date, date]:
    """The one that `day` is in: August to July."""
    year = day.year if day.month >= 8 else day.year - 1
    return date(year, 8, 1), date(year + 1, 7, 31)


def known_countries() -> list[str]:
    """ISO 3166 codes of the countries whose public holidays are known."""
    return list(import_module("holidays").list_supported_countries(include_aliases=False))


@lru_cache(maxsize=64)
def _public(country: str, year: int) -> dict[date, str]:
    """Public holidays of a year; an unknown country has none that we know of."""
    if not country:
        return {}
    package = import_module("holidays")  # heavy, and not needed by every process
    try:
        return dict(package.country_holidays(country, years=year))
    except NotImplementedError:
        return {}
