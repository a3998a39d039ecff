"""The library: its name, zone, usual times; pause everything."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.accounts import pause
from outreach.db import db
from outreach.holidays import known_countries
from outreach.models import Slot
from outreach.people.libraries import GRADES
from outreach.people.members import set_language, set_theme
from outreach.posts import usual as usual_times
from outreach.posts.kinds import KINDS
from outreach.posts.queries import people_of
from outreach.posts.zone import change_settings
from outreach.titles.catalog import readers_changed
from outreach.web import zone_names
from outreach.web.signin import attempt, find, libraries, needs

OWN_APPROVAL = {"alone": None, "no": False, "yes": True}
TYPED = ("name", "country", "grades", "language", "hashtags", "guidelines", "guidelines_link", "hours")
pages = Blueprint("settings", __name__, url_prefix="/library")


@pages.get("/")
@needs("settings")
def show():
    here = zone_names.near(g.library)
    return render_template(
        "settings/show.html",
        grades=GRADES,
        near=here,
        far=zone_names.far(here),
        countries=_countries(),
        own=next(key for key, value in OWN_APPROVAL.items() if value is g.library.own_approval),
        own_choices=_own_choices(),
        many=len(people_of(db.session(), g.library.id)) > 2,
        kinds=KINDS,
    )


def _own_choices() -> list[tuple[str, str]]:
    """Nothing to choose while one person is alone."""
    if len(people_of(db.session(), g.library.id)) < 2 and g.library.own_approval is None:
        return []
    return [
        ("alone", _("A colleague; the author, while nobody else may")),
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
    form, library_id = request.form, g.library.id
    settings = {name: form.get(name, "") for name in TYPED}
    own, zone = OWN_APPROVAL.get(form.get("own", "alone")), form.get("timezone", "")
    two = [kind for kind in form.getlist("two") if kind in KINDS] if "two_asked" in form else None
    grades = g.library.grades

    def verb() -> None:
        by, now = actor(current_user), clock.now()
        change_settings(library_id, zone, by, now, own_approval=own, two_approvals=two, **settings)
        if settings["grades"] != grades:
            readers_changed(library_id)

    saved = attempt(verb, _("Saved."))
    return redirect(url_for("settings.show")) if saved else (show(), 422)


@pages.post("/usual")
@needs("settings")
def usual():
    """A usual time more."""
    form, library_id = request.form, g.library.id
    typed = (form.get("weekday", ""), form.get("clock", ""), form.get("kind", ""))
    added = attempt(lambda: usual_times.add(library_id, *typed), _("Added. It is an empty place in each week."))
    return redirect(url_for("settings.show")) if added else (show(), 422)


@pages.post("/usual/<int:slot_id>/remove")
@needs("settings")
def not_usual(slot_id: int):
    slot = find(Slot, slot_id, "settings")
    attempt(lambda: usual_times.remove(slot.id), _("Removed. Posts that wait for it keep their time."))
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
    attempt(lambda: set_theme(current_user.id, request.form.get("theme", "auto")))
    return redirect(request.referrer if _ours(request.referrer) else url_for("week.home"))


@pages.post("/language")
@needs("see")
def language():
    attempt(lambda: set_language(current_user.id, request.form.get("language", "")))
    return redirect(request.referrer if _ours(request.referrer) else url_for("week.home"))


def _ours(address: str | None) -> bool:
    return bool(address) and str(address).startswith(request.host_url)
