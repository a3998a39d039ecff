"""The consent register of a library: which codes, for which places, until when; withdrawn."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.models import Consent
from outreach.posts import consents
from outreach.posts.queries import accounts_of
from outreach.posts.take_down import can_be_taken_down
from outreach.posts.withdrawn import posts_of
from outreach.posts.withdrawn import withdraw as withdraw_consent
from outreach.web.signin import attempt, find, needs
from outreach.words import NotDone, Sentence

pages = Blueprint("consents", __name__, url_prefix="/consents")


@pages.get("/")
@needs("see")
def home():
    if not g.library.consent_register:
        abort(404)
    session = db.session()
    return render_template(
        "consents/home.html",
        register=consents.register(session, g.library.id),
        scopes=consents.scopes(accounts_of(session, g.library.id)),
        names=consents.NAMES,
        today=clock.today(clock.now(), g.library.timezone),
    )


@pages.post("/")
@needs("settings")
def add():
    form, library_id, by = request.form, g.library.id, actor(current_user)
    known = {key for key, _name in consents.scopes(accounts_of(db.session(), library_id))}

    def verb() -> None:
        networks = [key for key in form.getlist("network") if key in known]
        limited = networks if set(networks) < known else []  # all that there are: those to come, too
        consents.add(library_id, form.get("code", ""), limited, _day(form.get("until", "")), by, clock.now())

    added = attempt(verb, _("Added."))
    return redirect(url_for("consents.home")) if added else (home(), 422)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotDone(Sentence("Choose the last day on which it holds, or leave it empty.")) from None


@pages.get("/<int:consent_id>")
@needs("see")
def show(consent_id: int):
    """One code: every post with work of this student."""
    consent = find(Consent, consent_id)
    return render_template(
        "consents/show.html",
        consent=consent,
        posts=posts_of(db.session(), consent.id),
        names=consents.NAMES,
        can_take_down=can_be_taken_down,
    )


@pages.post("/<int:consent_id>/withdraw")
@needs("take_down")
def withdraw(consent_id: int):
    consent = find(Consent, consent_id, "take_down")
    attempt(
        lambda: withdraw_consent(consent.id, actor(current_user), clock.now()),
        _("Withdrawn. What was waiting is a draft again, and nothing with this code goes out any more."),
    )
    return redirect(url_for("consents.show", consent_id=consent.id))


@pages.post("/switch")
@needs("settings")
def switch():
    """The register on or off."""
    library_id, on = g.library.id, request.form.get("on") == "1"
    said = _("The register is on. Student work now needs a code.") if on else _("The register is off.")
    attempt(lambda: consents.turn(library_id, on, actor(current_user), clock.now()), said)
    return redirect(url_for("consents.home") if on else url_for("settings.show"))
