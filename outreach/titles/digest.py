"""The weekly post of new titles: which titles, which words, when next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Protocol

from outreach import clock
from outreach.words import Sentence

EARLIEST = timedelta(days=8)  # before its time; over a longer holiday a draft is written the day before
DEFAULT_WORDS = Sentence("New on our shelves this week:")


class HasTitle(Protocol):
    id: int
    match_key: str
    grade: int | None
    first_seen_at: datetime
    picked_at: datetime | None


@dataclass(frozen=True)
class Picked:
    ids: tuple[int, ...]
    more: int  # that came since the last one and are not listed
    fresh: bool  # did anything come since then, or was anything picked by hand?


def pick(news: Sequence[HasTitle], most: int, order: str = "newest", since: datetime | None = None) -> Picked:
    """`most` of the news, which are given newest first; one of each name (paper and audio are one line).

    What was picked by hand comes first. What was left over in an earlier week fills a week with few new ones; it is
    not counted as more, and makes no post alone. `since` is when the last one was written.
    """
    one_each = list({t.match_key.rpartition("|")[0] or t.match_key: t for t in reversed(news)}.values())[::-1]
    if order == "audience":
        one_each.sort(key=lambda t: 99 if t.grade is None else t.grade)
    one_each.sort(key=lambda t: t.picked_at is None)
    new = [since is None or t.first_seen_at > since for t in one_each]
    fresh = any(new) or any(t.picked_at for t in one_each)
    return Picked(tuple(t.id for t in one_each[:most]), sum(new[most:]), fresh)


def lapses_at(goes_out: datetime, zone: str) -> datetime:
    """Until when a post that nobody approved waits: the end of that week's Friday, and at least a day."""
    day = clock.to_local(goes_out, zone).date()
    friday = clock.week_of(day)[4]
    return clock.at_wall(max(friday, day + timedelta(days=1)) + timedelta(days=1), "00:00", zone)


def written_from(at: datetime, zone: str, is_closed: Callable[[date], bool]) -> datetime:
    """From when on the draft lies in review: the whole school day before, so that somebody is there to see it.

    For a Monday that is Friday. Over a longer holiday it is the day before.
    """
    goes_out = clock.to_local(at, zone).date()
    before = clock.school_day_before(goes_out, is_closed)
    if goes_out - before >= EARLIEST:
        before = goes_out - timedelta(days=1)
    return clock.at_wall(before, "00:00", zone)


def next_time(weekday: int, time: str, zone: str, after: datetime, is_closed: Callable[[date], bool]) -> datetime:
    """The next "Monday 9:00" of a library after a moment, on a day that is not closed (looks a year ahead)."""
    moments = list(islice(clock.weekly(weekday, time, zone, after), 53))
    return next((m for m in moments if not is_closed(clock.today(m, zone))), moments[0])
