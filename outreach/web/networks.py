"""What a district administrator does for a network once: keys of our application, "More places" turned on."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.accounts import setup
from outreach.accounts.setup import offered
from outreach.web.signin import attempt, needs

pages = Blueprint("networks", __name__, url_prefix="/district/networks")


@pages.get("/")
@needs("district")
def everything():
    asked = {name: pair for name, pair in offered().items() if pair[0].more or pair[0].setup_asks}
    return render_template("networks/everything.html", networks=asked)


@pages.get("/<network>")
@needs("district")
def show(network: str):
    asked, row = _asked(network)
    public = current_app.extensions["shop"].config.public_url
    back = public + url_for("connecting.back", network=network) if public else ""
    return render_template("networks/show.html", network=network, asked=asked, row=row, back=back, public=public)


@pages.post("/<network>")
@needs("district")
def save(network: str):
    _asked(network)
    typed, vault = request.form.to_dict(), current_app.extensions["shop"].vault
    if not attempt(lambda: setup.set_up(network, typed, vault, actor(current_user), clock.now())):
        return show(network), 422
    opened = setup.is_open(*_asked(network))
    flash(_("Saved. Every library can connect it now.") if opened else _("Saved."), "success")
    return redirect(url_for("networks.everything"))


@pages.post("/<network>/turn")
@needs("district")
def turn(network: str):
    _asked(network)
    on = request.form.get("on") == "1"
    said = _("Libraries can connect it now.") if on else _("Turned off. What is connected stays connected.")
    attempt(lambda: setup.turn(network, on, actor(current_user), clock.now()), said)
    return redirect(url_for("networks.everything"))


def _asked(network: str):
    found = offered().get(network)
    if not found or not (found[0].more or found[0].setup_asks):
        abort(404)
    return found
