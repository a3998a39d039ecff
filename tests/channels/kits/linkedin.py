"""A page on the stand-in for LinkedIn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from channels.kits.base import LOOPBACK, OfFake, Standing
from channels.kits.linkedin_fake import CLIENT, PAGE, SECRET, TOKEN, LinkedInFake

from outreach import clock
from outreach.channels.base import Login

SETUP = {"client_id": CLIENT, "client_secret": SECRET}


class LinkedInKit(OfFake):
    network: ClassVar = "linkedin"
    publishes: ClassVar = ("POST", "/rest/posts$")

    def __init__(self) -> None:
        super().__init__(LinkedInFake())

    def login(self, root: str) -> Login:
        keep = {"token": TOKEN, "ends": (clock.now() + timedelta(days=60)).isoformat()}
        return Login(root, keep, LOOPBACK, PAGE, SETUP)

    def standing(self) -> list[Standing]:
        return [_standing(post) for post in self.fake.posts]


def _standing(post: dict[str, Any]) -> Standing:
    content = post.get("content", {})
    pictures = [content["media"]] if "media" in content else content.get("multiImage", {}).get("images", [])
    choices = content.get("poll", {}).get("options", [])
    alts = tuple(one.get("altText", "") for one in pictures)
    return Standing(post["id"], post["seen"], alts, tuple(one["text"] for one in choices))
