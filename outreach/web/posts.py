"""Compose a post, look at it, decide on it."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor, may
from outreach.accounts.limits import stands_apart
from outreach.db import db
from outreach.languages import spoken
from outreach.models import Event, Post
from outreach.posts import anew, approve, change, compose, correction_state, policy, results
from outreach.posts.bank import next_question
from outreach.posts.boost import can_be_boosted
from outreach.posts.hand import can_be_slip, is_by_hand, was_in_hand
from outreach.posts.kinds import KINDS
from outreach.posts.lifecycle import BEFORE_SENDING
from outreach.posts.presets import PRESETS
from outreach.posts.queries import accounts_of, events
from outreach.posts.reading import answer_time, rendered
from outreach.posts.starts import starts_of
from outreach.posts.take_down import can_be_taken_down
from outreach.posts.take_down import take_down as take_post_down
from outreach.posts.whole import asks_person, how_far
from outreach.posts.wording import from_payload
from outreach.titles.digest import DEFAULT_WORDS
from outreach.titles.pictures import redraw
from outreach.web import checks, composer, meaning, review
from outreach.web import typed as forms
from outreach.web.preview import previews_of
from outreach.web.sending import asked_to_post, may_schedule
from outreach.web.shelf_pictures import studio
from outreach.web.shown import delivery_shown
from outreach.web.signin import attempt, find, needs
from outreach.words import Sentence

COMES = (*BEFORE_SENDING, "sending", "unclear", "in_hand")  # the others are out, or have their own button
AT_THE_DESK = Sentence("Tell us at the library desk.")
pages = Blueprint("posts", __name__, url_prefix="/posts")


@pages.get("/new")
@needs("draft")
def new():
    """What do you want to share?"""
    kept = starts_of(db.session(), g.library.id)
    return render_template("posts/new.html", kinds=KINDS, at=request.args.get("at", ""), starts=kept)


@pages.get("/new/<kind>")
@needs("draft")
def write(kind: str):
    if kind not in KINDS:
        abort(404)
    start, at = request.args.get("start", ""), forms.asked_time(request.args.get("at", ""), clock.now())
    if start == "hours" and not g.library.hours and may(current_user, "settings", g.library):
        return render_template("posts/hours.html")
    places = [a for a in accounts_of(db.session(), g.library.id) if not stands_apart(a)]
    chosen = [a.id for a in places if kind != "chat" or a.network != "by_hand"]  # nobody posts six times in an hour
    typed = forms.blank(kind, g.library, chosen, at)
    if "how" in typed.fields:
        typed.fields["how"] = spoken(AT_THE_DESK, g.library.language)
    if kind == "titles":
        typed.words = spoken(DEFAULT_WORDS, g.library.language)
    if kind == "news" and (preset := PRESETS.get(start)):
        typed.words = preset(g.library, at or clock.now())
        typed.timing = typed.timing if at else "now"  # it is true of these days and of no others
    if kind == "trivia" and request.args.get("from") == "bank":
        _take_from_bank(typed)
    return composer.show_form(typed, None)


def _take_from_bank(typed: forms.Typed) -> None:
    """The question whose turn it is; saved, it has had its turn."""
    if question := next_question(db.session(), g.library):
        typed.words, typed.right = question.words, str(question.right)
        typed.choices = (list(question.choices) + [""] * 4)[:4]
        typed.fields |= {"explanation": question.explanation, "hint": question.hint}


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
    post_id = next(iter(forms.ids(request.form, "post")), None)
    post = find(Post, post_id, "draft") if post_id else None
    typed = forms.of_form(request.form, kind, post)
    return render_template("posts/_beside.html", **composer.shown(typed, g.library, post))


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
    deliveries = [d for d in post.deliveries if d.edition == post.edition or asks_person(d)]
    changes = {one.delivery_id: one for one in correction_state.unfinished(session, post.id)}
    by_hand = {n for n, one in changes.items() if one.asked_at}
    troubled = [d for d in deliveries if delivery_shown(d)[2] in ("needs", "wrong") or d.id in by_hand]
    deliveries = [*troubled, *(d for d in deliveries if d not in troubled)]
    begun = compose.has_begun(session, post)
    found = [] if post.state in ("approved", "cancelled") else checks.of_posts([post])[0]
    times = [d.published_at or d.due_at for d in deliveries if d.state != "cancelled"]
    first_at = min(times, default=post.wished_at)
    return render_template(
        "posts/show.html",
        post=post,
        kind=KINDS[post.kind],
        first_at=first_at,
        deliveries=[(d, from_payload(d.payload)) for d in deliveries],
        troubled=troubled,
        previews=[] if post.state == "approved" else previews_of(rendered(post), found),
        problems=policy.stops(found),
        checks=policy.advice(found),
        answer_at=answer_time(post, post.library, post.wished_at) if post.kind == "trivia" else None,
        history=(history := _history(post, begun)),
        boosted={event.thing_id for event in history if event.verb == "boosted"},
        can_be_boosted=lambda delivery: can_be_boosted(delivery, clock.now()),
        names={d.id: d.account.name for d in post.deliveries},
        may_approve=who.let(post, actor(current_user)),
        deciders_of=who.names,
        may_schedule=may_schedule(post),
        begun=begun,
        changes=changes,
        change_waits=change.waits,
        correction=correction_state.last_of(session, post.id),
        can_correct=correction_state.can_be_corrected(post),
        listed=post.state == "approved" or begun or any(map(was_in_hand, deliveries)),
        anew=anew.may_be_written_anew,
        unfinished=any(d.state in COMES for d in deliveries),
        can_take_down=can_be_taken_down(post.deliveries),
        down=how_far(post.deliveries),
        asks_person=asks_person,
        came_of_it=results.has_result(post),
        has_votes=results.has_votes(post),
        votes_until=results.open_until(post, clock.now()),
        was_in_hand=was_in_hand,
        slip=lambda delivery: can_be_slip(delivery, clock.now()),
        by_hand=is_by_hand(post),
        asked_to_post=asked_to_post(post, first_at) if is_by_hand(post) else "",
    )


def _history(post: Post, begun: bool) -> list[Event]:
    """What was taken off the plan is told once of each place, and not at all where nothing of a post went out."""
    told, said = events(db.session(), post.id), set()
    whole = {event.at for event in told if event.thing == "post" and event.verb == "cancelled" and not begun}
    place_of = {delivery.id: delivery.account_id for delivery in post.deliveries}
    shown = []
    for event in told:
        if event.thing == "delivery" and event.verb == "cancelled":
            key = event.at, place_of.get(event.thing_id)
            if event.at in whole or key in said:
                continue
            said.add(key)
        shown.append(event)
    return shown


@pages.post("/<int:post_id>/submit")
@needs("draft")
def submit(post_id: int):
    post = find(Post, post_id, "draft")
    redraw(post.id, studio(), clock.now())  # of a draft that kept itself nothing is drawn yet
    typed = forms.of_post(post)
    typed.revision = forms.seen() or -1
    return composer.do_then(post, request.form.get("then", "review"), typed)


@pages.post("/<int:post_id>/approve")
@needs("decide")
def decide(post_id: int):
    post = find(Post, post_id, "decide")
    accepted, by = "accepted" in request.form, actor(current_user)
    review.tell_approved(attempt(lambda: approve.approve(post.id, forms.seen() or -1, by, clock.now(), accepted)), post)
    return _back(post)


@pages.post("/<int:post_id>/send-back")
@needs("decide")
def send_back(post_id: int):
    post = find(Post, post_id, "decide")
    note = request.form.get("note", "")
    sent = attempt(
        lambda: approve.send_back(post.id, note, actor(current_user), clock.now(), forms.seen()),
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
        _("Cancelled."),
    )
    return _back(post)


@pages.post("/<int:post_id>/take-down")
@needs("take_down")
def take_down(post_id: int):
    post = find(Post, post_id, "take_down")
    attempt(
        lambda: take_post_down(post.id, actor(current_user), clock.now()),
        _("It is being taken down. This page says when it is gone."),
    )
    return _back(post)


@pages.post("/<int:post_id>/duplicate")
@needs("draft")
def duplicate(post_id: int):
    post = find(Post, post_id, "draft")
    typed = forms.of_post(post)
    typed.timing, typed.answer, typed.repeat = "slot", "auto", {}
    known = {a.id for a in accounts_of(db.session(), g.library.id)}
    typed.accounts = [n for n in typed.accounts if n in known]
    made = attempt(
        lambda: compose.create(
            g.library.id,
            meaning.meaning(typed, g.library, composer.slot_of(typed, None)),
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
        return redirect(url_for("review.waiting", post=request.form.get("next") or None))
    return redirect(url_for("posts.show", post_id=post.id))
