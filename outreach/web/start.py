"""The first visit, and the links that sign in once. They show a button and act on POST: mail scanners open links."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user, login_user

from outreach import clock
from outreach.db import db
from outreach.languages import ENGLISH, LANGUAGES
from outreach.models import Person
from outreach.people import links, setup
from outreach.practice.around import look_around
from outreach.web.extensions import limiter
from outreach.web.shown import say
from outreach.web.signin import needs
from outreach.words import NotDone

pages = Blueprint("start", __name__)


@pages.get("/being-set-up")
def being_set_up():
    if setup.is_set_up():
        return redirect(url_for("week.home"))
    return render_template("start/being_set_up.html"), 503


@pages.route("/set-up/<token>", methods=["GET", "POST"])
@limiter.limit("30/minute")
def set_up(token: str):
    """Three questions, or a look around."""
    form = request.form
    try:
        links.look(token, "set_up", clock.now())
        if request.method != "POST":
            return _page(form)
        if form.get("around"):
            zone, shop = form.get("timezone") or "UTC", current_app.extensions["shop"]
            person = look_around(token, zone, _language(), clock.now(), shop)
        else:
            person = setup.set_up(
                token,
                form.get("library", ""),
                form.get("grades", "all"),
                form.get("name", ""),
                form.get("email", ""),
                _zone(),
                _language(),
                clock.now(),
            )
    except NotDone as stop:
        if links_is_dead(token):
            return render_template("error.html", sentence=say(stop.sentence), code=410), 410
        return _page(form, wrong=say(stop.sentence)), 422
    login_user(db.session.get_one(Person, person.id), authn_via=["link"])
    return redirect(url_for("week.home"))


def _choose_password() -> str:
    flash(_("Welcome. Choose a password, so that you can sign in again without a link."), "success")
    return url_for("security.change_password")


@pages.route("/set-up", methods=["GET", "POST"])
@needs("see")
def after_practice():
    """From looking around to a library of one's own."""
    form = request.form
    if not current_user.practice or setup.has_real_library():
        abort(404)
    if request.method != "POST":
        return _page(form, practised=True)
    answers = (form.get("library", ""), form.get("grades", "all"), form.get("name", ""), form.get("email", ""))
    try:
        person = setup.set_up_after_practice(*answers, _zone(), _language(), clock.now())
    except NotDone as stop:
        return _page(form, wrong=say(stop.sentence), practised=True), 422
    login_user(db.session.get_one(Person, person.id), authn_via=["link"])
    return redirect(url_for("week.home"))


def _page(form: Mapping[str, str], wrong: str | None = None, practised: bool = False) -> str:
    zones = sorted(clock.zones())  # asked for where no script can tell
    return render_template("start/set_up.html", form=form, wrong=wrong, practised=practised, zones=zones)


def _zone() -> str:
    """As the browser's script said, or as chosen where it runs none."""
    return next((zone for zone in request.form.getlist("timezone") if clock.is_zone(zone)), "UTC")


def _language() -> str:
    return request.accept_languages.best_match(LANGUAGES) or ENGLISH


def links_is_dead(token: str) -> bool:
    try:
        links.look(token, "set_up", clock.now())
    except NotDone:
        return True
    return False


@pages.route("/sign-in/<token>", methods=["GET", "POST"])
@limiter.limit("30/minute")
def sign_in(token: str):
    try:
        link = links.look(token, "sign_in", clock.now())
        person = db.session.get(Person, link.person_id)
        if person is None or not person.active:
            abort(404)
        if request.method != "POST":
            return render_template("start/sign_in.html", person=person)
        links.sign_in(token, clock.now())
    except NotDone as stop:
        return render_template("error.html", sentence=say(stop.sentence), code=410), 410
    login_user(db.session.get_one(Person, link.person_id), authn_via=["link"])
    if person.password is None and not person.practice:
        return redirect(_choose_password())
    return redirect(url_for("week.home"))


@pages.post("/practice/as/<int:person_id>")
@needs("see")
def become(person_id: int):
    """In the practice library: sign in as one of its people. Gone once a real library exists."""
    person = db.session.get(Person, person_id) if person_id < 2**31 else None
    if not g.library.practice or setup.has_real_library() or person is None or not person.practice:
        abort(404)
    if not current_user.practice:
        abort(404)
    login_user(person)
    return redirect(url_for("week.home"))
