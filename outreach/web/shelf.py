"""The titles of the library: found, looked at, corrected, hidden, let in."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.models import Feed, Import, Post, Title
from outreach.posts.catalog_link import link_of
from outreach.posts.compose import has_begun
from outreach.titles import correct, pictures, write
from outreach.titles.covers import kept_cover, shown_from
from outreach.titles.files.csv_out import neutral
from outreach.titles.queries import feeds_of, would_be_first
from outreach.titles.rules import MOST
from outreach.titles.shelf import SHOWS, Wanted, choices, look, posts_with
from outreach.titles.standing import OFFERED
from outreach.titles.typed_isbn import isbn_to_type
from outreach.web.shelf_pictures import studio
from outreach.web.shown_titles import counted
from outreach.web.signin import attempt, find, needs
from outreach.web.typed import ids

pages = Blueprint("shelf", __name__, url_prefix="/titles/all")

MOST_ROWS = 5_000
MOST_ASKED = 1_000  # titles in a form; more cannot be ticked by hand
FILTERS = ("q", "show", "feed", "list", "audience", "format", "week")  # of the page of all titles
FIELDS = ("title", "subtitle", "author", "format", "audience", "call_number", "link")


@pages.get("/")
@needs("see")
def home():
    session = db.session()
    choose, of_list = choices(session, g.library.id), _own_list(request.args.get("list", ""))
    wanted = _wanted(choose.feeds, of_list)
    return render_template(
        "shelf/home.html",
        wanted=wanted,
        found=look(session, g.library, wanted),
        feeds=choose.feeds,
        of_list=of_list,
        formats=choose.formats,
        audiences=choose.audiences,
        filtered=any((wanted.show, wanted.feed, wanted.list, wanted.audience, wanted.format, wanted.week)),
        chosen=_chosen(ids(request.args, "title")),
        most=MOST,
        table_address=_table_address,
        asked=urlencode(_kept(request.args, *FILTERS, "before", "title"), doseq=True),
    )


def _chosen(numbers: list[int]) -> list[Title]:
    """The titles that were ticked, here or on another page, the newest first; of what is not kept, it is told."""
    asked = set(numbers[:MOST_ASKED])
    if not asked:
        return []
    ours = select(Title).where(Title.library_id == g.library.id, Title.id.in_(asked))
    known = list(db.session.scalars(ours.order_by(Title.first_seen_at.desc(), Title.id)))
    fit = [title for title in known if title.left_out == OFFERED and title.hidden_at is None]
    _tell(len(asked) - len(known), len(known) - len(fit), len(fit) - MOST)
    return fit[:MOST]


def _tell(gone: int, aside: int, over: int) -> None:
    """Why some of those that were ticked are not chosen any more."""
    if gone:
        told = counted(
            "%(num)s title is gone: its list was undone.", "%(num)s titles are gone: their list was undone.", gone
        )
        flash(told, "warning")
    if aside:
        told = counted(
            "%(num)s title was hidden or left out meanwhile, and is not chosen any more.",
            "%(num)s titles were hidden or left out meanwhile, and are not chosen any more.",
            aside,
        )
        flash(told, "warning")
    if over > 0:
        told = counted(
            "At most %(most)s titles go into one post: the oldest one was left out.",
            "At most %(most)s titles go into one post: the oldest %(num)s were left out.",
            over,
            most=MOST,
        )
        flash(told, "warning")


def _table_address() -> str:
    """Of what is shown: all of it, and not only the ticked ones of this page."""
    return url_for("shelf.table", **_kept(request.args, *FILTERS))


def _kept(args: MultiDict[str, str], *names: str) -> dict[str, Any]:
    """What is asked for, without what is empty or unknown."""
    return {name: kept for name in names if (kept := [value for value in args.getlist(name) if value])}


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


def _wanted(feeds: Sequence[Feed], of_list: Import | None) -> Wanted:
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
        isbn=isbn_to_type(title),
        catalog=link_of(title, g.library),
        posts=posts_with(db.session(), title.id),
        alt=_alt_of(title),
        cover_from=shown_from(db.session(), title, studio()),
        pickable=would_be_first(db.session(), title, clock.now()),
    )


def _alt_of(title: Title) -> str:
    """The words of a card are told; of a cover nobody knows them."""
    real = kept_cover(db.session(), title, studio())
    return _("Cover of %(title)s", title=title.title) if real else pictures.alt_of_title(title, g.library)


@pages.post("/<int:title_id>")
@needs("draft")
def change(title_id: int):
    title = find(Title, title_id, "draft")
    typed = correct.Typed(**{name: request.form.get(name, "") for name in FIELDS}, isbn=request.form.get("isbn"))

    def verb() -> None:
        correct.correct(title.id, typed, actor(current_user), clock.now())
        pictures.redraw_posts_with(title.id, studio(), clock.now())

    saved = attempt(verb, _("Saved. The next fetch leaves it as it is."))
    return redirect(url_for("shelf.show", title_id=title.id)) if saved else (_page(title), 422)


@pages.post("/<int:title_id>/hide")
@needs("draft")
def hide(title_id: int):
    title = find(Title, title_id, "draft")
    if request.form.get("undo"):
        attempt(lambda: correct.show(title.id, actor(current_user), clock.now()), _("Shown again."))
        return _back(title)
    posts = posts_with(db.session(), title.id)
    ids_of, stays = [post.id for post in posts], any(_is_on_its_way(post) for post in posts)

    def verb() -> None:
        correct.hide(title.id, actor(current_user), clock.now())
        for post_id in ids_of:
            pictures.redraw(post_id, studio(), clock.now())

    attempt(verb, _("Hidden, and out of posts that nobody approved yet."))
    if stays:
        flash(_("It still stands in a post that is approved: look at the posts with it."), "warning")
    return _back(title)


def _is_on_its_way(post: Post) -> bool:
    return post.state == "approved" and not has_begun(db.session(), post)


@pages.post("/<int:title_id>/pick")
@needs("draft")
def pick(title_id: int):
    title = find(Title, title_id, "draft")
    verb = correct.unpick if request.form.get("undo") else correct.pick
    attempt(lambda: verb(title.id, actor(current_user), clock.now()), _("Saved."))
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
    """To the list that the button stood in, with what was asked and chosen there, or the title's own page."""
    if "back" in request.form:
        asked: MultiDict[str, str] = MultiDict(parse_qsl(request.form["back"]))
        return redirect(url_for("shelf.home", **_kept(asked, *FILTERS, "before", "title")))
    return redirect(url_for("shelf.show", title_id=title.id))


@pages.post("/write")
@needs("draft")
def write_post():
    """A post about the titles that were ticked, in the order of the list. Their library is the one of the form."""
    asked = ids(request.form, "title")[:MOST_ASKED]
    known = set(db.session.scalars(select(Title.id).where(Title.id.in_(asked))))
    if first := next((n for n in asked if n in known), None):
        find(Title, first, "draft")
    chosen = [title.id for title in _chosen(asked)]
    post = attempt(lambda: write.about_chosen(g.library, chosen, studio(), actor(current_user), clock.now()))
    if not post:
        return redirect(url_for("shelf.home"))
    return redirect(url_for("posts.edit", post_id=post.id))
