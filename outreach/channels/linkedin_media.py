"""Upload one picture, and wait (not for ever) until LinkedIn has worked on it.

    initializeUpload -> PUT to the address it gives -> GET: WAITING_UPLOAD, PROCESSING -> AVAILABLE or PROCESSING_FAILED

A post that shows a picture before it is AVAILABLE is refused, or shows nothing.
learn.microsoft.com/linkedin/marketing/community-management/shares/images-api
"""

from __future__ import annotations

import time

from outreach.channels.api import CALL_SECONDS, Api
from outreach.channels.base import Picture, Refused, TryLater
from outreach.channels.fit import fitted
from outreach.channels.linkedin_connect import LIMITS
from outreach.channels.linkedin_wire import LINKEDIN, PLACE, in_path
from outreach.channels.phrases import SAID, fill
from outreach.words import Sentence

PAUSES = (0.5, 1.0, 2.0, 3.0, 5.0)  # seconds between looks; afterwards the last one again
UNUSABLE = Sentence("It has not gone out: LinkedIn could not use a picture. Use another one and send it again.")

pause = time.sleep  # tests replace it


def upload(api: Api, owner: str, picture: Picture, ends_at: float) -> dict[str, str]:
    """`{"id": "urn:li:image:…", "altText": …}`; `ends_at` is by time.monotonic(). Raises as `prepare` does."""
    small = fitted(picture, LIMITS.image_bytes, LIMITS.image_types)
    _in_time(api, ends_at)
    asked = {"initializeUploadRequest": {"owner": owner}}
    made = api.json("POST", "/rest/images?action=initializeUpload", LINKEDIN.before_send, json=asked).get("value") or {}
    if not made.get("uploadUrl") or not made.get("image"):
        raise LINKEDIN.before_send(PLACE, api.last(), None)
    _in_time(api, ends_at)
    headers = {"Content-Type": small.mime}
    api.ask("PUT", str(made["uploadUrl"]), LINKEDIN.before_send, data=small.data, headers=headers)
    _wait(api, str(made["image"]), ends_at)
    return {"id": str(made["image"])} | ({"altText": picture.alt} if picture.alt else {})


def _wait(api: Api, urn: str, ends_at: float) -> None:
    looks = 0
    while (state := _state(api, urn, ends_at)) != "AVAILABLE":
        if state == "PROCESSING_FAILED":
            raise Refused(UNUSABLE, f"{urn}: {state}")
        pause(min(PAUSES[min(looks, len(PAUSES) - 1)], max(ends_at - time.monotonic(), 0)))
        looks += 1


def _state(api: Api, urn: str, ends_at: float) -> str:
    _in_time(api, ends_at)
    return str(api.json("GET", f"/rest/images/{in_path(urn)}", LINKEDIN.before_send).get("status"))


def _in_time(api: Api, ends_at: float) -> None:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TryLater(fill(SAID["picture in work"], PLACE))
    api.session.deadline_seconds = min(CALL_SECONDS, left)
