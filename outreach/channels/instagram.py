"""Instagram, by its API with Instagram login (graph.instagram.com): professional accounts, posts with pictures.

instagram_about    what connecting and setting up ask for; the rest is shared with `threads`

Sources: developers.facebook.com/documentation/instagram-platform: content-publishing, ig-user/media, ig-container,
ig-media, comment-moderation, error-codes (2026). Deleting by API is only for accounts with Facebook login.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from outreach.channels.about import ByHandInstead, Connected, Errand, Where
from outreach.channels.base import (
    ChannelError,
    Handed,
    Identity,
    Limits,
    Outgoing,
    Picture,
    Prepared,
    Refused,
    Sent,
    Tally,
    Unclear,
)
from outreach.channels.container import Ways
from outreach.channels.container_login import begin
from outreach.channels.container_post import TwoSteps, address_of, known_by_container
from outreach.channels.counting import found_in
from outreach.channels.instagram_about import ABOUT, DOOR, NO_ADDRESS, NOT_SET_UP
from outreach.channels.meta_errors import META
from outreach.words import Sentence

WAYS = Ways("Instagram", "media", "media_publish", "content_publishing_limit", "status_code", "status", "caption")
LIMITS = Limits(
    characters=2_200,
    counting="utf16",  # not documented what a character is; so it is never more than we count
    tags=30,
    names=20,
    images=10,
    image_bytes=8_000_000,
    image_fitted=True,  # our public address gives a JPEG that fits
    image_types=("image/jpeg",),
    image_required=True,
    shape="tall",
    alt_characters=1_000,
)

NO_PICTURE = Sentence("It has not gone out: Instagram takes no post without a picture. Add one and send it again.")
MANY_TAGS = Sentence(
    "It has not gone out: Instagram takes no more than %(tags)s hashtags and %(names)s names with @. Take some out and "
    "send it again."
)
COMMENTS_OPEN = Sentence(
    "It is out on Instagram, but we could not switch its comments off. We try again by ourselves; or switch them off "
    "in the app."
)


class Instagram(TwoSteps):
    about, ways, version, door = ABOUT, WAYS, "", DOOR

    @classmethod
    def connect(cls, typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand:
        """Raises ByHandInstead where it is not set up, or cannot fetch our pictures."""
        if not where.public_url:
            raise ByHandInstead(NO_ADDRESS, "instagram", WAYS.place)
        if not where.setup.get("app_id") or not where.setup.get("app_secret"):
            raise ByHandInstead(NOT_SET_UP, "instagram", WAYS.place)
        return begin(cls.door, where)

    def check(self) -> Identity:
        told = self.box.get("me", fields="user_id,username,name,profile_picture_url")
        me = next(iter(told.get("data") or ()), told)  # the documentation has it in a list
        return self.known(me, "user_id", "https://www.instagram.com/", "profile_picture_url", LIMITS)

    def prepare(self, message: Outgoing) -> Prepared:
        """A container that waits to be published. Raises Refused, TryLater, Unauthorized."""
        if not message.pictures:
            raise Refused(NO_PICTURE)
        if found_in(message.text, LIMITS):
            raise Refused(MANY_TAGS.filled(tags=LIMITS.tags, names=LIMITS.names))
        self.box.begin()
        try:
            self.box.refuse_when_full()
            return {"container": self._made(message)}
        finally:
            self.box.end()

    def newest(self, message: Outgoing) -> tuple[str, str]:
        return "media", "caption"

    def out(self, sent: Sent, message: Outgoing) -> Sent:
        """Comments are switched off once it is there: a container knows no such thing."""
        if message.answers != "nobody":
            return sent
        if known_by_container(sent.remote_id):
            raise Unclear(COMMENTS_OPEN, "published, not listed")
        with suppress(ChannelError):
            if self.box.post(sent.remote_id, META.before_send, comment_enabled="false").get("success"):
                return sent
        raise Unclear(COMMENTS_OPEN, found={"media": sent.remote_id})

    def take_down(self, remote_id: str) -> Handed | None:
        return Handed()

    def tally(self, remote_id: str) -> Tally | None:
        return None

    def _made(self, message: Outgoing) -> str:
        fields = {"caption": message.text} if message.text else {}
        if len(message.pictures) == 1:
            return self.box.make(**_image(message.pictures[0]), **fields)
        items = [self.box.make(**_image(picture), is_carousel_item="true") for picture in message.pictures]
        return self.box.make(media_type="CAROUSEL", children=",".join(items), **fields)


def _image(picture: Picture) -> dict[str, str]:
    return {"image_url": f"{address_of(picture, WAYS.place)}?frame=feed"} | (
        {"alt_text": picture.alt} if picture.alt else {}
    )
