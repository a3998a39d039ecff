"""Repeats: their page, and what a post's own page says of its repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import func, select

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.holidays import is_closed
from outreach.models import Library, Post, Series
from outreach.posts import bank, series, series_days, series_following
from outreach.posts.series_plan import day_of, next_dates, next_day, next_of, starts_at, times_left
from outreach.posts.series_rule import Choice, choice_of, choices_for, rule_of, said, said_end
from outreach.posts.versions import load
from outreach.posts.written import Written
from outreach.web.kept import keep
from outreach.web.shown import say
from outreach.web.shown_times import date_name, wall_clock
from outreach.web.shown_titles import counted
from outreach.web.signin import attempt, find, needs
from outreach.words import NotDone, Sentence

pages = Blueprint("series", __name__, url_prefix="/repeats")

SHOWN = 4  # dates of a repeat that has not begun
VALUES = {
    "time": wall_clock,
    "weekday": lambda weekday: _(weekday),
    "days": lambda days: ", ".join(_(day) for day in days.split(", ")),
    "until": lambda until: date_name(date.fromisoformat(until), "d MMM y"),
}


class Repeat(NamedTuple):
    """Of a series, as people read it."""

    row: Series
    says: str
    ends: str
    dates: list[datetime]
    written: Written
    told: Mapping[str, str]  # its rule and its end, as a form says them
    from_day: datetime  # from which another rule would count


class Ahead(NamedTuple):
    """How one that is being written would repeat, or why it cannot."""

    says: str = ""
    ends: str = ""
    dates: Sequence[datetime] = ()
    more: bool = False
    wrong: str = ""


class Offer(NamedTuple):
    """One way to let a post repeat."""

    every: str
    says: str
    dates: list[datetime]


@pages.app_template_filter()
def rule_said(sentence: Sentence | None) -> str:
    """A sentence about a rule, in the reader's language: its days, its time and its end as well."""
    if sentence is None:
        return ""
    values = {n: VALUES[n](str(value)) if n in VALUES else value for n, value in sentence.values.items()}
    if sentence.many:
        return counted(sentence.pattern, sentence.many, int(str(sentence.values["count"])), **values)
    return _(sentence.pattern, **values)


@pages.app_template_filter()
def day_of_plan(at: datetime) -> str:
    """A day among others that are planned: Tue 1 Dec."""
    return date_name(clock.today(at, g.library.timezone), "EEE d MMM")


def repeat(row: Series) -> Repeat:
    says, ends, now = said(row.rule, row.clock), said_end(row.rule), clock.now()
    first = next_day(row, now)
    told = _told(choice_of(row.rule), times_left(row, first))
    return Repeat(row, rule_said(says), rule_said(ends), next_of(row, now), load(row.written), told, first)


def _told(choice: Choice, left: int | None) -> dict[str, str]:
    end = "until" if choice.until else "count" if left else ""
    until = choice.until.isoformat() if choice.until else ""
    return {"every": choice.every, "end": end, "until": until, "count": str(left or "")}


@pages.app_template_global()
def repeat_of(post: Post) -> Repeat | None:
    """The repeat that this post is one of; None: it does not repeat (any more)."""
    row = post.series
    return repeat(row) if row is not None and row.stopped_at is None and post.series_at is not None else None


@pages.app_template_global()
def repeats_offered(post: Post) -> list[Offer]:
    """How it could repeat; empty for what has no time, or cannot."""
    if post.wished_at is None or post.timing == "now" or post.kind == "titles" or post.state == "cancelled":
        return []
    return offers(post, post.wished_at)


def offers(post: Post, at: datetime) -> list[Offer]:
    library, day = post.library, day_of(post)
    local = clock.to_local(at, library.timezone)
    made = []
    for every in choices_for(day, lambda one: is_closed(library, one)):
        choice = Choice(every)
        says = rule_said(said(rule_of(choice, day), f"{local:%H:%M}"))
        made.append(Offer(every, says, next_dates(library, choice, at)))
    return made


def ahead(told: Mapping[str, str], timing: str, at: datetime | None, library: Library) -> Ahead:
    """`told`: of a form, as it would be sent now; the first one is planned at `at`."""
    try:
        choice = typed_choice(told)
        first = starts_at(library, choice, timing, at)
        rule = rule_of(choice, clock.today(first, library.timezone))
        dates = next_dates(library, choice, first, SHOWN + 1)
    except NotDone as stop:
        return Ahead(wrong=say(stop.sentence))
    says = said(rule, f"{clock.to_local(first, library.timezone):%H:%M}")
    return Ahead(rule_said(says), rule_said(said_end(rule)), dates[:SHOWN], len(dates) > SHOWN)


@pages.app_template_global()
def questions_left(post: Post) -> int:
    return bank.left(db.session(), post.library_id)


@pages.get("/")
@needs("see")
def home(asked: tuple[int, series_days.Foreseen, str] | None = None):
    """`asked`: of one of them what another choice would bring, and which choice that is."""
    session = db.session()
    return render_template(
        "series/home.html",
        repeats=[repeat(row) for row in series.series_of(session, g.library.id)],
        dry=bank.runs_dry(session, g.library.id),
        asked=asked,
    )


@pages.post("/begin/<int:post_id>")
@needs("draft")
def begin(post_id: int):
    post, draws = find(Post, post_id, "draft"), bool(request.form.get("draws"))
    by, now = actor(current_user), clock.now()
    if attempt(lambda: (series.begin_now(post.id, typed_choice(request.form), by, now, draws), "told")):
        flash(it_repeats(post), "success")
    return redirect(url_for("posts.show", post_id=post_id))


def it_repeats(post: Post) -> str:
    """And how many of its posts wait for somebody's word, whatever became of the first."""
    session = db.session()
    mine = select(Post.series_id).where(Post.id == post.id).scalar_subquery()
    wait = session.scalar(select(func.count(Post.id)).where(Post.series_id == mine, Post.state == "submitted")) or 0
    told = _(
        "It repeats. The posts of the next four weeks stand in the week, each to be changed or cancelled by itself."
    )
    if not wait:
        return told
    return f"{told} " + counted("%(num)s of them waits for review.", "%(num)s of them wait for review.", wait)


def typed_choice(form: Mapping[str, str]) -> Choice:
    """From a form. Raises NotDone for an end that is none."""
    end, until, count = form.get("end", ""), form.get("until", ""), form.get("count", "")
    try:
        last = date.fromisoformat(until) if end == "until" else None
        most = int(count[:6]) if end == "count" else None
    except ValueError:
        raise NotDone(Sentence("Say until which day, or how many times.")) from None
    return Choice(form.get("every", ""), until=last, count=most)


@pages.post("/following/<int:post_id>")
@needs("draft")
def following(post_id: int):
    """All that follow become as this one is."""
    post = find(Post, post_id, "draft")
    changed = attempt(
        lambda: (series_following.change_following_now(post.id, actor(current_user), clock.now()), "told")
    )
    if changed:
        told = counted(
            "%(num)s post that follows is as this one now.",
            "%(num)s posts that follow are as this one now.",
            changed[0],
        )
        flash(told, "success")
    return redirect(url_for("posts.show", post_id=post_id))


@pages.post("/<int:series_id>/change")
@needs("draft")
def change(series_id: int):
    """How often it comes, or until when: asked once, with what it would bring."""
    row = find(Series, series_id, "draft")
    by, now = actor(current_user), clock.now()
    if request.form.get("sure") != _wanted():
        told = attempt(lambda: series_days.foresee(db.session(), row, typed_choice(request.form), now))
        keep()
        return (home((row.id, told, _wanted())), 200) if told else (home(), 422)
    gone = attempt(lambda: (series_days.change_days_now(row.id, typed_choice(request.form), by, now), "told"))
    if gone is None:
        return home(), 422
    told = counted(
        "Changed. %(num)s post was cancelled, since it does not come on that day any more.",
        "Changed. %(num)s posts were cancelled, since it does not come on those days any more.",
        gone[0],
    )
    flash(told if gone[0] else _("Changed. It comes like this from now on."), "success")
    return redirect(url_for("series.home"))


def _wanted() -> str:
    """What a form says of a rule: whoever is sure is sure of that."""
    return " ".join(request.form.get(name, "") for name in ("every", "end", "until", "count"))


@pages.post("/<int:series_id>/stop")
@needs("draft")
def stop(series_id: int):
    row = find(Series, series_id, "draft")
    gone = attempt(lambda: (series.stop(row.id, actor(current_user), clock.now()), "told"))
    if gone:
        told = counted(
            "It does not repeat any more. %(num)s post was cancelled.",
            "It does not repeat any more. %(num)s posts were cancelled.",
            gone[0],
        )
        flash(told, "success")
    return redirect(url_for("series.home"))
