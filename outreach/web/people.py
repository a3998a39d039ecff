"""Who belongs to this library: invite, change a role, a new link, remove."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import ROLES, actor, role_in
from outreach.db import db, writing
from outreach.models import Person
from outreach.people import links
from outreach.people.members import person_for, remove, set_role
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
    now, by = clock.now(), actor(current_user)

    def verb() -> str | None:
        with writing() as session:
            person = person_for(
                session, request.form.get("email", ""), request.form.get("name", ""), now, g.library.practice
            )
            set_role(session, person, g.library, request.form.get("role", ""), by, now)
            session.refresh(person)
            return links.make(session, "sign_in", now, person.id, by) if may_link(current_user, person) else None

    token = attempt(verb, _("Added."))
    if token is None:
        return everyone(), 422
    return _with_link(token, request.form.get("name") or request.form.get("email", ""))


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

    def verb() -> str:
        with writing() as session:
            return links.make(session, "sign_in", clock.now(), person.id, actor(current_user))

    return _with_link(attempt(verb), person.shown)


@pages.post("/<int:person_id>/role")
@needs("people")
def role(person_id: int):
    person = _member(person_id)

    def verb() -> None:
        with writing() as session:
            set_role(session, person, g.library, request.form.get("role", ""), actor(current_user), clock.now())

    attempt(verb, _("Changed."))
    return redirect(url_for("people.everyone"))


@pages.post("/<int:person_id>/remove")
@needs("people")
def take_out(person_id: int):
    person = _member(person_id)
    if person.id == current_user.id:
        flash(_("You cannot remove yourself. Ask another manager."), "warning")
        return redirect(url_for("people.everyone"))

    def verb() -> None:
        with writing() as session:
            remove(session, session.get_one(Person, person.id), g.library, actor(current_user), clock.now())

    attempt(verb, _("Removed. They are signed out everywhere."))
    return redirect(url_for("people.everyone"))


def _member(person_id: int) -> Person:
    person = db.session.get(Person, person_id)
    if person is None or all(m.library_id != g.library.id for m in person.memberships):
        abort(404)
    return person
