"""Time zones as people call them: first those of the library's country, then each country's, by continent."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location, get_timezone_name
from flask_babel import get_locale

from outreach.models import Library
from outreach.people.zones import by_country, country_of, zones_of
from outreach.posts.known_words import fold

# a zone begins with a continent or an ocean -> the territory whose name Babel knows
CONTINENTS = {
    "America": "019",
    "Europe": "150",
    "Africa": "002",
    "Asia": "142",
    "Australia": "009",
    "Pacific": "009",
    "Antarctica": "AQ",
    "Arctic": "150",
}
ISLANDS = {
    "019": ("BM", "FK", "GS"),
    "150": ("ES", "FO", "IS", "PT"),
    "002": ("CV", "KM", "MG", "MU", "RE", "SC", "SH", "TF", "YT"),
    "142": ("IO", "MV"),
    "009": ("CC", "CX"),
}
Named = tuple[str, str]  # zone, as people say it


def near(library: Library) -> list[Named]:
    """Those of its country, where most people live first; the one that is chosen always."""
    chosen = library.timezone
    others = [zone for zone in zones_of(library.country or country_of(_newest(chosen))) if zone != _newest(chosen)]
    return [(zone, zone_said(zone)) for zone in (chosen, *others)]


def far(besides: list[Named]) -> list[tuple[str, list[Named]]]:
    """(continent, its zones). No older name of a zone is among them, and none that is no place but UTC."""
    locale, known = get_locale(), {_newest(zone) for zone, _said in besides}
    found: dict[str, list[Named]] = defaultdict(list)
    for zone, country in by_country().items():
        if zone not in known:
            found[_continent(zone, country)].append((zone, _placed(zone, country, locale)))
    groups = [(locale.territories[key], sorted(found[key], key=lambda pair: fold(pair[1]))) for key in found]
    everywhere = [] if "UTC" in known else [("UTC", [("UTC", zone_said("UTC"))])]
    return [*sorted(groups, key=lambda group: fold(group[0])), *everywhere]


def zone_said(zone: str) -> str:
    """Central Time, Chicago."""
    locale = get_locale()
    zone = _newest(zone)
    if not country_of(zone):
        return zone
    city = ", ".join(reversed(get_timezone_location(zone, locale, return_city=True).split("/")))  # Kentucky/Louisville
    name = _time_of(zone, locale)
    return city if "/" in name else f"{name}, {city}"


def _newest(zone: str) -> str:
    """Of what is the same by an older name."""
    if country_of(zone):
        return zone
    newer = get_global("zone_aliases").get(zone, zone)
    return "UTC" if newer in ("Etc/UTC", "UTC") else str(newer)


def _time_of(zone: str, locale: Locale) -> str:
    """Babel has that of some zones only by their older name."""
    if older := _older().get(zone):
        long = locale.meta_zones[older]["long"]
        return str(long.get("generic") or long["standard"])
    return str(get_timezone_name(zone, locale=locale))


@cache
def _older() -> dict[str, str]:
    times = get_global("meta_zones")
    aliases = {new: old for old, new in get_global("zone_aliases").items() if old in times and new not in times}
    return {new: times[old] for new, old in aliases.items()}


def _continent(zone: str, country: str) -> str:
    island = next((key for key, countries in ISLANDS.items() if country in countries), "019")
    return CONTINENTS.get(zone.partition("/")[0], island)


def _placed(zone: str, country: str, locale: Locale) -> str:
    """Germany, Berlin."""
    name = locale.territories.get(country, country)
    city = get_timezone_location(zone, locale, return_city=True).rpartition("/")[2]
    return name if city == name else f"{name}, {city}"
