"""Correct what is out: its form, the look of another pair of eyes, and what a person changes by hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor, may
from outreach.db import db
from outreach.models import Change, Correction, Delivery, Medium, Post
from outreach.posts import change as changing
from outreach.posts import correction_state, corrections
from outreach.posts.approve import deciders
from outreach.posts.changes import Piece as Diff
from outreach.posts.changes import by_word
from outreach.posts.correction_edits import Piece, Standing, edits_of
from outreach.posts.policy import of_sort
from outreach.web.shown import say
from outreach.web.signin import attempt, find, needs
from outreach.words import NotDone, keepable

LONGEST = 70_000  # characters: more than any place takes
pages = Blueprint("corrections", __name__, url_prefix="/corrections")


@dataclass(frozen=True)
class Edit:
    """One text or description of a correction, as it was and as it would be."""

    places: list[str]
    pieces: tuple[Diff, ...]
    medium_id: int | None = None  # of the picture that it describes


@pages.get("/<int:post_id>")
@needs("see")
def show(post_id: int):
    return _page(find(Post, post_id))


def _page(post: Post, wrong: NotDone | None = None):
    """`wrong`: why the form that was sent was not taken; its words are kept."""
    session, now = db.session(), clock.now()
    stands, waits = correction_state.stands(session, post), correction_state.waiting_of(session, post.id)
    if not correction_state.can_be_corrected(post) and not waits:
        flash(say(corrections.NOTHING), "warning")
        return redirect(url_for("posts.show", post_id=post.id))
    who, by = deciders(session, post.library), actor(current_user)
    decides = may(current_user, "decide", post.library)
    last = waits or correction_state.last_of(session, post.id)
    typed = _typed(stands) if request.method == "POST" else _begun(stands, last)
    asked = corrections.problems(session, post, edits_of(typed), now) if wrong else []
    own = decides and who.lets(post.kind, by.person_id, by) and post.kind not in post.library.two_approvals
    page = render_template(
        "corrections/show.html",
        post=post,
        stands=stands,
        lost=_lost(stands),
        name_of=name_of,
        texts=[piece for piece in typed if not piece.digest],
        alts=[(piece, _medium(post, piece.digest)) for piece in typed if piece.digest],
        wrong=say(wrong.sentence) if wrong else "",
        asks=of_sort("ask", asked),
        waits=waits,
        edits=differences(post, waits) if waits else [],
        waiting_asks=of_sort("ask", corrections.problems(session, post, waits.edits, now)) if waits else [],
        returned=last if last and last.decision == "returned" else None,
        may_decide=waits and decides and who.lets(post.kind, waits.author_id, by) and waits.first_id != by.person_id,
        own=own,
    )
    return (page, 422) if wrong else page


@pages.post("/<int:post_id>")
@needs("draft")
def save(post_id: int):
    post, by, now = find(Post, post_id, "draft"), actor(current_user), clock.now()
    typed, seal = _typed(correction_state.stands(db.session(), post)), request.form.get("seal", "")
    at_once = request.form.get("then") == "change" and may(current_user, "decide", post.library)
    try:
        if at_once:
            corrections.change_now(post.id, typed, seal, by, now, "accepted" in request.form)
            flash(_("Approved. Below, what becomes of it at each place."), "success")
        else:
            corrections.write(post.id, typed, seal, by, now)
            flash(_("The correction waits for review. Until it is approved, what is out stays as it is."), "success")
    except NotDone as stop:
        db.session.rollback()
        return _page(post, stop)
    return redirect(url_for("posts.show", post_id=post.id))


@pages.post("/one/<int:correction_id>/approve")
@needs("decide")
def approve(correction_id: int):
    one, accepted = find(Correction, correction_id, "decide"), "accepted" in request.form
    done = attempt(lambda: [corrections.approve(one.id, actor(current_user), clock.now(), accepted)])
    if done:
        once = _("Approved. Below, what becomes of it at each place.")
        flash(once if done[0] else _("Approved. One more person has to approve it."), "success")
    return _to_post(one.post_id)


@pages.post("/one/<int:correction_id>/send-back")
@needs("decide")
def send_back(correction_id: int):
    one, note = find(Correction, correction_id, "decide"), request.form.get("note", "")
    attempt(
        lambda: corrections.send_back(one.id, note, actor(current_user), clock.now()), _("Sent back with your note.")
    )
    return _to_post(one.post_id)


@pages.post("/one/<int:correction_id>/take-back")
@needs("draft")
def take_back(correction_id: int):
    one = find(Correction, correction_id, "draft")
    attempt(lambda: corrections.take_back(one.id, actor(current_user), clock.now()), _("What is out stays as it is."))
    return _to_post(one.post_id)


@pages.post("/change/<int:change_id>/changed")
@needs("hand")
def changed(change_id: int):
    """By hand."""
    one, post_id = _change(change_id)
    attempt(lambda: changing.by_hand_done(one, actor(current_user), clock.now()), _("Thank you. It is changed."))
    return _to_post(post_id)


@pages.post("/change/<int:change_id>/stays")
@needs("hand")
def stays(change_id: int):
    one, post_id = _change(change_id)
    attempt(lambda: changing.leave(one, actor(current_user), clock.now()), _("Noted: it stays there as it was."))
    return _to_post(post_id)


def _change(change_id: int) -> tuple[int, int]:
    one = db.session.get(Change, change_id) if change_id < 2**31 else None
    return change_id, find(Delivery, one.delivery_id if one else 0, "hand").post_id


def _typed(stands: Standing) -> list[Piece]:
    """As the form says: each field is named after what it corrects."""
    return [_with(piece) for piece in (*stands.texts, *stands.alts)]


def name_of(piece: Piece) -> str:
    told = repr((piece.part, piece.parts, piece.before, piece.digest))
    return f"said-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def _lost(stands: Standing) -> list[str]:
    """What was typed for something that is another one by now."""
    known = {name_of(piece) for piece in (*stands.texts, *stands.alts)}
    return [v for k, v in request.form.items() if k.startswith("said-") and k not in known and v.strip()]


def _with(piece: Piece) -> Piece:
    typed = request.form.get(name_of(piece))
    if typed is None:
        return piece
    return replace(piece, after=keepable(typed[:LONGEST]).replace("\r\n", "\n").strip())


def _begun(stands: Standing, last: Correction | None) -> list[Piece]:
    """With the words of the correction that waits, or was sent back."""
    if last is None or last.decision not in ("", "returned"):
        return [*stands.texts, *stands.alts]
    said = {(e["before"], e.get("digest", "")): e["after"] for e in (*last.edits["texts"], *last.edits["alts"])}
    return [replace(p, after=said.get((p.before, p.digest))) for p in (*stands.texts, *stands.alts)]


def differences(post: Post, waits: Correction) -> list[Edit]:
    """What a correction changes, word by word."""
    texts = [Edit(e["places"], by_word(e["before"], e["after"])) for e in waits.edits["texts"]]
    return texts + [
        Edit(e["places"], by_word(e["before"], e["after"]), _medium(post, e["digest"])) for e in waits.edits["alts"]
    ]


def _medium(post: Post, digest: str) -> int | None:
    mine = db.session.query(Medium.id).filter(Medium.library_id == post.library_id, Medium.digest == digest)
    return mine.limit(1).scalar()


def _to_post(post_id: int):
    return redirect(url_for("posts.show", post_id=post_id))
