"""What happens while a post is written: it is kept, its pictures come, earlier versions are looked at."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.media.earlier import last_alt
from outreach.media.store import upload
from outreach.models import Account, Medium, Post, PostVersion, Start
from outreach.posts import compose, results, starts
from outreach.posts.kinds import KINDS
from outreach.posts.seen import Stale
from outreach.posts.versions import load, still_there, versions_of
from outreach.web import composer
from outreach.web import typed as forms
from outreach.web.extensions import READINGS, limiter, whoever
from outreach.web.meaning import meaning
from outreach.web.shown import say
from outreach.web.shown_times import clock_time, when
from outreach.web.signin import attempt, find, needs
from outreach.words import NotDone

pages = Blueprint("writing", __name__, url_prefix="/writing")


@pages.post("/picture")
@needs("draft")
def picture():
    """A picture that was chosen, dropped or pasted: its row of the form."""
    file = request.files.get("picture")
    if file is None:
        abort(400)
    store = current_app.extensions["shop"].store
    try:
        medium = upload(store, g.library.id, file.read(), file.filename or "", clock.now())
    except NotDone as stop:
        return say(stop.sentence), 422
    return render_template("posts/_picture.html", medium=medium, alt="")


@pages.get("/picture/<int:medium_id>")
@needs("draft")
def earlier(medium_id: int):
    """The row of a picture that was used before, as it was described last."""
    medium = find(Medium, medium_id, "draft")
    return render_template("posts/_picture.html", medium=medium, alt=last_alt(db.session(), medium.id))


@pages.post("/autosave/<kind>")
@needs("draft")
def autosave(kind: str):
    """A draft is kept while it is written. Only drafts: what is approved goes back to review when it is saved."""
    if kind not in KINDS:
        abort(404)
    post_id = next(iter(forms.ids(request.form, "post")), None)
    post = find(Post, post_id, "draft") if post_id else None
    typed = forms.of_form(request.form, kind, post)
    if post is None and not typed.begun:
        return jsonify(post=None)
    try:
        post = _keep(typed, post)
    except NotDone as stop:
        return jsonify(wrong=say(stop.sentence)), 409 if isinstance(stop, Stale) else 422
    address = url_for("posts.edit", post_id=post.id)
    return jsonify(post=post.id, revision=post.revision, saved=clock_time(post.updated_at), address=address)


def _keep(typed: forms.Typed, post: Post | None) -> Post:
    now, by = clock.now(), actor(current_user)
    written = meaning(typed, g.library, composer.slot_of(typed, post))
    if post is None:
        return compose.create(g.library.id, written, by, now, form_key=typed.form_key or None)
    return compose.autosave(post.id, written, typed.revision, by, now)


@pages.get("/<int:post_id>/versions")
@needs("draft")
def versions(post_id: int):
    post = find(Post, post_id, "draft")
    kept = versions_of(db.session(), post)
    return render_template("posts/versions.html", post=post, kind=KINDS[post.kind], versions=kept)


@pages.get("/version/<int:version_id>")
@needs("draft")
def version(version_id: int):
    """The form with the words of then; nothing is changed before it is saved."""
    kept = db.session.get(PostVersion, version_id) or abort(404)
    post = find(Post, kept.post_id, "draft")
    typed = forms.of_written(still_there(db.session(), post.library_id, load(kept.written)), post.library)
    typed.revision = post.revision
    return composer.show_form(typed, post, version=kept)


@pages.post("/<int:post_id>/start")
@needs("draft")
def keep_start(post_id: int):
    post = find(Post, post_id, "draft")
    name, now = request.form.get("name", ""), clock.now()
    attempt(lambda: starts.save(post.id, name, now), _("Kept. You find it under “New post”."))
    return redirect(url_for("posts.show", post_id=post.id))


@pages.get("/start/<int:start_id>")
@needs("draft")
def from_start(start_id: int):
    """A new post that begins with the words that were kept."""
    start = find(Start, start_id, "draft")
    typed = forms.of_written(starts.written(start.id), g.library)
    typed.timing, typed.day, typed.clock, typed.answer = "slot", "", "", "auto"
    return composer.show_form(typed, None)


@pages.post("/start/<int:start_id>/remove")
@needs("draft")
def forget_start(start_id: int):
    start = find(Start, start_id, "draft")
    attempt(lambda: starts.remove(start.id), _("Removed."))
    return redirect(url_for("posts.new"))


@pages.get("/<int:post_id>/result")
@limiter.limit(READINGS, key_func=whoever)
@needs("draft")
def result(post_id: int):
    """A new post that tells what people said, with their votes written in where they could be read."""
    post, now = find(Post, post_id, "draft"), clock.now()
    if not results.has_result(post):
        return redirect(url_for("posts.show", post_id=post_id))
    asked_at = results.open_until(post, now)
    found = results.Result(open_until=asked_at) if asked_at else results.count(post, _channel, now)
    if found.open_until:
        flash(_("People can still vote, until %(when)s.", when=when(found.open_until)), "warning")
        return redirect(url_for("posts.show", post_id=post_id))
    flash(say(results.what_to_do(found)), "warning" if found.unread else "success")
    typed = forms.of_written(results.said(post, found), g.library)
    return composer.show_form(typed, None)


def _channel(account: Account):
    shop = current_app.extensions["shop"]
    return shop.opener.open(account)
