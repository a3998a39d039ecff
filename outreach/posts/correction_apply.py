"""An approved correction, into the messages of its post: what is not out yet says it at once, the rest is laid down.

A post that is `locked`. What it said before stands in the history.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.history import record
from outreach.models import Change, Delivery, Post
from outreach.posts.correction_edits import Payload, carried, corrected, way
from outreach.posts.correction_letters import ask_to_change, tell_other_words
from outreach.posts.correction_state import of_edition, unfinished
from outreach.posts.lifecycle import deliveries_locked, move_delivery
from outreach.posts.reading import place_of
from outreach.posts.versions import keep
from outreach.posts.wording import from_payload, seal_of
from outreach.words import NotDone, Sentence

MOVING = Sentence("A message of this post is just on its way. Try again in a minute.")


def apply(session: Session, post: Post, correction_id: int, edits: Payload, by: Actor, now: datetime) -> None:
    """What is not out yet says it from here on; for what is out a change is laid down."""
    open_ones = {change.delivery_id: change for change in unfinished(session, post.id)}
    for delivery in of_edition(post, deliveries_locked(session, post)):
        open_one = open_ones.get(delivery.id)
        before = open_one.payload if open_one else delivery.payload
        payload = corrected(before, delivery.id, edits)
        if payload == before:
            continue
        match way(delivery):
            case "moving":
                raise NotDone(MOVING)
            case "row":
                _say(session, delivery, payload, by, now)
            case "there" | "person":
                _lay(session, delivery, correction_id, payload, now, instead=open_one)
    post.words, post.revision, post.updated_at = carried(post.words, edits), post.revision + 1, now
    post.decided_revision = post.revision
    keep(session, post, by, now)


def _say(session: Session, delivery: Delivery, payload: dict[str, Any], by: Actor, now: datetime) -> None:
    """It is not out yet: it goes out like this. A worker that read it before finds it waiting again."""
    if delivery.state == "queued" and not move_delivery(session, delivery, "waiting", by, now):
        raise NotDone(MOVING)
    library_id, post_id, before = delivery.library_id, delivery.post_id, was(delivery.payload, payload)
    delivery.payload, delivery.digest, delivery.begun_at = payload, seal_of(payload), None
    delivery.cost = place_of(delivery.account).cost_of(from_payload(payload))
    record(session, "delivery", delivery.id, "reworded", by, now, library_id=library_id, post_id=post_id, note=before)
    if delivery.state == "in_hand":
        tell_other_words(session, delivery, now)


def _lay(
    session: Session,
    delivery: Delivery,
    correction_id: int,
    payload: dict[str, Any],
    now: datetime,
    instead: Change | None,
) -> None:
    """For a worker, or for a person. It begins when what it comes `instead` of certainly is over."""
    asked, begin = (now if way(delivery) == "person" else None), now
    if instead:
        instead.ended_at, begin = now, max(now, instead.lease_until or now)
    change = Change(
        delivery_id=delivery.id, correction_id=correction_id, payload=payload, digest=seal_of(payload),
        begun_at=now, try_at=begin, asked_at=asked,
    )  # fmt: skip
    session.add(change)
    session.flush()
    if asked:
        ask_to_change(session, delivery, change, now)


def was(before: Payload, after: Payload) -> Sentence:
    """For the history: what it said until then, of its words and of the descriptions that changed."""
    old = [str(before["text"])] if before["text"] != after["text"] else []
    pairs = zip(before["images"], after["images"], strict=True)
    old += [str(was["alt"]) for was, now in pairs if was["alt"] != now["alt"]]
    return Sentence("Before: “%(words)s”", words="” “".join(old))
