"""The plan under an address of its own, for the calendar that somebody looks at anyway (iCal)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, g, redirect, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.posts import plan
from outreach.web.extensions import limiter
from outreach.web.signin import attempt, needs

pages = Blueprint("plan", __name__, url_prefix="/plan")


@pages.get("/<key>.ics")
@limiter.limit("60/hour")
def feed(key: str):
    """Whoever has the address reads it, without signing in: there is nothing in it but what everybody will read."""
    library = plan.library_of(db.session(), key) if _public() else None
    if library is None:
        abort(404)
    now = clock.now()
    host = urlsplit(_public()).hostname or "outreach"
    body = plan.as_ical(library, plan.entries(db.session(), library, now), host, now)
    return Response(body, mimetype="text/calendar", headers={"Content-Disposition": "inline; filename=plan.ics"})


@pages.post("/address")
@needs("settings")
def address():
    """The first address, or another one."""
    if not _public():
        abort(404)
    library_id, vault = g.library.id, current_app.extensions["shop"].vault
    attempt(
        lambda: plan.new_address(library_id, vault, actor(current_user), clock.now()),
        _("Here is the address. Whoever has it can read the plan."),
    )
    return redirect(url_for("agenda.home", _anchor="plan"))


@pages.post("/off")
@needs("settings")
def off():
    library_id = g.library.id
    attempt(lambda: plan.no_address(library_id, actor(current_user), clock.now()), _("The address works no more."))
    return redirect(url_for("agenda.home"))


def _public() -> str:
    return str(current_app.extensions["shop"].config.public_url)
