"""What of a post that is out can say something else, and what each message says then. Pure.

    its messages, as they stand -> a form: each different text once, each description once -> edits -> new payloads

Only words and descriptions: nothing is made anew from the post, so that a mended word changes that word alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from outreach.channels import about
from outreach.models import Delivery

# in the row: it is not out yet; there: its network changes it; person: somebody changes it there by hand
Way = Literal["row", "there", "person", "stays", "moving", "gone"]
COMING = ("waiting", "queued", "in_hand")
NOT_OUT = (*COMING, "refused", "missed", "not_posted")
Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """One text, or the description of one picture, and the messages that have it."""

    before: str
    ids: tuple[int, ...]
    places: tuple[str, ...]
    part: int = 0  # of a thread, from 0
    parts: int = 1
    digest: str = ""  # of the picture; empty: a text
    after: str | None = None  # what was written instead


@dataclass(frozen=True)
class Standing:
    """All that a correction can change, in order; `stays`: places where it stands as it is."""

    texts: tuple[Piece, ...]
    alts: tuple[Piece, ...]
    stays: tuple[str, ...] = ()
    polls: tuple[str, ...] = ()  # of a message with a poll the same, since a poll that is changed loses its votes
    by_hand: tuple[str, ...] = ()  # a person changes it there
    not_out: tuple[str, ...] = ()  # it goes out with the new words
    moving: bool = False  # one is just on its way: nothing can be corrected now
    out: bool = False  # at least one is out
    waits: int = 0  # the correction that waits for a decision

    @property
    def seal(self) -> str:
        """Whoever sends a form had this before their eyes: the messages, and a correction that another one wrote."""
        told = repr([(p.before, p.ids, p.digest) for p in (*self.texts, *self.alts)])
        return f"{hashlib.sha256(told.encode()).hexdigest()[:16]}-{self.waits}"


@dataclass
class _Group:
    ids: list[int] = field(default_factory=list)
    places: dict[str, None] = field(default_factory=dict)


def way(delivery: Delivery) -> Way:
    """How it comes to say something else."""
    if delivery.state in NOT_OUT:
        # one that may have gone out and was not found is sent again as it was: see `reconcile`
        return "moving" if delivery.looks else "row"
    if delivery.state in ("sending", "unclear"):
        return "moving"
    if delivery.state != "published" or delivery.unwanted_at:
        return "gone"
    if delivery.account.retired_at or delivery.payload["poll"]:
        return "stays"
    if delivery.account.network == "by_hand":
        return "person"
    return "there" if about(delivery.account.network).edits and delivery.remote_id else "stays"


def standing(deliveries: Sequence[Delivery], pending: Mapping[int, Payload]) -> Standing:
    """`pending`: what some of them are about to say."""
    texts: dict[tuple[int, int, str], _Group] = {}
    alts: dict[tuple[str, str], _Group] = {}
    ways = {delivery.id: way(delivery) for delivery in deliveries}
    polls = [d.account.name for d in deliveries if d.payload["poll"] and ways[d.id] == "stays"]
    by_hand = [d.account.name for d in deliveries if ways[d.id] == "person"]
    not_out = [d.account.name for d in deliveries if ways[d.id] == "row" and d.state in COMING]
    stays: dict[str, None] = {}
    for delivery in deliveries:
        name, payload = delivery.account.name, pending.get(delivery.id, delivery.payload)
        if ways[delivery.id] == "stays" and not delivery.payload["poll"]:
            stays[name] = None
        if ways[delivery.id] not in ("row", "there", "person"):
            continue
        if payload["text"]:
            _into(texts.setdefault((delivery.part, delivery.parts, payload["text"]), _Group()), delivery)
        for image in payload["images"] if _keeps_descriptions(delivery) else ():
            _into(alts.setdefault((image["digest"], image["alt"]), _Group()), delivery)
    return Standing(
        tuple(Piece(t, tuple(g.ids), tuple(g.places), n, of) for (n, of, t), g in sorted(texts.items(), key=_order)),
        tuple(Piece(alt, tuple(g.ids), tuple(g.places), digest=digest) for (digest, alt), g in alts.items()),
        tuple(stays),
        tuple(dict.fromkeys(polls)),
        tuple(dict.fromkeys(by_hand)),
        tuple(dict.fromkeys(not_out)),
        "moving" in ways.values(),
        any(delivery.state == "published" for delivery in deliveries),
    )


def _order(group: tuple[tuple[int, int, str], _Group]) -> tuple[int, int]:
    return group[0][0], min(group[1].ids)


def _into(group: _Group, delivery: Delivery) -> None:
    group.ids.append(delivery.id)
    group.places[delivery.account.name] = None


def _keeps_descriptions(delivery: Delivery) -> bool:
    return way(delivery) != "there" or about(delivery.account.network).edits == "all"


def edits_of(pieces: Iterable[Piece]) -> dict[str, Any]:
    """As a correction keeps them: what is the same as before is left out."""
    changed = [piece for piece in pieces if piece.after is not None and piece.after != piece.before]
    return {
        "texts": [_kept(piece) for piece in changed if not piece.digest],
        "alts": [_kept(piece) | {"digest": piece.digest} for piece in changed if piece.digest],
    }


def _kept(piece: Piece) -> dict[str, Any]:
    return {"ids": list(piece.ids), "before": piece.before, "after": piece.after, "places": list(piece.places)}


def corrected(payload: Payload, delivery_id: int, edits: Payload) -> dict[str, Any]:
    """What the message says then; the same where nothing of it changes, or where it says something else by now."""
    mine = [edit for edit in edits["texts"] if delivery_id in edit["ids"] and edit["before"] == payload["text"]]
    alts = {(e["digest"], e["before"]): e["after"] for e in edits["alts"] if delivery_id in e["ids"]}
    images = [i | {"alt": alts.get((i["digest"], i["alt"]), i["alt"])} for i in payload["images"]]
    return {**payload, "text": mine[0]["after"] if mine else payload["text"], "images": images}


def carried(words: str, edits: Payload) -> str:
    """The words of the post itself, mended as its messages were; as they are where they cannot be told apart.

    >>> carried("Open on Firday", {"texts": [{"before": "Open on Firday #books", "after": "Open on Friday #books"}]})
    'Open on Friday'
    """
    return next(_carried(words, edits), words)


def _carried(words: str, edits: Payload) -> Iterator[str]:
    for edit in edits["texts"]:
        head, found, tail = edit["before"].partition(words) if words else ("", "", "")
        after = edit["after"]
        fits = len(after) >= len(head) + len(tail) and after.startswith(head) and after.endswith(tail)
        if found and fits:
            yield after[len(head) : len(after) - len(tail)]
