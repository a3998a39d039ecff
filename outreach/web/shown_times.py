"""Days and times as the reader's language writes them, in the library's zone."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache

from flask import g
from flask_babel import format_date, format_datetime, format_time, get_locale, gettext

from outreach import clock
from outreach.languages import day_said


def when(at: datetime | None) -> str:
    """As people say it: tomorrow, 12:00."""
    if at is None:
        return gettext("no time yet")
    local, today = clock.to_local(at, zone()), clock.today(clock.now(), zone())
    days = (local.date() - today).days
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}.get(days)
    if near is None:
        near = format_date(local, "EEEE") if 0 < days < 7 else date_name(local.date(), "EEE d MMM")
    return f"{near}, {clock_time(at)}"


def moment(at: datetime | None) -> str:
    """The full date, for hovering and for screen readers."""
    return "" if at is None else format_datetime(at, "full")


def clock_time(at: datetime) -> str:
    local = clock.to_local(at, zone())
    return _clock_words(str(get_locale()), local.hour, local.minute)


@cache  # a page shows many times, and each would be looked up in the locale anew
def _clock_words(_locale: str, hour: int, minute: int) -> str:
    return format_time(time(hour, minute), "short", rebase=False)


def wall_clock(text: str) -> str:
    """ "09:00" of a usual time, as the reader's language writes it."""
    return format_time(time.fromisoformat(text), "short", rebase=False)


def date_name(day: date, pattern: str = "") -> str:
    """Without a pattern: short, and of another year with its year."""
    if pattern in ("full", "long"):
        return format_date(day, pattern)
    this_year = day.year == clock.today(clock.now(), zone()).year
    return day_said(day, pattern or ("d MMM" if this_year else "d MMM y"), get_locale().language)


def local_day(at: datetime, pattern: str) -> str:
    """The day of a moment in the library's zone."""
    return date_name(clock.to_local(at, zone()).date(), pattern)


def day_value(at: datetime) -> str:
    """For an input of the type date."""
    return clock.to_local(at, zone()).date().isoformat()


def clock_value(at: datetime) -> str:
    return f"{clock.to_local(at, zone()):%H:%M}"


def weekday_name(number: int) -> str:
    return format_date(date(2026, 11, 23 + number), "EEEE")  # the 23rd is a Monday


def zone() -> str:
    library = g.get("library")
    return library.timezone if library is not None else "UTC"
