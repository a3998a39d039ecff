"""Days on which nothing goes out: what moves, what waits, what is left alone. Pure.

a post that has not begun    weekly, on a snow day: the same wall time on the next school day that has it free,
                             unless the next one of its repeat comes before that;
                             in review for "the next usual time": the next one; everything else waits for a person
a later message (an answer)  the next school day, whether its question is out or not
what began to go out         is left alone, and named
what has a time of its own   is left alone, and named: the reminder of an event
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from outreach import clock

Shift = tuple[int, datetime, datetime]  # of a message: id, from, to


@dataclass(frozen=True)
class Days:
    """The first and the last of them, in a library's zone; `closed`: its other closed days."""

    first: date
    last: date
    zone: str
    closed: Callable[[date], bool]

    def has(self, moment: datetime | None) -> bool:
        return moment is not None and self.first <= clock.today(moment, self.zone) <= self.last

    def shut(self, day: date) -> bool:
        return self.first <= day <= self.last or self.closed(day)

    def after(self, moment: datetime) -> datetime:
        """The same wall time on the next school day."""
        return self._on(moment, clock.school_days_after(clock.today(moment, self.zone), 1, self.shut))

    def shifted(self, moment: datetime, days: int) -> datetime:
        """So many days later at the same wall time, and on a school day."""
        there = self._on(moment, clock.today(moment, self.zone) + timedelta(days=days))
        day = clock.today(there, self.zone)
        return self.after(there) if day.weekday() >= 5 or self.shut(day) else there

    def _on(self, moment: datetime, day: date) -> datetime:
        wall = clock.to_local(moment, self.zone).time().replace(tzinfo=None, fold=0)
        return clock.to_utc(datetime.combine(day, wall), self.zone)


@dataclass(frozen=True)
class Due:
    """A message of an approved post."""

    id: int
    at: datetime
    open: bool  # it waits, and nothing of it has left
    begun: bool  # it is out, or may be
    stays: bool = False  # its time is its own


@dataclass(frozen=True)
class Planned:
    """A post. One that is not approved has a wished time `at`, perhaps that of its `answer`, and no messages."""

    post_id: int
    at: datetime | None = None
    weekly: bool = False
    usual: bool = False  # not approved yet, and meant for the next usual time
    answer: datetime | None = None
    before: datetime | None = None  # when the next one of its repeat comes
    messages: Sequence[Due] = ()

    @property
    def first(self) -> datetime | None:
        return min((m.at for m in self.messages if not m.stays), default=self.at)


@dataclass(frozen=True)
class Deed:
    """What becomes of a post, or of some of its messages."""

    post_id: int
    what: str  # moved, usual, waits, later, out, stays
    since: datetime
    to: datetime | None = None
    shifts: tuple[Shift, ...] = ()
    answer: tuple[datetime, datetime] | None = None


def plan(posts: Iterable[Planned], days: Days, taken: Iterable[datetime], weekly_move: bool) -> list[Deed]:
    """One deed or two for each post that these days concern. No two of them get one moment."""
    held_times, deeds = set(taken), []
    for post in sorted(posts, key=lambda p: (p.first is None, p.first, p.post_id)):
        for deed in _of(post if weekly_move else replace(post, weekly=False), days, held_times):
            deeds.append(deed)
            if deed.to:
                held_times.add(deed.to)
    return deeds


def _of(post: Planned, days: Days, taken: set[datetime]) -> list[Deed]:
    first = post.first
    if not post.messages:
        if first and days.has(first):
            return [_whole(post, first, days, taken)]
        return _answer(post, days)
    own = [m for m in post.messages if not m.stays]
    if first and days.has(first) and all(m.open for m in own):
        return [_whole(post, first, days, taken)]
    return _some(post, days)


def _whole(post: Planned, first: datetime, days: Days, taken: set[datetime]) -> Deed:
    if post.usual:
        return Deed(post.post_id, "usual", first)
    to = free_after(first, days, taken)
    late = post.before is not None and to >= post.before  # two at once help nobody
    if not post.weekly or late or any(m.stays and m.at <= to for m in post.messages):
        return Deed(post.post_id, "waits", first)
    by = (clock.today(to, days.zone) - clock.today(first, days.zone)).days
    shifts = tuple((m.id, m.at, days.shifted(m.at, by)) for m in post.messages if not m.stays)
    answer = (post.answer, days.shifted(post.answer, by)) if post.answer else None
    return Deed(post.post_id, "moved", first, to, shifts, answer)


def free_after(moment: datetime, days: Days, taken: set[datetime]) -> datetime:
    """The same wall time on the next school day on which nothing else has it."""
    to = days.after(moment)
    while to in taken:
        to = days.after(to)
    return to


def _answer(post: Planned, days: Days) -> list[Deed]:
    """Of a post in review: the time that was typed for its answer."""
    if not post.answer or not days.has(post.answer):
        return []
    to = days.after(post.answer)
    return [Deed(post.post_id, "later", post.answer, answer=(post.answer, to), to=to)]


def _some(post: Planned, days: Days) -> list[Deed]:
    """Its messages of these days one by one: what is out, what comes later, what stays."""
    here = [m for m in post.messages if days.has(m.at)]
    out = [m for m in here if m.begun]
    later = [m for m in here if m.open and not m.stays and post.first and m.at > post.first]
    stays = [m for m in here if m.open and m.stays]
    deeds = []
    if out:
        deeds.append(Deed(post.post_id, "out", min(m.at for m in out)))
    if later:
        shifts = tuple((m.id, m.at, days.after(m.at)) for m in later)
        since, to = min((since, to) for _, since, to in shifts)
        deeds.append(Deed(post.post_id, "later", since, to, shifts))
    if stays:
        deeds.append(Deed(post.post_id, "stays", min(m.at for m in stays)))
    return deeds
