"""iCal (RFC 5545) -> the all-day events of two years, by name. Runs in a child process: see `titles/child.py`.

Inexact on purpose: what has a time of day is no closed day, unless it lasts from midnight to midnight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from time import process_time
from typing import Any

from outreach.words import keepable

MOST_EVENTS = 3_000  # looked at
MOST_KEPT = 500
MOST_STRETCHES = 3_000  # of all events
MOST_DAYS = 200  # of one event that repeats
SECONDS = 10  # of the processor, for the days of all events
OLDEST = timedelta(days=100 * 366)  # a repeat that began before is not counted through
LONGEST = timedelta(days=120)  # of one event: no break is longer
NAME = 100  # characters
RULES = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 0, "YEARLY": 0}  # days of a step, where they are always as many
DAY = timedelta(days=1)

Stretch = tuple[date, date]


class TooSlow(Exception):
    """There is more to count than any school has."""


def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    """`first` and `last`: the days that are looked at. Says `events`, or `trouble`."""
    if b"BEGIN:VCALENDAR" not in body.upper()[:10_000]:
        return {"trouble": "page" if b"<html" in body[:2_000].lower() else "no calendar"}
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(body, multiple=True)
    except (ValueError, KeyError, IndexError):
        return {"trouble": "damaged"}
    window = date.fromisoformat(head["first"]), date.fromisoformat(head["last"])
    events = (event for calendar in calendars for event in calendar.walk("VEVENT"))
    try:
        return {"events": within(islice(read(islice(events, MOST_EVENTS), window), MOST_KEPT))}
    except TooSlow:
        return {"trouble": "damaged"}


def within(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many of them as have no more than MOST_STRETCHES in all: a library carries them about."""
    kept, left = [], MOST_STRETCHES
    for event in events:
        event["days"] = event["days"][:left]
        left -= len(event["days"])
        if event["days"]:
            kept.append(event)
    return kept


def read(events: Iterable[Any], window: Stretch) -> Iterator[dict[str, Any]]:
    """One line for each event that has days in the window; an instance that was moved takes the place of its day."""
    known, end = list(events), process_time() + SECONDS
    moved: dict[str, set[date]] = {}
    for event in known:
        if instance := event.get("RECURRENCE-ID"):
            moved.setdefault(_text(event.get("UID")), set()).add(_day(instance.dt))
    for event in known:
        if process_time() > end:
            raise TooSlow
        uid, name = _text(event.get("UID"))[:200], _text(event.get("SUMMARY"))[:NAME]
        days = _days(event, moved.get(uid, set()), window)
        if name and days and _text(event.get("STATUS")).upper() != "CANCELLED":
            told = [[first.isoformat(), last.isoformat()] for first, last in days]
            yield {"uid": uid or name, "name": name, "days": told}


def _text(value: Any) -> str:
    return " ".join(keepable(str(value or "")).split())


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _days(event: Any, moved: set[date], window: Stretch) -> list[Stretch]:
    """The stretches of days of an event, those of its repeats too. Empty for what is not all day, or makes no sense."""
    try:
        stretch = _stretch(event)
        if stretch is None:
            return []
        first, length = stretch[0], stretch[1] - stretch[0]
        starts = {first} if not event.get("RRULE") else set(_repeats(event, first, window))
        starts |= {_day(d.dt) for d in _listed(event.get("RDATE"))}
        if not event.get("RECURRENCE-ID"):
            starts -= {_day(d.dt) for d in _listed(event.get("EXDATE"))} | moved
    except (ValueError, TypeError, AttributeError, OverflowError, KeyError):
        return []
    inside = sorted(s for s in starts if s <= window[1] and s + length >= window[0])
    return [(s, s + length) for s in inside[:MOST_DAYS]]


def _stretch(event: Any) -> Stretch | None:
    """First and last day; DTEND is the day after (RFC 5545, 3.6.1)."""
    start = event["DTSTART"].dt
    end = event["DTEND"].dt if event.get("DTEND") else None
    if end is None and event.get("DURATION"):
        end = start + event["DURATION"].dt
    if isinstance(start, datetime):
        midnight = isinstance(end, datetime) and start.time() == end.time() == time() and end > start
        if not midnight:
            return None
    first = _day(start)
    last = max(first, _day(end) - DAY) if end else first
    return (first, last) if last - first <= LONGEST else None


def _listed(value: Any) -> list[Any]:
    """EXDATE or RDATE: none, one line, or several."""
    lines = value if isinstance(value, list) else [value] if value else []
    return [moment for line in lines for moment in line.dts]


def _repeats(event: Any, first: date, window: Stretch) -> Iterator[date]:
    """dateutil's, on plain days: an UNTIL in UTC would not go with them."""
    from dateutil.rrule import rrulestr

    told = event["RRULE"]
    text = (told[0] if isinstance(told, list) else told).to_ical().decode()
    frequency = re.search(r"FREQ=([A-Z]+)", text)
    if not frequency or frequency[1] not in RULES or re.search(r"BY(HOUR|MINUTE|SECOND)=|INTERVAL=(?![1-9])", text):
        return
    every = int(found[1]) if (found := re.search(r"INTERVAL=(\d{1,6})", text)) else 1
    begin, end = (datetime.combine(day, time()) for day in (window[0] - LONGEST, window[1]))
    start = datetime.combine(first, time())
    if "COUNT=" not in text:
        start = _near(start, begin, RULES[frequency[1]] * every)
    if start < begin - OLDEST:
        return
    text = re.sub(r"UNTIL=([0-9]{8})(T[0-9]{6}Z?)?", r"UNTIL=\1T235959", text)
    rule = rrulestr(text, dtstart=start)
    for moment in islice(rule.xafter(begin, inc=True), MOST_DAYS * 2):
        if moment > end:
            return
        yield moment.date()


def _near(start: datetime, begin: datetime, step: int) -> datetime:
    """The last start of the same repeat before `begin`: nobody counts the days since the year 1."""
    return start + (begin - start) // timedelta(days=step) * timedelta(days=step) if step and start < begin else start
