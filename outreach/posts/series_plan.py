"""When the posts of a series go out: the moments of its rule, on days the library is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.holidays import is_closed
from outreach.models import Interruption, Library, Post, Series
from outreach.posts.series_rule import Choice, choice_of, rule_of

A_MOMENT = timedelta(seconds=1)


def moments(series: Series, after: datetime) -> Iterator[datetime]:
    """What its rule says, after a moment; a closed day is no school day."""
    return _moments(series.library, series.rule, series.first_day, series.clock, after)


def _moments(library: Library, rule: str, first_day: date, wall: str, after: datetime) -> Iterator[datetime]:
    def is_left_out(day: date) -> bool:
        return choice_of(rule).every == "school_day" and is_closed(library, day)

    return clock.occurrences(rule, first_day, wall, library.timezone, after, is_left_out)


def goes_out(series: Series, moment: datetime) -> datetime | None:
    """When the one of this moment goes out: on the next school day if the library is closed on its own.

    None where that is not before the next one: two at once help nobody.
    """
    return _goes_out(series.library, moment, next(moments(series, moment), None))


def _goes_out(library: Library, moment: datetime, following: datetime | None) -> datetime | None:
    local = clock.to_local(moment, library.timezone)

    def closed(day: date) -> bool:
        return is_closed(library, day)

    if not closed(local.date()):
        return moment
    day = clock.school_days_after(local.date(), 1, closed)
    later = clock.at_wall(day, f"{local:%H:%M}", library.timezone)
    return later if following is None or later < following else None


def is_its_day(session: Session, series: Series, post: Post) -> bool:
    """Is it where its rule put it, or where a holiday or a snow day did, and no person?"""
    day, moment = day_of(post), post.series_at or post.created_at
    put = {moment, goes_out(series, moment)} | _interrupted(session, post)
    return day in {clock.today(at, series.library.timezone) for at in put if at}


def _interrupted(session: Session, post: Post) -> set[datetime]:
    """Where snow days and days away moved it."""
    since = select(Interruption.moves).where(
        Interruption.library_id == post.library_id, Interruption.made_at >= post.created_at
    )
    moves = (move for some in session.scalars(since) for move in some)
    return {datetime.fromisoformat(move["to"]) for move in moves if move.get("post") == post.id and move.get("to")}


def next_dates(library: Library, choice: Choice, first: datetime, most: int = 5) -> list[datetime]:
    """When the posts would go out that follow one at `first`, that one included. Raises NotDone for no choice."""
    local = clock.to_local(first, library.timezone)
    rule = rule_of(choice, local.date())
    found = _moments(library, rule, local.date(), f"{local:%H:%M}", first - A_MOMENT)
    planned = list(islice(found, most * 4 + 1))
    pairs = zip(planned, [*planned[1:], None], strict=True)
    return [at for at in (_goes_out(library, *pair) for pair in pairs) if at is not None][:most]


def next_of(series: Series, now: datetime, most: int = 3) -> list[datetime]:
    """When its next posts go out that are not written yet or not begun."""
    if series.stopped_at is not None:
        return []
    found = (goes_out(series, moment) for moment in islice(moments(series, now), most * 4))
    return [at for at in found if at is not None and at > now][:most]


def shifted(moment: datetime, old: datetime, new: datetime, zone: str) -> datetime:
    """As many days after `new` as it was after `old`, at the same time on the wall."""
    local = clock.to_local(moment, zone)
    days = clock.today(new, zone) - clock.today(old, zone)
    return clock.at_wall(local.date() + days, f"{local:%H:%M}", zone)


def day_of(post: Post) -> date:
    """On which day of its library it is planned."""
    return clock.today(post.wished_at or post.created_at, post.library.timezone)
