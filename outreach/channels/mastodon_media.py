"""Upload one picture with its description, and wait (not for ever) until the server has worked on it.

docs.joinmastodon.org/methods/media: `POST /api/v2/media` answers 200 (ready) or 202 (in work, `url` null);
`GET /api/v1/media/:id` then 200, 206 (still in work) or 422 (failed). GoToSocial leaves `url` null in v2 always.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from outreach.channels.base import Picture, Refused, TryLater
from outreach.channels.mastodon_client import CALL_SECONDS, Client
from outreach.channels.mastodon_match import bare
from outreach.channels.mastodon_outcome import MASTODON
from outreach.channels.phrases import SAID, fill

PAUSES = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0)  # seconds between looks; afterwards the last one again

pause = time.sleep  # tests replace it


def upload(client: Client, picture: Picture, ends_at: float) -> str:
    """The id of the ready upload. `ends_at` is by time.monotonic(). Raises Refused, TryLater, Unauthorized."""
    made = _post(client, picture, ends_at)
    made = _ready(client, made, ends_at)
    _check_alt(client, picture, made, ends_at)
    return str(made["id"])


def long_alt(place: str, most: int) -> Refused:
    return Refused(fill(SAID["alt too long"], place, most=most))


def _post(client: Client, picture: Picture, ends_at: float) -> Mapping[str, Any]:
    def call() -> object:
        return client.api.media_post(
            picture.data, mime_type=picture.mime, description=picture.alt or None, file_name=picture.name
        )

    try:
        return _asked(client, call, ends_at)
    except Refused:
        if client.status_code() not in (404, 405):
            raise
    # Before Mastodon 3.1.4, and on older Pixelfed, there is only v1.
    client.assume(client.api, 3, 0)
    return _asked(client, call, ends_at)


def _ready(client: Client, made: Mapping[str, Any], ends_at: float) -> Mapping[str, Any]:
    upload_id, looks = made["id"], 0
    while not made.get("url"):
        pause(min(PAUSES[min(looks, len(PAUSES) - 1)], max(ends_at - time.monotonic(), 0)))
        looks += 1
        try:
            made = _asked(client, lambda: client.api.media(upload_id), ends_at)
        except Refused:
            if client.status_code() in (404, 405):
                break  # a server that cannot be asked is ready at once (Pixelfed)
            raise
    return made


def _asked(client: Client, call: Callable[[], object], ends_at: float) -> Mapping[str, Any]:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TryLater(fill(SAID["picture in work"], client.place))
    client.session.deadline_seconds = min(CALL_SECONDS, left)
    made = client.ask(call, MASTODON.before_send)
    if not isinstance(made, Mapping) or not made.get("id"):
        raise client.judged(MASTODON.before_send)
    return made


def _check_alt(client: Client, picture: Picture, made: Mapping[str, Any], ends_at: float) -> None:
    """Servers have cut or dropped descriptions without a word; no picture goes out without its own in full."""
    if _tells(made, picture):
        return
    again = _asked(client, lambda: client.api.media_update(made["id"], description=picture.alt), ends_at)
    kept = str(again.get("description") or "")
    if not _tells(again, picture):
        raise long_alt(client.place, len(kept)) if kept else Refused(fill(SAID["alt dropped"], client.place))


def _tells(made: Mapping[str, Any], picture: Picture) -> bool:
    return not picture.alt or bare(str(made.get("description") or "")) == bare(picture.alt)
