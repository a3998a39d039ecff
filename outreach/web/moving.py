"""Another time for a post: by drag, by keyboard and by "Move to…" one and the same form."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.models import Post
from outreach.posts import schedule
from outreach.posts.compose import has_begun
from outreach.posts.seen import Stale
from outreach.web import around
from outreach.web import typed as forms
from outreach.web.kept import keep
from outreach.web.meaning import wall
from outreach.web.shown import may_here, say
from outreach.web.shown_times import when as shown_when
from outreach.web.signin import find, needs
from outreach.words import NotDone, Sentence

pages = Blueprint("moving", __name__)


@pages.get("/posts/<int:post_id>/when")
@needs("draft")
def when(post_id: int):
    post = find(Post, post_id, "draft")
    return render_template(
        "moving/when.html",
        post=post,
        begun=has_begun(db.session(), post),
        usual=schedule.next_free(db.session(), g.library, post.kind, clock.now(), post.id),
        back=around.way_back(),
    )


@pages.post("/posts/<int:post_id>/when")
@needs("draft")
def move(post_id: int):
    post = find(Post, post_id, "draft")
    before, now = post.wished_at, clock.now()
    try:
        at = _asked(post, now)
        revision = schedule.move(post.id, at, actor(current_user), now, forms.seen(), may_here("decide"))
    except Stale as stale:
        flash(say(stale.sentence), "warning")
        return redirect(around.way_back())
    except NotDone as stop:
        keep()
        flash(say(stop.sentence), "warning")
        return when(post_id), 422
    if request.form.get("undo"):
        flash(_("Back at its time: %(when)s.", when=shown_when(at)), "success")
    elif (way := around.way_back()).startswith("/posts/"):
        flash(_("Moved to %(when)s.", when=shown_when(at)), "success")
        return redirect(way)
    else:
        around.remember(post_id, at, before if before and before > now else None, revision)
    return redirect(around.way_back())


def _asked(post: Post, now: datetime) -> datetime:
    """The next usual time, or a moment (an empty place of the week), or a day and a time as typed.

    A day alone keeps the time of the post; a draft that has none takes the usual time of that day.
    """
    form = request.form
    at = schedule.next_free(db.session(), g.library, post.kind, now, post.id) if form.get("usual") else None
    if form.get("usual") and at is None:
        raise NotDone(Sentence("There is no usual time to use. Choose a day and a time."))
    at = at or forms.asked_time(form.get("at", ""), now)
    day = form.get("day", "").strip()
    at = at or (wall(day, form.get("clock", "") or _its_time(post, day), g.library) if day else None)
    if at is None:
        raise NotDone(Sentence("Choose a day and a time."))
    return at


def _its_time(post: Post, day: str) -> str:
    if post.wished_at is not None:
        return f"{clock.to_local(post.wished_at, g.library.timezone):%H:%M}"
    weekday = around.asked_day(clock.today(clock.now(), g.library.timezone), day).weekday()
    return next((s.clock for s in g.library.slots if s.weekday == weekday and s.kind in (post.kind, None)), "")
