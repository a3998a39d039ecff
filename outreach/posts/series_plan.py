"""When the posts of a series go out: the moments of its rule, on days the library is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, islice, pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.holidays import is_closed
from outreach.models import Interruption, Library, Post, Series
from outreach.posts.series_rule import Choice, choice_of, choices_for, rule_of
from outreach.words import NotDone, Sentence

A_MOMENT = timedelta(seconds=1)


def moments(series: Series, after: datetime) -> Iterator[datetime]:
    """What its rule says, after a moment; a closed day is no school day."""
    return moments_of(series.library, series.rule, series.first_day, series.clock, after)


def moments_of(library: Library, rule: str, first_day: date, wall: str, after: datetime) -> Iterator[datetime]:
    """The same of a rule that no series has (yet)."""

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


def starts_at(library: Library, choice: Choice, timing: str, at: datetime | None) -> datetime:
    """When the first one goes out, which is planned like that. Raises NotDone where nothing can begin then."""
    if at is None or timing == "now":
        raise NotDone(Sentence("Choose a day and a time first. From that day on it repeats."))
    day = clock.today(at, library.timezone)
    if choice.every not in choices_for(day, lambda one: is_closed(library, one)):
        raise NotDone(Sentence("It begins on a day without school. Choose another day, or how often it comes again."))
    return at


def next_dates(library: Library, choice: Choice, first: datetime, most: int = 5) -> list[datetime]:
    """One at `first`, which stays where it was put, and when those that follow go out. Raises NotDone for no choice."""
    local = clock.to_local(first, library.timezone)
    rule = rule_of(choice, local.date())
    found = moments_of(library, rule, local.date(), f"{local:%H:%M}", first)
    later = (_goes_out(library, *pair) for pair in _with_next(found, most * 4))
    return [first, *islice((at for at in later if at is not None), most - 1)]


def next_of(series: Series, now: datetime, most: int = 3) -> list[datetime]:
    """When its next posts go out that are not written yet or not begun."""
    if series.stopped_at is not None:
        return []
    return going_out(series.library, moments(series, now), now, most)


def going_out(library: Library, found: Iterator[datetime], after: datetime, most: int) -> list[datetime]:
    """When the posts of some moments go out."""
    planned = (_goes_out(library, *pair) for pair in _with_next(found, most * 4))
    return list(islice((at for at in planned if at is not None and at > after), most))


def _with_next(found: Iterator[datetime], most: int | None = None) -> Iterator[tuple[datetime, datetime | None]]:
    """Each moment and the one after it, which its rule is asked for once."""
    for moment, following in islice(pairwise(chain(found, [None])), most):
        if moment is not None:
            yield moment, following


def next_day(series: Series, after: datetime) -> datetime:
    """The next moment of its rule, whether or not it ends before."""
    endless = rule_of(replace(choice_of(series.rule), until=None, count=None), series.first_day)
    return next(moments_of(series.library, endless, series.first_day, series.clock, after))


def times_left(series: Series, at: datetime) -> int | None:
    """Of "ten times" those that are left from this moment of it on. None: it has no such end."""
    count = choice_of(series.rule).count
    if count is None:
        return None
    first = clock.at_wall(series.first_day, series.clock, series.library.timezone) - A_MOMENT
    return max(1, count - sum(1 for moment in moments(series, first) if moment < at))


def shifted(moment: datetime, old: datetime, new: datetime, zone: str) -> datetime:
    """As many days after `new` as it was after `old`, at the same time on the wall."""
    local = clock.to_local(moment, zone)
    days = clock.today(new, zone) - clock.today(old, zone)
    return clock.at_wall(local.date() + days, f"{local:%H:%M}", zone)


def day_of(post: Post) -> date:
    """On which day of its library it is planned."""
    return clock.today(post.wished_at or post.created_at, post.library.timezone)
