"""Repeats: their page, and what a post's own page says of its repeat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.holidays import is_closed
from outreach.models import Post, Series
from outreach.posts import bank, series
from outreach.posts.series_plan import day_of, next_dates, next_of
from outreach.posts.series_rule import Choice, choices_for, rule_of, said, said_end
from outreach.posts.versions import load
from outreach.posts.written import Written
from outreach.web.shown import date_name, wall_clock
from outreach.web.shown_titles import counted
from outreach.web.signin import attempt, find, needs
from outreach.words import NotDone, Sentence

pages = Blueprint("series", __name__, url_prefix="/repeats")

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
    says, ends = said(row.rule, row.clock), said_end(row.rule)
    return Repeat(row, rule_said(says), rule_said(ends), next_of(row, clock.now()), load(row.written))


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


@pages.app_template_global()
def questions_left(post: Post) -> int:
    return bank.left(db.session(), post.library_id)


@pages.get("/")
@needs("see")
def home():
    session = db.session()
    return render_template(
        "series/home.html",
        repeats=[repeat(row) for row in series.series_of(session, g.library.id)],
        dry=bank.runs_dry(session, g.library.id),
    )


@pages.post("/begin/<int:post_id>")
@needs("draft")
def begin(post_id: int):
    post, draws = find(Post, post_id, "draft"), bool(request.form.get("draws"))
    attempt(
        lambda: series.begin_now(post.id, typed_choice(request.form), actor(current_user), clock.now(), draws),
        it_repeats(),
    )
    return redirect(url_for("posts.show", post_id=post_id))


def it_repeats() -> str:
    return _(
        "It repeats. The posts of the next four weeks stand in the week, each to be changed or cancelled by itself."
    )


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
    changed = attempt(lambda: (series.change_following_now(post.id, actor(current_user), clock.now()), "told"))
    if changed:
        told = counted(
            "%(num)s post that follows is as this one now.",
            "%(num)s posts that follow are as this one now.",
            changed[0],
        )
        flash(told, "success")
    return redirect(url_for("posts.show", post_id=post_id))


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
