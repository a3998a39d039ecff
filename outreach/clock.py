"""Time: UTC inside, a library's wall clock at the edges. The only user of datetime.now, ZoneInfo and rrule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
PLANNED = timedelta(days=3 * 366)  # nobody plans further


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


def same_wall(moment: datetime, away: timedelta, zone_name: str) -> datetime:
    """Whole days earlier or later, at the same time on the wall."""
    wall = to_local(moment, zone_name).replace(tzinfo=None) + away
    return to_utc(wall, zone_name)


def carried(moment: datetime, old: datetime, new: datetime, zone_name: str) -> datetime:
    """`moment` moved as far as `old` -> `new` on the wall: an answer at 15:00 stays that when the clocks change."""
    new_wall, old_wall, wall = (to_local(m, zone_name).replace(tzinfo=None) for m in (new, old, moment))
    return new if moment == old else to_utc(wall + (new_wall - old_wall), zone_name)


def today(moment: datetime, zone_name: str) -> date:
    return to_local(moment, zone_name).date()


def month_of(moment: datetime, zone_name: str, before: int = 0) -> tuple[datetime, datetime]:
    """When the month that `moment` is in begins, and the next one: both in UTC. `before`: so many months earlier."""
    day = today(moment, zone_name).replace(day=1) - relativedelta(months=before)
    return at_wall(day, "00:00", zone_name), at_wall(day + relativedelta(months=1), "00:00", zone_name)


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


def occurrences(
    rule: str,
    first_day: date,
    clock: str,
    zone_name: str,
    after: datetime,
    is_left_out: Callable[[date], bool] = lambda _: False,
) -> Iterator[datetime]:
    """Every UTC moment after `after` of an RRULE (RFC 5545, without DTSTART) in wall time, three years ahead at most.

    Days that are left out count for nothing: "ten times" are ten of the others. "09:00" stays 9:00 over a change of
    the clock; gaps and folds are as in `to_utc`.
    """
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    count = parts.pop("COUNT", None)
    days = rrulestr(
        ";".join(f"{key}={value}" for key, value in parts.items()), dtstart=datetime.combine(first_day, time())
    )
    end = datetime.combine(max(first_day, to_local(after, zone_name).date()), time()) + PLANNED
    kept = (day.date() for day in takewhile(lambda day: day <= end, days) if not is_left_out(day.date()))
    moments = (at_wall(day, clock, zone_name) for day in islice(kept, int(count) if count else None))
    return (moment for moment in moments if moment > after)


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


def is_clock(text: str) -> bool:
    """ "15:30", as an input of the type time gives it."""
    return CLOCK.fullmatch(text) is not None


def zones() -> set[str]:
    """Every zone a person may choose."""
    return {name for name in _zones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))}
