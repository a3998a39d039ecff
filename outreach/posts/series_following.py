"""This one and all that follow: a repeat becomes as one of its posts is, from that one on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import Post, Question, Series
from outreach.posts.compose import take_back
from outreach.posts.deciding import how_it_comes
from outreach.posts.lifecycle import UNDECIDED, move_post
from outreach.posts.review_letter import ask_for_review, forget_letters
from outreach.posts.series import CHANGED, can_change, drop, posts_locked
from outreach.posts.series_make import make_all
from outreach.posts.series_plan import is_its_day, moments, times_left
from outreach.posts.series_post import (
    SERIES_ALONE,
    approve_alike,
    comes_otherwise,
    given,
    may_decide,
    on_other_days,
    own_question,
    remember,
    written_at,
)
from outreach.posts.series_rule import Choice, choice_of, rule_of
from outreach.posts.versions import dump, keep, shown, still_there, written_of
from outreach.posts.written import write
from outreach.words import NotDone, Sentence

UNTICKED = Sentence("Check the school's permission list, and tick that you did.")


def change_following(post_id: int, by: Actor, now: datetime, choice: Choice | None = None) -> int:
    """All that follow become as this one is now: its words, places, pictures, and its time on the wall.

    With another choice, or on another day than its rule says, their days change too: those that were planned are
    cancelled and written anew. Returns how many were changed or cancelled.
    """
    with writing() as session:
        series, post, later, some = _locked(session, post_id, now)
        at = _start(post)
        local = clock.to_local(at, post.library.timezone)
        same_days, before = choice is None and is_its_day(session, series, post), how_it_comes(series)
        if waits := post.state == "submitted":
            forget_letters(session, post, now)
        series.written = dump(replace(written_of(post), timing="at"))
        series.kind = post.kind
        if post.state == "approved" and not series.draws and may_decide(session, post, by):
            remember(series, given(session, post, now))
        if same_days:
            _same_days(session, series, post, later, f"{local:%H:%M}", by, now)
        else:
            _other_days(session, series, post, later, choice or _rest(series, post), by, now)
        post.revision += 1  # whoever approves it approves how it comes again
        if waits:
            ask_for_review(session, post, by, now)
        if how_it_comes(series) != before:
            comes_otherwise(session, [one for one in some if one not in (post, *later)], by, now)
        record(session, "post", post.id, "following", by, now, library_id=post.library_id, post_id=post.id)
        return len(later)


def change_following_now(post_id: int, by: Actor, now: datetime, choice: Choice | None = None) -> int:
    """The same, and those of its new days stand in the week at once."""
    changed = change_following(post_id, by, now, choice)
    with writing() as session:
        series_id = session.get_one(Post, post_id).series_id
    if series_id is not None:
        make_all(series_id, now)
    return changed


def _start(post: Post) -> datetime:
    if post.wished_at is None or post.state == "cancelled":
        raise NotDone(Sentence("Choose a day and a time first. From that day on it repeats."))
    return post.wished_at


def _locked(session: Session, post_id: int, now: datetime) -> tuple[Series, Post, list[Post], list[Post]]:
    """The series of a post, the post, those that follow it and have not begun, and all that are locked."""
    series_id = session.get_one(Post, post_id).series_id
    if series_id is None:
        raise NotDone(Sentence("This post does not repeat."))
    its_moment = select(Post.series_at).where(Post.id == post_id).scalar_subquery()
    wanted = (Post.id == post_id) | (Post.series_at > its_moment) | Post.state.in_(UNDECIDED)
    some = posts_locked(session, series_id, wanted)
    series = session.get_one(Series, series_id, populate_existing=True, with_for_update=SERIES_ALONE)
    post = next((one for one in some if one.id == post_id), None)
    if post is None or series.stopped_at is not None or post.series_at is None:
        raise NotDone(Sentence("This post does not repeat."))
    after = post.series_at
    later = [p for p in some if p.series_at is not None and p.series_at > after and can_change(session, p)]
    return series, post, later, some


def _same_days(
    session: Session, series: Series, post: Post, later: Iterable[Post], wall: str, by: Actor, now: datetime
) -> None:
    """Each keeps its date, wherever it was moved to."""
    zone = series.library.timezone

    def on_its_day(moment: datetime) -> datetime:
        return clock.at_wall(clock.today(moment, zone), wall, zone)

    old, series.clock = series.clock, wall
    if old != wall:
        on_other_days(session, series, by)
        for one in (post, *later):
            one.series_at = on_its_day(one.series_at) if one.series_at else None
        series.made_until = on_its_day(series.made_until) if series.made_until else None
        series.next_at = next(moments(series, series.made_until or now), None)
        session.flush()
    for one in later:
        _renew(session, series, one, on_its_day(one.wished_at or now), by, now)


def _renew(session: Session, series: Series, post: Post, at: datetime, by: Actor, now: datetime) -> None:
    """As the series is written now; what was in review or approved is looked at again where it reads otherwise."""
    question = session.get(Question, post.question_id) if post.question_id else None
    before, work = post.state, shown(post)
    if before == "submitted":
        forget_letters(session, post, now)
    take_back(session, post, by, now)
    new = written_at(series, at, question)
    if series.draws and question is None:  # it was removed from the bank, or the post asks another one
        new = own_question(post, new)
    write(session, post, still_there(session, series.library_id, new))
    if work != shown(post):
        post.permission_at, post.permission_by = None, ""  # nobody ticked it for this work
    post.revision, post.updated_at = post.revision + 1, now
    keep(session, post, by, now)
    record(session, "post", post.id, "edited", by, now, library_id=post.library_id, post_id=post.id)
    if before in ("approved", "submitted") and post.kind == "student" and post.permission_at is None:
        move_post(session, post, "draft", by, now, UNTICKED)
        return
    if before == "approved":
        move_post(session, post, "submitted", by, now, Sentence("Changed after it was approved."))
    if before in ("approved", "submitted") and not approve_alike(session, series, post, now):
        ask_for_review(session, post, by, now)


def _rest(series: Series, post: Post) -> Choice:
    """The same choice from this post on; of "ten times" those that are left."""
    choice = choice_of(series.rule)
    if choice.every == "week" and len(choice.days) < 2:
        choice = replace(choice, days=())  # the day of the post
    return replace(choice, count=times_left(series, post.series_at)) if post.series_at else choice


def _other_days(
    session: Session, series: Series, post: Post, later: Iterable[Post], choice: Choice, by: Actor, now: datetime
) -> None:
    at = _start(post)
    local = clock.to_local(at, post.library.timezone)
    series.rule, series.first_day, series.clock = rule_of(choice, local.date()), local.date(), f"{local:%H:%M}"
    on_other_days(session, series, by)
    for one in later:
        drop(session, one, by, now, CHANGED)
    _set_free(session, series, post, at)
    post.series_at, series.made_until = at, at
    series.next_at = next(moments(series, at), None)


def _set_free(session: Session, series: Series, post: Post, at: datetime) -> None:
    """The moment of one that was cancelled is another's from now on."""
    session.flush()
    there = update(Post).where(Post.series_id == series.id, Post.series_at == at, Post.id != post.id)
    session.execute(there.values(series_at=None).execution_options(synchronize_session="fetch"))
