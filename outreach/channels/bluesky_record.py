"""A message -> the records of one commit on a Bluesky account. Pure.

The key of a record is ours to choose, as long as it is a TID (atproto.com/specs/tid): 53 bits of microseconds, 10 of
a clock's number. Made of the moment it was first tried and of the message's key, it is the same however often it is
tried, and the server refuses a second record under it: it goes out once, whenever an answer was lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

POST, GATE = "app.bsky.feed.post", "app.bsky.feed.threadgate"
LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
RULES: Mapping[str, list[dict[str, str]]] = {
    "nobody": [],
    "followed": [{"$type": "app.bsky.feed.threadgate#followingRule"}],
}


def tid(moment: datetime, key: str) -> str:
    """
    >>> tid(datetime(2026, 11, 24, 12, tzinfo=UTC), "a") == tid(datetime(2026, 11, 24, 12, tzinfo=UTC), "a")
    True
    >>> len(tid(datetime(2026, 11, 24, 12, tzinfo=UTC), "b"))
    13
    """
    micros = int(moment.timestamp()) * 1_000_000 + moment.microsecond
    clock = int.from_bytes(hashlib.sha256(key.encode()).digest()[:2]) & 0x3FF
    number = (micros & (2**53 - 1)) << 10 | clock
    return "".join(LETTERS[(number >> shift) & 31] for shift in range(60, -1, -5))


def records(
    did: str,
    rkey: str,
    text: str,
    moment: datetime,
    *,
    facets: Sequence[Mapping[str, Any]],
    embed: Mapping[str, Any] | None,
    reply: Mapping[str, Any] | None,
    language: str | None,
    answers: str,
) -> list[dict[str, Any]]:
    """The post, and (where not everybody may answer it) the gate under the same key: in one commit, or not at all."""
    made = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    post: dict[str, Any] = {"$type": POST, "text": text, "createdAt": made}
    post |= {"facets": list(facets)} if facets else {}
    post |= {"embed": dict(embed)} if embed else {}
    post |= {"reply": dict(reply)} if reply else {}
    post |= {"langs": [language]} if language else {}
    writes = [{"collection": POST, "rkey": rkey, "value": post}]
    if answers in RULES and not reply:  # the gate of a thread stands under its first message
        gate = {"$type": GATE, "post": address(did, rkey), "allow": RULES[answers], "createdAt": made}
        writes.append({"collection": GATE, "rkey": rkey, "value": gate})
    return writes


def address(did: str, rkey: str) -> str:
    return f"at://{did}/{POST}/{rkey}"


def key_in(remote_id: str) -> str:
    return remote_id.rpartition("/")[2]


def web_address(did: str, rkey: str) -> str:
    return f"https://bsky.app/profile/{did}/post/{rkey}"


def reply_to(parent: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of getRecord for the message that is answered -> what `reply` says of it, and of its thread."""
    this = {"uri": parent["uri"], "cid": parent["cid"]}
    root = ((parent.get("value") or {}).get("reply") or {}).get("root") or this
    return {"root": {"uri": root["uri"], "cid": root["cid"]}, "parent": this}


def pictures(uploaded: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    shown = [
        {
            "image": one["blob"],
            "alt": one["alt"],
            "aspectRatio": {"width": one["size"][0], "height": one["size"][1]},
        }
        for one in uploaded
    ]
    return {"$type": "app.bsky.embed.images", "images": shown}


def card(told: Mapping[str, Any]) -> dict[str, Any]:
    external = {key: told[key] for key in ("uri", "title", "description")}
    external |= {"thumb": told["thumb"]} if told.get("thumb") else {}
    return {"$type": "app.bsky.embed.external", "external": external}
