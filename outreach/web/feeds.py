"""One feed of the catalog: what its checks brought, its filters; check now, stop, say what a reload was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import Actor, actor
from outreach.db import db
from outreach.models import Feed
from outreach.titles import feeds, write
from outreach.titles.queries import running, runs_of, takes, untold
from outreach.titles.shelf import beside, usual
from outreach.web.shelf_pictures import studio
from outreach.web.signin import attempt, find, needs

pages = Blueprint("feeds", __name__, url_prefix="/titles/feeds")


@pages.get("/<int:feed_id>")
@needs("see")
def show(feed_id: int):
    return _page(find(Feed, feed_id))


def _page(feed: Feed):
    return render_template(
        "feeds/show.html",
        feed=feed,
        runs=runs_of(db.session(), feed.id),
        formats=beside(usual(db.session(), feed.library_id)["format"], feed.formats),
        awaited=takes(running(db.session(), feed.library_id), feed),
        untold=len(untold(db.session(), feed, clock.now())),
        masked=feeds.masked,
    )


@pages.post("/<int:feed_id>")
@needs("feeds")
def change(feed_id: int):
    feed, form = find(Feed, feed_id, "feeds"), request.form
    typed = feeds.Typed(
        name=form.get("name", ""),
        audience=form.get("audience", ""),
        formats=form.getlist("format"),
        without=form.get("without", "").split(","),
        licensed_covers=bool(form.get("licensed_covers")),
    )
    saved = attempt(
        lambda: feeds.change(feed.id, typed, actor(current_user), clock.now()),
        _("Saved. It counts from the next check on."),
    )
    return redirect(url_for("feeds.show", feed_id=feed.id)) if saved else (_page(feed), 422)


@pages.post("/<int:feed_id>/write")
@needs("draft")
def write_post(feed_id: int):
    """A post about the newest of what it has had all along."""
    feed = find(Feed, feed_id, "draft")
    post = attempt(lambda: write.about_feed(feed.id, studio(), actor(current_user), clock.now()))
    return redirect(url_for("posts.edit", post_id=post.id) if post else url_for("feeds.show", feed_id=feed.id))


@pages.post("/<int:feed_id>/check")
@needs("feeds")
def check(feed_id: int):
    feed = find(Feed, feed_id, "feeds")
    attempt(lambda: feeds.check_now(feed.id, clock.now()), _("It is checked within seconds."))
    return redirect(url_for("feeds.show", feed_id=feed.id))


@pages.post("/<int:feed_id>/stop")
@needs("feeds")
def stop(feed_id: int):
    _deed(feed_id, feeds.stop, _("Stopped."))
    return redirect(url_for("feeds.show", feed_id=feed_id))


@pages.post("/<int:feed_id>/remove")
@needs("feeds")
def remove(feed_id: int):
    _deed(feed_id, feeds.remove, _("Removed. Its titles stay."))
    return redirect(url_for("titles.home"))


@pages.post("/<int:feed_id>/reloaded")
@needs("feeds")
def reloaded(feed_id: int):
    _deed(feed_id, feeds.was_reloaded, _("Noted. None of them is announced."))
    return redirect(url_for("titles.home"))


@pages.post("/<int:feed_id>/new")
@needs("feeds")
def really_new(feed_id: int):
    _deed(feed_id, feeds.are_new, _("They wait to be announced."))
    return redirect(url_for("titles.home"))


def _deed(feed_id: int, verb: Callable[[int, Actor, datetime], None], done: str) -> None:
    feed = find(Feed, feed_id, "feeds")
    attempt(lambda: verb(feed.id, actor(current_user), clock.now()), done)
