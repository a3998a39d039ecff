"""A page on the stand-in for Facebook."""

from __future__ import annotations

from typing import ClassVar

from channels.kits.base import LOOPBACK, OfFake, Standing
from channels.kits.facebook_fake import APP_ID, APP_SECRET, PAGE, TOKEN, FacebookFake

from outreach.channels.base import Login

SETUP = {"app_id": APP_ID, "app_secret": APP_SECRET}


class FacebookKit(OfFake):
    network: ClassVar = "facebook"
    publishes: ClassVar = ("POST", f"/v26.0/{PAGE}/feed$")

    def __init__(self) -> None:
        super().__init__(FacebookFake())

    def login(self, root: str) -> Login:
        return Login(root, {"token": TOKEN}, LOOPBACK, PAGE, SETUP)

    def standing(self) -> list[Standing]:
        alts = self.fake.photos
        return [Standing(p.id, p.message, tuple(alts[one] for one in p.photos)) for p in self.fake.posts]

    def hidden(self) -> list[str]:
        return [post.message for post in self.fake.hidden]
