"""The composer: its page, and what happens when its form is sent. The addresses are in `posts.py`."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor, may
from outreach.db import db
from outreach.media.store import upload
from outreach.models import Medium, Post, Title
from outreach.posts import approve, compose
from outreach.posts.kinds import KINDS
from outreach.posts.queries import accounts_of
from outreach.posts.schedule import next_free
from outreach.titles.pictures import redraw
from outreach.titles.queries import in_posts, offered
from outreach.titles.rules import MOST
from outreach.titles.shelf import Wanted, look
from outreach.web import typed as forms
from outreach.web.preview import previews
from outreach.web.shelf_pictures import studio
from outreach.web.shown import say, when
from outreach.words import NotDone, Sentence

FOUND = 10  # titles of one search that are shown
ASKED = 50  # of which some may be hidden


def save_form(typed: forms.Typed, post: Post | None):
    """Pictures first, then the post, then what its button said: keep, review, schedule."""
    now, by = clock.now(), actor(current_user)
    try:
        _upload(typed, now)
        if _searches(typed):  # without a script: the page comes back with what was found
            return show_form(typed, post)
        written = forms.meaning(typed, g.library, slot_of(typed, post))
        chosen = [a for a in accounts_of(db.session(), g.library.id) if a.id in typed.accounts]
        _refuse_long(len(typed.titles) - MOST)
        if not typed.mixed:
            compose.refuse_mixture(g.library, chosen)
        if post is None and not (written.words.strip() or written.media or written.titles):
            raise NotDone(Sentence("Write what you want to share."))
        if post is None:
            post = compose.create(g.library.id, written, by, now, form_key=typed.form_key or None)
        else:
            compose.save(post.id, written, typed.revision, by, now)
        redraw(post.id, studio(), now)
    except compose.Stale as stale:
        typed.revision = post.revision if post else 0
        return show_form(typed, post, stale.sentence), 409
    except NotDone as stop:
        return show_form(typed, post, stop.sentence), 422
    return do_then(post, request.form.get("then", "keep"), typed)


def _searches(typed: forms.Typed) -> bool:
    """By its button; or by Enter, which presses the first button of the form: it knows what was searched last."""
    if "enter" in request.form:
        return bool(typed.find.strip()) and typed.find != request.form["enter"]
    return request.form.get("then") == "find"


def _refuse_long(over: int) -> None:
    if over > 0:
        said = "At most %(most)s titles go into one post. Untick %(count)s of these."
        raise NotDone(Sentence(said, most=MOST, count=over))


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


def slot_of(typed: forms.Typed, post: Post | None) -> datetime | None:
    if typed.timing != "slot":
        return None
    return next_free(db.session(), g.library, typed.kind, clock.now(), post.id if post else None)


def do_then(post: Post, button: str, typed: forms.Typed):
    now, by = clock.now(), actor(current_user)
    if button == "keep" or post.state not in ("draft", "returned"):
        flash(_("Saved."), "success")
        return redirect(url_for("posts.show", post_id=post.id))
    try:
        if button == "schedule" and may_schedule(post):
            at = approve.schedule_own(post.id, by, now)
            flash(_("It goes out %(when)s.", when=when(at)), "success")
        else:
            approve.submit(post.id, by, now)
            flash(_("Sent for review."), "success")
    except NotDone as stop:
        db.session.refresh(post)
        return show_form(forms.of_post(post), post, stop.sentence), 422
    return redirect(url_for("week.home", week=_week(post)))


def _week(post: Post) -> str | None:
    at = post.wished_at
    return clock.to_local(at, g.library.timezone).date().isoformat() if at else None


def may_schedule(post: Post | None) -> bool:
    """Does this person's button say "Schedule" rather than "Send for review"?"""
    if not may(current_user, "decide", g.library):
        return False
    mine = post is None or post.author_id == current_user.id
    return not mine or approve.may_approve_own(db.session(), g.library)


def found(typed: forms.Typed) -> list[Title] | None:
    """What the search for one more title finds; None where nobody searches. What is hidden is not offered."""
    if typed.kind != "titles" or not typed.find.strip():
        return None
    looked = look(db.session(), g.library, Wanted(words=typed.find), ASKED).titles
    return [title for title in looked if title.hidden_at is None][:FOUND]


def busy(typed: forms.Typed) -> set[int]:
    """Titles that another post tells of."""
    return in_posts(db.session(), g.library.id, clock.now()) if typed.kind == "titles" else set()


def _offered(typed: forms.Typed, besides: list[Title] | None) -> list[Title]:
    """The list to tick; what was found stands there and not here as well."""
    if typed.kind != "titles":
        return []
    elsewhere = {title.id for title in besides or ()} - set(typed.titles)
    return [title for title in offered(db.session(), g.library.id, typed.titles) if title.id not in elsewhere]


def show_form(typed: forms.Typed, post: Post | None, wrong: str | None = None):
    session = db.session()
    slot = next_free(session, g.library, typed.kind, clock.now(), post.id if post else None)
    looked = found(typed)
    known = {m.id: m for m in session.query(Medium).filter(Medium.id.in_([n for n, _a in typed.media]))}
    return render_template(
        "posts/edit.html",
        typed=typed,
        post=post,
        kind=KINDS[typed.kind],
        wrong=say(wrong) if wrong else None,
        accounts=accounts_of(session, g.library.id),
        pictures=[(known[n], alt) for n, alt in typed.media if n in known and known[n].library_id == g.library.id],
        offered=_offered(typed, looked),
        busy=busy(typed),
        found=looked,
        any_titles=typed.kind == "titles" and bool(look(session, g.library, Wanted(), 1).titles),
        slot=slot,
        answer_at=forms.answer_hint(g.library, slot),
        may_schedule=may_schedule(post),
        previews=previews(typed, g.library),
    )
