"""The days of a week or a month: what is planned, where there is room, what will be written by itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from flask_babel import get_locale
from sqlalchemy.orm import Session

from outreach import clock
from outreach.holidays import closed_because
from outreach.models import Library, Slot
from outreach.posts.calendar import EVERYTHING, Moment, Tile, Wanted, kinds_of, moments, tiles
from outreach.posts.thin import Room
from outreach.titles.to_come import Coming, to_come

GONE = {"published", "nowhere", "cancelled"}  # no closed day changes anything for these


@dataclass
class Day:
    day: date
    closed: str | None
    today: bool
    past: bool
    tiles: list[Tile] = field(default_factory=list)
    more: int = 0  # posts of this day that are not shown
    free: list[tuple[datetime, Slot]] = field(default_factory=list)
    coming: list[Coming] = field(default_factory=list)

    @property
    def entries(self) -> list[tuple[datetime, str, Tile | Slot | Coming]]:
        """By the clock; `free` and `coming` are empty places and what will be written by itself."""
        planned: list[tuple[datetime, str, Tile | Slot | Coming]] = [(t.at, "tile", t) for t in self.tiles if t.at]
        planned += [(at, "free", slot) for at, slot in self.free]
        planned += [(one.at, "coming", one) for one in self.coming]
        return sorted(planned, key=lambda entry: entry[0])

    @property
    def weekend(self) -> bool:
        return self.day.weekday() >= 5

    @property
    def used(self) -> bool:
        return bool(self.tiles or self.coming)


def lay_out(
    session: Session, library: Library, days: Sequence[date], wanted: Wanted, now: datetime, most: int
) -> list[Day]:
    """At most so many tiles a day, and one for each post and day."""
    edges = [clock.at_wall(day, "00:00", library.timezone) for day in (*days, days[-1] + timedelta(days=1))]
    found = moments(session, library.id, edges[0], edges[-1], wanted)
    by_day: list[list[Moment]] = [[] for _ in days]
    for moment in found:
        by_day[bisect_right(edges, moment.at) - 1].append(moment)
    by_day = [_one_each(some) for some in by_day]
    shown = tiles(session, library, [moment for some in by_day for moment in some[:most]])
    coming = to_come(session, library, edges[0], edges[-1], wanted)
    today, taken = clock.today(now, library.timezone), {m.at for m in found} | {c.at for c in coming}
    laid, language = [], str(get_locale())
    for n, day in enumerate(days):
        closed = closed_because(library, day, language)
        made = Day(day, closed, day == today, day < today, more=max(0, len(by_day[n]) - most))
        made.tiles = [_on(shown[m], closed) for m in by_day[n][:most] if m in shown]
        made.coming = [one for one in coming if edges[n] <= one.at < edges[n + 1]]
        made.free = [] if closed or made.past else free_on(library, day, now, taken, wanted)
        laid.append(made)
    return laid


def _one_each(some: list[Moment]) -> list[Moment]:
    """A chat with all its questions is one tile of its day; the answer on another day has its own."""
    seen: dict[int, Moment] = {}
    for moment in some:
        seen.setdefault(moment.post_id, moment)
    return list(seen.values())


def _on(tile: Tile, closed: str | None) -> Tile:
    return replace(tile, closed=closed) if closed and tile.shown not in GONE else tile


def free_on(
    library: Library, day: date, now: datetime, taken: set[datetime], wanted: Wanted = EVERYTHING
) -> list[tuple[datetime, Slot]]:
    """The usual times of a day that nothing fills, and that are still to come."""
    mine = [slot for slot in library.slots if slot.weekday == day.weekday()]
    fits = [slot for slot in mine if slot.kind is None or wanted.kind in ("", slot.kind)]
    at = [(clock.at_wall(day, slot.clock, library.timezone), slot) for slot in fits]
    return [(moment, slot) for moment, slot in at if moment > now and moment not in taken]


def room(session: Session, library: Library, now: datetime) -> tuple[list[Room], set[str]]:
    """Empty usual times of the coming seven days, and the kinds of posts that are planned there."""
    today = clock.today(now, library.timezone)
    days = [today + timedelta(days=n) for n in range(8)]
    end = now + timedelta(days=7)
    planned = moments(session, library.id, now, end)
    taken = {m.at for m in planned} | {c.at for c in to_come(session, library, now, end, EVERYTHING)}
    free = [pair for day in days if not closed_because(library, day) for pair in free_on(library, day, now, taken)]
    kinds = kinds_of(session, [m.post_id for m in planned if m.part == 0][:500])
    return [Room(at, slot.kind) for at, slot in free if at < end], kinds
