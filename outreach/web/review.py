"""Review: what waits for an approver, one post after the other as it will look; or many in a list."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.models import Post
from outreach.posts import correction_state, late
from outreach.posts.kinds import KINDS
from outreach.web.corrections import differences
from outreach.web.desk import desk_of
from outreach.web.meaning import wall
from outreach.web.sending import once_approved
from outreach.web.shown import say
from outreach.web.shown_titles import counted
from outreach.web.signin import attempt, find, needs

pages = Blueprint("review", __name__, url_prefix="/review")
SHOWN = 10  # of the list, on a page


@pages.get("/")
@needs("see")
def waiting():
    desk = desk_of(db.session())
    position = desk.stack.at(_asked())
    return render_template(
        "review/waiting.html",
        look=desk.look(position),
        position=position,
        waiting_corrections=lambda: correction_state.waiting(db.session(), g.library.id),
        differences=differences,
        lets=lambda one: desk.who.lets(one.post.kind, one.author_id, actor(current_user)),
        stack=desk.stack,
        before=desk.stack.beside(position, -1),
        after=desk.stack.beside(position, 1),
        kinds=KINDS,
        deciders_of=desk.who.names,
    )


@pages.get("/all")
@needs("see")
def everything():
    """The list: several are approved with one press."""
    desk = desk_of(db.session())
    count = len(desk.stack.ids)
    first = max(0, min(_number("from") or 0, count - 1))
    return render_template(
        "review/all.html",
        looks=desk.glances(first, SHOWN),
        stack=desk.stack,
        next=first + SHOWN if first + SHOWN < count else None,
        kinds=KINDS,
    )


@pages.post("/several")
@needs("decide")
def several():
    done = late.approve_several(g.library.id, _ticked(), actor(current_user), clock.now())
    if done.approved:
        flash(counted("Approved %(num)s.", "Approved %(num)s.", done.approved), "success")
    if done.half:
        flash(
            counted(
                "%(num)s: one more person has to approve it.",
                "%(num)s: one more person has to approve each of them.",
                done.half,
            ),
            "success",
        )
    for left in done.left:
        flash(_("Not approved: “%(words)s”. %(why)s", words=left.words, why=say(left.why)), "warning")
    if not (done.approved or done.half or done.left):
        flash(_("Tick what you want to approve."), "warning")
    return redirect(url_for("review.everything"))


@pages.post("/<int:post_id>/late")
@needs("decide")
def approve_late(post_id: int):
    """Too late, not sent: it goes out when the approver says."""
    post = find(Post, post_id, "decide")
    by, accepted = actor(current_user), "accepted" in request.form

    def verb() -> datetime | None:
        return late.approve_late(post.id, _number("revision") or -1, _chosen_time(), by, clock.now(), accepted)

    tell_approved(attempt(verb), post)
    return redirect(url_for("review.waiting", post=request.form.get("next") or None))


def _chosen_time() -> late.When | None:
    """By its button."""
    match request.form.get("when"):
        case "now":
            return "now"
        case "next":
            return "next"
    return wall(request.form.get("day", ""), request.form.get("clock", ""), g.library)


def tell_approved(at: datetime | bool | None, post: Post) -> None:
    """What came of an approval, as `attempt` gave it back."""
    if at:
        flash(once_approved(None if at is True else at, post), "success")


def _asked() -> int | None:
    """The post that is looked at: by the address, or that of a form that was refused."""
    return (request.view_args or {}).get("post_id") or _number("post")


def _number(name: str) -> int | None:
    text = request.values.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _ticked() -> list[tuple[int, int]]:
    """(post, revision) of each tick."""
    pairs = (value.split("-") for value in request.form.getlist("seen"))
    return [(int(p[0]), int(p[1])) for p in pairs if len(p) == 2 and all(n.isdecimal() and len(n) < 10 for n in p)]
