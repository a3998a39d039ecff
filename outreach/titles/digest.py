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
AND_MORE = Sentence("…and %(more)s more in the catalog.")


class HasTitle(Protocol):
    id: int
    title: str


@dataclass(frozen=True)
class Picked:
    ids: tuple[int, ...]
    more: int  # new ones that are not listed

    def words(self, template: str) -> str:
        """The words above the list; {more} stands for how many are left over."""
        words = template.strip() or str(DEFAULT_WORDS)
        return words.replace("{more}", str(self.more))


def pick(news: Sequence[HasTitle], most: int) -> Picked:
    """The newest `most`, one of each name (the same book on paper and as audio is one line)."""
    one_each = list({t.title.casefold(): t for t in reversed(news)}.values())[::-1]
    return Picked(tuple(t.id for t in one_each[:most]), max(0, len(one_each) - most))


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
