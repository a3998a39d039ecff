"""New titles: the weekly post, the feeds, the titles seen in them."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.models import DigestRule, Feed, Title
from outreach.titles import feeds, rules
from outreach.titles.digest import DEFAULT_WORDS
from outreach.titles.fetch import PRACTICE, refuse_private
from outreach.titles.queries import feeds_of, formats_of, rules_of, search
from outreach.web.kept import typed_in
from outreach.web.preview import previews_of_rule
from outreach.web.signin import attempt, find, needs
from outreach.web.typed import ids

pages = Blueprint("titles", __name__, url_prefix="/titles")


@pages.get("/")
@needs("see")
def home():
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
        offer=lambda rule: not rule.by_itself and rule.unchanged_in_a_row >= rules.OFFER_AFTER,
        district=bool(current_user.district_admin),
        formats=formats_of(session, g.library.id),
        preview_of=_preview_of,
    )


def _preview_of(rule: DigestRule):
    """With the words in its form: those that are stored, or that were refused."""
    words = str(typed_in(url_for("titles.rule", rule_id=rule.id), "words", rule.words))
    return previews_of_rule(rule, words[: rules.LONGEST], rule.most)


@pages.post("/feeds")
@needs("feeds")
def add():
    url = request.form.get("url", "")
    if url.strip().startswith("outreach:"):
        url = url.strip().removeprefix("outreach:")

    def verb() -> None:
        if url != PRACTICE:
            refuse_private(url, current_app.extensions["shop"].reach)
        feeds.add(g.library, url, request.form.get("name", ""), actor(current_user), clock.now())

    added = attempt(verb, _("Added. Its titles appear here within a minute."))
    return redirect(url_for("titles.home")) if added else (home(), 422)


@pages.post("/feeds/<int:feed_id>")
@needs("feeds")
def change(feed_id: int):
    feed, form = find(Feed, feed_id, "feeds"), request.form
    without = form.get("without", "").split(",")
    typed = (form.get("name", ""), form.get("audience", ""), form.getlist("format"), without)
    saved = attempt(
        lambda: feeds.change(feed.id, *typed, actor(current_user), clock.now()),
        _("Saved. It counts from the next check on."),
    )
    return redirect(url_for("titles.home")) if saved else (home(), 422)


@pages.post("/weekly/<int:rule_id>/preview")
@needs("feeds")
def preview(rule_id: int):
    """How the weekly post would read with the words that are being typed."""
    found = find(DigestRule, rule_id, "feeds")
    number = rules.how_many(request.form.get("most", "")) or found.most
    shown = previews_of_rule(found, request.form.get("words", "")[: rules.LONGEST], number)
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


@pages.post("/feeds/<int:feed_id>/remove")
@needs("feeds")
def remove(feed_id: int):
    feed = find(Feed, feed_id, "feeds")
    attempt(lambda: feeds.remove(feed.id, actor(current_user), clock.now()), _("Removed. Its titles stay."))
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
    attempt(lambda: feeds.hide(title.id, clock.now()))
    return redirect(url_for("titles.home"))


@pages.post("/weekly/<int:rule_id>")
@needs("feeds")
def rule(rule_id: int):
    found, form = find(DigestRule, rule_id, "feeds"), request.form

    weekday, time, most, words = (form.get(name, "") for name in ("weekday", "clock", "most", "words"))
    typed = rules.Typed(weekday, time, most, words, ids(form, "account"), ids(form, "feed"))
    saved = attempt(lambda: rules.change(found.id, typed, actor(current_user), clock.now()), _("Saved."))
    return redirect(url_for("titles.home")) if saved else (home(), 422)


@pages.post("/weekly")
@needs("feeds")
def add_rule():
    attempt(
        lambda: rules.add(g.library, actor(current_user), clock.now()),
        _("Added. Say under Change… what goes into it."),
    )
    return redirect(url_for("titles.home"))


@pages.post("/weekly/<int:rule_id>/stop")
@needs("feeds")
def stop_rule(rule_id: int):
    found = find(DigestRule, rule_id, "feeds")
    attempt(lambda: rules.stop(found.id, actor(current_user), clock.now()), _("Saved."))
    return redirect(url_for("titles.home"))


@pages.post("/weekly/<int:rule_id>/let-go")
@needs("settings")
def let_go(rule_id: int):
    found = find(DigestRule, rule_id, "settings")
    by_itself = bool(request.form.get("by_itself"))
    district = bool(current_user.district_admin)
    attempt(lambda: rules.let_go(found.id, by_itself, actor(current_user), clock.now(), district), _("Saved."))
    return redirect(url_for("titles.home"))
