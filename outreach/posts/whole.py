"""What a post is, all its messages together: one name for its tile. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from outreach.models import Delivery
from outreach.posts.drafts import fill

ON_ITS_WAY = ("sending", "unclear")  # out, or soon, for all that we know
ASKS = {"refused": "failed", "missed": "failed", "unclear": "unsure", "in_hand": "hand"}
MOVABLE = {"waiting", "queued", "missed", "cancelled"}  # none of it has begun to go out


class Piece(NamedTuple):
    """As much of a delivery as its sum asks for."""

    id: int
    state: str
    after_id: int | None
    by_hand: bool = False
    unwanted_at: datetime | None = None
    asked_at: datetime | None = None


def piece_of(delivery: Delivery) -> Piece:
    by_hand = delivery.account.network == "by_hand"
    return Piece(delivery.id, delivery.state, delivery.after_id, by_hand, delivery.unwanted_at, delivery.asked_at)


def shown_as(state: str, pieces: Iterable[Piece], held: bool = False, paused: bool = False) -> str:
    """The state of a post, and the sum over its deliveries once it is approved.

    >>> shown_as("approved", [Piece(1, "published", None), Piece(2, "waiting", 1)])
    'partly'
    """
    mine = list(pieces)
    if state == "cancelled":
        return how_far(mine) or state
    if state != "approved":
        return "held" if held and state == "submitted" else state
    idle = {piece.id for piece in mine if piece.state == "not_posted"}  # what answers one of these waits for ever
    states = {piece.state for piece in mine if piece.after_id not in idle}
    if asking := states & set(ASKS):
        return ASKS[asking.pop()] if len(asking) == 1 else "needs"
    if states and states <= {"not_posted", "cancelled"}:
        return "nowhere"
    if states <= {"published", "not_posted", "cancelled"}:
        return "published"
    if held:
        return "held"
    if "published" in states:
        return "partly"
    if paused:
        return "paused"
    return "to_hand" if mine and all(piece.by_hand for piece in mine) else "approved"


def asks_person(delivery: Delivery | Piece) -> bool:
    """It shall go, and only a person can do it. As a question to the database: `lifecycle.stands_unwanted`."""
    with_a_person = delivery.state == "published" or (delivery.state == "removing" and delivery.asked_at is not None)
    return delivery.unwanted_at is not None and with_a_person


def how_far(deliveries: Iterable[Delivery | Piece]) -> str:
    """Of a post that is taken down: removing, removed; stands, delete: a person must do it. Empty: of no such post."""
    mine = [d for d in deliveries if d.unwanted_at]
    if asked := {d.state for d in mine if asks_person(d)}:
        return "stands" if "published" in asked else "delete"
    states = {d.state for d in mine}
    if states & {"removing", *ON_ITS_WAY}:
        return "removing"
    return "removed" if "removed" in states else ""


def may_move(state: str, pieces: Iterable[Piece]) -> bool:
    """Can it have another time? See `schedule.move`."""
    return state != "cancelled" and (state != "approved" or all(piece.state in MOVABLE for piece in pieces))


def told_first(kind: str, words: str, name: str, titles: int, library: str) -> str:
    """What a post says first, on its tile.

    >>> told_first("event", "Everybody is welcome.", "Poetry night", 0, "Maple Street")
    'Poetry night. Everybody is welcome.'
    """
    if kind == "titles":
        return fill(words, count=titles, library=library)
    return f"{name}. {words}" if name and words else name or words
