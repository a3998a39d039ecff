"""News that a library tells again and again: closed today, the hours of this week. Pure but for the holidays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from outreach import clock
from outreach.holidays import closed_because, is_closed
from outreach.models import Library
from outreach.posts.drafts import Draft, fill
from outreach.posts.spoken import day_name, say
from outreach.words import Sentence

CLOSED = Sentence("The library is closed today, {today}.")
CLOSED_FOR = Sentence("The library is closed today, {today} ({why}).")
OPEN_AGAIN = Sentence("We are open again on {open}.")
HOURS = Sentence("Our hours this week ({first} – {last}):")
NOT_ON = Sentence("Closed on {day}: {why}")


FRIDAY = 4
LONG_PAST = 60  # days; of older ones nobody thinks it is today


def closed_today(library: Library, at: datetime) -> str:
    """Of the day on which it goes out; when it opens again only where somebody said until when it is closed."""
    today, language = clock.today(at, library.timezone), library.language
    why = closed_because(library, today)
    told = fill(say(CLOSED_FOR if why else CLOSED, language), today=day_name(today, language), why=why or "")
    if not any(closure.first_day <= today <= closure.last_day for closure in library.closures):
        return told
    again = clock.school_days_after(today, 1, lambda day: is_closed(library, day))
    return f"{told} {fill(say(OPEN_AGAIN, language), open=day_name(again, language))}"


def hours_of_week(library: Library, at: datetime) -> str:
    """As the library wrote them, and on which of these days it is closed."""
    language = library.language
    days = _school_days(clock.today(at, library.timezone))
    closed = [(day, why) for day in days if (why := closed_because(library, day))]
    told = [fill(say(NOT_ON, language), day=day_name(day, language), why=why) for day, why in closed]
    return "\n".join(filter(None, [_hours_of(days, language), library.hours.strip(), *told]))


def _hours_of(days: list[date], language: str) -> str:
    return fill(say(HOURS, language), first=day_name(days[0], language), last=day_name(days[-1], language))


def _school_days(today: date) -> list[date]:
    """Of this week; on a week-end of the next one."""
    return clock.week_of(today + timedelta(days=2) if today.weekday() >= 5 else today)[:5]


def told_too_late(draft: Draft) -> list[Sentence]:
    """It would go out after the day, or the week, that its words name as this one."""
    begun = (say(sentence, draft.speaks).partition("{")[0] for sentence in (CLOSED, CLOSED_FOR, HOURS))
    if draft.at is None or not any(words in draft.words for words in begun):
        return []
    out = clock.to_local(draft.at, draft.zone).date()
    for day in (out - timedelta(days=n) for n in range(1, LONG_PAST)):
        if any(re.search(rf"{re.escape(name)}(?!\d)", draft.words) for name in _names(day, draft.speaks)):
            return [
                Sentence("It tells of %(day)s, and would go out later. Post it earlier, or change its words.", day=day)
            ]
    return []


def _names(day: date, language: str) -> Iterator[str]:
    """The words above that call this day today, or the last one of this week."""
    for sentence in (CLOSED, CLOSED_FOR):
        yield say(sentence, language).partition("{today}")[0] + day_name(day, language)
    if day.weekday() == FRIDAY:
        yield _hours_of(_school_days(day), language)


PRESETS = {"closed": closed_today, "hours": hours_of_week}
