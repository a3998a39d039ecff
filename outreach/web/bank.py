"""The bank of trivia questions: typed, from a file, in their order; and trivia over weeks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import func, select

from outreach import clock
from outreach.access import actor
from outreach.accounts.limits import stands_apart
from outreach.db import db
from outreach.models import Post, Question, Series, Sheet
from outreach.posts import bank, series, sheets
from outreach.posts.queries import accounts_of
from outreach.posts.series_trivia import begin_trivia
from outreach.titles.files.rows_child import rows_in
from outreach.web.extensions import READINGS, limiter, whoever
from outreach.web.series import day_of_plan, repeat
from outreach.web.shown_titles import counted
from outreach.web.signin import attempt, find, needs
from outreach.web.typed import ids

pages = Blueprint("bank", __name__, url_prefix="/trivia")

SHOWN = 200  # questions of a page


@pages.get("/")
@needs("see")
def home():
    session = db.session()
    used = bank.used(session, g.library.id, SHOWN)
    return render_template(
        "bank/home.html",
        waiting=bank.waiting(session, g.library.id, SHOWN),
        left=bank.left(session, g.library.id),
        used=used,
        gone=bank.gone(session, g.library.id),
        posts=bank.used_in(session, used),
        dry=bank.runs_dry(session, g.library.id),
        drawing=[repeat(row) for row in series.series_of(session, g.library.id) if row.draws],
        **_weekly(),
    )


def _weekly() -> dict[str, object]:
    """What the form of trivia over weeks chooses from."""
    accounts = accounts_of(db.session(), g.library.id)
    usual = next((slot for slot in g.library.slots if slot.kind == "trivia"), None)
    chosen: dict[str, Any] = {
        "days": [usual.weekday if usual else 2],
        "wall": usual.clock if usual else "09:00",
        "places": [account.id for account in accounts if not stands_apart(account)],
    }
    if request.method == "POST" and "clock" in request.form:  # what somebody chose stays chosen
        form = request.form
        chosen = {"days": ids(form, "weekday"), "wall": form["clock"], "places": ids(form, "account")}
    shown = 7 if any(n > 4 for n in chosen["days"]) else 5
    return {"accounts": accounts, "chosen": chosen, "shown_days": shown}


@pages.post("/add")
@needs("draft")
def add():
    library_id, asked = g.library.id, _typed()
    added = attempt(lambda: (bank.add(library_id, [asked], actor(current_user), clock.now()), "told"))
    if not added:
        return home(), 422
    flash(_("It waits for its turn.") if added[0] else _("This question waits in the bank already."), "success")
    return redirect(url_for("bank.home"))


def _typed() -> bank.Asked:
    """The choices without their gaps; the right one counted among those that are left."""
    form = request.form
    given = [(n, choice.strip()) for n, choice in enumerate(form.getlist("choice")[:4]) if choice.strip()]
    right = next((at for at, (n, _choice) in enumerate(given) if str(n) == form.get("right")), None)
    words, explanation, hint = (form.get(name, "").strip() for name in ("words", "explanation", "hint"))
    return bank.Asked(words, [choice for _n, choice in given], right, explanation, hint)


@pages.post("/<int:question_id>/up")
@needs("draft")
def up(question_id: int):
    question, first = find(Question, question_id, "draft"), "first" in request.form
    attempt(lambda: bank.up(question.id, first))
    return redirect(url_for("bank.home", _anchor=f"question-{question_id}"))


@pages.post("/<int:question_id>/remove")
@needs("draft")
def remove(question_id: int):
    question = find(Question, question_id, "draft")
    attempt(lambda: bank.remove(question.id), _("Removed."))
    return redirect(url_for("bank.home"))


@pages.post("/file")
@limiter.limit(READINGS, key_func=whoever)
@needs("draft")
def file():
    library_id, sent = g.library.id, request.files.get("file")
    name, body = (sent.filename or "", sent.read(sheets.MOST_BYTES + 1)) if sent else ("", b"")
    made = attempt(
        lambda: sheets.bring(library_id, sheets.QUESTIONS, name, body, rows_in, actor(current_user), clock.now())
    )
    return redirect(url_for("bank.show", sheet_id=made.id)) if made else (home(), 422)


def _sheet(sheet_id: int) -> Sheet:
    sheet = find(Sheet, sheet_id, "draft")
    if sheet.kind != sheets.QUESTIONS:
        abort(404)
    return sheet


@pages.get("/file/<int:sheet_id>")
@needs("draft")
def show(sheet_id: int):
    sheet = _sheet(sheet_id)
    if sheet.state != "asked":
        return redirect(url_for("bank.home"))
    rows = sheets.questions_of(db.session(), sheet)
    good = sum(1 for row in rows if not row.problems and not row.known)
    return render_template("bank/file.html", sheet=sheet, rows=rows, good=good, **_weekly())


@pages.post("/file/<int:sheet_id>/take")
@needs("draft")
def take(sheet_id: int):
    """Into the bank; the second button goes on to trivia over weeks with them."""
    sheet = _sheet(sheet_id)
    new = attempt(lambda: (sheets.take_questions(sheet.id, actor(current_user), clock.now()), "told"))
    if not new:
        return show(sheet_id), 422
    told = counted("%(num)s question is new in the bank.", "%(num)s questions are new in the bank.", new[0])
    flash(told, "success")
    return weekly() if request.form.get("then") == "weekly" else redirect(url_for("bank.home"))


@pages.post("/file/<int:sheet_id>/drop")
@needs("draft")
def drop(sheet_id: int):
    sheet = find(Sheet, sheet_id, "draft")
    attempt(lambda: sheets.drop(sheet.id), _("Nothing of it was kept."))
    return redirect(url_for("bank.home"))


@pages.post("/weekly")
@needs("draft")
def weekly():
    """Trivia over weeks, until the bank is empty."""
    library_id, places = g.library.id, ids(request.form, "account")
    days, wall = [n for n in ids(request.form, "weekday") if n < 7], request.form.get("clock", "")
    made: Series | None = attempt(
        lambda: begin_trivia(library_id, days, wall, places, actor(current_user), clock.now())
    )
    if made is None:
        return home(), 422
    flash(_planned(db.session.get_one(Series, made.id, populate_existing=True)), "success")
    return redirect(url_for("series.home"))


def _planned(made: Series) -> str:
    """How far the questions go."""
    if made.sentence != bank.DRY or made.next_at is None:
        return _("The trivia of the next four weeks stands in the week and waits for review.")
    count = db.session.scalar(select(func.count(Post.id)).where(Post.series_id == made.id)) or 0
    return counted(
        "%(num)s question stands in the week and waits for review. From %(day)s on it needs new ones.",
        "%(num)s questions stand in the week and wait for review. From %(day)s on it needs new ones.",
        count,
        day=day_of_plan(made.next_at),
    )
