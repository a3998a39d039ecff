"""On which days a library is closed: its own closures, and the public holidays of its country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module

from outreach.languages import ENGLISH, spoken
from outreach.models import Closure, Library
from outreach.words import Sentence

SNOW = Sentence("Snow day")
OBSERVED = Sentence("%(name)s (observed)")
# of the United States and Puerto Rico, which the package knows in English alone
NAMES = (
    Sentence("New Year's Day"),
    Sentence("Epiphany"),
    Sentence("Martin Luther King Jr. Day"),
    Sentence("Washington's Birthday"),
    Sentence("George Washington Day, Presidents' Day, and the Day of the Women and Men Heroes of Puerto Rico"),
    Sentence("Emancipation Day"),
    Sentence("Good Friday"),
    Sentence("Memorial Day"),
    Sentence("Juneteenth National Independence Day"),
    Sentence("Independence Day"),
    Sentence("Puerto Rico Constitution Day"),
    Sentence("Labor Day"),
    Sentence("Columbus Day"),
    Sentence("Veterans Day"),
    Sentence("Puerto Rican Identity Day"),
    Sentence("Thanksgiving Day"),
    Sentence("Christmas Day"),
)


def is_closed(library: Library, day: date) -> bool:
    return closed_because(library, day) is not None


def closed_because(library: Library, day: date, language: str = "") -> str | None:
    """The name of the closure or holiday, or None; in the language of the library, or of whoever reads it."""
    language = language or library.language
    for closure in library.closures:
        if closure.first_day <= day <= closure.last_day:
            return _name(closure, language)
    name = _public(library.country, day.year, language).get(day)
    return None if name is None else _said(name, language)


def _said(name: str, language: str) -> str:
    return spoken(name, language) if isinstance(name, Sentence) else name


def _name(closure: Closure, language: str) -> str:
    """What nobody typed is said in any language."""
    return spoken(SNOW, language) if closure.source == "snow" else closure.name


@dataclass(frozen=True)
class ClosedDays:
    first: date
    last: date
    name: str
    closure: Closure | None  # None: a public holiday


def closed_days(library: Library, first: date, last: date, language: str = "") -> list[ClosedDays]:
    """All of a stretch of time: the closures of the library, and the public holidays that are no week-end."""
    language = language or library.language
    own = [
        ClosedDays(c.first_day, c.last_day, _name(c, language), c)
        for c in library.closures
        if c.last_day >= first and c.first_day <= last
    ]
    public = (_public(library.country, year, language).items() for year in range(first.year, last.year + 1))
    holidays = [
        ClosedDays(day, day, _said(name, language), None)
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
def _public(country: str, year: int, language: str) -> dict[date, str]:
    """Public holidays of a year; an unknown country has none that we know of."""
    if not country:
        return {}
    package = import_module("holidays")  # heavy, and not needed by every process
    try:
        known = package.country_holidays(country).supported_languages
    except NotImplementedError:
        return {}
    speaks = [next((one for one in known if one.split("_")[0] == wanted), None) for wanted in (language, ENGLISH)]
    found = package.country_holidays(country, years=year, language=speaks[0] or speaks[1])
    return dict(found) if speaks[0] else {day: _ours(name) for day, name in found.items()}


def _ours(name: str) -> str:
    """With words that a catalog has, where it is one of those above."""
    bare = name.removesuffix(" (observed)")
    told = next((one for one in NAMES if one == bare), bare)
    return told if bare == name else OBSERVED.filled(name=told)
