"""Four kinds of receivers, each a contract fake (see webhook_fake)."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar
from unittest.mock import ANY

from channels.kits.base import LOOPBACK, Standing
from channels.kits.webhook_fake import KEY, PATHS, QUERIES, WebhookFake

from outreach.channels.base import Login, Picture


class WebhookKit:
    network: ClassVar = "webhook"
    preset: ClassVar[str]
    publishes: ClassVar[tuple[str, str]]
    counts_as_we_do: ClassVar = True  # as we refuse what is too long ourselves
    knows_what_is_gone: ClassVar = True

    def __init__(self) -> None:
        self.fake = WebhookFake(self.preset)
        self.port = self.fake.server.port

    def __enter__(self) -> WebhookKit:
        self.fake.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.fake.server.__exit__(None, None, None)

    def fresh(self) -> None:
        self.fake.fresh()

    def login(self, root: str) -> Login:
        secrets = {"path": PATHS[self.preset], "query": QUERIES.get(self.preset, "")}
        secrets |= {"signing_key": KEY} if self.preset == "plain" else {}
        return Login(root, secrets, LOOPBACK, f"{self.preset}:1", public_url="https://outreach.example")

    def standing(self) -> list[Standing]:
        """Slack and Teams tell nobody the id of a message."""
        named = self.preset in ("plain", "discord")
        return [Standing(one.id if named else ANY, one.text, tuple(one.alts)) for one in self.fake.stood]

    def hidden(self) -> list[str]:
        return []

    def served(self, picture: Picture) -> Picture:
        if self.preset == "plain":
            return picture
        return replace(picture, url=f"https://outreach.example/pictures/{len(picture.data)}.jpg")

    def wrong(self) -> list[str]:
        return self.fake.wrong


def _kit(kind: str) -> type[WebhookKit]:
    own = {"preset": kind, "publishes": ("POST", f"{PATHS[kind]}$")}
    return type(f"{kind.title()}Kit", (WebhookKit,), own)


WEBHOOKS = {f"webhook_{kind}": _kit(kind) for kind in PATHS}
