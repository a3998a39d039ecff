"""Lists of titles that people bring: a file, scanned ISBNs; what is in them, how far they are, and out again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import Actor, actor
from outreach.db import db
from outreach.models import Import
from outreach.titles import imports, list_deeds, write
from outreach.titles.imports import NEW, OLD, ON_ITS_WAY
from outreach.titles.list_queries import came_with, lists_of, not_asked, problems_of, taker_of
from outreach.titles.list_sample import FIELD_NAMES, columns_of, sample_of
from outreach.titles.queries import in_posts, rules_of
from outreach.web.shelf_pictures import studio
from outreach.web.shown_titles import counted
from outreach.web.signin import attempt, find, needs

pages = Blueprint("lists", __name__, url_prefix="/titles/lists")


MANY = 100  # titles: so many at once may be the whole catalog


@pages.get("/")
@needs("draft")
def start():
    return render_template("lists/start.html", lists=lists_of(db.session(), g.library.id))


@pages.post("/file")
@needs("draft")
def file():
    sent = request.files.get("file")
    name, body = (sent.filename or "", sent.read(imports.MOST_BYTES + 1)) if sent else ("", b"")
    made = attempt(lambda: imports.bring_file(g.library, name, body, actor(current_user), clock.now()))
    return redirect(url_for("lists.show", list_id=made.id)) if made else (start(), 422)


@pages.post("/isbns")
@needs("draft")
def isbns():
    typed = request.form.get("isbns", "")
    made = attempt(lambda: imports.bring_isbns(g.library, typed, actor(current_user), clock.now()))
    purpose = request.form.get("purpose", "")
    if made and purpose in (NEW, ON_ITS_WAY):  # the button said it already
        attempt(lambda: imports.answer(made.id, purpose, {}, actor(current_user), clock.now()))
    return redirect(url_for("lists.show", list_id=made.id)) if made else (start(), 422)


@pages.get("/<int:list_id>")
@needs("draft")
def show(list_id: int):
    row = find(Import, list_id, "draft")
    return _page(row)


def _page(row: Import, columns: dict[str, int] | None = None):
    session, now = db.session(), clock.now()
    came = came_with(session, row.id, now) if row.state == "done" else None
    rules = rules_of(session, g.library.id) if came and came.offered else []
    look_up = current_app.extensions["shop"].config.open_library
    going = [rule for rule in rules if rule.stopped_at is None]
    return render_template(
        "lists/show.html",
        row=row,
        fields=FIELD_NAMES,
        columns=columns_of(row, row.columns if columns is None else columns),
        tried=columns is not None,
        sample=sample_of(row, columns) if row.state == "asked" else None,
        problems=problems_of(row),
        came=came,
        rule=taker_of(session, row.id, going, now),
        others_only=bool(going),
        stopped=bool(rules) and not going,
        many=row.total >= MANY,
        busy=in_posts(session, g.library.id, now) if came else (),
        alone=list_deeds.would_go(session, row.id) if came else 0,
        not_asked=not_asked(session, row, now) if row.missing and look_up else 0,
        typed={isbn: (title, author) for isbn, title, author in _typed()},
        purposes=(NEW, ON_ITS_WAY, OLD),
    )


@pages.post("/<int:list_id>/preview")
@needs("draft")
def preview(list_id: int):
    """How the first titles read with the columns as they are chosen now."""
    row = find(Import, list_id, "draft")
    return render_template("lists/_sample.html", row=row, sample=sample_of(row, _columns()))


def _columns() -> dict[str, int]:
    """From one choice for each column: what is in it."""
    chosen = {name.removeprefix("column-"): field for name, field in request.form.items() if name.startswith("column-")}
    return {field: int(n) for n, field in reversed(chosen.items()) if field and n.isdecimal() and len(n) < 4}


@pages.post("/<int:list_id>/answer")
@needs("draft")
def answer(list_id: int):
    row, columns = find(Import, list_id, "draft"), _columns()
    purpose = request.form.get("purpose", "")
    if purpose == "look":
        return _page(row, columns)
    said = attempt(lambda: imports.answer(row.id, purpose, columns, actor(current_user), clock.now()))
    return redirect(url_for("lists.show", list_id=row.id)) if said else (_page(row, columns), 422)


@pages.post("/<int:list_id>/drop")
@needs("draft")
def drop(list_id: int):
    row = find(Import, list_id, "draft")
    attempt(lambda: imports.drop(row.id, actor(current_user), clock.now()), _("Nothing of it was kept."))
    return redirect(url_for("lists.start"))


@pages.post("/<int:list_id>/undo")
@needs("draft")
def undo(list_id: int):
    row = find(Import, list_id, "draft")
    gone = attempt(lambda: (list_deeds.undo(row.id, actor(current_user), clock.now()), "told"))
    if gone:
        flash(counted("%(num)s title was taken out again.", "%(num)s titles were taken out again.", gone[0]), "success")
    return redirect(url_for("lists.show", list_id=row.id))


@pages.post("/<int:list_id>/arrived")
@needs("draft")
def arrived(list_id: int):
    return _deed(list_id, list_deeds.arrived, _("They are on the shelves, and wait to be announced."))


@pages.post("/<int:list_id>/ours")
@needs("draft")
def ours(list_id: int):
    """What does not say for whom it is, is for the readers of this library."""
    return _deed(list_id, list_deeds.are_ours, _("They wait to be announced."))


@pages.post("/<int:list_id>/announce")
@needs("draft")
def announce(list_id: int):
    return _deed(list_id, list_deeds.announce_known, _("They wait to be announced."))


def _deed(list_id: int, verb: Callable[[int, Actor, datetime], Any], done: str):
    row = find(Import, list_id, "draft")
    attempt(lambda: verb(row.id, actor(current_user), clock.now()), done)
    return redirect(url_for("lists.show", list_id=row.id))


@pages.post("/<int:list_id>/missing")
@needs("draft")
def missing(list_id: int):
    """Titles that no look-up knew, typed by hand: as many as are filled in."""
    row = find(Import, list_id, "draft")
    typed = _typed()
    saved = attempt(lambda: list_deeds.type_missing(row.id, typed, actor(current_user), clock.now()), _("Saved."))
    return redirect(url_for("lists.show", list_id=row.id)) if saved else (_page(row), 422)


def _typed() -> list[tuple[str, str, str]]:
    columns = (request.form.getlist(name) for name in ("isbn", "title", "author"))
    return list(zip(*columns, strict=False))


@pages.post("/<int:list_id>/again")
@needs("draft")
def again(list_id: int):
    """What the look-up gave no answer to."""
    row = find(Import, list_id, "draft")
    attempt(lambda: list_deeds.look_up_again(row.id, actor(current_user), clock.now()))
    return redirect(url_for("lists.show", list_id=row.id))


@pages.post("/<int:list_id>/by-hand")
@needs("draft")
def by_hand(list_id: int):
    """The look-up does not answer, and somebody does not want to wait for it."""
    row = find(Import, list_id, "draft")
    attempt(lambda: list_deeds.give_up(row.id, actor(current_user), clock.now()))
    return redirect(url_for("lists.show", list_id=row.id))


@pages.post("/<int:list_id>/write")
@needs("draft")
def write_post(list_id: int):
    """A post about the titles of this list, to be looked over and sent for review."""
    row = find(Import, list_id, "draft")
    post = attempt(lambda: write.about_list(row.id, studio(), actor(current_user), clock.now()))
    return redirect(url_for("posts.edit", post_id=post.id) if post else url_for("lists.show", list_id=row.id))
