"""The practice timeline, and the small catalog of the practice library, served like any other feed."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from outreach import clock
from outreach.db import db
from outreach.models import Account
from outreach.posts.queries import timeline
from outreach.posts.wording import from_payload
from outreach.practice.catalog import catalog_feed
from outreach.web.signin import find, needs

pages = Blueprint("practice", __name__, url_prefix="/practice")


@pages.get("/<int:account_id>")
@needs("see")
def show(account_id: int):
    account = find(Account, account_id)
    if account.network != "practice":
        abort(404)
    sent = [(d, from_payload(d.payload)) for d in timeline(db.session(), account.id)]
    replies = {d.after_id: (d, m) for d, m in sent if d.after_id}
    return render_template("practice/show.html", account=account, sent=sent, replies=replies)


@pages.get("/catalog.rss")
def catalog():
    return Response(catalog_feed(clock.now()), mimetype="application/rss+xml")
