"""Places to post to: add one, connect Mastodon, pause, resume, check."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.accounts import connect, pause
from outreach.accounts.open import make_channel, open_channel
from outreach.accounts.retire import retire as retire_account
from outreach.channels.base import ChannelError
from outreach.channels.by_hand import PRESETS, by_hand_at
from outreach.db import db
from outreach.models import Account, Library
from outreach.posts.queries import accounts_of, waiting_of
from outreach.vault import Unsealable
from outreach.web.shown import say
from outreach.web.signin import attempt, find, needs, require
from outreach.words import NotDone

pages = Blueprint("accounts", __name__, url_prefix="/places")
HERE = "urn:ietf:wg:oauth:2.0:oob"  # the server shows the code, the person copies it


@pages.get("/")
@needs("see")
def everywhere():
    opened = db.session()
    rows = [(a, waiting_of(opened, g.library.id, a.id)) for a in accounts_of(opened, g.library.id)]
    return render_template("accounts/everywhere.html", rows=rows, presets=PRESETS)


@pages.post("/by-hand")
@needs("accounts")
def add_by_hand():
    preset = request.form.get("preset", "")
    name = request.form.get("name", "").strip() or (say(PRESETS[preset].name) if preset in PRESETS else "")

    def verb() -> Account:
        return connect.add(
            g.library, "by_hand", name, actor(current_user), clock.now(), server=preset, vault=_shop().vault
        )

    added = attempt(verb, _("Added. At its time you are asked to post there."))
    return redirect(url_for("accounts.everywhere")) if added else (everywhere(), 422)


@pages.get("/mastodon")
@needs("accounts")
def mastodon():
    return render_template("accounts/mastodon.html", typed=request.args, wrong=None)


@pages.post("/mastodon")
@needs("accounts")
def begin_mastodon():
    """With a pasted token: connect. Without: register our app there, and send the person there to allow it."""
    from outreach.channels.mastodon_connect import authorize_url, normal_server, register_app

    form, state = request.form, secrets.token_urlsafe(16)
    if by_hand := by_hand_at(form.get("server", "")):
        return render_template("accounts/mastodon.html", typed=form, wrong=None, by_hand=by_hand), 422
    try:
        server = normal_server(form.get("server", ""))
        if form.get("token", "").strip():
            return _connect(server, form["token"].strip(), form.get("name", ""))
        public = _shop().config.public_url
        back = public + url_for("accounts.back_from_mastodon") if public else HERE
        app = register_app(server, _shop().reach, back)
    except (ChannelError, NotDone) as stop:
        return render_template("accounts/mastodon.html", typed=form, wrong=say(stop.sentence)), 422
    session["mastodon"] = _shop().vault.seal(
        {
            "app": json.dumps(asdict(app)),
            "name": form.get("name", ""),
            "state": state,
            "library": str(g.library.id),
        }
    )
    return _send_there(authorize_url(app, state), server, app.redirect_uri)


def _send_there(address: str, server: str, back: str, wrong: str | None = None):
    page = render_template(
        "accounts/mastodon_code.html", server=server, address=address, wrong=wrong, copies=back == HERE
    )
    return page, 422 if wrong else 200


@pages.post("/mastodon/code")
@needs("accounts")
def finish_mastodon():
    """The code, copied by hand."""
    return _finish(request.form.get("code", ""), None)


@pages.get("/mastodon/back")
@needs("accounts")
def back_from_mastodon():
    """The server sent the person back with the code; `state` shows that it is our own errand."""
    return _finish(request.args.get("code", ""), request.args.get("state", ""))


def _finish(code: str, state: str | None):
    from outreach.channels.mastodon_connect import AppSecrets, authorize_url, exchange_code

    kept = _errand()
    if not kept or (state is not None and not secrets.compare_digest(state.encode(), kept["state"].encode())):
        flash(_("This sign-in took too long, or was begun elsewhere. Begin again."), "warning")
        return redirect(url_for("accounts.mastodon"))
    g.library = db.session.get(Library, int(kept["library"])) or abort(404)  # the one that it was begun in
    require("accounts")
    app = AppSecrets(**json.loads(kept["app"]))
    try:
        return _connect(app.server, exchange_code(app, _shop().reach, code), kept["name"])
    except (ChannelError, NotDone) as stop:
        return _send_there(authorize_url(app, kept["state"]), app.server, app.redirect_uri, say(stop.sentence))


def _errand() -> dict[str, str]:
    """What was put down when the person was sent to the server; nothing where it cannot be opened (any more)."""
    try:
        return _shop().vault.open(session.get("mastodon"))
    except Unsealable:
        return {}


def _connect(server: str, token: str, name: str):
    """Ask the server who we are, then keep the account (or renew the one that is there)."""
    shop, by, now = _shop(), actor(current_user), clock.now()
    identity = make_channel("mastodon", server, {"token": token}, shop.reach).check()
    _account, said = connect.add_or_renew(
        g.library,
        "mastodon",
        name,
        by,
        now,
        server=server,
        secrets={"token": token},
        identity=identity,
        vault=shop.vault,
    )
    flash(say(said), "success")
    session.pop("mastodon", None)
    return redirect(url_for("accounts.everywhere"))


@pages.post("/<int:account_id>/check")
@needs("accounts")
def check(account_id: int):
    account = find(Account, account_id, "accounts")

    def verb() -> object:
        channel = open_channel(account, _shop().vault, _shop().reach)
        db.session.rollback()  # gives the connection back: none is held while the server is asked
        try:
            return connect.check(account_id, channel, actor(current_user), clock.now())
        except ChannelError as error:
            raise NotDone(error.sentence) from error

    attempt(verb, _("It answers, and knows us."))
    return redirect(url_for("accounts.everywhere"))


@pages.post("/<int:account_id>/pause")
@needs("pause")
def pause_one(account_id: int):
    account = find(Account, account_id, "pause")
    attempt(
        lambda: pause.pause(account.id, actor(current_user), clock.now()),
        _("Paused. Nothing goes out there until you resume."),
    )
    return redirect(url_for("accounts.everywhere"))


@pages.post("/<int:account_id>/resume")
@needs("resume")
def resume_one(account_id: int):
    account = find(Account, account_id, "resume")
    attempt(lambda: pause.resume(account.id, actor(current_user), clock.now()), _("Going out again."))
    return redirect(url_for("accounts.everywhere"))


@pages.post("/<int:account_id>/retire")
@needs("accounts")
def retire(account_id: int):
    account = find(Account, account_id, "accounts")
    attempt(
        lambda: retire_account(account.id, actor(current_user), clock.now()),
        _("Removed. What was published there stays there."),
    )
    return redirect(url_for("accounts.everywhere"))


def _shop():
    return current_app.extensions["shop"]
