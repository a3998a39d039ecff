"""The calendar that the school publishes, and the page for a new school year."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor, role_in
from outreach.db import db
from outreach.holidays import closed_days, school_year
from outreach.people import links
from outreach.people.libraries import open_hours
from outreach.posts.queries import people_of
from outreach.school import calendar as school
from outreach.web import calendar
from outreach.web.extensions import READINGS, limiter, whoever
from outreach.web.people import address_of, may_link
from outreach.web.signin import attempt, needs

SOON = timedelta(days=90)  # before it begins, the coming year is the one to prepare
pages = Blueprint("school", __name__, url_prefix="/calendar/school")


@pages.post("/file")
@limiter.limit(READINGS, key_func=whoever)
@needs("settings")
def file():
    sent = request.files.get("file")
    body = sent.read(school.MOST_BYTES + 1) if sent else b""
    return _back(attempt(lambda: school.bring_file(g.library, body, actor(current_user), clock.now()), _read()))


@pages.post("/address")
@limiter.limit(READINGS, key_func=whoever)
@needs("settings")
def address():
    typed, shop = request.form.get("url", ""), current_app.extensions["shop"]
    by, now = actor(current_user), clock.now()
    return _back(attempt(lambda: school.add_address(g.library, typed, shop.reach, shop.vault, by, now), _read()))


def _read() -> str:
    return _("Read. Look below which of its events count as closed.")


def _back(done: object):
    return redirect(url_for("calendar.show") + "#school") if done else (calendar.show(), 422)


@pages.post("/names")
@needs("settings")
def names():
    ticked, library_id = set(request.form.getlist("name")), g.library.id
    return _back(attempt(lambda: school.choose(library_id, ticked, actor(current_user), clock.now()), _("Saved.")))


@pages.post("/forget")
@needs("settings")
def forget():
    library_id = g.library.id
    return _back(attempt(lambda: school.forget(library_id, actor(current_user), clock.now()), _("Removed.")))


@pages.get("/new-year")
@needs("settings")
def new_year(made: dict[int, str] | None = None):
    library, session = g.library, db.session()
    first, last = school_year(clock.today(clock.now(), library.timezone) + SOON)
    people = people_of(session, library.id)
    return render_template(
        "school/new_year.html",
        first=first,
        last=last,
        closed=closed_days(library, first, last, str(get_locale())),
        people=[(person, role_in(person, library), may_link(current_user, person)) for person in people],
        links=[(p.shown, address_of(made[p.id])) for p in people if p.id in made] if made else [],
    )


@pages.post("/hours")
@needs("settings")
def hours():
    typed, library_id = request.form.get("hours", ""), g.library.id
    done = attempt(lambda: open_hours(library_id, typed), _("Saved."))
    if request.form.get("then") == "post":
        to = url_for("posts.write", kind="news", start="hours", at=request.form.get("at") or None)
        return redirect(to) if done else (render_template("posts/hours.html"), 422)
    return redirect(url_for("school.new_year")) if done else (new_year(), 422)


@pages.post("/links")
@needs("people")
def sign_ins():
    """New ones for those who are ticked, shown this once."""
    library_id, by = g.library.id, actor(current_user)
    ticked = [int(n) for n in request.form.getlist("person") if n.isdecimal() and len(n) < 10]
    known = {person.id: person for person in people_of(db.session(), library_id)}
    if any(n in known and not may_link(current_user, known[n]) for n in ticked):
        abort(403)
    made = attempt(lambda: links.new_for_all(library_id, ticked, by, clock.now()))
    return new_year(made) if made else (new_year(), 422)
