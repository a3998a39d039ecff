"""The link of a review letter: shows the post, and decides as the person it was sent to. Signs nobody in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, Response, abort, current_app, g, render_template, request, send_file, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.db import db
from outreach.posts import by_mail, deciding
from outreach.posts.around import seen_of
from outreach.posts.kinds import KINDS
from outreach.posts.policy import Place, of_sort
from outreach.posts.schedule import goes_at_once
from outreach.posts.what_changed import what_changed
from outreach.posts.wording import Message
from outreach.web.extensions import csrf, limiter
from outreach.web.preview import previews_of
from outreach.web.sending import once_approved
from outreach.web.shown import say
from outreach.words import NotDone

pages = Blueprint("decide", __name__, url_prefix="/decide")
csrf.exempt(pages)  # the token of the link is the proof; a form key would begin a session


@pages.after_request
def keep_quiet(answer: Response) -> Response:
    """The address is a key: it is not told to any other page, and not kept."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.route("/<token>", methods=["GET", "POST"])
@limiter.limit("30/minute")
def show(token: str):
    g.bare = True
    try:
        asked = by_mail.look(token, clock.now())
    except NotDone as stop:
        return render_template("decide/over.html", sentence=say(stop.sentence)), 410
    g.library = asked.post.library  # its clock
    g.reader = asked.person  # in the language of the letter
    if request.method != "POST" or request.form.get("deed") not in ("approve", "send_back"):
        return _page(token, asked)  # mail scanners look, some of them with HEAD
    try:
        return render_template("decide/over.html", sentence=_decide(token), done=True)
    except NotDone as stop:
        db.session.rollback()
        return _refused(token, say(stop.sentence))


def _decide(token: str) -> str:
    form, now, typed = request.form, clock.now(), request.form.get("revision", "")
    seen = int(typed) if typed.isdecimal() and len(typed) < 10 else -1
    if form.get("deed") == "send_back":
        by_mail.send_back(token, form.get("note", ""), now, seen)
        return _("Sent back with your note.")
    asked = by_mail.look(token, now)
    at = by_mail.approve(token, now, "accepted" in form, seen)
    return once_approved(at, asked.post, asked.person)


def _refused(token: str, sentence: str):
    """With the post, as long as the link may still decide."""
    try:
        asked = by_mail.look(token, clock.now())
    except NotDone:
        return render_template("decide/over.html", sentence=sentence), 410
    return _page(token, asked, sentence), 422


def _page(token: str, asked: by_mail.Asked, wrong: str = "") -> str:
    session, post, now = db.session(), asked.post, clock.now()
    at = deciding.goes_out(session, post, now)
    ((made, found),) = seen_of(session, [post], now, at=at)
    return render_template(
        "decide/show.html",
        post=post,
        person=asked.person,
        kind=KINDS[post.kind],
        wrong=wrong,
        at=at,
        at_once=goes_at_once(post, now),
        late=deciding.is_late(post, now),
        asks=of_sort("ask", found),
        words=deciding.first_words(session, post),
        look={"changes": what_changed(session, post, deciding.decided_version(session, post))},
        previews=previews_of(_pictured(token, made), found),
        note=request.form.get("note", ""),
    )


def _pictured(token: str, made: Mapping[Place, Sequence[Message]]) -> dict[Place, list[Message]]:
    """Each picture at an address that the link opens."""

    def seen(message: Message) -> Message:
        sources = [url_for("decide.picture", token=token, digest=image.digest) for image in message.images]
        images = (replace(i, source=source) for i, source in zip(message.images, sources, strict=True))
        return replace(message, images=tuple(images))

    return {place: [seen(message) for message in messages] for place, messages in made.items()}


@pages.get("/<token>/<digest>")
@limiter.limit("120/minute")
def picture(token: str, digest: str):
    """A picture of the post that the link is about, and no other."""
    try:
        post = by_mail.look(token, clock.now()).post
    except NotDone:
        abort(404)
    medium = next((row.medium for row in post.media if row.medium.digest == digest), None)
    path = current_app.extensions["shop"].store.path(digest) if medium else None
    if medium is None or path is None or not path.is_file():
        abort(404)
    answer = send_file(path, mimetype=medium.mime)
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer
