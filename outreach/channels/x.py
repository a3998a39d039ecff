"""X, by its API v2, with the four keys of the library's own app.

x_about    what connecting asks for
x_client   calls, signed
x_outcome  what an answer means, beside the table of `verdict`
x_media    uploads
x_find     is it there? x_match compares
x_remove   take it down; what a poll came to
x_count    how long a message is; x_endings
x_price    what it costs

X has no idempotency key. After a lost answer the account's own timeline says whether it is out, and X itself takes the
same words no second time: its 403 says so without saying which, so that it is evidence and no refusal.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from outreach.channels.about import Connected, Errand, Where
from outreach.channels.base import (
    Identity,
    Limits,
    Login,
    Outgoing,
    Prepared,
    Refused,
    Sent,
    Tally,
    TryLater,
    Unauthorized,
    Unclear,
)
from outreach.channels.phrases import UNSURE, fill
from outreach.channels.x_about import ABOUT, HOME, read
from outreach.channels.x_client import Client
from outreach.channels.x_count import LINK
from outreach.channels.x_find import look
from outreach.channels.x_media import MOST_ALT, MOST_BYTES, TYPES, upload
from outreach.channels.x_outcome import THERE_ALREADY, is_twice, on_look
from outreach.channels.x_outcome import X as SPEECH
from outreach.channels.x_remove import count, remove

PREPARE_SECONDS = 45.0  # all uploads of one message; the lease of a delivery is 60

# docs.x.com: counting characters, media best practices, create post
LIMITS = Limits(
    characters=280,
    counting="weighted",
    link_cost=LINK,
    images=4,
    image_bytes=MOST_BYTES,
    image_types=TYPES,
    image_fitted=True,
    shape="wide",
    alt_characters=MOST_ALT,
    poll_options=4,
    poll_option_characters=25,
    poll_minutes=(5, 10_080),
    thread=False,  # answers by programs are refused unless one was called for; to oneself it is not documented
)
MAY_ANSWER = {"nobody": "mentionedUsers", "followed": "following"}


class X:
    about = ABOUT

    def __init__(self, login: Login) -> None:
        self.api, self.remote_id = Client(login), login.remote_id

    @staticmethod
    def connect(typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand:
        """Raises Refused, TryLater, Unauthorized."""
        secrets = read(typed)
        return [Connected(X(Login(HOME, secrets, where.reach)).check(), secrets, HOME)]

    @staticmethod
    def finish(kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
        raise Refused(fill(UNSURE["odd answer"], "X"))

    def check(self) -> Identity:
        """Raises Unauthorized, TryLater, Refused."""
        me = self.api.data("GET", "/2/users/me", on_look, params={"user.fields": "profile_image_url"})
        if not me.get("id") or not me.get("username"):
            raise on_look(self.api.place, self.api.last(), None)
        name = str(me["username"])
        return Identity(
            remote_id=str(me["id"]),
            handle=f"@{name}",
            name=str(me.get("name") or name),
            url=f"https://x.com/{name}",
            limits=LIMITS,
            picture=str(me.get("profile_image_url") or ""),
        )

    def prepare(self, message: Outgoing) -> Prepared:
        """Upload the pictures with their descriptions. Raises Refused, TryLater, Unauthorized."""
        ends_at = time.monotonic() + PREPARE_SECONDS
        return {"media": [upload(self.api, picture, ends_at) for picture in message.pictures]}

    def send(self, message: Outgoing, prepared: Prepared) -> Sent:
        """Publish it, once. Raises Refused, TryLater, Unauthorized (not out) or Unclear."""
        try:
            made = self.api.data("POST", "/2/tweets", SPEECH.after_send, json=_body(message, prepared))
        except Unclear as error:
            if is_twice(self.api.last()):
                raise Unclear(THERE_ALREADY, error.diagnosis) from error
            raise
        if not made.get("id"):
            raise SPEECH.after_send(self.api.place, self.api.last(), None)
        return _sent(str(made["id"]))

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        """Look through what the account posted since `since` (UTC). None: it is not there. Raises only Unclear."""
        try:
            found = look(self.api, self.remote_id or self.check().remote_id, message, prepared, since)
        except (Refused, TryLater, Unauthorized) as error:
            raise Unclear(fill(UNSURE["cannot look"], self.api.place), error.diagnosis) from error
        return _sent(found) if found else None

    def take_down(self, remote_id: str) -> None:
        """Returns once it is certainly gone. Raises Refused, TryLater, Unauthorized, Unclear."""
        remove(self.api, remote_id)

    def renew(self) -> None:
        """Its keys do not end."""

    def tally(self, remote_id: str) -> Tally | None:
        """What its poll came to. Raises Refused, TryLater, Unauthorized."""
        return count(self.api, remote_id)


def _body(message: Outgoing, prepared: Prepared) -> dict[str, Any]:
    media = [one["id"] for one in prepared.get("media") or ()]
    body: dict[str, Any] = {"text": message.text} if message.text else {}
    body |= {"media": {"media_ids": media}} if media else {}
    if message.poll:
        body["poll"] = {"options": list(message.poll.options), "duration_minutes": message.poll.minutes}
    body |= {"reply": {"in_reply_to_tweet_id": message.reply_to}} if message.reply_to else {}
    if message.answers in MAY_ANSWER and not message.reply_to:
        body["reply_settings"] = MAY_ANSWER[message.answers]
    return body


def _sent(remote_id: str) -> Sent:
    return Sent(remote_id, f"https://x.com/i/web/status/{remote_id}")
