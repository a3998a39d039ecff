"""Repeats: begun with a post, approved together, stopped (`series_following` changes one from a post on).

A post of a series is a post like any other. The series keeps what its next ones are written from (`written`), and what
was approved (`digest`): whoever reads the same is approved with it. Posts are locked before their series, in the order
of their ids; `make_next` locks the series alone, since nobody else has its new post yet.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import Post, Series
from outreach.posts import bank
from outreach.posts.compose import BEGUN, take_back
from outreach.posts.lifecycle import deliveries_locked, locked, move_post
from outreach.posts.review_letter import ask_for_review, forget_letters
from outreach.posts.series_make import make_all
from outreach.posts.series_plan import moments, starts_at
from outreach.posts.series_post import (
    SERIES_ALONE,
    approve_alike,
    approver_of,
    given,
    may_decide,
    reads_like,
    remember,
)
from outreach.posts.series_rule import Choice, rule_of
from outreach.posts.versions import dump, keep, written_of
from outreach.words import NotDone, Sentence

STOPPED = Sentence("It does not repeat any more.")
CHANGED = Sentence("The days of its repeat were changed.")


def begin(post_id: int, choice: Choice, by: Actor, now: datetime, draws: bool = False) -> Series:
    """A post becomes the first of a series. `draws`: those that follow ask the next questions of the bank."""
    with writing() as session:
        post = locked(session, post_id)
        if waits := post.state == "submitted":
            forget_letters(session, post, now)
        series = begin_in(session, post, choice, by, now, draws)
        if waits:  # the letter says how it comes again, and its link is to that
            ask_for_review(session, post, by, now)
        return series


def begin_now(post_id: int, choice: Choice, by: Actor, now: datetime, draws: bool = False) -> Series:
    """The same, and its next posts stand in the week at once."""
    made = begin(post_id, choice, by, now, draws)
    make_all(made.id, now)
    return made


def begin_in(session: Session, post: Post, choice: Choice, by: Actor, now: datetime, draws: bool = False) -> Series:
    at = _start_of(post, choice)
    if draws and post.kind != "trivia":
        raise NotDone(Sentence("Only trivia takes its words from the bank."))
    local = clock.to_local(at, post.library.timezone)
    post.fields = {name: told for name, told in post.fields.items() if name != "repeat"}  # it is done: no copy does it
    series = Series(
        library_id=post.library_id,
        kind=post.kind,
        rule=rule_of(choice, local.date()),
        first_day=local.date(),
        clock=f"{local:%H:%M}",
        written=dump(replace(written_of(post), timing="at")),
        draws=draws,
        author_id=post.author_id,
        author_name=post.author_name,
        made_until=at,
        created_at=now,
    )
    session.add(series)
    session.flush()
    series.next_at = next(moments(series, at), None)
    post.series, post.series_at, post.timing = series, at, "at"
    post.revision, post.updated_at = post.revision + 1, now
    keep(session, post, by, now)
    if post.state == "approved" and may_decide(session, post, by):
        remember(series, given(session, post, now))  # else whoever decides looks at the next ones
    record(session, "post", post.id, "repeats", by, now, library_id=post.library_id, post_id=post.id)
    return series


def _start_of(post: Post, choice: Choice) -> datetime:
    """When the first one goes out. Raises NotDone for a post that cannot be one."""
    if post.series is not None and post.series.stopped_at is None:
        raise NotDone(Sentence("This post repeats already."))
    if post.state == "cancelled":
        raise NotDone(Sentence("This post was cancelled. Duplicate it to use its words again."))
    if post.kind == "titles":
        raise NotDone(Sentence("A list of titles does not repeat: the weekly post tells of new ones by itself."))
    return starts_at(post.library, choice, post.timing, post.wished_at)


def approved(session: Session, post: Post, by: Actor, now: datetime) -> None:
    """After a person approved one of a series: what reads the same is approved with it, now and later.

    One that was changed by itself speaks for itself alone.
    """
    if post.series_id is None or by.person_id is None or post.state != "approved":
        return
    series = session.get_one(Series, post.series_id, populate_existing=True, with_for_update=SERIES_ALONE)
    told = replace(given(session, post, now), by_id=by.person_id)
    if approver_of(session, series) is None:
        series.digest = ""  # whoever approved it has left: it is approved anew in this name
    if series.draws or not reads_like(session, series, post) or not remember(series, told):
        return
    session.flush()
    waiting = select(Post).where(Post.series_id == series.id, Post.state == "submitted").order_by(Post.id)
    mine = waiting.with_for_update(of=Post, skip_locked=True, **ALONE)  # whoever has one right now decides on it
    for other in session.scalars(mine.execution_options(populate_existing=True)):
        approve_alike(session, series, other, now)


def posts_locked(session: Session, series_id: int, wanted: ColumnElement[bool]) -> list[Post]:
    mine = select(Post).where(Post.series_id == series_id, Post.state != "cancelled", wanted)
    some = mine.order_by(Post.id).with_for_update(of=Post, **ALONE)
    return list(session.scalars(some.execution_options(populate_existing=True)))


def can_change(session: Session, post: Post) -> bool:
    """Nothing of it has left, and no worker claims a message of it meanwhile."""
    return post.state != "cancelled" and all(d.state not in BEGUN for d in deliveries_locked(session, post))


def drop(session: Session, post: Post, by: Actor, now: datetime, why: Sentence) -> None:
    take_back(session, post, by, now)
    move_post(session, post, "cancelled", by, now, why)
    bank.give_back(session, post)
    post.series_at = None  # its moment may get another post


def stop(series_id: int, by: Actor, now: datetime) -> int:
    """It does not come again: what has not begun to go out is cancelled. Returns how many posts that were."""
    with writing() as session:
        waits = (Post.wished_at > now) | Post.held_at.is_not(None) | (Post.state != "approved")
        some = posts_locked(session, series_id, waits)
        series = session.get_one(Series, series_id, populate_existing=True, with_for_update=SERIES_ALONE)
        if series.stopped_at is not None:
            return 0
        later = [p for p in some if can_change(session, p)]
        for post in later:
            drop(session, post, by, now, STOPPED)
        series.stopped_at, series.next_at, series.sentence = now, None, None
        record(session, "series", series.id, "stopped", by, now, library_id=series.library_id)
        return len(later)


def series_of(session: Session, library_id: int) -> list[Series]:
    """Those that go on, the next one first."""
    mine = select(Series).where(Series.library_id == library_id, Series.stopped_at.is_(None))
    return list(session.scalars(mine.order_by(Series.next_at.is_(None), Series.next_at, Series.id)))
