"""Connecting an account, the same way for every network: steps, a form, a live check; or a sign-in there and back."""

from __future__ import annotations

import json
import secrets as random
from dataclasses import asdict
from datetime import datetime, timedelta

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.accounts import connect
from outreach.accounts.alike import may_be_the_same
from outreach.accounts.limits import dump, load
from outreach.accounts.own import add_own
from outreach.accounts.setup import is_open, offered, setup_of
from outreach.channels import about, channel_class
from outreach.channels.about import ByHandInstead, Connected, Errand, Where
from outreach.channels.base import ChannelError, Identity
from outreach.channels.by_hand import PRESETS
from outreach.channels.by_hand_presets import GROUPS
from outreach.channels.face import face
from outreach.db import db
from outreach.models import Account, Library
from outreach.vault import Unsealable
from outreach.web.shown import say
from outreach.web.signin import needs, require
from outreach.words import NotDone

pages = Blueprint("connecting", __name__, url_prefix="/places/connect")
GOOD_FOR = timedelta(minutes=30)  # a choice among several accounts: it holds their keys, sealed


@pages.get("/")
@needs("accounts")
def choose():
    """Every network, those that are open first; and the places without one, which are posted to by hand."""
    networks = [(name, asked, is_open(asked, row)) for name, (asked, row) in offered().items()]
    return render_template("connecting/choose.html", networks=networks, presets=PRESETS, groups=GROUPS)


@pages.get("/<network>")
@needs("accounts")
def show(network: str):
    return _form(network, request.args)


@pages.post("/<network>")
@needs("accounts")
def begin(network: str):
    _open_or_404(network)
    if about(network).stays:
        return _add_own(network)
    typed = request.form.to_dict()
    try:
        found = channel_class(network).connect(typed, _where(network))
    except ByHandInstead as instead:
        return _form(network, typed, by_hand=instead), 422
    except (ChannelError, NotDone) as stop:
        return _form(network, typed, wrong=say(stop.sentence)), 422
    if not isinstance(found, Errand):
        return _found(network, found, typed.get("name", ""))
    session["errand"] = _shop().vault.seal(
        {**_errand_of(found), "network": network, "name": typed.get("name", ""), "library": str(g.library.id)}
    )
    return _send_there(network, found)


@pages.post("/<network>/code")
@needs("accounts")
def finish(network: str):
    """The code, copied by hand."""
    return _finish(network, request.form.get("code", ""), None)


@pages.get("/<network>/back")
@needs("accounts")
def back(network: str):
    """The network sent the person back with the code; `state` shows that it is our own errand."""
    return _finish(network, request.args.get("code", ""), request.args.get("state", ""))


@pages.post("/<network>/pick")
@needs("accounts")
def pick(network: str):
    """One of several accounts that the network told us of."""
    _open_or_404(network)
    kept = _opened(request.form.get("found", ""))
    asked_at = float(kept.get("at", "0"))
    if kept.get("library") != str(g.library.id) or clock.now().timestamp() - asked_at > GOOD_FOR.total_seconds():
        return _too_late(network)
    one = json.loads(kept["found"])[request.form.get("which", type=int) or 0]
    return _keep(network, _connected(one), "")


def _add_own(network: str):
    try:
        account = add_own(g.library, network, actor(current_user), clock.now())
    except NotDone as stop:
        return _form(network, {}, wrong=say(stop.sentence)), 422
    flash(_("Added. From now on you can choose it for every post."), "success")
    return redirect(url_for("accounts.show", account_id=account.id))


def _found(network: str, found, name: str):
    if len(found) == 1:
        return _keep(network, found[0], name)
    if not found:
        wrong = _("There is no account there that you may connect. Sign in as somebody who looks after it.")
        return _form(network, {}, wrong=wrong), 422
    told = json.dumps([asdict(one) | {"identity": _dumped(one.identity)} for one in found], default=str)
    kept = {"found": told, "library": str(g.library.id), "at": str(clock.now().timestamp())}
    return render_template(
        "connecting/pick.html", network=network, asked=about(network), found=found, sealed=_shop().vault.seal(kept)
    )


def _keep(network: str, one: Connected, name: str):
    shop = _shop()
    try:
        account, said = connect.add_or_renew(
            g.library,
            network,
            name,
            actor(current_user),
            clock.now(),
            server=one.server,
            secrets=one.secrets,
            identity=one.identity,
            picture=face(shop.reach, one.identity.picture),
            vault=shop.vault,
        )
    except NotDone as stop:
        return _form(network, request.form, wrong=say(stop.sentence)), 422
    session.pop("errand", None)
    if key := one.secrets.get("signing_key"):
        return render_template("connecting/key.html", place=account, key=key)  # never in the session or a message
    flash(say(said), "success")
    tell_if_twice(account)
    return redirect(url_for("accounts.show", account_id=account.id))


def tell_if_twice(account: Account) -> None:
    """A hint: two groups at one place are two places."""
    if twice := may_be_the_same(db.session(), account):
        flash(say(twice), "warning")


def _finish(network: str, code: str, state: str | None):
    kept = _opened(session.get("errand", ""))
    ours = kept.get("network") == network
    if not ours or (state is not None and not random.compare_digest(state.encode(), kept["state"].encode())):
        return _too_late(network)
    g.library = db.session.get(Library, int(kept["library"])) or abort(404)  # the one that it was begun in
    require("accounts")
    _open_or_404(network)
    try:
        found = channel_class(network).finish(json.loads(kept["kept"]), code, _where(network))
    except (ChannelError, NotDone) as stop:
        errand = Errand(kept["address"], kept["place"], kept["state"], {}, kept["copies"] == "yes")
        return _send_there(network, errand, say(stop.sentence))
    return _found(network, found, kept["name"])


def _too_late(network: str):
    flash(_("This sign-in took too long, or was begun elsewhere. Begin again."), "warning")
    return redirect(url_for("connecting.show", network=network))


def _send_there(network: str, errand: Errand, wrong: str | None = None):
    page = render_template("connecting/there.html", network=network, asked=about(network), errand=errand, wrong=wrong)
    return page, 422 if wrong else 200


def _form(network: str, typed, wrong: str | None = None, by_hand: ByHandInstead | None = None):
    asked, row = offered().get(network) or abort(404)
    return render_template(
        "connecting/show.html",
        network=network,
        asked=asked,
        open=is_open(asked, row),
        is_on=bool(row and row.is_on) or not asked.more,
        typed=typed,
        wrong=wrong,
        by_hand=by_hand,
    )


def _where(network: str) -> Where:
    shop = _shop()
    public = shop.config.public_url
    back = public + url_for("connecting.back", network=network) if public else ""
    return Where(shop.reach, setup_of(network, shop.vault), back, public)


def _open_or_404(network: str) -> None:
    asked, row = offered().get(network) or abort(404)
    if not is_open(asked, row):
        abort(404)


def _errand_of(errand: Errand) -> dict[str, str]:
    return {
        "address": errand.address,
        "place": errand.place,
        "state": errand.state,
        "copies": "yes" if errand.copies else "",
        "kept": json.dumps(dict(errand.kept)),
    }


def _dumped(identity: Identity) -> dict:
    ends = identity.ends_at.isoformat() if identity.ends_at else None
    return {**asdict(identity), "limits": dump(identity.limits), "ends_at": ends}


def _connected(kept: dict) -> Connected:
    told = kept["identity"]
    ends = datetime.fromisoformat(told["ends_at"]) if told["ends_at"] else None
    identity = Identity(**{**told, "limits": load(told["limits"]), "ends_at": ends})
    return Connected(identity, kept["secrets"], kept["server"])


def _opened(sealed: str | None) -> dict[str, str]:
    """What was put down when the person was sent away; nothing where it cannot be opened (any more)."""
    try:
        return _shop().vault.open(sealed)
    except Unsealable:
        return {}


def _shop():
    return current_app.extensions["shop"]
