"""What a district administrator decides for all libraries: words to look at, how strict each check is."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.posts.checks import CHECKS
from outreach.posts.district import change_district, district_of
from outreach.web.signin import attempt, needs

pages = Blueprint("district", __name__, url_prefix="/district")


@pages.get("/")
@needs("district")
def show():
    known = district_of(db.session())
    levels = known.levels if known else {}
    return render_template(
        "district/show.html",
        words="\n".join(known.words) if known else "",
        checks=CHECKS,
        chosen={check.key: levels.get(check.key, check.level) for check in CHECKS},
        level_names=_level_names(),
    )


def _level_names() -> dict[str, str]:
    return {
        "stop": _("stops the post"),
        "ask": _("the approver decides"),
        "hint": _("hint"),
        "off": _("off"),
    }


@pages.post("/")
@needs("district")
def save():
    words, levels = request.form.get("words", ""), request.form.to_dict()
    saved = attempt(lambda: change_district(words, levels, actor(current_user), clock.now()), _("Saved."))
    return redirect(url_for("district.show")) if saved else (show(), 422)
