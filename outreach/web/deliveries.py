"""The buttons that help: post by hand, say whether it is there, send again, leave it."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.channels.by_hand import PRESETS
from outreach.channels.by_hand_open import heading, is_of, opening
from outreach.db import db
from outreach.models import Delivery, Medium
from outreach.posts import anew as writing_anew
from outreach.posts import boost as boosting
from outreach.posts import hand, reconcile, schedule, take_down
from outreach.posts import hand_over as handing
from outreach.posts.correction_state import waiting_of
from outreach.posts.queries import people_of
from outreach.posts.tell import in_charge
from outreach.posts.to_mend import to_mend
from outreach.posts.to_post import OVERDUE
from outreach.posts.wording import from_payload
from outreach.titles.pictures import redraw
from outreach.web.extensions import TESTS, limiter, whoever
from outreach.web.shelf_pictures import studio
from outreach.web.shown import say
from outreach.web.signin import attempt, find, needs

pages = Blueprint("deliveries", __name__, url_prefix="/deliveries")


@pages.get("/<int:delivery_id>")
@needs("see")
def show(delivery_id: int):
    """Post by hand, or look whether it is there: the words, the pictures, the answer."""
    delivery = find(Delivery, delivery_id)
    message, account = from_payload(delivery.payload), delivery.account
    preset = PRESETS.get(account.server, PRESETS["other"]) if account.network == "by_hand" else None
    digests = [image.digest for image in message.images]
    media = {
        m.digest: m
        for m in db.session().query(Medium).filter(Medium.library_id == delivery.library_id, Medium.digest.in_(digests))
    }
    return render_template(
        "deliveries/show.html",
        delivery=delivery,
        message=message,
        pictures=[(media[i.digest], i.alt) for i in message.images if i.digest in media],
        was_in_hand=hand.was_in_hand(delivery),
        preset=preset,
        opening=opening(preset, message.text, account.url, account.handle) if preset else None,
        above=heading(message.text) if preset and preset.limits.manner == "heading" else None,
        asked=in_charge(db.session(), delivery),
        mend=to_mend(db.session(), Delivery.id == delivery_id),
        correction=waiting_of(db.session(), delivery.post_id),
        people=people_of(db.session(), delivery.library_id),
        reasons=hand.REASONS,
        slip=hand.can_be_slip(delivery, clock.now()),
        overdue=delivery.due_at <= clock.now() - OVERDUE,
    )


@pages.post("/<int:delivery_id>/posted")
@needs("hand")
def posted(delivery_id: int):
    delivery = find(Delivery, delivery_id, "hand")
    url, said = request.form.get("url", ""), _("Thank you. It is marked as posted.")
    seen = request.form.get("seen", "")
    if hand.was_in_hand(delivery):
        said = _("Thank you. It was taken back, so please delete it there.")
    done = attempt(lambda: hand.posted(delivery.id, url, actor(current_user), clock.now(), seen), said)
    if not done:
        return show(delivery_id), 422
    preset = PRESETS.get(delivery.account.server)
    if url.strip() and preset and not is_of(preset, url.strip()):
        place = delivery.account.name
        flash(_("The address does not look like one of %(place)s. Check it.", place=place), "warning")
    return _onward(delivery)


@pages.post("/<int:delivery_id>/not-posted")
@needs("hand")
def not_posted(delivery_id: int):
    delivery = find(Delivery, delivery_id, "hand")
    reason = request.form.get("reason", "")
    attempt(lambda: hand.not_posted(delivery.id, reason, actor(current_user), clock.now()), _("Noted: not posted."))
    return _onward(delivery)


@pages.post("/<int:delivery_id>/ask-again")
@needs("hand")
def ask_again(delivery_id: int):
    delivery = find(Delivery, delivery_id, "hand")
    attempt(lambda: hand.ask_again(delivery.id, actor(current_user), clock.now()))
    return _onward(delivery)


@pages.post("/<int:delivery_id>/not-yet")
@needs("hand")
def not_yet(delivery_id: int):
    """It was marked as posted by mistake."""
    delivery = find(Delivery, delivery_id, "hand")
    attempt(
        lambda: hand.not_yet(delivery.id, actor(current_user), clock.now()), _("It is not marked as posted any more.")
    )
    return _onward(delivery)


@pages.post("/<int:delivery_id>/hand-over")
@needs("hand")
def hand_over(delivery_id: int):
    delivery = find(Delivery, delivery_id, "hand")
    to = request.form.get("to", type=int) or 0
    given = attempt(lambda: handing.hand_over(delivery.id, to, actor(current_user), clock.now()))
    if given:
        said = _("You post it now.") if given.id == current_user.id else _("%(who)s posts it now.", who=given.shown)
        flash(said, "success")
    return _onward(delivery)


@pages.post("/<int:delivery_id>/boost")
@limiter.limit(TESTS, key_func=whoever)
@needs("decide")
def boost(delivery_id: int):
    delivery = find(Delivery, delivery_id, "decide")
    post_id, door = delivery.post_id, current_app.extensions["shop"].door()
    if said := attempt(lambda: boosting.boost(delivery_id, door, actor(current_user))):
        flash(say(said), "success")
    return redirect(url_for("posts.show", post_id=post_id))


@pages.post("/<int:delivery_id>/there")
@needs("settle")
def there(delivery_id: int):
    delivery = find(Delivery, delivery_id, "settle")
    url = request.form.get("url", "")
    return _done(
        delivery,
        lambda: reconcile.it_is_there(delivery.id, url, actor(current_user), clock.now()),
        _("Settled: it went out."),
    )


@pages.post("/<int:delivery_id>/not-there")
@needs("settle")
def not_there(delivery_id: int):
    delivery = find(Delivery, delivery_id, "settle")
    return _done(
        delivery,
        lambda: reconcile.it_is_not_there(delivery.id, actor(current_user), clock.now()),
        _("It is sent again now."),
    )


@pages.post("/<int:delivery_id>/again")
@needs("decide")
def again(delivery_id: int):
    delivery = find(Delivery, delivery_id, "decide")
    return _done(
        delivery, lambda: schedule.send_again(delivery.id, actor(current_user), clock.now()), _("It is sent now.")
    )


@pages.post("/<int:delivery_id>/anew")
@needs("draft")
def anew(delivery_id: int):
    """What one place refused, as a draft for that place alone."""
    delivery = find(Delivery, delivery_id, "draft")
    made = attempt(lambda: writing_anew.write_anew(delivery.id, actor(current_user), clock.now()))
    if made:
        attempt(lambda: redraw(made.id, studio(), clock.now()))
    return redirect(url_for("posts.edit", post_id=made.id)) if made else _to_post(delivery)


@pages.post("/<int:delivery_id>/leave")
@needs("draft")
def leave(delivery_id: int):
    delivery = find(Delivery, delivery_id, "draft")
    return _done(
        delivery,
        lambda: schedule.leave_it(delivery.id, actor(current_user), clock.now()),
        _("Left. It will not go out."),
    )


@pages.post("/<int:delivery_id>/gone")
@needs("take_down")
def gone(delivery_id: int):
    delivery = find(Delivery, delivery_id, "take_down")
    return _done(
        delivery,
        lambda: take_down.gone(delivery.id, actor(current_user), clock.now()),
        _("Thank you. It is marked as taken down."),
    )


@pages.post("/<int:delivery_id>/leave-up")
@needs("take_down")
def leave_up(delivery_id: int):
    delivery = find(Delivery, delivery_id, "take_down")
    return _done(
        delivery, lambda: take_down.leave_up(delivery.id, actor(current_user), clock.now()), _("Noted: it stays there.")
    )


def _done(delivery: Delivery, verb, said=None):
    attempt(verb, said)
    return _to_post(delivery)


def _onward(delivery: Delivery):
    """To the list that it was done on, or to the post."""
    return redirect(url_for("hand.waiting")) if request.form.get("back") == "list" else _to_post(delivery)


def _to_post(delivery: Delivery):
    return redirect(url_for("posts.show", post_id=delivery.post_id))
