"""What a post is, all its messages together: one name for its tile. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from outreach.posts.drafts import fill

ASKS = {"refused": "failed", "missed": "failed", "unclear": "unsure", "in_hand": "hand"}
MOVABLE = {"waiting", "queued", "missed", "cancelled"}  # none of it has begun to go out


class Piece(NamedTuple):
    """As much of a delivery as its sum asks for."""

    id: int
    state: str
    after_id: int | None


def shown_as(state: str, pieces: Iterable[Piece], held: bool = False, paused: bool = False) -> str:
    """The state of a post, and the sum over its deliveries once it is approved.

    >>> shown_as("approved", [Piece(1, "published", None), Piece(2, "waiting", 1)])
    'partly'
    """
    if state != "approved":
        return state
    mine = list(pieces)
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
    return "paused" if paused else "approved"


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
