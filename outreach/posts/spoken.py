"""What we add to the words of a post, in its language: days, times, the name of the zone, short sentences. Pure."""

from __future__ import annotations

from datetime import date, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone, get_timezone_name

from outreach import clock
from outreach.languages import spoken as say


def locale(language: str) -> Locale:
    """English for a language that has no locale."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def day(moment: datetime, zone: str, language: str) -> str:
    """With its weekday.

    >>> from datetime import UTC
    >>> day(datetime(2026, 12, 3, 20, tzinfo=UTC), "America/Chicago", "en")
    'Thursday, December 3'
    """
    return day_name(clock.to_local(moment, zone), language)


def day_name(on: date, language: str) -> str:
    return str(format_date(on, _pattern(language), locale=locale(language)))


def _pattern(language: str) -> str:
    order = str(locale(language).date_formats["long"])
    return (
        "EEEE d 'de' MMMM"
        if language.startswith("es")
        else "EEEE, MMMM d"
        if order.startswith("MMMM")
        else "EEEE d MMMM"
    )


def time(begin: datetime, end: datetime | None, zone: str, language: str) -> str:
    """With the zone's name as people say it.

    >>> from datetime import UTC
    >>> time(datetime(2026, 12, 3, 21, 30, tzinfo=UTC), None, "America/Chicago", "en")
    '3:30 PM (Central Time)'
    """
    shown = [_clock(moment, zone, language) for moment in (begin, end) if moment]
    return f"{' – '.join(shown)} ({zone_name(zone, language)})"


def zone_name(zone: str, language: str) -> str:
    if zone == "UTC" or zone.startswith("Etc/"):
        return "UTC"
    return str(get_timezone_name(get_timezone(zone), width="long", locale=locale(language), zone_variant="generic"))


def _clock(moment: datetime, zone: str, language: str) -> str:
    told = format_time(clock.to_local(moment, zone), "short", locale=locale(language))
    return str(told).replace("\u202f", " ")  # a narrow space that not every network shows


__all__ = ["day", "day_name", "locale", "say", "time", "zone_name"]
