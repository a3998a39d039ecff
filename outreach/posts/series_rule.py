"""How a post repeats, as people choose it <-> an RRULE (RFC 5545) <-> a sentence. Pure.

>>> rule_of(Choice("weekday_of_month"), date(2026, 11, 9))
'FREQ=MONTHLY;BYDAY=+2MO'
>>> str(said(rule_of(Choice("weekday_of_month"), date(2026, 11, 9)), "19:00"))
'Every month on the second Monday, at 19:00'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from outreach.words import NotDone, Sentence, several

EVERY = ("week", "two_weeks", "weekday_of_month", "day_of_month", "school_day")
MOST_TIMES = 500
SHORTEST_MONTH = 28  # days
_END = ("UNTIL", "COUNT")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SCHOOL = ",".join(_DAYS[:5])
WEEKDAYS = (
    Sentence("Monday"),
    Sentence("Tuesday"),
    Sentence("Wednesday"),
    Sentence("Thursday"),
    Sentence("Friday"),
    Sentence("Saturday"),
    Sentence("Sunday"),
)


@dataclass(frozen=True)
class Choice:
    every: str  # one of EVERY
    days: tuple[int, ...] = ()  # of "week", 0 is Monday; empty: the day of its first one
    until: date | None = None  # the last day on which there may be one
    count: int | None = None  # how many there are, the first one too


def rule_of(choice: Choice, first_day: date) -> str:
    """Raises NotDone for what is no choice, or ends before it begins."""
    if choice.every not in EVERY:
        raise NotDone(Sentence("Choose how often it comes again."))
    if choice.until is not None and choice.until < first_day:
        raise NotDone(Sentence("The last day is before the first one. Choose a later one."))
    if choice.count is not None and not 1 <= choice.count <= MOST_TIMES:
        raise NotDone(Sentence("It can come again between 1 and %(most)s times.", most=MOST_TIMES))
    end = f";UNTIL={choice.until:%Y%m%d}" if choice.until else f";COUNT={choice.count}" if choice.count else ""
    return _RULES[choice.every](choice, first_day) + end


def _weekly(choice: Choice, first_day: date) -> str:
    days = sorted(set(choice.days)) or [first_day.weekday()]
    return "FREQ=WEEKLY;BYDAY=" + ",".join(_DAYS[n] for n in days)


def _two_weekly(choice: Choice, first_day: date) -> str:
    return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={_DAYS[first_day.weekday()]}"


def _nth_weekday(choice: Choice, first_day: date) -> str:
    nth = (first_day.day - 1) // 7 + 1
    return f"FREQ=MONTHLY;BYDAY={nth if nth < 5 else -1:+d}{_DAYS[first_day.weekday()]}"


def _day_of_month(choice: Choice, first_day: date) -> str:
    """Of a month that is too short its last day, where an RRULE would leave the month out."""
    if first_day.day <= SHORTEST_MONTH:
        return f"FREQ=MONTHLY;BYMONTHDAY={first_day.day}"
    days = ",".join(str(n) for n in range(SHORTEST_MONTH, first_day.day + 1))
    return f"FREQ=MONTHLY;BYMONTHDAY={days};BYSETPOS=-1"


def _school_days(choice: Choice, first_day: date) -> str:
    return f"FREQ=DAILY;BYDAY={_SCHOOL}"


_RULES: Mapping[str, Callable[[Choice, date], str]] = {
    "week": _weekly,
    "two_weeks": _two_weekly,
    "weekday_of_month": _nth_weekday,
    "day_of_month": _day_of_month,
    "school_day": _school_days,
}


def changed(rule: str, choice: Choice, day: date) -> str:
    """The rule as it is chosen now, from one of its days on. The same choice keeps what it says of its days."""
    new = rule_of(choice, day)
    if choice.every != choice_of(rule).every:
        return new
    days = {name: value for name, value in _parts(rule).items() if name not in _END}
    ends = {name: value for name, value in _parts(new).items() if name in _END}
    return ";".join(f"{name}={value}" for name, value in (days | ends).items())


def choice_of(rule: str) -> Choice:
    """What `rule_of` was told; the days of "week" are always named."""
    parts = _parts(rule)
    end = parts.get("UNTIL")
    until = date(int(end[:4]), int(end[4:6]), int(end[6:8])) if end else None
    count = int(parts["COUNT"]) if "COUNT" in parts else None
    made = Choice("school_day", until=until, count=count)
    if parts["FREQ"] == "DAILY":
        return made
    if parts["FREQ"] == "MONTHLY":
        return replace(made, every="day_of_month" if "BYMONTHDAY" in parts else "weekday_of_month")
    if "INTERVAL" in parts:
        return replace(made, every="two_weeks")
    return replace(made, every="week", days=tuple(_DAYS.index(day) for day in parts["BYDAY"].split(",")))


def _parts(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rule.split(";"))


def said(rule: str, time: str) -> Sentence:
    """ "Every Tuesday, at 09:00". Pages translate `weekday` and `days`, and write `time` as their reader does."""
    choice, parts = choice_of(rule), _parts(rule)
    if choice.every == "school_day":
        return Sentence("Every school day, at %(time)s", time=time)
    if choice.every == "day_of_month":
        return _said_of_date(int(parts["BYMONTHDAY"].rpartition(",")[2]), time)
    weekday = WEEKDAYS[_DAYS.index(parts["BYDAY"][-2:])]
    if choice.every == "weekday_of_month":
        return _said_of_nth(int(parts["BYDAY"][:-2]), weekday, time)
    if choice.every == "two_weeks":
        return Sentence("Every second %(weekday)s, at %(time)s", weekday=weekday, time=time)
    if len(choice.days) > 1:
        days = ", ".join(WEEKDAYS[n] for n in choice.days)
        return Sentence("Every week on %(days)s, at %(time)s", days=days, time=time)
    return Sentence("Every %(weekday)s, at %(time)s", weekday=weekday, time=time)


def _said_of_nth(nth: int, weekday: Sentence, time: str) -> Sentence:
    return {
        1: Sentence("Every month on the first %(weekday)s, at %(time)s", weekday=weekday, time=time),
        2: Sentence("Every month on the second %(weekday)s, at %(time)s", weekday=weekday, time=time),
        3: Sentence("Every month on the third %(weekday)s, at %(time)s", weekday=weekday, time=time),
        4: Sentence("Every month on the fourth %(weekday)s, at %(time)s", weekday=weekday, time=time),
        -1: Sentence("Every month on the last %(weekday)s, at %(time)s", weekday=weekday, time=time),
    }[nth]


def _said_of_date(day: int, time: str) -> Sentence:
    if day == 31:
        return Sentence("Every month on its last day, at %(time)s", time=time)
    if day > SHORTEST_MONTH:
        return Sentence("Every month on day %(day)s, or on its last day, at %(time)s", day=day, time=time)
    return Sentence("Every month on day %(day)s, at %(time)s", day=day, time=time)


def said_end(rule: str) -> Sentence | None:
    """Pages write `until` as their reader does. None: without an end."""
    choice = choice_of(rule)
    if choice.until:
        return Sentence("until %(until)s", until=choice.until.isoformat())
    return several(choice.count, "once", "%(count)s times") if choice.count else None


def choices_for(day: date, is_closed: Callable[[date], bool]) -> list[str]:
    """What may be chosen for a post that first goes out on `day`."""
    open_day = day.weekday() < 5 and not is_closed(day)
    return [every for every in EVERY if every != "school_day" or open_day]
