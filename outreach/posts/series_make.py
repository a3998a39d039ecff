"""Writes the posts of series, four weeks ahead: posts of their own, to be moved, edited and cancelled one by one."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import Interruption, Post, Question, Series
from outreach.posts import bank
from outreach.posts.approve import submit_in
from outreach.posts.compose import create_in
from outreach.posts.interrupt import AWAY
from outreach.posts.interrupt_apply import apply
from outreach.posts.interrupt_plan import Deed
from outreach.posts.review_letter import ask_for_review
from outreach.posts.series_plan import goes_out, moments
from outreach.posts.series_post import SERIES_ALONE, approve_alike, written_at
from outreach.posts.versions import still_there
from outreach.words import NotDone, Sentence

AHEAD = timedelta(days=28)
PASSED = timedelta(days=7)  # what was to come before that, while nothing ran, is not looked at one by one

log = logging.getLogger(__name__)


def make_due(now: datetime) -> int:
    """Every series whose time is near. Returns how many posts were written."""
    near = or_(Series.next_at <= now + AHEAD, Series.made_until.is_(None), Series.made_until <= now)
    due = select(Series.id).where(Series.stopped_at.is_(None), Series.next_at.is_not(None), near)
    ids = list(db.session.scalars(due))
    db.session.rollback()
    return sum(make_all(series_id, now) for series_id in ids)


def make_all(series_id: int, now: datetime) -> int:
    """What is due of one series, each in a transaction of its own; its trouble is not that of the others."""
    written = 0
    try:
        while (made := make_next(series_id, now)) is not None:
            written += made
    except Exception:
        log.exception("series %s", series_id)
    return written


def make_next(series_id: int, now: datetime) -> int | None:
    """1. claim the series  2. its next moment  3. write the post  4. into review, or approved as the one before.

    Returns how many posts were written for this moment, 0 or 1; None: there is nothing to do now. Whoever comes second
    finds the series moved on.
    """
    with writing() as session:
        pauses = _pauses(session, series_id)
        series = session.get(Series, series_id, populate_existing=True, with_for_update=SERIES_ALONE)
        if series is None or (moment := series.next_at) is None or not _is_time(series, moment, now):
            return None
        if _waits(session, series, now):
            return None
        at = goes_out(series, moment)
        if at is None or at <= now or _is_there(session, series, moment):
            _move_on(series, max(moment, now - PASSED))
            return 0
        question = bank.draw(session, series.library, now) if series.draws else None
        if series.draws and question is None:
            if series.sentence != bank.DRY:
                series.sentence = bank.DRY
            return None
        post = _write(session, series, moment, at, question, now)
        day = clock.today(at, series.library.timezone)
        if (pause := next((one for one in pauses if one.first_day <= day <= one.last_day), None)) is not None:
            _hold(session, pause, post, at, now)
        _move_on(series, moment)
    return 1


def _pauses(session: Session, series_id: int) -> list[Interruption]:
    """Locked, and before the series: an undo locks them before posts, and posts come before their series."""
    library = select(Series.library_id).where(Series.id == series_id).scalar_subquery()
    mine = select(Interruption).where(
        Interruption.library_id == library, Interruption.kind == "pause", Interruption.ended_at.is_(None)
    )
    return list(session.scalars(mine.order_by(Interruption.id).with_for_update()))


def _hold(session: Session, pause: Interruption, post: Post, at: datetime, now: datetime) -> None:
    """It waits as those do that were written before the pause, and an undo brings it back with them."""
    move = apply(session, post, [], Deed(post.id, "waits", at), AWAY, OUTREACH, now)
    post.held_at = pause.made_at
    pause.moves = [*pause.moves, move]


def _is_time(series: Series, moment: datetime, now: datetime) -> bool:
    ahead = moment <= now + AHEAD or series.made_until is None or series.made_until <= now
    return series.stopped_at is None and ahead


def _waits(session: Session, series: Series, now: datetime) -> bool:
    """The one before is not finished: what it lacks, the next ones would lack as well."""
    mine = select(Post.id).where(Post.series_id == series.id, Post.series_at == series.made_until)
    return session.scalar(mine.where(Post.state.in_(("draft", "returned")), Post.wished_at > now)) is not None


def _is_there(session: Session, series: Series, moment: datetime) -> bool:
    mine = select(Post.id).where(Post.series_id == series.id, Post.series_at == moment)
    return session.scalar(mine) is not None


def _move_on(series: Series, moment: datetime) -> None:
    series.made_until, series.next_at = moment, next(moments(series, moment), None)


def _write(
    session: Session, series: Series, moment: datetime, at: datetime, question: Question | None, now: datetime
) -> Post:
    written = still_there(session, series.library_id, written_at(series, at, question))
    post = create_in(session, series.library_id, written, OUTREACH, now)
    post.author_id, post.author_name = series.author_id, series.author_name
    post.series_id, post.series_at = series.id, moment
    post.question_id = question.id if question else None
    session.flush()
    session.refresh(post)
    series.sentence = None
    into_review(session, series, post, now)
    return post


def into_review(session: Session, series: Series, post: Post, now: datetime) -> None:
    """Or it stays a draft, and the series says why."""
    try:
        submit_in(session, post, OUTREACH, now)
    except NotDone as stop:
        series.sentence = Sentence("One of its posts waits as a draft: %(why)s", why=stop.sentence)
        return
    if not approve_alike(session, series, post, now):
        ask_for_review(session, post, OUTREACH, now)
