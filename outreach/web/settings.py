"""The library: its name, zone, closed days; pause everything."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.accounts import pause
from outreach.db import db, writing
from outreach.holidays import known_countries
from outreach.models import Closure, Library
from outreach.people.libraries import GRADES, change, close
from outreach.posts.queries import people_of
from outreach.web.signin import attempt, find, libraries, needs
from outreach.words import NotDone, Sentence

OWN_APPROVAL = {"alone": None, "no": False, "yes": True}
pages = Blueprint("settings", __name__, url_prefix="/library")


@pages.get("/")
@needs("settings")
def show():
    return render_template(
        "settings/show.html",
        grades=GRADES,
        zones=sorted(clock.zones() | {g.library.timezone}),
        countries=_countries(),
        own=next(key for key, value in OWN_APPROVAL.items() if value is g.library.own_approval),
        own_choices=_own_choices(),
    )


def _own_choices() -> list[tuple[str, str]]:
    """Nothing to choose while one person is alone."""
    if len(people_of(db.session(), g.library.id)) < 2 and g.library.own_approval is None:
        return []
    return [
        ("alone", _("A colleague; while I am alone, I do")),
        ("no", _("Always a colleague")),
        ("yes", _("Approvers, their own posts too")),
    ]


def _countries() -> list[tuple[str, str]]:
    """(code, name in the reader's language), those whose holidays are known."""
    names = get_locale().territories
    return sorted(((code, names.get(code, code)) for code in known_countries()), key=lambda pair: pair[1])


@pages.post("/")
@needs("settings")
def save():
    form = request.form

    def verb() -> None:
        with writing() as opened:
            change(
                opened.get_one(Library, g.library.id),
                name=form.get("name", ""),
                timezone=form.get("timezone", ""),
                country=form.get("country", ""),
                grades=form.get("grades", ""),
                hashtags=form.get("hashtags", ""),
                own_approval=OWN_APPROVAL.get(form.get("own", "alone")),
            )

    return redirect(url_for("settings.show")) if attempt(verb, _("Saved.")) else (show(), 422)


@pages.post("/closed")
@needs("settings")
def closed():
    form = request.form

    def verb() -> None:
        try:
            first = date.fromisoformat(form.get("first", ""))
            last = date.fromisoformat(form.get("last", "") or form.get("first", ""))
        except ValueError:
            raise NotDone(Sentence("Choose the first day on which the library is closed.")) from None
        with writing() as opened:
            close(opened, g.library, first, last, form.get("name", ""))

    added = attempt(verb, _("Added. Usual times on these days are left out."))
    return redirect(url_for("settings.show")) if added else (show(), 422)


@pages.post("/closed/<int:closure_id>/remove")
@needs("settings")
def reopen(closure_id: int):
    closure = find(Closure, closure_id, "settings")

    def verb() -> None:
        with writing() as opened:
            opened.delete(opened.get_one(Closure, closure.id))

    attempt(verb, _("Removed."))
    return redirect(url_for("settings.show"))


@pages.post("/pause")
@needs("pause")
def pause_all():
    library_id = g.library.id
    attempt(
        lambda: pause.pause_everything(library_id, actor(current_user), clock.now()),
        _("Paused. Nothing goes out until you resume."),
    )
    return redirect(url_for("week.home"))


@pages.post("/resume")
@needs("resume")
def resume_all():
    library_id = g.library.id
    attempt(lambda: pause.resume_everything(library_id, actor(current_user), clock.now()), _("Going out again."))
    return redirect(url_for("week.home"))


@pages.post("/switch/<int:library_id>")
@needs("see")
def switch(library_id: int):
    if all(library.id != library_id for library in libraries()):
        abort(404)
    session["library"] = library_id
    return redirect(url_for("week.home"))


@pages.post("/theme")
@needs("see")
def theme():
    chosen = request.form.get("theme", "auto")

    def verb() -> None:
        with writing() as opened:
            opened.get_one(type(current_user._get_current_object()), current_user.id).theme = (
                chosen if chosen in ("auto", "light", "dark") else "auto"
            )

    attempt(verb)
    return redirect(request.referrer if _ours(request.referrer) else url_for("week.home"))


def _ours(address: str | None) -> bool:
    return bool(address) and str(address).startswith(request.host_url)
