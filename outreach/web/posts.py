"""Compose a post, look at it, decide on it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.accounts.limits import stands_apart
from outreach.db import db
from outreach.models import Post
from outreach.posts import anew, approve, compose, schedule
from outreach.posts.kinds import KINDS
from outreach.posts.queries import accounts_of, events
from outreach.posts.reading import answer_time, post_problems, rendered
from outreach.posts.wording import from_payload
from outreach.titles.digest import DEFAULT_WORDS
from outreach.web import composer, review
from outreach.web import typed as forms
from outreach.web.preview import previews, previews_of
from outreach.web.shown import say, when
from outreach.web.signin import attempt, find, needs, require
from outreach.words import NotDone, Sentence

pages = Blueprint("posts", __name__, url_prefix="/posts")


@pages.get("/new")
@needs("draft")
def new():
    """What do you want to share?"""
    return render_template("posts/new.html", kinds=KINDS, at=request.args.get("at", ""))


@pages.get("/new/<kind>")
@needs("draft")
def write(kind: str):
    if kind not in KINDS:
        abort(404)
    places = [a.id for a in accounts_of(db.session(), g.library.id) if not stands_apart(a)]
    typed = forms.blank(
        kind,
        g.library,
        places,
        forms.asked_time(request.args.get("at", ""), clock.now()),
        _("Tell us at the library desk."),
    )
    if kind == "titles":
        typed.words = say(DEFAULT_WORDS)
    return composer.show_form(typed, None)


@pages.post("/new/<kind>")
@needs("draft")
def create(kind: str):
    if kind not in KINDS:
        abort(404)
    typed = forms.of_form(request.form, kind)
    return composer.save_form(typed, None)


@pages.get("/<int:post_id>/edit")
@needs("draft")
def edit(post_id: int):
    post = find(Post, post_id, "draft")
    return composer.show_form(forms.of_post(post), post)


@pages.post("/<int:post_id>/edit")
@needs("draft")
def save(post_id: int):
    post = find(Post, post_id, "draft")
    return composer.save_form(forms.of_form(request.form, post.kind, post), post)


@pages.post("/preview/<kind>")
@needs("draft")
def preview(kind: str):
    """The previews of a form that is being written: the same function that publishes."""
    if kind not in KINDS:
        abort(404)
    post = next(iter(forms.ids(request.form, "post")), None)
    typed = forms.of_form(request.form, kind, find(Post, post, "draft") if post else None)
    return render_template("posts/_previews.html", previews=previews(typed, g.library))


@pages.post("/titles")
@needs("draft")
def find_titles():
    """One more title for the list that is being written, while its words are typed."""
    typed = forms.of_form(request.form, "titles")
    found = composer.found(typed) or []
    return render_template("posts/_found_titles.html", typed=typed, found=found, busy=composer.busy(typed))


@pages.get("/<int:post_id>")
@needs("see")
def show(post_id: int):
    post = find(Post, post_id)
    session = db.session()
    who = approve.deciders(session, post.library)
    deliveries = [d for d in post.deliveries if d.edition == post.edition]
    times = [d.published_at or d.due_at for d in deliveries if d.state != "cancelled"]
    return render_template(
        "posts/show.html",
        post=post,
        kind=KINDS[post.kind],
        first_at=min(times, default=post.wished_at),
        deliveries=[(d, from_payload(d.payload)) for d in deliveries],
        previews=[] if post.state == "approved" else previews_of(rendered(post), post_problems(post)),
        problems=[] if post.state in ("approved", "cancelled") else post_problems(post),
        answer_at=answer_time(post, post.wished_at) if post.kind == "trivia" else None,
        history=events(session, post.id),
        names={d.id: d.account.name for d in post.deliveries},
        may_approve=who.let(post, actor(current_user)),
        deciders_of=who.names,
        may_schedule=composer.may_schedule(post),
        begun=compose.has_begun(session, post),
        anew=anew.may_be_written_anew,
        unfinished=any(d.state not in ("published", "cancelled") for d in deliveries),
    )


@pages.post("/<int:post_id>/submit")
@needs("draft")
def submit(post_id: int):
    post = find(Post, post_id, "draft")
    return composer.do_then(post, request.form.get("then", "review"), forms.of_post(post))


@pages.post("/<int:post_id>/approve")
@needs("decide")
def decide(post_id: int):
    post = find(Post, post_id, "decide")
    at = attempt(lambda: approve.approve(post.id, _seen() or -1, actor(current_user), clock.now()))
    if at:
        flash(_("Approved. It goes out %(when)s.", when=when(at)), "success")
    return _back(post)


def _seen() -> int | None:
    """The revision of the post that was on the page."""
    revision = request.form.get("revision", "")
    return int(revision) if revision.isdecimal() and len(revision) < 10 else None


@pages.post("/<int:post_id>/send-back")
@needs("decide")
def send_back(post_id: int):
    post = find(Post, post_id, "decide")
    note = request.form.get("note", "")
    sent = attempt(
        lambda: approve.send_back(post.id, note, actor(current_user), clock.now(), _seen()),
        _("Sent back with your note."),
    )
    if sent:
        return _back(post)
    return (review.waiting() if _from_review() else show(post.id)), 422


@pages.post("/<int:post_id>/withdraw")
@needs("draft")
def withdraw(post_id: int):
    post = find(Post, post_id, "draft")
    attempt(
        lambda: compose.withdraw(post.id, actor(current_user), clock.now()), _("It is a draft again. Nothing goes out.")
    )
    return _back(post)


@pages.post("/<int:post_id>/cancel")
@needs("draft")
def cancel(post_id: int):
    post = find(Post, post_id, "draft")
    attempt(
        lambda: compose.cancel(post.id, actor(current_user), clock.now()),
        _("Cancelled. What was not out yet will not go out."),
    )
    return _back(post)


@pages.post("/<int:post_id>/move")
@needs("draft")
def move(post_id: int):
    post = find(Post, post_id, "draft")
    if post.state == "approved":
        require("decide")  # it may bring back what was too late

    def to_another_time():
        at = forms.wall(request.form.get("day", ""), request.form.get("clock", ""), g.library)
        if at is None:
            raise NotDone(Sentence("Choose a day and a time."))
        schedule.move(post.id, at, actor(current_user), clock.now())

    return _back(post) if attempt(to_another_time, _("Moved.")) else (show(post.id), 422)


@pages.post("/<int:post_id>/duplicate")
@needs("draft")
def duplicate(post_id: int):
    post = find(Post, post_id, "draft")
    typed = forms.of_post(post)
    typed.timing, typed.answer = "slot", "auto"
    known = {a.id for a in accounts_of(db.session(), g.library.id)}
    typed.accounts = [n for n in typed.accounts if n in known]
    made = attempt(
        lambda: compose.create(
            g.library.id,
            forms.meaning(typed, g.library, composer.slot_of(typed, None)),
            actor(current_user),
            clock.now(),
        ),
        _("A copy, as a draft."),
    )
    return redirect(url_for("posts.edit", post_id=made.id)) if made else _back(post)


def _from_review() -> bool:
    return request.form.get("back") == "review"


def _back(post: Post):
    if _from_review():
        return redirect(url_for("review.waiting"))
    return redirect(url_for("posts.show", post_id=post.id))
