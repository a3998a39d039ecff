"""On which days a library is closed: its own closures, and the public holidays of its country."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib import import_module

from outreach.models import Library


def is_closed(library: Library, day: date) -> bool:
    return closed_because(library, day) is not None


def closed_because(library: Library, day: date) -> str | None:
    """The name of the closure or holiday, or None."""
    for closure in library.closures:
        if closure.first_day <= day <= closure.last_day:
            return closure.name
    return _public(library.country, day.year).get(day)


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
