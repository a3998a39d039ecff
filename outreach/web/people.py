"""Who belongs to this library: invite, change a role, a new link, remove; somebody leaves, and who takes over."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import ROLES, actor, role_in
from outreach.db import db
from outreach.models import Person
from outreach.people import links
from outreach.people.members import change_role
from outreach.people.members import invite as invite_person
from outreach.people.members import take_out as take_person_out
from outreach.posts.keepers import kept
from outreach.posts.leaving import leave as hand_all_on
from outreach.posts.queries import people_of
from outreach.titles.hand_over import sheet as hand_over_sheet
from outreach.web.shown_times import clock_time, date_name
from outreach.web.signin import attempt, needs

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.get("/")
@needs("people")
def everyone():
    people = [(p, role_in(p, g.library)) for p in people_of(db.session(), g.library.id)]
    return render_template("people/everyone.html", people=people, roles=ROLES, link=None)


@pages.post("/")
@needs("people")
def invite():
    """Adds a person and shows the link to give them."""
    now, by, form, library_id = clock.now(), actor(current_user), request.form, g.library.id

    def verb() -> str | None:
        typed = (form.get("email", ""), form.get("name", ""), form.get("role", ""))
        person = invite_person(library_id, *typed, by, now)
        return links.new(person.id, by, now) if may_link(current_user, person) else None

    token = attempt(verb, _("Added."))
    if token is None:
        return everyone(), 422
    return _with_link(token, form.get("name") or form.get("email", ""))


def may_link(me: Person, person: Person) -> bool:
    """A link signs in as that person: only for those who do nothing that I may not manage."""
    if me.district_admin:
        return me.practice == person.practice
    mine = {m.library_id for m in me.memberships if m.role == "manager"}
    return not person.district_admin and all(m.library_id in mine for m in person.memberships)


def _with_link(token: object, name: str):
    if not isinstance(token, str):
        return redirect(url_for("people.everyone"))
    people = [(p, role_in(p, g.library)) for p in people_of(db.session(), g.library.id)]
    link = address_of(token)
    only_here = urlsplit(link).hostname in ("127.0.0.1", "::1", "localhost")
    return render_template(
        "people/everyone.html", people=people, roles=ROLES, link=link, only_here=only_here, invited=name
    )


def address_of(token: str) -> str:
    """The whole address of a one-time link."""
    base = current_app.extensions["shop"].config.public_url or request.host_url.rstrip("/")
    return str(base + url_for("start.sign_in", token=token))


@pages.post("/<int:person_id>/link")
@needs("people")
def new_link(person_id: int):
    person = _member(person_id)
    if not may_link(current_user, person):
        abort(403)

    token = attempt(lambda: links.new(person.id, actor(current_user), clock.now()))
    return _with_link(token, person.shown)


@pages.post("/<int:person_id>/role")
@needs("people")
def role(person_id: int):
    person, library_id, wanted = _member(person_id), g.library.id, request.form.get("role", "")
    attempt(lambda: change_role(person.id, library_id, wanted, actor(current_user), clock.now()), _("Changed."))
    return redirect(url_for("people.everyone"))


@pages.post("/<int:person_id>/remove")
@needs("people")
def take_out(person_id: int):
    person, library_id = _member(person_id), g.library.id
    attempt(
        lambda: take_person_out(person.id, library_id, actor(current_user), clock.now()),
        _("%(name)s was removed.", name=person.shown),
    )
    return redirect(url_for("people.everyone"))


@pages.get("/<int:person_id>/leaving")
@needs("people")
def leaving(person_id: int):
    person = _member(person_id)
    session = db.session()
    colleagues = [p for p in people_of(session, g.library.id) if p.id != person.id]
    return render_template(
        "people/leaving.html",
        person=person,
        colleagues=colleagues,
        heads=[p for p in colleagues if role_in(p, g.library) == "manager"],
        posts=kept(session, g.library.id, person.id),
        last_library=len(person.memberships) == 1,
    )


@pages.post("/<int:person_id>/leaving")
@needs("people")
def leave(person_id: int):
    person, library_id, chosen = _member(person_id), g.library.id, request.form.get("successor", "")
    successor = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0
    name, by, now = person.shown, actor(current_user), clock.now()
    given = attempt(lambda: hand_all_on(person_id, library_id, successor, by, now) or True)
    if not given:
        return leaving(person_id), 422
    flash(_("%(name)s has left, and no longer comes in. Print the sheet for whoever takes over.", name=name), "success")
    return redirect(url_for("people.sheet"))


@pages.get("/hand-over")
@needs("people")
def sheet():
    """To print."""
    now = clock.now()
    return render_template("people/hand_over.html", sheet=hand_over_sheet(db.session(), g.library, now), now=now)


@pages.app_template_filter()
def on_paper(at: datetime | None) -> str:
    """The day itself: a sheet is read on another one."""
    if at is None:
        return _("no time yet")
    return f"{date_name(clock.to_local(at, g.library.timezone).date(), 'EEE d MMM y')}, {clock_time(at)}"


def _member(person_id: int) -> Person:
    person = db.session.get(Person, person_id) if person_id < 2**31 else None
    if person is None or all(m.library_id != g.library.id for m in person.memberships):
        abort(404)
    return person
