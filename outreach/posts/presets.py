"""News that a library tells again and again: closed today, the hours of this week. Pure but for the holidays."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from outreach import clock
from outreach.holidays import closed_because, is_closed
from outreach.models import Library
from outreach.posts.drafts import fill
from outreach.posts.spoken import day_name, say
from outreach.words import Sentence

CLOSED = Sentence("The library is closed today, {today}. We are open again on {open}.")
CLOSED_FOR = Sentence("The library is closed today, {today} ({why}). We are open again on {open}.")
HOURS = Sentence("Our hours this week:")
USUAL = Sentence("Monday to Friday: 8:00 to 15:30")
NOT_ON = Sentence("Closed on {day}: {why}")


def closed_today(library: Library, now: datetime) -> str:
    today = clock.today(now, library.timezone)
    again = clock.school_days_after(today, 1, lambda day: is_closed(library, day))
    why, language = closed_because(library, today), library.language
    told = {"today": day_name(today, language), "open": day_name(again, language), "why": why or ""}
    return fill(say(CLOSED_FOR if why else CLOSED, language), **told)


def hours_of_week(library: Library, now: datetime) -> str:
    """As the library wrote them, and on which of these days it is closed."""
    language = library.language
    days = _school_days(clock.today(now, library.timezone))
    closed = [(day, why) for day in days if (why := closed_because(library, day))]
    told = [fill(say(NOT_ON, language), day=day_name(day, language), why=why) for day, why in closed]
    return "\n".join([say(HOURS, language), library.hours.strip() or say(USUAL, language), *told])


def _school_days(today: date) -> list[date]:
    """Of this week; on a week-end of the next one."""
    return clock.week_of(today + timedelta(days=2) if today.weekday() >= 5 else today)[:5]


PRESETS = {"closed": closed_today, "hours": hours_of_week}
