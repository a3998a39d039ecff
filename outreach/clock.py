"""Time: UTC inside, a library's wall clock at the edges. The only user of datetime.now and ZoneInfo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


def now() -> datetime:
    return datetime.now(UTC)


@cache  # reads several hundred files
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    return name in _zones()


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def to_local(moment: datetime, zone_name: str) -> datetime:
    return moment.astimezone(zone(zone_name))


def in_gap(wall: datetime, zone_name: str) -> bool:
    """Is this wall time one that the clock jumps over in spring?"""
    local = wall.replace(tzinfo=zone(zone_name))
    back = local.astimezone(UTC).astimezone(zone(zone_name))
    return back.replace(tzinfo=None) != wall.replace(tzinfo=None)


def to_utc(wall: datetime, zone_name: str) -> datetime:
    """A naive wall time -> UTC.

    A time in the gap of spring moves forward by the gap (02:30 -> 03:30, what a wall clock that was set
    would show); a time that comes twice in autumn is the first one.
    """
    return wall.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)


def at_wall(day: date, clock: str, zone_name: str) -> datetime:
    """``2026-11-24``, ``"09:00"`` in a zone -> UTC."""
    return to_utc(datetime.combine(day, time.fromisoformat(clock)), zone_name)


def today(moment: datetime, zone_name: str) -> date:
    return to_local(moment, zone_name).date()


def week_of(day: date) -> list[date]:
    """The seven days, Monday first, that `day` is in."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7)]


def weekly(weekday: int, clock: str, zone_name: str, after: datetime) -> Iterator[datetime]:
    """Every UTC moment of "each `weekday` (0 = Monday) at `clock`" after `after`: wall time is kept."""
    day = to_local(after, zone_name).date()
    day += timedelta(days=(weekday - day.weekday()) % 7)
    while True:
        moment = at_wall(day, clock, zone_name)
        if moment > after:
            yield moment
        day += timedelta(days=7)


def school_days_after(day: date, count: int, is_closed: Callable[[date], bool]) -> date:
    """The `count`-th day after `day` that is no week-end and not closed (looks a year ahead at most)."""
    for ahead in range(1, 366):
        candidate = day + timedelta(days=ahead)
        if candidate.weekday() < 5 and not is_closed(candidate):
            count -= 1
            if count <= 0:
                return candidate
    return day + timedelta(days=1)


def school_day_before(day: date, is_closed: Callable[[date], bool]) -> date:
    """The last day before `day` that is no week-end and not closed (looks a year back at most)."""
    back = (day - timedelta(days=n) for n in range(1, 366))
    return next((d for d in back if d.weekday() < 5 and not is_closed(d)), day - timedelta(days=1))


def zones() -> set[str]:
    """Every zone a person may choose."""
    return {name for name in _zones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))}
