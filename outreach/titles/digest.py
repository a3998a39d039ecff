"""The weekly post of new titles: which titles, which words, when next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from outreach import clock
from outreach.words import Sentence

LEAD = timedelta(hours=24)  # the draft lies in review a day before it goes out
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


def next_time(weekday: int, time: str, zone: str, after: datetime) -> datetime:
    """The next "Monday 9:00" of a library after a moment."""
    return next(iter(clock.weekly(weekday, time, zone, after)))
