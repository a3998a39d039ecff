"""New titles: the weekly post, and the feeds it comes from."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.languages import spoken
from outreach.models import DigestRule, Feed
from outreach.posts.listing import MORE
from outreach.posts.queries import accounts_of
from outreach.titles import catalog as of_catalog
from outreach.titles import feeds, rules
from outreach.titles.digest import DEFAULT_WORDS
from outreach.titles.draft import digest_accounts
from outreach.titles.fetch import PRACTICE, refuse_private
from outreach.titles.finding import finder
from outreach.titles.list_queries import lists_of
from outreach.titles.options import Options
from outreach.titles.queries import feed_at, feeds_of, in_posts, not_announced, rules_of, waits_for
from outreach.titles.shelf import Wanted, beside, look, usual, waiting
from outreach.web.kept import keep, refused
from outreach.web.preview import previews_of_rule
from outreach.web.signin import attempt, find, needs
from outreach.web.typed import ids
from outreach.words import NotDone, Sentence

pages = Blueprint("titles", __name__, url_prefix="/titles")
NEWS_SHOWN = 8


@pages.get("/")
@needs("see")
def home():
    session = db.session()
    choices = usual(session, g.library.id)
    names = {account.id: account.name for account in accounts_of(session, g.library.id)}
    return render_template(
        "titles/home.html",
        feeds=feeds_of(session, g.library.id),
        lists=lists_of(session, g.library.id, 3),
        rules=rules_of(session, g.library.id),
        anything=bool(look(session, g.library, Wanted(), 1).titles),
        newest=not_announced(session, g.library.id, NEWS_SHOWN + 1),
        news_shown=NEWS_SHOWN,
        busy=in_posts(session, g.library.id, clock.now()),
        waiting=waiting(session, g.library.id),
        masked=feeds.masked,
        default_words=spoken(DEFAULT_WORDS, g.library.language),
        more_words=spoken(MORE, g.library.language),
        offer=lambda rule: not rule.by_itself and rule.unchanged_in_a_row >= rules.OFFER_AFTER,
        district=bool(current_user.district_admin),
        formats=choices["format"],
        audiences=choices["audience"],
        beside=beside,
        options_of=lambda rule: Options.of(rule.options),
        waits_for=lambda rule: waits_for(session, rule.id),
        removable=lambda rule: rules.is_removable(session, rule),
        places_of=lambda rule: [names[n] for n in digest_accounts(session, rule)],
        accounts_of_rule=lambda rule: digest_accounts(session, rule),
        preview_of=_preview_of,
    )


@pages.get("/catalog")
@needs("feeds")
def catalog():
    """What holds for the whole catalog."""
    return render_template("titles/catalog.html")


@pages.post("/catalog")
@needs("feeds")
def change_catalog():
    form = request.form
    names = ("catalog", "example", "older_shelves", "colour")
    typed = of_catalog.Typed(**{name: form.get(name, "") for name in names})
    library_id = g.library.id
    saved = attempt(lambda: of_catalog.change(library_id, typed, actor(current_user), clock.now()), _("Saved."))
    return redirect(url_for("titles.home")) if saved else (catalog(), 422)


@pages.post("/find")
@needs("feeds")
def find_feed():
    """What the address leads to, with its first titles; nothing is kept yet."""
    typed = request.form.get("url", "").strip()
    if typed == PRACTICE:  # of the practice library
        return _add(typed)
    try:
        found = finder.find(typed, current_app.extensions["shop"].reach, clock.now())
    except finder.NotFound as nothing:
        keep()
        return render_template("titles/not_found.html", address=typed, wrong=nothing), 422
    name = found.name if found.name and "://" not in found.name else feeds.name_of(found.url)
    return render_template("titles/found.html", address=typed, found=found, name=name, masked=feeds.masked)


def _preview_of(rule: DigestRule):
    """With what is in its form: stored, or refused."""
    if refused(url_for("titles.rule", rule_id=rule.id)):
        return _preview_of_form(rule)
    return previews_of_rule(rule, rule.words, rule.most, Options.of(rule.options))


def _preview_of_form(rule: DigestRule):
    form = request.form
    number = rules.how_many(form.get("most", "")) or rule.most
    options = Options.of(_options(form).stored() | {"tags": rules.hashtags(form.get("tags", ""))})
    return previews_of_rule(rule, form.get("words", "")[: rules.LONGEST], number, options)


def _options(form: MultiDict[str, str]) -> Options:
    """The choices beyond day, number, words and places, as they were typed."""
    return Options(
        order=form.get("order", "newest"),
        group=form.get("group", ""),
        audiences=form.getlist("audience"),
        formats=form.getlist("format"),
        line=form.get("line", "").strip(),
        more_words=form.get("more_words", "").strip(),
        whole=bool(form.get("whole")),
        pictures=form.get("pictures", "collage"),
        real_covers=bool(form.get("real_covers")),
        tags=form.get("tags", "").strip(),
        words_for={
            name.removeprefix("words-"): text.strip()
            for name, text in form.items()
            if name.startswith("words-") and text.strip()
        },
    )


@pages.post("/feeds")
@needs("feeds")
def add():
    return _add(request.form.get("url", ""))


def _add(url: str):
    form, url = request.form, url.strip()

    def verb() -> Feed:
        if url != PRACTICE:
            refuse_private(url, current_app.extensions["shop"].reach)
        name, audience = form.get("name", ""), form.get("audience", "")
        return feeds.add(g.library, url, name, actor(current_user), clock.now(), audience)

    feed = attempt(verb, _("Added.")) or feed_at(db.session(), g.library.id, url)
    if feed:
        return redirect(url_for("feeds.show", feed_id=feed.id))
    return render_template("titles/not_found.html", address=url, wrong=None), 422


@pages.post("/weekly/<int:rule_id>/preview")
@needs("feeds")
def preview(rule_id: int):
    """How the weekly post would read with the words that are being typed."""
    found = find(DigestRule, rule_id, "feeds")
    return render_template("posts/_previews.html", previews=_preview_of_form(found))


@pages.post("/weekly/<int:rule_id>")
@needs("feeds")
def rule(rule_id: int):
    found, form = find(DigestRule, rule_id, "feeds"), request.form

    weekday, time, most, words = (form.get(name, "") for name in ("weekday", "clock", "most", "words"))
    typed = rules.Typed(weekday, time, most, words, ids(form, "account"), ids(form, "feed"), _options(form))

    def verb() -> None:
        if not typed.accounts and accounts_of(db.session(), g.library.id):
            raise NotDone(Sentence("Choose at least one place to post to."))
        rules.change(found.id, typed, actor(current_user), clock.now())

    saved = attempt(verb, _("Saved."))
    return redirect(url_for("titles.home")) if saved else (home(), 422)


@pages.post("/weekly")
@needs("feeds")
def add_rule():
    attempt(
        lambda: rules.add(g.library, actor(current_user), clock.now()),
        _("Added. Say what goes into it, then start it."),
    )
    return redirect(url_for("titles.home"))


@pages.post("/weekly/<int:rule_id>/stop")
@needs("feeds")
def stop_rule(rule_id: int):
    found, again = find(DigestRule, rule_id, "feeds"), bool(request.form.get("undo"))
    attempt(lambda: rules.stop(found.id, actor(current_user), clock.now(), again=again), _("Saved."))
    return redirect(url_for("titles.home"))


@pages.post("/weekly/<int:rule_id>/remove")
@needs("feeds")
def remove_rule(rule_id: int):
    found = find(DigestRule, rule_id, "feeds")
    attempt(lambda: rules.remove(found.id, actor(current_user), clock.now()), _("Removed."))
    return redirect(url_for("titles.home"))


@pages.post("/weekly/<int:rule_id>/let-go")
@needs("settings")
def let_go(rule_id: int):
    found = find(DigestRule, rule_id, "settings")
    by_itself = bool(request.form.get("by_itself"))
    district = bool(current_user.district_admin)
    attempt(lambda: rules.let_go(found.id, by_itself, actor(current_user), clock.now(), district), _("Saved."))
    return redirect(url_for("titles.home"))
