"""The list: all posts by date, with words to look for; and all of one day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, current_app, g, render_template, request
from flask_babel import get_locale

from outreach import clock
from outreach.db import db
from outreach.holidays import closed_because
from outreach.posts.calendar import Moment, Tile, tiles
from outreach.posts.listed import COMING, PAST, SHOWS, UNTIMED, Asked, listed, mark
from outreach.posts.plan import key_of
from outreach.web import around
from outreach.web.days import GONE, lay_out
from outreach.web.signin import needs

pages = Blueprint("agenda", __name__, url_prefix="/list")
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # stands for it in a `Moment`
OF_A_DAY = 300


@pages.get("/")
@needs("see")
def home():
    now, chosen, shop = clock.now(), around.wanted(), current_app.extensions["shop"]
    today = clock.today(now, g.library.timezone)
    if "day" in request.args:
        return _one_day(around.asked_day(today, request.args["day"]))
    show = request.args.get("show", "")
    show = show if show in ("held", "returned", "draft", *SHOWS) else ""
    asked = Asked(chosen, request.args.get("q", "")[:100], show, around.who())
    found = listed(db.session(), g.library.id, now, asked, mark(request.args.get("after", "")))
    shown = [(phase, Moment(n, at or NO_TIME, 0)) for phase, n, at in found.rows]
    known = tiles(db.session(), g.library, [moment for _, moment in shown])
    groups = [
        (phase, [_of_list(known[m]) for p, m in shown if p == phase and m in known])
        for phase in (COMING, UNTIMED, PAST)
    ]
    return render_template(
        "agenda/home.html",
        view="list",
        groups=[group for group in groups if group[1]],
        asked=asked,
        more=found.more,
        looked=found.looked,
        begun="after" in request.args,
        public_url=shop.config.public_url,
        plan_key=key_of(g.library, shop.vault),
        **around.frame(now, chosen, today),
    )


def _of_list(tile: Tile) -> Tile:
    if tile.at is None or tile.at == NO_TIME:
        return replace(tile, at=None)
    day = clock.today(tile.at, g.library.timezone)
    closed = None if tile.shown in GONE else closed_because(g.library, day, str(get_locale()))
    return replace(tile, closed=closed) if closed else tile


def _one_day(day: date):
    """Where the month and the week say that there are more."""
    now, chosen = clock.now(), around.wanted()
    (laid,) = lay_out(db.session(), g.library, [day], chosen, now, OF_A_DAY)
    return render_template(
        "agenda/day.html",
        view="list",
        laid=laid,
        back=day - timedelta(days=1),
        forth=day + timedelta(days=1),
        **around.frame(now, chosen, day),
    )
