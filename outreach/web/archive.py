"""All that went out in some days, as one file for a public-records request."""

from __future__ import annotations

import os
from datetime import date

from flask import Blueprint, current_app, g, redirect, render_template, request, send_file, url_for
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.posts import archive
from outreach.posts.archive_read import Asked
from outreach.posts.fields import is_day
from outreach.web.extensions import READINGS, limiter, whoever
from outreach.web.signin import attempt, needs

pages = Blueprint("archive", __name__, url_prefix="/archive")


@pages.get("/")
@needs("settings")
def show():
    session = db.session()
    first, last = archive.last_month(clock.today(clock.now(), g.library.timezone))
    places = archive.places_of(session, g.library)
    return render_template(
        "archive/show.html",
        first=first.isoformat(),
        last=last.isoformat(),
        all_places=places,
        usual=archive.usual(g.library, places),
        made=archive.made_before(session, g.library.id),
    )


@pages.post("/")
@limiter.limit(READINGS, key_func=whoever)
@needs("settings")
def make():
    library, shop, by, now = g.library, current_app.extensions["shop"], actor(current_user), clock.now()
    name = f"{library.slug}-{request.form.get('first', '')}-{request.form.get('last', '')}.zip"
    asked = _asked()
    if asked is None:
        return redirect(url_for("archive.show"))
    library_id, folder = library.id, shop.config.home
    made = attempt(lambda: archive.make(library_id, asked, shop.store, folder, by, now))
    if made is None:
        return show(), 422
    size = made.seek(0, os.SEEK_END)
    made.seek(0)
    answer = send_file(made, mimetype="application/zip", as_attachment=True, download_name=name)
    answer.content_length = size
    return answer


def _asked() -> Asked | None:
    """As the form says; None where it was not this form."""
    form = request.form
    first, last = form.get("first", ""), form.get("last", "")
    if not (is_day(first) and is_day(last)):
        return None
    mine = {place.id for place in archive.places_of(db.session(), g.library)}
    places = tuple(n for n in form.getlist("place", type=int) if n in mine)
    return Asked(date.fromisoformat(first), date.fromisoformat(last), places)
