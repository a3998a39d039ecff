"""X has no server to be had: a contract fake (see x_fake)."""

from __future__ import annotations

from typing import ClassVar

from channels.kits.base import LOOPBACK, Standing
from channels.kits.x_fake import KEYS, ME, Post, XFake

from outreach.channels.base import Login, Picture


class XKit:
    network: ClassVar = "x"
    publishes: ClassVar = ("POST", "/2/tweets$")
    counts_as_we_do: ClassVar = True
    knows_what_is_gone: ClassVar = True

    def __init__(self) -> None:
        self.fake = XFake()
        self.port = self.fake.server.port

    def __enter__(self) -> XKit:
        self.fake.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.fake.server.__exit__(None, None, None)

    def fresh(self) -> None:
        self.fake.fresh()

    def login(self, root: str) -> Login:
        return Login(root, KEYS, LOOPBACK, ME["id"])

    def standing(self) -> list[Standing]:
        return [self._standing(post) for post in self.fake.posts]

    def hidden(self) -> list[str]:
        return []

    def served(self, picture: Picture) -> Picture:
        return picture

    def wrong(self) -> list[str]:
        return self.fake.wrong

    def _standing(self, post: Post) -> Standing:
        alts = tuple(self.fake.media[media_id].alt for media_id in post.media)
        options = tuple((post.body.get("poll") or {}).get("options", ()))
        return Standing(post.id, post.text, alts, options, (post.body.get("reply") or {}).get("in_reply_to_tweet_id"))
