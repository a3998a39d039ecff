"""Sign-in through Flask-Security, and who may see a page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore, current_user, logout_user
from flask_security.babel import FsDomain
from flask_security.utils import validate_redirect_url
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from outreach import clock, mail
from outreach.access import may, role_in
from outreach.config import Config
from outreach.db import begin_writing, db, writing
from outreach.models import Library, Person
from outreach.people import links
from outreach.people.setup import PRACTICE_OVER, has_real_library, is_set_up
from outreach.web.kept import keep
from outreach.web.password_letters import RESET_DAYS, letter_of
from outreach.words import NotDone, Sentence, keepable

Row = TypeVar("Row")
PASSWORD_KEPT = Sentence("Your password is kept.")
NEW_PASSWORD = Sentence("Your new password is kept. Sign in with it.")
LETTER_COMES = Sentence("If we know this e-mail, a letter with a link is on its way to it.")
OLD_LINK = Sentence("This link is too old, or it was used already. Ask for a new one.")
NOT_KNOWN = Sentence("We do not know this e-mail with this password. Check both and try again.")
OPEN = {
    "static",
    "bootstrap.static",
    "security.static",
    "health.healthz",
    "start.set_up",
    "start.being_set_up",
    "start.sign_in",
    "practice.catalog",
    "decide.show",
    "decide.picture",
    "latest.page",
    "latest.frame",
    "latest.screen",
    "latest.rss",
    "latest.atom",
    "latest.json_feed",
    "latest.picture",
    "latest.colour",
}


class Outbox(MailUtil):
    """Flask-Security's letters go into our outbox."""

    def send_mail(self, template, subject, recipient, sender, body, html, **more) -> None:
        public = current_app.extensions["shop"].config.public_url
        ours = letter_of(template, public, more.get("reset_link", ""))
        mail.put(db.session(), recipient, *ours, clock.now())
        db.session.commit()  # Flask-Security commits by itself, but not after every letter


class Answers(FsDomain):
    """Flask-Security's sentences in the reader's language, ours among them."""

    def gettext(self, string, **variables):
        return gettext(string) if gettext(string) != string else super().gettext(string, **variables)


def init_app(app: Flask, config: Config) -> None:
    app.config.update(
        SECURITY_PASSWORD_SALT=hashlib.sha256(config.secret_key.encode()).hexdigest(),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  # the name of the method
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_RECOVERABLE=bool(config.smtp_url and config.public_url),  # a letter needs our address
        SECURITY_CHANGEABLE=True,
        SECURITY_REGISTERABLE=False,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_CHANGE_URL="/password",
        SECURITY_RESET_URL="/forgotten",
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(days=RESET_DAYS),
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_POST_CHANGE_VIEW="/",
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=bool(config.smtp_url),
        SECURITY_FLASH_MESSAGES=True,
        SECURITY_FRESHNESS=timedelta(days=7),  # who came by a link has a week to choose a password
        SECURITY_MSG_PASSWORD_CHANGE=(str(PASSWORD_KEPT), "success"),
        SECURITY_MSG_PASSWORD_RESET_NO_LOGIN=(str(NEW_PASSWORD), "success"),
        SECURITY_MSG_GENERIC_RECOVERY=(str(LETTER_COMES), "info"),
        SECURITY_MSG_PASSWORD_RESET_EXPIRED=(str(OLD_LINK), "warning"),
        SECURITY_MSG_INVALID_RESET_PASSWORD_TOKEN=(str(OLD_LINK), "warning"),
        SECURITY_MSG_GENERIC_AUTHN_FAILED=(str(NOT_KNOWN), "error"),
    )
    people = People(db, Person, None)  # type: ignore[arg-type]  # roles are ours
    security = Security(app, people, mail_util_cls=Outbox)
    security.i18n_domain = Answers(app)
    app.jinja_env.globals["_fsdomain"] = security.i18n_domain.gettext
    security.unauthn_handler(lambda *_a, **_k: redirect(url_for("security.login", next=request.full_path)))
    app.before_request(enter)
    for view in ("security.login", "security.forgot_password"):
        if view in app.view_functions:
            app.view_functions[view] = _throttled(app.view_functions[view])


class People(SQLAlchemyUserDatastore):
    """Whoever is signed in is read together with their libraries: every page asks for both."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Person | None:
        if "fs_uniquifier" not in kwargs:
            return cast("Person | None", super().find_user(case_insensitive, **kwargs))
        mine = select(Person).where(Person.fs_uniquifier == kwargs["fs_uniquifier"])
        return db.session.scalars(mine.options(joinedload(Person.memberships))).unique().one_or_none()


def _throttled(view: Callable[..., Any]) -> Callable[..., Any]:
    from outreach.web.extensions import limiter

    limited: Callable[..., Any] = limiter.limit("10/minute;100/hour", methods=["POST"])(view)
    return limited


def enter() -> Any:
    """Before every page: is there a library yet, who is it, which library do they look at?"""
    from outreach.web.shown import say

    g.library = None
    if any("\0" in value for sent in (request.form, request.args) for _name, value in sent.items(multi=True)):
        abort(400)  # no text that a person typed, and PostgreSQL keeps none
    for _name, file in request.files.items(multi=True):
        file.filename = keepable(file.filename)
    if request.method == "POST" and (request.endpoint or "").startswith("security."):
        begin_writing()  # Flask-Security reads, then writes, in one transaction of its own
    if request.endpoint is None or request.endpoint in OPEN:
        token = (request.view_args or {}).get("token")
        g.tongue = links.language_of(token) if token else ""
        return None
    onward = request.args.get("next")
    if request.endpoint == "security.login" and onward and not validate_redirect_url(onward):
        return redirect(url_for("security.login"))  # somebody else's link: sign in, and go nowhere else
    if current_user.is_authenticated and current_user.practice and has_real_library():
        logout_user()
        flash(say(PRACTICE_OVER), "info")
    if current_user.is_authenticated:
        g.library = _current_library()
        return None
    if not is_set_up():
        return redirect(url_for("start.being_set_up"))
    return None


def _current_library() -> Library | None:
    """The one whose page the form was on, else the one that was looked at last, else the first."""
    mine = libraries()
    on_form = request.values.get("library_id", "") if request.method == "POST" else ""
    wanted = int(on_form[:9]) if on_form.isdecimal() else session.get("library")
    if on_form and wanted not in [library.id for library in mine]:
        abort(404)  # a page of a library that they have left: nothing of it is done to another one
    return next((library for library in mine if library.id == wanted), mine[0] if mine else None)


def libraries() -> list[Library]:
    """The libraries of whoever is signed in."""
    person = current_user
    if person.district_admin:
        return list(
            db.session.scalars(select(Library).where(Library.practice == person.practice).order_by(Library.name))
        )
    return sorted((m.library for m in person.memberships), key=lambda library: library.name)


def needs(action: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A page for people who may do `action` in the library they look at."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
            if g.library is None:
                abort(403)
            require(action)
            return view(*args, **kwargs)

        checked.needs = action  # type: ignore[attr-defined]
        return checked

    return wrap


def require(action: str) -> None:
    if not may(current_user, action, g.library):
        abort(403)


def find(model: type[Row], row_id: int, action: str = "see") -> Row:
    """A row of a library that this person sees; of any other library: 404. Looks at that library from now on."""
    row = db.session.get(model, row_id) if row_id < 2**31 else None  # no database has more
    library = db.session.get(Library, row.library_id) if row is not None else None  # type: ignore[attr-defined]
    if row is None or library is None or role_in(current_user, library) is None:
        abort(404)
    g.library = library
    if request.endpoint != "media.show":
        session["library"] = library.id
    require(action)
    return row


def attempt(verb: Callable[[], Any], done: Sentence | str | None = None) -> Any:
    """Call one verb; say what it did, or why it did nothing. Returns its answer, or None if it did nothing.

    A form whose fields are worth keeping then shows its page again instead of leading on (see `kept`).
    """
    from outreach.web.shown import say

    try:
        answer = verb()
    except NotDone as stop:
        keep()
        flash(say(stop.sentence), "warning")
        return None
    if done:
        flash(done, "success")
    return answer if answer is not None else True


__all__ = ["attempt", "find", "libraries", "needs", "require", "writing"]
