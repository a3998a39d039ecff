"""The week: what goes out, what needs somebody, where there is room. The home page. And the month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask import Blueprint, g, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from outreach import clock
from outreach.db import db
from outreach.models import Library, Person, Placement, Post
from outreach.posts.approve import deciders
from outreach.posts.asking import asking, next_out
from outreach.posts.away import who_is_away
from outreach.posts.bank import runs_dry
from outreach.posts.calendar import Moment, Tile, Wanted, loose, tiles
from outreach.posts.kinds import KINDS
from outreach.posts.to_post import overdue
from outreach.titles.queries import running
from outreach.titles.shelf import waiting
from outreach.titles.standing import UNMARKED
from outreach.web import around
from outreach.web.days import Day, lay_out
from outreach.web.signin import needs

pages = Blueprint("week", __name__)
OF_A_DAY = {"week": 20, "month": 3, "print": 100}  # tiles; how many more there are is said
LOOSE = 12


@pages.get("/")
@needs("see")
def home():
    library, now, chosen, session = g.library, clock.now(), around.wanted(), db.session()
    today = clock.today(now, library.timezone)
    days = clock.week_of(around.asked_day(today, request.args.get("week", "")))
    this_week = today in days
    who = around.who()
    asks = asking(session, library.id, who, now)
    return render_template(
        "week/home.html",
        view="week",
        days=lay_out(session, library, days, chosen, now, OF_A_DAY["week"]),
        away=who_is_away(session, library.id, days),
        monday=days[0],
        this_week=this_week,
        back=days[0] - timedelta(days=7),
        forth=days[0] + timedelta(days=7),
        loose=_loose(library, chosen, clock.at_wall(clock.week_of(today)[0], "00:00", library.timezone)),
        most_loose=LOOSE,
        kinds=KINDS,
        weekly=[rule.sentence for rule in running(session, library.id) if rule.sentence] if this_week else [],
        unmarked=waiting(session, library.id)[UNMARKED],
        asking=asks,
        overdue=overdue(session, library.id, who, now) if this_week and asks.by_hand.count else [],
        dry=runs_dry(session, library.id),
        next_out=next_out(session, library.id, who),
        suggestion=around.suggestion(session, library, now) if this_week else None,
        **around.frame(now, chosen, today if this_week else days[0]),
    )


def _loose(library: Library, chosen: Wanted, before: datetime) -> list[Tile]:
    """One more than is shown: then there are more."""
    ids = loose(db.session(), library.id, before, chosen, LOOSE + 1)
    shown = [Moment(n, before, 0) for n in ids]
    found = tiles(db.session(), library, shown) if ids else {}
    return [replace(found[moment], at=None) for moment in shown if moment in found]


@pages.get("/month")
@needs("see")
def month():
    library, now, chosen, session = g.library, clock.now(), around.wanted(), db.session()
    today = clock.today(now, library.timezone)
    first = around.asked_day(today, f"{request.args.get('month', '')}-01").replace(day=1)
    days = _days_of_month(first)
    return render_template(
        "week/month.html",
        view="month",
        weeks=_in_weeks(lay_out(session, library, days, chosen, now, OF_A_DAY["month"])),
        month=first,
        back=(first - timedelta(days=1)).strftime("%Y-%m"),
        forth=(first + timedelta(days=31)).strftime("%Y-%m"),
        this_month=(today.year, today.month) == (first.year, first.month),
        **around.frame(now, chosen, today if first == today.replace(day=1) else first),
    )


def _days_of_month(first: date) -> list[date]:
    """Whole weeks."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    begin, end = clock.week_of(first)[0], clock.week_of(last)[-1]
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def _in_weeks(days: list[Day]) -> list[list[Day]]:
    return [days[n : n + 7] for n in range(0, len(days), 7)]


@pages.post("/week/no-suggestion")
@needs("see")
def no_suggestion():
    around.no_suggestion(g.library, clock.now())
    return redirect(around.way_back())


@pages.get("/week/print")
@needs("see")
def printed():
    """Plain, for the wall of the office: place, time, words, who approves."""
    library, now, chosen, session = g.library, clock.now(), around.wanted(), db.session()
    today = clock.today(now, library.timezone)
    week = clock.week_of(around.asked_day(today, request.args.get("week", "")))
    days = lay_out(session, library, week, chosen, now, OF_A_DAY["print"])
    ids = {tile.post_id for day in days for tile in day.tiles}
    whole = select(Post).options(selectinload(Post.placements).joinedload(Placement.account), selectinload(Post.titles))
    posts = {post.id: post for post in session.scalars(whole.where(Post.id.in_(ids)))}
    deciding = select(Person).where(Person.id.in_({post.decided_by_id for post in posts.values()}))
    people = {person.id: person.shown for person in session.scalars(deciding)}
    names = deciders(session, library).names
    return render_template("week/printed.html", days=days, posts=posts, people=people, names=names)
