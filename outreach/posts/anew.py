"""What one place refused while others took it: written anew, for that place alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from outreach.access import Actor
from outreach.db import writing
from outreach.models import Delivery, Post
from outreach.posts.compose import BEGUN, create_in
from outreach.posts.lifecycle import deliveries_locked, followers, locked, move_delivery
from outreach.posts.versions import written_of
from outreach.words import NotDone, Sentence


def may_be_written_anew(delivery: Delivery, all_of_it: Iterable[Delivery]) -> bool:
    """Only where nothing of the post is out: the rest of a thread is no post of its own."""
    return not any(d.account_id == delivery.account_id and d.state in BEGUN for d in all_of_it)


def write_anew(delivery_id: int, by: Actor, now: datetime) -> Post:
    """What one place refused while others took it, as a draft for that place. The refused one is left."""
    with writing() as session:
        old = locked(session, session.get_one(Delivery, delivery_id).post_id)
        mine = deliveries_locked(session, old)
        delivery = next(d for d in mine if d.id == delivery_id)
        if delivery.state != "refused" or not may_be_written_anew(delivery, mine):
            raise NotDone(Sentence("There is nothing to change here."))
        own = next((p.words for p in old.placements if p.account_id == delivery.account_id), "")
        written = replace(
            written_of(old),
            words=own or old.words,
            fields={name: value for name, value in old.fields.items() if name not in ("answer_at", "repeat")},
            timing="now",
            wished_at=None,
            accounts={delivery.account_id: ""},
        )
        for one in [*followers(session, delivery), delivery]:
            move_delivery(session, one, "cancelled", by, now)
        return create_in(session, old.library_id, written, by, now)
