"""A term of posts from a table, and the plan as a table."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.holidays import is_closed
from outreach.models import Sheet
from outreach.posts import sheet_back, sheet_out, sheets
from outreach.posts.fields import is_day
from outreach.posts.queries import accounts_of
from outreach.posts.sheet_done import drafts_of, left_out
from outreach.posts.sheet_look import first_of, looked_at, with_problems
from outreach.titles.files.rows_child import rows_in
from outreach.web.extensions import READINGS, limiter, whoever
from outreach.web.shown_titles import counted
from outreach.web.signin import attempt, find, needs

pages = Blueprint("terms", __name__, url_prefix="/term")

TERM = timedelta(days=180)
PAGE = 100  # rows


@pages.get("/")
@needs("draft")
def start():
    today = clock.today(clock.now(), g.library.timezone)
    return render_template(
        "terms/start.html",
        sheets=sheets.sheets_of(db.session(), g.library, sheets.POSTS),
        first=today,
        last=today + TERM,
    )


@pages.post("/file")
@limiter.limit(READINGS, key_func=whoever)
@needs("draft")
def file():
    library_id, sent = g.library.id, request.files.get("file")
    name, body = (sent.filename or "", sent.read(sheets.MOST_BYTES + 1)) if sent else ("", b"")
    made = attempt(
        lambda: sheets.bring(library_id, sheets.POSTS, name, body, rows_in, actor(current_user), clock.now())
    )
    return redirect(url_for("terms.show", sheet_id=made.id)) if made else (start(), 422)


@pages.get("/<int:sheet_id>")
@needs("draft")
def show(sheet_id: int):
    return _page(_sheet(sheet_id), _by_day())


def _sheet(sheet_id: int) -> Sheet:
    sheet = find(Sheet, sheet_id, "draft")
    if sheet.kind != sheets.POSTS:
        abort(404)
    return sheet


def _page(sheet: Sheet, by_day: bool | None):
    session, now = db.session(), clock.now()
    if sheet.state != "asked":
        told = {
            "parts": sheet_back.parts(session, sheet),
            "drafts": drafts_of(session, sheet),
            "left_out": left_out(sheet) if sheet.state == "done" else [],
        }
        return render_template("terms/show.html", sheet=sheet, first=first_of(session, sheet), **told)
    table = looked_at(session, sheet, now, by_day)
    page = min(max(request.args.get("page", 1, type=int), 1), (len(table.rows) - 1) // PAGE + 1 or 1)
    looked = with_problems(session, g.library, list(table.rows), now)
    rows = looked[(page - 1) * PAGE : page * PAGE]
    names = {account.id: account.name for account in accounts_of(session, g.library.id)}
    good = sum(1 for row in table.rows if not row.stops)
    lacking = sum(1 for row in looked if row.lacks and not row.stops)
    told = {
        "good": good,
        "lacking": lacking,
        "bad": len(table.rows) - good,
        "page": page,
        "pages": (len(table.rows) - 1) // PAGE + 1,
    }
    return render_template("terms/show.html", sheet=sheet, table=table, rows=rows, names=names, **told)


def _by_day() -> bool | None:
    """How somebody said that 3/4 is to be read."""
    return {"day": True, "month": False}.get(request.values.get("order", ""))


@pages.post("/<int:sheet_id>/answer")
@needs("draft")
def answer(sheet_id: int):
    sheet, then, by_day = _sheet(sheet_id), request.form.get("then", ""), _by_day()
    said = attempt(lambda: sheets.answer(sheet.id, then, by_day, clock.now()))
    return redirect(url_for("terms.show", sheet_id=sheet_id)) if said else (_page(sheet, by_day), 422)


@pages.post("/<int:sheet_id>/drop")
@needs("draft")
def drop(sheet_id: int):
    sheet = find(Sheet, sheet_id, "draft")
    attempt(lambda: sheets.drop(sheet.id), _("Nothing of it was kept."))
    return redirect(url_for("terms.start"))


@pages.post("/<int:sheet_id>/back")
@needs("draft")
def back(sheet_id: int):
    """What it brought goes again, as far as nobody has touched it."""
    sheet = _sheet(sheet_id)
    done = attempt(lambda: sheet_back.take_back(sheet.id, actor(current_user), clock.now()))
    if done:
        taken, _left = done
        flash(counted("%(num)s post was taken back.", "%(num)s posts were taken back.", taken), "success")
    return redirect(url_for("terms.show", sheet_id=sheet_id))


@pages.get("/posts.csv")
@needs("see")
def table():
    """What is planned, for a spreadsheet."""
    session, today = db.session(), clock.today(clock.now(), g.library.timezone)
    first, last = _day("first", today), _day("last", today + TERM)
    posts = sheet_out.planned(session, g.library, first, last)
    body = sheet_out.table_of(session, g.library, posts, str(get_locale()))
    return _download(body, f"{g.library.slug}-{first}.csv")


@pages.get("/example.csv")
@needs("see")
def example():
    """A table to begin with: the names of its columns, and a row of each sort."""
    library, day = g.library, clock.today(clock.now(), g.library.timezone) + timedelta(days=14)
    days = [clock.school_days_after(day, n, lambda one: is_closed(library, one)) for n in (1, 2, 3)]
    return _download(sheet_out.example(days, str(get_locale())), "term.csv")


def _download(body: str, name: str) -> Response:
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _day(name: str, usual: date) -> date:
    told = request.args.get(name, "")
    return date.fromisoformat(told) if is_day(told) else usual
