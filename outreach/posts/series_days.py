"""Another rule or another end for a series that goes on: from its next day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from outreach import clock
from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import Post, Series
from outreach.posts.compose import BEGUN
from outreach.posts.lifecycle import UNDECIDED
from outreach.posts.series import CHANGED, STOPPED, can_change, drop, posts_locked
from outreach.posts.series_make import make_all
from outreach.posts.series_plan import A_MOMENT, going_out, moments, moments_of, next_day
from outreach.posts.series_post import SERIES_ALONE, comes_otherwise, on_other_days
from outreach.posts.series_rule import Choice, changed
from outreach.words import NotDone

SEEN = 4  # dates


class Foreseen(NamedTuple):
    """What another choice would bring."""

    dates: list[datetime]  # when its next posts would go out
    gone: int  # posts that would be cancelled


def foresee(session: Session, series: Series, choice: Choice, now: datetime) -> Foreseen:
    """Nothing is written. Raises NotDone."""
    rule, day, first = _anew(series, choice, now)
    planned = select(Post).where(Post.series_id == series.id, Post.state != "cancelled", Post.series_at > now)
    some = session.scalars(planned.options(selectinload(Post.deliveries))).all()
    stay = _stay(series, rule, day, first, some)
    gone = [post for post in some if post.series_at not in stay and not any(d.state in BEGUN for d in post.deliveries)]
    found = moments_of(series.library, rule, day, series.clock, first - A_MOMENT)
    return Foreseen(going_out(series.library, found, now, SEEN), len(gone))


def _anew(series: Series, choice: Choice, now: datetime) -> tuple[str, date, datetime]:
    """Its rule and its first day from its next day on. Raises NotDone."""
    if series.stopped_at is not None:
        raise NotDone(STOPPED)
    first = next_day(series, now)
    day = clock.today(first, series.library.timezone)
    return changed(series.rule, choice, day), day, first


def change_days(series_id: int, choice: Choice, by: Actor, now: datetime) -> int:
    """What is planned on a day that stays is left as it is, approved or written over; on other days it is cancelled.

    Words, places and the time on the wall stay; what has begun to go out is not touched. New days of somebody who may
    not approve wait in review. Returns how many were cancelled. Raises NotDone.
    """
    with writing() as session:
        some = posts_locked(session, series_id, (Post.series_at > now) | Post.state.in_(UNDECIDED))
        series = session.get_one(Series, series_id, populate_existing=True, with_for_update=SERIES_ALONE)
        series.rule, series.first_day, first = _anew(series, choice, now)
        on_other_days(session, series, by)
        ahead = [post for post in some if post.series_at and post.series_at > now]
        gone = _without_day(session, series, ahead, first)
        for post in gone:
            drop(session, post, by, now, CHANGED)
        comes_otherwise(session, some, by, now)
        _go_on(series, first)
        record(session, "series", series.id, "days", by, now, library_id=series.library_id)
        return len(gone)


def change_days_now(series_id: int, choice: Choice, by: Actor, now: datetime) -> int:
    """The same, and those of its new days stand in the week at once."""
    gone = change_days(series_id, choice, by, now)
    make_all(series_id, now)
    return gone


def _without_day(session: Session, series: Series, some: list[Post], first: datetime) -> list[Post]:
    """Those that its rule has no day for any more, and that can be stopped."""
    stay = _stay(series, series.rule, series.first_day, first, some)
    return [post for post in some if post.series_at not in stay and can_change(session, post)]


def _stay(series: Series, rule: str, day: date, first: datetime, some: Sequence[Post]) -> set[datetime]:
    """The moments of a rule as far as there are posts."""
    last = max((post.series_at for post in some if post.series_at), default=first)
    found = moments_of(series.library, rule, day, series.clock, first - A_MOMENT)
    return set(takewhile(lambda moment: moment <= last, found))


def _go_on(series: Series, first: datetime) -> None:
    """Every day from the first one on is looked at again; one that has its post keeps it."""
    if series.made_until is not None and series.made_until >= first:
        series.made_until = first
        series.next_at = next(moments(series, first), None)
    else:
        series.next_at = next(moments(series, first - A_MOMENT), None)
