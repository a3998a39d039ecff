"""Who belongs to this library: invite, change a role, a new link, remove."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
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
from outreach.posts.queries import people_of
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
    base = current_app.extensions["shop"].config.public_url or request.host_url.rstrip("/")
    link = base + url_for("start.sign_in", token=token)
    return render_template("people/everyone.html", people=people, roles=ROLES, link=link, invited=name)


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


def _member(person_id: int) -> Person:
    person = db.session.get(Person, person_id) if person_id < 2**31 else None
    if person is None or all(m.library_id != g.library.id for m in person.memberships):
        abort(404)
    return person
