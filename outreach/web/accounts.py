"""Places to post to: how each does, pause, resume, check, remove. Connecting is in connecting.py."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.accounts import by_hand as places_by_hand
from outreach.accounts import connect, pause, settings, trial
from outreach.accounts.limits import limits_of
from outreach.accounts.own import another_address
from outreach.accounts.retire import retire as retire_account
from outreach.channels import about, is_local
from outreach.channels.base import ChannelError
from outreach.channels.by_hand import PRESETS
from outreach.channels.by_hand_open import is_of
from outreach.db import db
from outreach.models import Account
from outreach.posts.place import left_at, state_of
from outreach.posts.queries import accounts_of, waiting_of
from outreach.web.connecting import choose, tell_if_twice
from outreach.web.extensions import TESTS, limiter, whoever
from outreach.web.own_addresses import addresses
from outreach.web.shown import say
from outreach.web.signin import attempt, find, needs
from outreach.words import NotDone

pages = Blueprint("accounts", __name__, url_prefix="/places")


@pages.get("/")
@needs("see")
def everywhere():
    opened = db.session()
    rows = [(a, waiting_of(opened, g.library.id, a.id)) for a in accounts_of(opened, g.library.id)]
    return render_template("accounts/everywhere.html", rows=rows)


@pages.get("/by-hand/<preset>")
@needs("accounts")
def by_hand(preset: str):
    """One of the places that people post to themselves: its name, and the address only the library knows."""
    return render_template("accounts/by_hand.html", key=preset, preset=PRESETS.get(preset) or abort(404))


@pages.post("/by-hand")
@needs("accounts")
def add_by_hand():
    preset, address = request.form.get("preset", ""), request.form.get("address", "")
    name = request.form.get("name", "").strip() or (say(PRESETS[preset].name) if preset in PRESETS else "")
    added = attempt(
        lambda: places_by_hand.add_by_hand(
            g.library, preset, name, address, actor(current_user), clock.now(), vault=_shop().vault
        ),
        _("Added. At its time you are asked to post there."),
    )
    if added is None:
        return (by_hand(preset) if preset in PRESETS else choose()), 422
    _hint(added.server, added.url)
    tell_if_twice(added)
    return redirect(url_for("accounts.everywhere"))


def _hint(preset: str, url: str | None) -> None:
    """What we know of a place may be old: it is said, and nothing is refused."""
    if url and preset in PRESETS and not is_of(PRESETS[preset], url):
        place = say(PRESETS[preset].name)
        flash(_("The address does not look like one of %(place)s. Check it.", place=place), "warning")


@pages.post("/<int:account_id>/opens-at")
@needs("accounts")
def opens_at(account_id: int):
    account = find(Account, account_id, "accounts")
    typed = request.form.get("address", "")
    changed = attempt(
        lambda: places_by_hand.change_address(account.id, typed, actor(current_user), clock.now()), _("Saved.")
    )
    if changed is None:
        return show(account_id), 422
    _hint(changed.server, changed.url)
    return redirect(url_for("accounts.show", account_id=account.id))


@pages.get("/<int:account_id>")
@needs("see")
def show(account_id: int):
    """How it does: what went out last, what comes next, what it may carry, who may answer."""
    account = find(Account, account_id)
    return render_template(
        "accounts/show.html",
        place=account,
        asked=about(account.network),
        local=is_local(account.network),
        preset=PRESETS.get(account.server) if account.network == "by_hand" else None,
        state=state_of(db.session(), account, clock.now()),
        limits=limits_of(account),
        left=left_at(_shop().pace, account, clock.now()),
        test=trial.before(account),
        own=addresses(account),
        public_url=_shop().config.public_url,
    )


@pages.post("/<int:account_id>/address")
@needs("accounts")
def address(account_id: int):
    account = find(Account, account_id, "accounts")
    attempt(
        lambda: another_address(account.id, actor(current_user), clock.now()),
        _("Here is the new address. The old one shows nothing any more."),
    )
    return redirect(url_for("accounts.show", account_id=account.id))


@pages.post("/<int:account_id>/answers")
@needs("accounts")
def answers(account_id: int):
    account = find(Account, account_id, "accounts")
    who = request.form.get("answers", "")
    attempt(lambda: settings.who_may_answer(account.id, who, actor(current_user), clock.now()), _("Saved."))
    return redirect(url_for("accounts.show", account_id=account.id))


@pages.post("/<int:account_id>/stop-at")
@needs("accounts")
def stop_at(account_id: int):
    account = find(Account, account_id, "accounts")
    typed = request.form.get("budget", "")
    saved = attempt(lambda: settings.stop_at(account.id, typed, actor(current_user), clock.now()), _("Saved."))
    return redirect(url_for("accounts.show", account_id=account.id)) if saved else (show(account_id), 422)


@pages.post("/<int:account_id>/check")
@needs("accounts")
def check(account_id: int):
    account = find(Account, account_id, "accounts")

    def verb() -> object:
        channel = _shop().opener.open(account)
        db.session.rollback()  # gives the connection back: none is held while the server is asked
        try:
            return connect.check(account_id, channel, actor(current_user), clock.now())
        except ChannelError as error:
            raise NotDone(error.sentence) from error

    attempt(verb, _("It answers, and knows us."))
    return redirect(url_for("accounts.show", account_id=account.id))


@pages.post("/<int:account_id>/test")
@limiter.limit(TESTS, key_func=whoever)
@needs("accounts")
def test(account_id: int):
    account = find(Account, account_id, "accounts")
    by = actor(current_user)
    if said := attempt(lambda: trial.send_test(account.id, _shop().opener.open, by, clock.now())):
        flash(say(said), "success")
    return redirect(url_for("accounts.show", account_id=account_id))


@pages.post("/<int:account_id>/pause")
@needs("pause")
def pause_one(account_id: int):
    account = find(Account, account_id, "pause")
    attempt(
        lambda: pause.pause(account.id, actor(current_user), clock.now()),
        _("Paused. Nothing goes out there until you resume."),
    )
    return redirect(url_for("accounts.everywhere"))


@pages.post("/<int:account_id>/resume")
@needs("resume")
def resume_one(account_id: int):
    account = find(Account, account_id, "resume")
    attempt(lambda: pause.resume(account.id, actor(current_user), clock.now()), _("Going out again."))
    return redirect(url_for("accounts.everywhere"))


@pages.post("/<int:account_id>/retire")
@needs("accounts")
def retire(account_id: int):
    account = find(Account, account_id, "accounts")
    own = about(account.network).stays
    done = (
        _("Removed. Its address shows nothing any more.")
        if own
        else _("Removed. What was published there stays there.")
    )
    attempt(lambda: retire_account(account.id, actor(current_user), clock.now()), done)
    return redirect(url_for("accounts.everywhere"))


def _shop():
    return current_app.extensions["shop"]
