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
        names=_names(),
        today=clock.today(clock.now(), g.library.timezone),
    )


def _names() -> dict[str, str]:
    """Of the library's own places; of one that is gone, of its network."""
    return consents.NAMES | dict(consents.scopes(accounts_of(db.session(), g.library.id)))


@pages.post("/")
@needs("settings")
def add():
    code = request.form.get("code", "")
    added = attempt(lambda: _write(g.library.id, code), _("Added."))
    return redirect(url_for("consents.home")) if added else (home(), 422)


def _write(library_id: int, code: str, before: Consent | None = None) -> None:
    """`before`: it is changed; places that are gone cannot be unticked, so they stay in it."""
    known = {key for key, _name in consents.scopes(accounts_of(db.session(), library_id))}
    networks = [key for key in request.form.getlist("network") if key in known]
    networks += [key for key in (before.networks if before else ()) if key not in known]
    until = _day(request.form.get("until", ""))
    consents.add(library_id, code, networks, until, actor(current_user), clock.now(), change=before is not None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotDone(Sentence("Choose the last day on which it holds, or leave it empty.")) from None


@pages.get("/<int:consent_id>")
@needs("see")
def show(consent_id: int):
    """One code: every post with work of this student."""
    consent, session = find(Consent, consent_id), db.session()
    return render_template(
        "consents/show.html",
        consent=consent,
        posts=posts_of(session, consent.id),
        scopes=consents.scopes(accounts_of(session, consent.library_id)),
        names=_names(),
        can_take_down=can_be_taken_down,
    )


@pages.post("/<int:consent_id>/change")
@needs("settings")
def change(consent_id: int):
    consent = find(Consent, consent_id, "settings")
    if consent.withdrawn_at is not None:
        abort(404)
    changed = attempt(lambda: _write(consent.library_id, consent.code, consent), _("Saved."))
    return redirect(url_for("consents.show", consent_id=consent_id)) if changed else (show(consent_id), 422)


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
