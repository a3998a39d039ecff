"""The titles of the library: found, looked at, corrected, hidden, let in."""

from __future__ import annotations

import csv
import io
from datetime import date

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.models import Feed, Import, Title
from outreach.posts.catalog_link import link_of
from outreach.titles import correct, pictures, write
from outreach.titles.covers import shown_from, studio_of
from outreach.titles.files.csv_out import neutral
from outreach.titles.queries import feeds_of
from outreach.titles.shelf import SHOWS, Wanted, facets, look, posts_with
from outreach.web.signin import attempt, find, needs
from outreach.web.typed import ids

pages = Blueprint("shelf", __name__, url_prefix="/titles/all")

MOST_ROWS = 5_000
FIELDS = ("title", "subtitle", "author", "format", "audience", "call_number", "link")


@pages.get("/")
@needs("see")
def home():
    session = db.session()
    feeds, of_list = feeds_of(session, g.library.id), _own_list(request.args.get("list", ""))
    wanted, choices = _wanted(feeds, of_list), facets(session, g.library.id)
    return render_template(
        "shelf/home.html",
        wanted=wanted,
        found=look(session, g.library, wanted),
        feeds=feeds,
        of_list=of_list,
        formats=choices["format"],
        audiences=choices["audience"],
        filtered=any((wanted.show, wanted.feed, wanted.list, wanted.audience, wanted.format, wanted.week)),
    )


@pages.get("/titles.csv")
@needs("see")
def table():
    """The titles that are shown, as a table for Excel; nothing in it is a formula."""
    out = io.StringIO()
    written = csv.writer(out)
    written.writerow(("Title", "Subtitle", "Author", "Format", "Audience", "Call Number", "Link"))
    wanted = _wanted(feeds_of(db.session(), g.library.id), _own_list(request.args.get("list", "")))
    for title in look(db.session(), g.library, wanted, MOST_ROWS).titles:
        written.writerow([neutral(getattr(title, name) or "") for name in FIELDS])
    answer = make_response(out.getvalue().encode("utf-8-sig"))  # Excel takes it for UTF-8
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = "attachment; filename=titles.csv"
    return answer


def _studio():
    return studio_of(current_app.extensions["shop"])


def _wanted(feeds: list[Feed], of_list: Import | None) -> Wanted:
    """A feed or list of another library, or of none: no filter."""
    args = request.args
    show = args.get("show", "")
    return Wanted(
        words=args.get("q", "")[:200],
        show=show if show in SHOWS else "",
        feed=next((feed.id for feed in feeds if str(feed.id) == args.get("feed")), None),
        list=None if of_list is None else of_list.id,
        audience=args.get("audience", "")[:200],
        format=args.get("format", "")[:200],
        week=_day(args.get("week", "")),
        before=_number(args.get("before", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _own_list(text: str) -> Import | None:
    number = _number(text)
    row = db.session.get(Import, number) if number else None
    return row if row is not None and row.library_id == g.library.id else None


def _day(text: str) -> date | None:
    """A day, or a week as browsers send it (2026-W48)."""
    year, dash, week = text.partition("-W")
    try:
        return date.fromisocalendar(int(year), int(week), 1) if dash else date.fromisoformat(text)
    except ValueError:
        return None


@pages.get("/<int:title_id>")
@needs("see")
def show(title_id: int):
    return _page(find(Title, title_id))


def _page(title: Title):
    return render_template(
        "shelf/show.html",
        title=title,
        isbns=[i.value for i in title.ids if i.kind == "isbn"],
        catalog=link_of(title, g.library),
        posts=posts_with(db.session(), title.id),
        alt=pictures.alt_of_title(title),
        cover_from=shown_from(db.session(), title, _studio()),
    )


@pages.get("/<int:title_id>/card")
@needs("see")
def card(title_id: int):
    """Its picture: the card that we draw."""
    title = find(Title, title_id)
    answer = make_response(pictures.card_of(title, g.library.colour).getvalue())
    answer.mimetype = "image/png"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@pages.post("/<int:title_id>")
@needs("draft")
def change(title_id: int):
    title = find(Title, title_id, "draft")
    typed = correct.Typed(**{name: request.form.get(name, "") for name in FIELDS})

    def verb() -> None:
        correct.correct(title.id, typed, actor(current_user), clock.now())
        pictures.redraw_posts_with(title.id, _studio(), clock.now())

    saved = attempt(verb, _("Saved. The next fetch leaves it as it is."))
    return redirect(url_for("shelf.show", title_id=title.id)) if saved else (_page(title), 422)


@pages.post("/<int:title_id>/hide")
@needs("draft")
def hide(title_id: int):
    title = find(Title, title_id, "draft")
    posts = [post.id for post in posts_with(db.session(), title.id)]

    def verb() -> None:
        correct.hide(title.id, actor(current_user), clock.now())
        for post_id in posts:
            pictures.redraw(post_id, _studio(), clock.now())

    attempt(verb, _("Shown again.") if title.hidden_at else _("Hidden, and out of posts that nobody approved yet."))
    return _back(title)


@pages.post("/<int:title_id>/pick")
@needs("draft")
def pick(title_id: int):
    title = find(Title, title_id, "draft")
    attempt(lambda: correct.pick(title.id, actor(current_user), clock.now()), _("Saved."))
    return redirect(url_for("shelf.show", title_id=title.id))


@pages.post("/<int:title_id>/let-in")
@needs("draft")
def let_in(title_id: int):
    title = find(Title, title_id, "draft")
    attempt(lambda: correct.let_in(title.id, actor(current_user), clock.now()), _("It waits to be announced."))
    return _back(title)


@pages.post("/ours")
@needs("draft")
def ours():
    """All that do not say for whom they are: for our readers."""
    attempt(
        lambda: correct.let_in_unmarked(g.library.id, actor(current_user), clock.now()),
        _("They wait to be announced."),
    )
    return redirect(url_for("titles.home"))


def _back(title: Title):
    """To the list that the button stood in, or the title's own page."""
    show = request.form.get("show", "")
    if show in SHOWS:
        return redirect(url_for("shelf.home", show=show))
    return redirect(url_for("shelf.show", title_id=title.id))


@pages.post("/write")
@needs("draft")
def write_post():
    """A post about the titles that were ticked, in the order of the list."""
    chosen = [n for n in ids(request.form, "title") if (t := db.session.get(Title, n)) and t.library_id == g.library.id]
    post = attempt(lambda: write.about(g.library, chosen, _studio(), actor(current_user), clock.now()))
    if not post:
        return redirect(url_for("shelf.home"))
    return redirect(url_for("posts.edit", post_id=post.id))


@pages.get("/collage")
@needs("draft")
def collage():
    """The picture of some titles, for the preview of a post that is being written."""
    chosen = [int(n) for n in request.args.getlist("title")[:30] if n.isdecimal() and len(n) < 10]
    drawn = pictures.preview(chosen, g.library, request.args.get("shape", ""))
    if drawn is None:
        abort(404)
    answer = make_response(drawn.getvalue())
    answer.mimetype = "image/png"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
