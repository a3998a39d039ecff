"""Upload a picture to X, wait until it is worked on, and describe it.

docs.x.com: `POST /2/media/upload` (one part, raw bytes; 5 MB for a picture), `GET /2/media/upload?command=STATUS`
where `processing_info` says pending or in_progress, `POST /2/media/metadata` for the description (1,000 characters).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from outreach.channels.base import Picture, Refused, TryLater
from outreach.channels.fit import fitted
from outreach.channels.phrases import SAID, fill
from outreach.channels.x_client import Client
from outreach.channels.x_outcome import X

MOST_BYTES, MOST_ALT = 5_000_000, 1_000
TYPES = ("image/jpeg", "image/png", "image/webp")  # a GIF would have to come in pieces, and be moving
PAUSE, LONGEST_PAUSE = 1, 5  # seconds between looks

pause = time.sleep  # tests replace it


def upload(client: Client, picture: Picture, ends_at: float) -> dict[str, str]:
    """Its id and its key. `ends_at` is by time.monotonic(). Raises Refused, TryLater, Unauthorized."""
    if len(picture.alt) > MOST_ALT:
        raise Refused(fill(SAID["alt too long"], client.place, most=MOST_ALT))
    small = fitted(picture, MOST_BYTES, TYPES)
    made = client.data(
        "POST",
        "/2/media/upload",
        X.before_send,
        data={"media_category": "tweet_image", "media_type": small.mime},
        files={"media": (small.name, small.data, small.mime)},
    )
    if not made.get("id"):
        raise X.before_send(client.place, client.last(), None)
    _wait(client, made, ends_at)
    if picture.alt:
        _describe(client, str(made["id"]), picture.alt)
    return {"id": str(made["id"]), "key": str(made.get("media_key") or "")}


def _wait(client: Client, made: Mapping[str, Any], ends_at: float) -> None:
    asked = {"command": "STATUS", "media_id": str(made["id"])}
    while work := made.get("processing_info"):
        if work.get("state") == "succeeded":
            return
        if work.get("state") == "failed":
            raise Refused(fill(SAID["picture not accepted"], client.place), f"processing_info: {work}"[:300])
        told = work.get("check_after_secs")
        seconds = min(told if isinstance(told, int) and told > 0 else PAUSE, LONGEST_PAUSE)
        if time.monotonic() + seconds > ends_at:
            raise TryLater(fill(SAID["picture in work"], client.place))
        pause(seconds)
        made = client.data("GET", "/2/media/upload", X.before_send, params=asked)


def _describe(client: Client, media_id: str, alt: str) -> None:
    """No picture goes out without its description: where X tells what it kept, that has to be ours."""
    body = {"id": media_id, "metadata": {"alt_text": {"text": alt}}}
    kept = client.data("POST", "/2/media/metadata", X.before_send, json=body).get("associated_metadata")
    told = kept.get("alt_text") if isinstance(kept, Mapping) else None
    if isinstance(told, Mapping) and told.get("text") != alt:
        raise Refused(fill(SAID["alt dropped"], client.place))
