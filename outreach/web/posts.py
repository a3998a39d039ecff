"""Compose a post, look at it, decide on it."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor, may
from outreach.accounts.limits import stands_apart
from outreach.db import db
from outreach.media.store import upload
from outreach.models import Medium, Post
from outreach.posts import anew, approve, compose, schedule
from outreach.posts.kinds import KINDS
from outreach.posts.queries import accounts_of, events
from outreach.posts.reading import answer_time, post_problems, rendered
from outreach.posts.schedule import next_free
from outreach.posts.wording import from_payload
from outreach.titles.digest import DEFAULT_WORDS
from outreach.titles.queries import offered
from outreach.web import review
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
    return _form(typed, None)


@pages.post("/new/<kind>")
@needs("draft")
def create(kind: str):
    if kind not in KINDS:
        abort(404)
    typed = forms.of_form(request.form, kind)
    return _save(typed, None)


@pages.get("/<int:post_id>/edit")
@needs("draft")
def edit(post_id: int):
    post = find(Post, post_id, "draft")
    return _form(forms.of_post(post), post)


@pages.post("/<int:post_id>/edit")
@needs("draft")
def save(post_id: int):
    post = find(Post, post_id, "draft")
    return _save(forms.of_form(request.form, post.kind), post)


def _save(typed: forms.Typed, post: Post | None):
    """Pictures first, then the post, then what its button said: keep, review, schedule."""
    now, by = clock.now(), actor(current_user)
    try:
        _upload(typed, now)
        written = forms.meaning(typed, g.library, _slot(typed, post))
        chosen = [a for a in accounts_of(db.session(), g.library.id) if a.id in typed.accounts]
        if not typed.mixed:
            compose.refuse_mixture(g.library, chosen)
        if post is None and not (written.words.strip() or written.media or written.titles):
            raise NotDone(Sentence("Write what you want to share."))
        if post is None:
            post = compose.create(g.library.id, written, by, now, form_key=typed.form_key or None)
        else:
            compose.save(post.id, written, typed.revision, by, now)
    except compose.Stale as stale:
        typed.revision = post.revision if post else 0
        return _form(typed, post, stale.sentence), 409
    except NotDone as stop:
        return _form(typed, post, stop.sentence), 422
    return _then(post, request.form.get("then", "keep"), typed)


def _upload(typed: forms.Typed, now: datetime) -> None:
    """Of several pictures the good ones are kept, and of the others what was written about them. Raises NotDone."""
    store, wrong = current_app.extensions["shop"].store, None
    for data, name, alt in forms.uploads():
        try:
            typed.media.append((upload(store, g.library.id, data, name, now).id, alt))
        except NotDone as stop:
            wrong = wrong or stop
            typed.alts.append(alt)
    if wrong:
        raise wrong


def _slot(typed: forms.Typed, post: Post | None) -> datetime | None:
    if typed.timing != "slot":
        return None
    return next_free(db.session(), g.library, typed.kind, clock.now(), post.id if post else None)


def _then(post: Post, button: str, typed: forms.Typed):
    now, by = clock.now(), actor(current_user)
    if button == "keep" or post.state not in ("draft", "returned"):
        flash(_("Saved."), "success")
        return redirect(url_for("posts.show", post_id=post.id))
    try:
        if button == "schedule" and _may_schedule(post):
            at = approve.schedule_own(post.id, by, now)
            flash(_("It goes out %(when)s.", when=when(at)), "success")
        else:
            approve.submit(post.id, by, now)
            flash(_("Sent for review."), "success")
    except NotDone as stop:
        db.session.refresh(post)
        return _form(forms.of_post(post), post, stop.sentence), 422
    return redirect(url_for("week.home", week=_week(post)))


def _week(post: Post) -> str | None:
    at = post.wished_at
    return clock.to_local(at, g.library.timezone).date().isoformat() if at else None


def _may_schedule(post: Post | None) -> bool:
    """Does this person's button say "Schedule" rather than "Send for review"?"""
    if not may(current_user, "decide", g.library):
        return False
    mine = post is None or post.author_id == current_user.id
    return not mine or approve.may_approve_own(db.session(), g.library)


def _form(typed: forms.Typed, post: Post | None, wrong: str | None = None):
    session = db.session()
    slot = next_free(session, g.library, typed.kind, clock.now(), post.id if post else None)
    known = {m.id: m for m in session.query(Medium).filter(Medium.id.in_([n for n, _a in typed.media]))}
    return render_template(
        "posts/edit.html",
        typed=typed,
        post=post,
        kind=KINDS[typed.kind],
        wrong=say(wrong) if wrong else None,
        accounts=accounts_of(session, g.library.id),
        pictures=[(known[n], alt) for n, alt in typed.media if n in known and known[n].library_id == g.library.id],
        offered=offered(session, g.library.id, typed.titles) if typed.kind == "titles" else [],
        slot=slot,
        answer_at=forms.answer_hint(g.library, slot),
        may_schedule=_may_schedule(post),
        previews=previews(typed, g.library),
    )


@pages.post("/preview/<kind>")
@needs("draft")
def preview(kind: str):
    """The previews of a form that is being written: the same function that publishes."""
    if kind not in KINDS:
        abort(404)
    typed = forms.of_form(request.form, kind)
    return render_template("posts/_previews.html", previews=previews(typed, g.library))


@pages.get("/<int:post_id>")
@needs("see")
def show(post_id: int):
    post = find(Post, post_id)
    session = db.session()
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
        may_approve=approve.may_approve(session, post, actor(current_user)),
        may_schedule=_may_schedule(post),
        begun=compose.has_begun(session, post),
        anew=anew.may_be_written_anew,
        unfinished=any(d.state not in ("published", "cancelled") for d in deliveries),
    )


@pages.post("/<int:post_id>/submit")
@needs("draft")
def submit(post_id: int):
    post = find(Post, post_id, "draft")
    return _then(post, request.form.get("then", "review"), forms.of_post(post))


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
            g.library.id, forms.meaning(typed, g.library, _slot(typed, None)), actor(current_user), clock.now()
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
