"""The school calendar: closed days, a snow day with its undo, and who is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select

from outreach import clock
from outreach.access import actor, may
from outreach.db import db
from outreach.holidays import SNOW, closed_days, is_closed, school_year
from outreach.languages import spoken
from outreach.models import Closure, Event, Interruption, Library, Person
from outreach.people.libraries import close
from outreach.people.libraries import reopen as open_again
from outreach.posts import away as being_away
from outreach.posts import held, interrupt
from outreach.posts.asking import asking
from outreach.posts.deciding import deciders
from outreach.posts.queries import people_of, planned
from outreach.web import around
from outreach.web.shown_titles import counted
from outreach.web.signin import attempt, find, needs
from outreach.words import NotDone, Sentence

LATELY = timedelta(days=14)  # what is over or was undone is still shown
JUST_NOW = timedelta(minutes=10)  # what was undone so lately stands on top: somebody reads what became of it
pages = Blueprint("calendar", __name__, url_prefix="/calendar")


@dataclass(frozen=True)
class Line:
    """What became of one post."""

    post_id: int | None
    kind: str
    words: str
    deed: str
    since: datetime
    to: datetime | None
    back: str


@pages.get("/")
@needs("see")
def show():
    library, now, session = g.library, clock.now(), db.session()
    today = clock.today(now, library.timezone)
    mine = select(Interruption).where(Interruption.library_id == library.id).order_by(Interruption.first_day)
    recent = list(session.scalars(mine.where(Interruption.last_day >= today - LATELY)))
    people = people_of(session, library.id)
    told = {one.person_id for one in recent} | {one.keeper_id for one in recent}
    named = session.scalars(select(Person).where(Person.id.in_(told - {None})))  # who has left, too
    return render_template(
        "calendar/show.html",
        top=sorted((one for one in recent if _is_fresh(one, now)), key=lambda one: (one.ended_at is not None, -one.id)),
        ended=[one for one in recent if not _is_fresh(one, now)],
        lines=lines_of,
        names={person.id: person.shown for person in named},
        may_undo=_may_undo,
        people=people if may(current_user, "people", library) else [current_user],
        colleagues=deciders(session, library).people,
        asking=asking(session, library.id, around.who(), now),
        waits=held.held(session, library.id),
        days=days_to_press(library, today, now),
        today=today,
        closed=closed_days(library, today, school_year(today)[1], str(get_locale())),
        events=by_name(library.calendar_events or []) if may(current_user, "settings", library) else [],
    )


def _is_fresh(one: Interruption, now: datetime) -> bool:
    return one.ended_at is None or one.ended_at > now - JUST_NOW


def days_to_press(library: Library, today: date, now: datetime) -> list[tuple[date, int]]:
    """Today, if there is school, and the next school day: each with how many posts are planned."""
    coming = clock.school_days_after(today, 1, lambda day: is_closed(library, day))
    days = [day for day in (today, coming) if day.weekday() < 5 and not is_closed(library, day)]
    return [(day, len(planned(db.session(), library, day, day, now))) for day in days]


def lines_of(one: Interruption) -> list[Line]:
    return [_line(move) for move in one.moves if "from" in move]


def _line(move: dict[str, Any]) -> Line:
    to = datetime.fromisoformat(move["to"]) if move.get("to") else None
    since = datetime.fromisoformat(move["from"])
    return Line(move.get("post"), move["kind"], move["words"], move["deed"], since, to, move.get("back") or "")


def by_name(events: list[dict[str, Any]]) -> list[tuple[str, date, bool]]:
    """Each name once, with its first day and whether it counts as closed; the soonest first."""
    found: dict[str, tuple[str, date, bool]] = {}
    for event in sorted(events, key=lambda e: e["days"][0][0]):
        found.setdefault(event["name"], (event["name"], date.fromisoformat(event["days"][0][0]), event["closed"]))
    return list(found.values())


@pages.post("/snow")
@needs("pause")
def snow():
    library_id, name = g.library.id, spoken(SNOW, g.library.language)

    def verb() -> int:
        day = _day(request.form.get("day", ""))
        return interrupt.snow_day(library_id, day, actor(current_user), clock.now(), name)

    return _done(attempt(verb, _("Snow day. Below is what moved and what waits.")))


@pages.post("/away")
@needs("pause")
def away():
    form, library_id = request.form, g.library.id
    keeper = form.get("meanwhile", "pause")  # all waits, or who looks after it

    def verb() -> int:
        days = _day(form.get("first", "")), _day(form.get("last", "") or form.get("first", ""))
        keeper_id = int(keeper) if keeper.isdecimal() and len(keeper) < 10 else None
        how = "hand_over" if keeper_id else "pause"
        return being_away.away(library_id, _who().id, *days, how, keeper_id, actor(current_user), clock.now())

    return _done(attempt(verb, _("It is noted. Below is what becomes of the posts.")))


def _who() -> Person:
    """Oneself; whoever manages the people may say it for a colleague who is ill."""
    asked = request.form.get("person", "")
    known = people_of(db.session(), g.library.id) if may(current_user, "people", g.library) else []
    return next((person for person in known if str(person.id) == asked), current_user)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotDone(Sentence("Choose a day.")) from None


def _done(answer: object):
    return redirect(url_for("calendar.show")) if answer else (show(), 422)


def _may_undo(one: Interruption) -> bool:
    """To let things go out again is for approvers; one's own absence and one's own snow day end by oneself."""
    if one.person_id == current_user.id or may(current_user, "resume", g.library):
        return True
    said = (Event.library_id == one.library_id) & (Event.verb == "closed") & (Event.at == one.made_at)
    mine = select(Event.id).where(said, Event.who_id == current_user.id)
    return one.kind == "snow" and db.session.scalar(mine.limit(1)) is not None


@pages.post("/undo/<int:interruption_id>")
@needs("pause")
def undo(interruption_id: int):
    one = find(Interruption, interruption_id, "pause")

    def verb() -> None:
        if not _may_undo(one):
            raise NotDone(Sentence("Ask somebody who approves: they let posts go out again."))
        interrupt.undo(one.id, actor(current_user), clock.now())

    attempt(verb, _("Done. What could be put back is at its old time again."))
    return redirect(url_for("calendar.show"))


@pages.post("/usual-times")
@needs("decide")
def usual_times():
    library_id = g.library.id
    placed = attempt(lambda: held.at_usual_times(library_id, actor(current_user), clock.now()))
    if placed:
        told = counted("%(num)s post has a usual time now.", "%(num)s posts have a usual time now.", placed)
        flash(told, "success")
    return redirect(url_for("calendar.show"))


@pages.post("/closed")
@needs("settings")
def closed():
    form, library_id = request.form, g.library.id

    def verb() -> int:
        first, last = _day(form.get("first", "")), _day(form.get("last", "") or form.get("first", ""))
        close(library_id, first, last, form.get("name", ""))
        return len(planned(db.session(), g.library, first, last, clock.now()))

    left = attempt(verb)
    if left is None:
        return show(), 422
    flash(_("Added. Usual times on these days are left out."), "success")
    if left:
        told = counted("%(num)s post is planned on these days.", "%(num)s posts are planned on these days.", left)
        flash(told, "warning")
    return redirect(url_for("calendar.show"))


@pages.post("/closed/<int:closure_id>/remove")
@needs("settings")
def reopen(closure_id: int):
    closure = find(Closure, closure_id, "settings")
    attempt(lambda: open_again(closure.id), _("Removed."))
    return redirect(url_for("calendar.show"))
