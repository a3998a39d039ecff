"""Time zone -> country, from the IANA table that comes with every zone database."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def _table() -> dict[str, str]:
    """zone1970.tab names for each zone the countries it is used in; the first one is the largest."""
    for line_source in (_system, _package):
        text = line_source()
        if text:
            rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
            return {row[2]: row[0].split(",")[0] for row in rows}
    return {}


def _system() -> str:
    path = Path("/usr/share/zoneinfo/zone.tab")
    return path.read_text() if path.is_file() else ""


def _package() -> str:
    return (files("tzdata") / "zoneinfo" / "zone.tab").read_text()


def by_country() -> dict[str, str]:
    """Each zone that is in use, without older names for the same -> the country it is in."""
    return dict(_table())


def country_of(zone: str) -> str:
    """ISO 3166 code, e.g. ``America/Chicago`` -> ``US``; an empty string for zones of no country (UTC)."""
    return _table().get(zone, "")


def zones_of(country: str) -> list[str]:
    """Its zones, where most people live first."""
    return [zone for zone, code in _table().items() if code == country]
