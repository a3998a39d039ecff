"""Threads, by its own API (graph.threads.net).

threads_about      what connecting and setting up ask for
container_login    signing in, and tokens that last
container          containers: made, published, looked at
container_post     send and find, as Instagram has them too
meta_errors        what an answer means

Sources: developers.facebook.com/documentation/threads: create-posts, polls (July 2026), reference/publishing,
delete-posts, overview (limits). What is exact in time: a container is published once, and says so for a day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from outreach import clock
from outreach.channels.about import Connected, Errand, Where
from outreach.channels.base import (
    ChannelError,
    Handed,
    Identity,
    Limits,
    Outgoing,
    Picture,
    Poll,
    Prepared,
    Refused,
    Tally,
    TryLater,
    Unclear,
)
from outreach.channels.container import Ways
from outreach.channels.container_login import begin
from outreach.channels.container_post import TwoSteps, address_of, known_by_container
from outreach.channels.counting import found_in
from outreach.channels.meta_errors import META, lacks_right, timed
from outreach.channels.phrases import SAID, STANDS, fill
from outreach.channels.threads_about import ABOUT, DOOR, NOT_SET_UP
from outreach.words import Sentence

WAYS = Ways("Threads", "threads", "threads_publish", "threads_publishing_limit", "status", "error_message", "text")
LIMITS = Limits(
    characters=500,
    counting="emoji_bytes",
    links=5,  # THREADS_API__LINK_LIMIT_EXCEEDED, since 22 December 2025
    images=20,
    image_bytes=8_000_000,
    image_fitted=True,  # our public address gives a JPEG that fits
    image_types=("image/jpeg", "image/png"),
    shape="tall",
    alt_characters=1_000,
    poll_options=4,
    poll_option_characters=25,
    poll_minutes=(1_440, 1_440),  # a day, and no choice
    thread=True,
)
ANSWER = {"nobody": "mentioned_only", "followed": "accounts_you_follow", "everyone": "everyone"}
LETTERS = "abcd"

MANY_LINKS = Sentence(
    "It has not gone out: Threads takes no more than %(most)s different links. Take some out and send it again."
)
UNKNOWN_PARENT = Sentence(
    "It has not gone out: Threads has not told us the number of the message it answers. Post it on its own, or by hand."
)


class Threads(TwoSteps):
    about, ways, version, door = ABOUT, WAYS, "v1.0", DOOR

    @classmethod
    def connect(cls, typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand:
        """Raises Refused where the district has no application at Meta."""
        if not where.setup.get("app_id") or not where.setup.get("app_secret"):
            raise Refused(NOT_SET_UP)
        return begin(cls.door, where)

    def check(self) -> Identity:
        me = self.box.get("me", fields="id,username,name,threads_profile_picture_url")
        limits = LIMITS if self.login.public_url else replace(LIMITS, images=0)
        return self.known(me, "id", "https://www.threads.com/@", "threads_profile_picture_url", limits)

    def prepare(self, message: Outgoing) -> Prepared:
        """A container that waits to be published. Raises Refused, TryLater, Unauthorized."""
        if "links" in found_in(message.text, LIMITS):
            raise Refused(MANY_LINKS.filled(most=LIMITS.links))
        if known_by_container(message.reply_to):
            raise Refused(UNKNOWN_PARENT)
        self.box.begin()
        try:
            self.box.refuse_when_full("reply_" if message.reply_to else "")
            return {"container": self._made(message)}
        except Refused as error:
            raise self._because_of_parent(message, error) from error
        finally:
            self.box.end()

    def newest(self, message: Outgoing) -> tuple[str, str]:
        """Answers stand in a list of their own."""
        return ("replies", "text,replied_to") if message.reply_to else ("threads", "text")

    def take_down(self, remote_id: str) -> Handed | None:
        """100 a day. Without the right to (`threads_delete`), and without its number, a person does it."""
        if known_by_container(remote_id):
            return Handed()
        params = {"access_token": self.box.token}
        error: ChannelError | None = None
        try:
            told = self.api.json("DELETE", f"/{remote_id}", timed(META.after_delete), params=params)
            if told.get("success"):
                return None
        except ChannelError as caught:
            error = caught
            if lacks_right(self.api.last()):
                return Handed()
            if not META.is_gone(self.api.last()) and not isinstance(error, Unclear):
                raise
        if not self.box.is_gone(remote_id):
            raise Unclear(fill(STANDS["unsure"], WAYS.place), error.diagnosis if error else "no success") from error
        return None

    def tally(self, remote_id: str) -> Tally | None:
        """Each answer's share of all votes, which Threads tells as 0.25."""
        if known_by_container(remote_id):
            return None
        asked = [f"option_{letter}" for letter in LETTERS]
        parts = [*asked, *(f"{option}_votes_percentage" for option in asked), "total_votes", "expiration_timestamp"]
        told = self.box.get(remote_id, fields=f"poll_attachment{{{','.join(parts)}}}").get("poll_attachment")
        if not isinstance(told, Mapping):
            return None
        votes = [told.get(f"{option}_votes_percentage") or 0 for option in asked if told.get(option)]
        total = told.get("total_votes")
        counted = () if total is None else tuple(round(float(share) * int(total)) for share in votes)
        return Tally(counted, _still_open(str(told.get("expiration_timestamp"))))

    def _made(self, message: Outgoing) -> str:
        fields = {"text": message.text} if message.text else {}
        if message.reply_to:
            fields["reply_to_id"] = message.reply_to
        elif message.answers in ANSWER:
            fields["reply_control"] = ANSWER[message.answers]
        if message.poll:
            fields["poll_attachment"] = json.dumps(_options(message.poll), ensure_ascii=False)
        match message.pictures:
            case ():
                return self.box.make(media_type="TEXT", **fields)
            case (picture,):
                return self.box.make(**_image(picture), **fields)
        items = [self.box.make(**_image(picture), is_carousel_item="true") for picture in message.pictures]
        return self.box.make(media_type="CAROUSEL", children=",".join(items), **fields)

    def _because_of_parent(self, message: Outgoing, error: Refused) -> ChannelError:
        """What it answers is gone; or it is so new that not all of Threads knows it."""
        if not message.reply_to or known_by_container(message.reply_to):
            return error
        unknown = META.is_gone(self.api.last())
        if self.box.is_gone(message.reply_to):
            return Refused(fill(SAID["answered one gone"], WAYS.place), error.diagnosis)
        return TryLater(fill(SAID["wait"], WAYS.place), error.diagnosis) if unknown else error


def _image(picture: Picture) -> dict[str, str]:
    made = {"media_type": "IMAGE", "image_url": address_of(picture, WAYS.place)}
    return made | ({"alt_text": picture.alt} if picture.alt else {})


def _options(poll: Poll) -> dict[str, str]:
    return {f"option_{letter}": text for letter, text in zip(LETTERS, poll.options, strict=False)}


def _still_open(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment > clock.now() else None
