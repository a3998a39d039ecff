"""The week: what goes out, what needs somebody, where there is room. The home page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import Blueprint, g, render_template, request
from flask_security import current_user

from outreach import clock
from outreach.db import db
from outreach.holidays import closed_because
from outreach.models import Delivery, Library, Post, Slot
from outreach.posts.kinds import KINDS
from outreach.posts.queries import board, needs_person, next_out, returned_to, undated
from outreach.titles.queries import rules_of
from outreach.titles.shelf import waiting
from outreach.titles.standing import UNMARKED
from outreach.web.signin import needs

pages = Blueprint("week", __name__)


@dataclass
class Tile:
    at: datetime
    post: Post
    part: int = 0  # 0: the post itself; more: a later message of it, e.g. the answer
    accounts: list[str] = field(default_factory=list)
    state: str = ""


@dataclass
class Day:
    day: date
    closed: str | None
    tiles: list[Tile]
    free: list[tuple[datetime, Slot]]
    today: bool

    @property
    def entries(self) -> list[tuple[datetime, Tile | None, Slot | None]]:
        """What is planned and where there is room, by the clock."""
        planned: list[tuple[datetime, Tile | None, Slot | None]] = [(t.at, t, None) for t in self.tiles]
        return sorted(planned + [(at, None, slot) for at, slot in self.free], key=lambda entry: entry[0])

    @property
    def weekend(self) -> bool:
        return self.day.weekday() >= 5


@pages.get("/")
@needs("see")
def home():
    library, now = g.library, clock.now()
    today = clock.today(now, library.timezone)
    days = clock.week_of(_asked_day(today))
    first = clock.at_wall(days[0], "00:00", library.timezone)
    last = clock.at_wall(days[-1] + timedelta(days=1), "00:00", library.timezone)
    session = db.session()
    posts = board(session, library.id, first, last)
    return render_template(
        "week/home.html",
        days=lay_out(library, days, posts, (first, last), now),
        monday=days[0],
        this_week=days[0] <= today <= days[-1],
        back=days[0] - timedelta(days=7),
        forth=days[0] + timedelta(days=7),
        needs_you=needs_person(session, library.id),
        returned=returned_to(session, library.id, current_user.id),
        next_out=next_out(session, library.id),
        loose=undated(session, library.id, clock.at_wall(clock.week_of(today)[0], "00:00", library.timezone)),
        kinds=KINDS,
        weekly=[rule.sentence for rule in rules_of(session, library.id) if rule.sentence and not rule.stopped_at],
        unmarked=waiting(session, library.id)[UNMARKED],
    )


def _asked_day(today: date) -> date:
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return today
    return asked if 2000 <= asked.year <= 2100 else today


def lay_out(
    library: Library, days: list[date], posts: list[Post], span: tuple[datetime, datetime], now: datetime
) -> list[Day]:
    """Posts and empty usual times, day by day."""
    tiles = sorted((t for p in posts for t in tiles_of(p, span)), key=lambda t: (t.at, t.post.id))
    taken = {t.at for t in tiles}
    today = clock.today(now, library.timezone)
    laid = []
    for day in days:
        closed = closed_because(library, day)
        mine = [t for t in tiles if clock.today(t.at, library.timezone) == day]
        free = (
            []
            if closed
            else [
                (at, slot)
                for slot in library.slots
                if slot.weekday == day.weekday()
                and (at := clock.at_wall(day, slot.clock, library.timezone)) > now
                and at not in taken
            ]
        )
        laid.append(Day(day, closed, mine, free, day == today))
    return laid


def tiles_of(post: Post, span: tuple[datetime, datetime]) -> list[Tile]:
    """One tile for the post, and one for each later message that has a time of its own."""
    first, last = span
    live = [d for d in post.deliveries if d.edition == post.edition and d.state != "cancelled"]
    if post.state != "approved" or not live:
        at = post.wished_at
        return [Tile(at, post, 0, [p.account.name for p in post.placements])] if at and first <= at < last else []
    by_time: dict[tuple[datetime, int], list[Delivery]] = {}
    for delivery in live:
        by_time.setdefault((delivery.due_at, min(delivery.part, 1) if post.kind == "trivia" else 0), []).append(
            delivery
        )
    return [
        Tile(at, post, part, sorted({d.account.name for d in ds}))
        for (at, part), ds in by_time.items()
        if first <= at < last
    ]
