"""New titles: the weekly post, the feeds, the titles seen in them."""

from __future__ import annotations

import re

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db, writing
from outreach.models import Account, DigestRule, Feed, Title
from outreach.titles import draft, feeds
from outreach.titles.digest import DEFAULT_WORDS, next_time
from outreach.titles.fetch import PRACTICE, refuse_private
from outreach.titles.queries import feeds_of, formats_of, rules_of, search
from outreach.web.preview import previews_of_rule
from outreach.web.shown import say
from outreach.web.signin import attempt, find, needs
from outreach.words import NotDone, Sentence

pages = Blueprint("titles", __name__, url_prefix="/titles")


@pages.get("/")
@needs("see")
def home(typed_url: str = ""):
    session, words = db.session(), request.args.get("q", "")[:100]
    page = request.args.get("page", "0")
    number = int(page) if page.isdecimal() and len(page) < 5 else 0
    only_new = bool(request.args.get("new"))
    return render_template(
        "titles/home.html",
        feeds=feeds_of(session, g.library.id),
        rules=rules_of(session, g.library.id),
        found=search(session, g.library.id, words, only_new, number),
        q=words,
        only_new=only_new,
        page=number,
        masked=feeds.masked,
        default_words=DEFAULT_WORDS,
        offer=lambda rule: not rule.by_itself and rule.unchanged_in_a_row >= draft.OFFER_AFTER,
        district=bool(current_user.district_admin),
        formats=formats_of(session, g.library.id),
        preview_of=lambda rule: previews_of_rule(rule, rule.words, rule.most),
        typed_url=typed_url,
    )


@pages.post("/feeds")
@needs("feeds")
def add():
    url = request.form.get("url", "")
    if url.strip().startswith("outreach:"):
        url = url.strip().removeprefix("outreach:")
    try:
        if url != PRACTICE:
            refuse_private(url, current_app.extensions["shop"].reach)
        feeds.add(g.library, url, request.form.get("name", ""), actor(current_user), clock.now())
    except NotDone as stop:
        flash(say(stop.sentence), "warning")
        return home(url[:2_000]), 422
    flash(_("Added. Its titles appear here within a minute."), "success")
    return redirect(url_for("titles.home"))


@pages.post("/feeds/<int:feed_id>")
@needs("feeds")
def change(feed_id: int):
    feed, form = find(Feed, feed_id, "feeds"), request.form
    without = form.get("without", "").split(",")
    attempt(
        lambda: feeds.change(
            feed.id,
            form.get("name", ""),
            form.get("audience", ""),
            form.getlist("format"),
            without,
            actor(current_user),
            clock.now(),
        ),
        _("Saved. It counts from the next check on."),
    )
    return redirect(url_for("titles.home"))


@pages.post("/weekly/<int:rule_id>/preview")
@needs("feeds")
def preview(rule_id: int):
    """How the weekly post would read with the words that are being typed."""
    found = find(DigestRule, rule_id, "feeds")
    most = request.form.get("most", "")
    number = int(most) if most.isdecimal() and 1 <= int(most[:4]) <= 30 else found.most
    shown = previews_of_rule(found, request.form.get("words", "")[:2_000], number)
    return render_template("posts/_previews.html", previews=shown)


@pages.post("/feeds/<int:feed_id>/check")
@needs("feeds")
def check(feed_id: int):
    feed = find(Feed, feed_id, "feeds")
    attempt(lambda: feeds.check_now(feed.id, clock.now()), _("It is checked within a minute."))
    return redirect(url_for("titles.home"))


@pages.post("/feeds/<int:feed_id>/stop")
@needs("feeds")
def stop(feed_id: int):
    feed = find(Feed, feed_id, "feeds")
    attempt(lambda: feeds.stop(feed.id, actor(current_user), clock.now()), _("Stopped."))
    return redirect(url_for("titles.home"))


@pages.post("/feeds/<int:feed_id>/reloaded")
@needs("feeds")
def reloaded(feed_id: int):
    feed = find(Feed, feed_id, "feeds")
    attempt(
        lambda: feeds.was_reloaded(feed.id, actor(current_user), clock.now()), _("Noted. None of them is announced.")
    )
    return redirect(url_for("titles.home"))


@pages.post("/feeds/<int:feed_id>/new")
@needs("feeds")
def really_new(feed_id: int):
    feed = find(Feed, feed_id, "feeds")
    attempt(lambda: feeds.are_new(feed.id, actor(current_user), clock.now()), _("They wait to be announced."))
    return redirect(url_for("titles.home"))


@pages.post("/<int:title_id>/hide")
@needs("draft")
def hide(title_id: int):
    title = find(Title, title_id, "draft")

    def verb() -> None:
        with writing() as session:
            row = session.get_one(Title, title.id)
            row.hidden_at = None if row.hidden_at else clock.now()

    attempt(verb)
    return redirect(url_for("titles.home"))


@pages.post("/weekly/<int:rule_id>")
@needs("feeds")
def rule(rule_id: int):
    found = find(DigestRule, rule_id, "feeds")
    form = request.form

    def verb() -> None:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", form.get("clock", "")) or form.get("weekday") not in tuple(
            "0123456"
        ):
            raise NotDone(Sentence("Choose a day and a time."))
        most = form.get("most", "")
        if not most.isdecimal() or not 1 <= int(most[:4]) <= 30:
            raise NotDone(Sentence("Choose between 1 and 30 titles."))
        with writing() as session:
            row = session.get_one(DigestRule, found.id)
            row.weekday, row.clock, row.most = int(form["weekday"]), form["clock"], int(most)
            row.words = form.get("words", "").strip()[:2_000]
            row.account_ids = _own(session, Account, form.getlist("account"))
            row.feed_ids = _own(session, Feed, form.getlist("feed"))
            row.next_at = next_time(row.weekday, row.clock, g.library.timezone, clock.now())

    attempt(verb, _("Saved."))
    return redirect(url_for("titles.home"))


def _own(session, model, ids: list[str]) -> list[int]:
    wanted = [int(n) for n in ids if n.isdecimal() and len(n) < 10]
    return [n for n in wanted if (row := session.get(model, n)) and row.library_id == g.library.id]


@pages.post("/weekly")
@needs("feeds")
def add_rule():
    attempt(
        lambda: feeds.add_rule(g.library, actor(current_user), clock.now()),
        _("Added. Say under Change… what goes into it."),
    )
    return redirect(url_for("titles.home"))


@pages.post("/weekly/<int:rule_id>/stop")
@needs("feeds")
def stop_rule(rule_id: int):
    found = find(DigestRule, rule_id, "feeds")
    attempt(lambda: feeds.stop_rule(found.id, actor(current_user), clock.now()), _("Saved."))
    return redirect(url_for("titles.home"))


@pages.post("/weekly/<int:rule_id>/let-go")
@needs("settings")
def let_go(rule_id: int):
    found = find(DigestRule, rule_id, "settings")
    by_itself = bool(request.form.get("by_itself"))
    district = bool(current_user.district_admin)
    attempt(lambda: draft.let_go(found.id, by_itself, actor(current_user), clock.now(), district), _("Saved."))
    return redirect(url_for("titles.home"))
