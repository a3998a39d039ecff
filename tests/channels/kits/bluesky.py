"""The real Bluesky server (PDS), from npm."""

from __future__ import annotations

from typing import Any, ClassVar

from bluesky_server import BlueskyAccount, BlueskyServer
from channels.kits.base import LOOPBACK, Standing

from outreach.channels.about import Where
from outreach.channels.base import Login, Picture
from outreach.channels.bluesky import Bluesky


class BlueskyKit:
    network: ClassVar = "bluesky"
    publishes: ClassVar = ("POST", "/xrpc/com.atproto.repo.applyWrites$")
    counts_as_we_do: ClassVar = True
    knows_what_is_gone: ClassVar = True

    def __init__(self) -> None:
        self.server = BlueskyServer()
        self.port = self.server.port
        self.account: BlueskyAccount
        self.secrets: dict[str, str] = {}

    def __enter__(self) -> BlueskyKit:
        self.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.__exit__(None, None, None)

    def fresh(self) -> None:
        self.account = self.server.account()
        typed = {"identifier": self.account.handle, "password": self.account.password, "server": self.server.url}
        (found,) = Bluesky.connect(typed, Where(LOOPBACK))
        self.secrets = dict(found.secrets)

    def login(self, root: str) -> Login:
        return Login(root, self.secrets, LOOPBACK, self.account.did)

    def standing(self) -> list[Standing]:
        return [_standing(record) for record in reversed(self.account.records())]

    def hidden(self) -> list[str]:
        return []

    def served(self, picture: Picture) -> Picture:
        return picture

    def wrong(self) -> list[str]:
        return []


def _standing(record: dict[str, Any]) -> Standing:
    value = record["value"]
    images = (value.get("embed") or {}).get("images") or []
    reply = (value.get("reply") or {}).get("parent") or {}
    return Standing(record["uri"], value["text"], tuple(image["alt"] for image in images), (), reply.get("uri"))
