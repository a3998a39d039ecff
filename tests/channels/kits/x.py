"""X has no server to be had: a contract fake (see x_fake)."""

from __future__ import annotations

from typing import ClassVar

from channels.kits.base import LOOPBACK, OfFake, Standing
from channels.kits.x_fake import KEYS, ME, Post, XFake

from outreach.channels.base import Login


class XKit(OfFake):
    network: ClassVar = "x"
    publishes: ClassVar = ("POST", "/2/tweets$")

    def __init__(self) -> None:
        super().__init__(XFake())

    def login(self, root: str) -> Login:
        return Login(root, KEYS, LOOPBACK, ME["id"])

    def standing(self) -> list[Standing]:
        return [self._standing(post) for post in self.fake.posts]

    def _standing(self, post: Post) -> Standing:
        alts = tuple(self.fake.media[media_id].alt for media_id in post.media)
        options = tuple((post.body.get("poll") or {}).get("options", ()))
        return Standing(post.id, post.text, alts, options, (post.body.get("reply") or {}).get("in_reply_to_tweet_id"))
