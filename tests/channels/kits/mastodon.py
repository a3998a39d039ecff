"""mastodon-mock (PyPI): stateful, keeps idempotency keys."""

from __future__ import annotations

from typing import ClassVar

import requests
from channels.kits.base import LOOPBACK, Standing
from mastodon_server import TOKEN, MastodonServer

from outreach.channels.base import Login, Picture


class MastodonKit:
    network: ClassVar = "mastodon"
    publishes: ClassVar = ("POST", "/api/v1/statuses$")
    counts_as_we_do: ClassVar = False  # it counts code points, and a link as long as it is
    knows_what_is_gone: ClassVar = False  # it takes an answer to what was deleted

    def __init__(self) -> None:
        self.server = MastodonServer()
        self.port = self.server.port
        self.seen: set[str] = set()
        self.me = ""

    def __enter__(self) -> MastodonKit:
        self.server.__enter__()
        self.me = self._get("/api/v1/accounts/verify_credentials").json()["id"]
        return self

    def __exit__(self, *_: object) -> None:
        self.server.__exit__(None, None, None)

    def fresh(self) -> None:
        self.seen = {status["id"] for status in self._own()}

    def login(self, root: str) -> Login:
        return Login(root, {"token": TOKEN}, LOOPBACK, self.me)

    def standing(self) -> list[Standing]:
        return [self._standing(s) for s in reversed(self._own()) if s["id"] not in self.seen]

    def hidden(self) -> list[str]:
        return []

    def served(self, picture: Picture) -> Picture:
        return picture

    def wrong(self) -> list[str]:
        return []

    def _standing(self, status: dict) -> Standing:
        poll = status.get("poll") or {}
        return Standing(
            status["id"],
            self._get(f"/api/v1/statuses/{status['id']}/source").json()["text"],
            tuple(media["description"] or "" for media in status["media_attachments"]),
            tuple(option["title"] for option in poll.get("options", ())),
            status["in_reply_to_id"],
        )

    def _own(self) -> list[dict]:
        found: list[dict] = []
        before = ""
        while page := self._get(f"/api/v1/accounts/{self.me}/statuses?limit=40{before}").json():
            found += page
            before = f"&max_id={page[-1]['id']}"
        return found

    def _get(self, path: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return requests.get(f"{self.server.url}{path}", headers=headers, timeout=10)
