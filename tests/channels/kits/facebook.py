"""A page on the stand-in for Facebook."""

from __future__ import annotations

from typing import ClassVar

from channels.kits.base import LOOPBACK, Standing
from channels.kits.facebook_fake import APP_ID, APP_SECRET, PAGE, TOKEN, FacebookFake

from outreach.channels.base import Login, Picture

SETUP = {"app_id": APP_ID, "app_secret": APP_SECRET}


class FacebookKit:
    network: ClassVar = "facebook"
    publishes: ClassVar = ("POST", f"/v26.0/{PAGE}/feed$")
    counts_as_we_do: ClassVar = True
    knows_what_is_gone: ClassVar = True

    def __init__(self) -> None:
        self.fake = FacebookFake()
        self.port = self.fake.server.port

    def __enter__(self) -> FacebookKit:
        self.fake.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.fake.server.__exit__(None, None, None)

    def fresh(self) -> None:
        self.fake.reset()

    def login(self, root: str) -> Login:
        return Login(root, {"token": TOKEN}, LOOPBACK, PAGE, SETUP)

    def standing(self) -> list[Standing]:
        alts = self.fake.photos
        return [Standing(p.id, p.message, tuple(alts[one] for one in p.photos)) for p in self.fake.posts]

    def hidden(self) -> list[str]:
        return [post.message for post in self.fake.hidden]

    def served(self, picture: Picture) -> Picture:
        return picture

    def wrong(self) -> list[str]:
        return self.fake.wrong
