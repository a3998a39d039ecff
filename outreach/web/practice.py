"""The practice timeline, and the small catalog of the practice library, served like any other feed."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from outreach import clock
from outreach.db import db
from outreach.models import Account, Delivery
from outreach.posts.queries import timeline
from outreach.posts.wording import Message, from_payload
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
    return render_template("practice/show.html", account=account, threads=threads(sent))


def threads(sent: list[tuple[Delivery, Message]]) -> list[list[tuple[Delivery, Message]]]:
    """Each message that answers none of these, newest first, with all that follow it, oldest first."""
    answers: dict[int | None, list[tuple[Delivery, Message]]] = {}
    here = {d.id for d, _ in sent}
    for d, m in sorted(sent, key=lambda pair: pair[0].id):
        answers.setdefault(d.after_id if d.after_id in here else None, []).append((d, m))

    def followed(first: tuple[Delivery, Message]) -> list[tuple[Delivery, Message]]:
        return [first, *(later for reply in answers.get(first[0].id, []) for later in followed(reply))]

    return [followed(first) for first in sorted(answers.get(None, []), key=lambda pair: sent.index(pair))]


@pages.get("/catalog.rss")
def catalog():
    return Response(catalog_feed(clock.now()), mimetype="application/rss+xml")
