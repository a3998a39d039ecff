"""A term of posts from a table, and the plan as a table."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.models import Sheet
from outreach.posts import sheet_out, sheets
from outreach.posts.fields import is_day
from outreach.posts.queries import accounts_of
from outreach.posts.sheet_look import first_of, looked_at, with_problems
from outreach.titles.files.rows_child import rows_in
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
    if sheet.state != "asked":
        return render_template("terms/show.html", sheet=sheet, first=first_of(db.session(), sheet))
    session, now = db.session(), clock.now()
    table = looked_at(session, sheet, now, by_day)
    page = min(max(request.args.get("page", 1, type=int), 1), (len(table.rows) - 1) // PAGE + 1 or 1)
    shown = list(table.rows)[(page - 1) * PAGE : page * PAGE]
    rows = with_problems(session, g.library, shown, now)
    names = {account.id: account.name for account in accounts_of(session, g.library.id)}
    good = sum(1 for row in table.rows if not row.stops)
    told = {"good": good, "bad": len(table.rows) - good, "page": page, "pages": (len(table.rows) - 1) // PAGE + 1}
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
    monday = clock.today(clock.now(), g.library.timezone) + timedelta(days=14)
    return _download(sheet_out.example(monday, str(get_locale())), "term.csv")


def _download(body: str, name: str) -> Response:
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _day(name: str, usual: date) -> date:
    told = request.args.get(name, "")
    return date.fromisoformat(told) if is_day(told) else usual
