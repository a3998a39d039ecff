"""What Meta's fake is made of: containers, messages, refusals, and a place it fetches pictures from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from local_server import LocalServer, Reply, Request

from outreach.channels.base import Picture


@dataclass
class Container:
    id: str
    fields: dict[str, str]
    status: str = "FINISHED"
    why: str = ""
    looks: int = 0  # for how many more it says IN_PROGRESS
    children: tuple[Container, ...] = ()


@dataclass
class Post:
    id: str
    container: Container
    made_at: datetime
    comments: bool = True


@dataclass(eq=False)
class Wrong(Exception):
    """What the fake answers instead."""

    code: int
    subcode: int = 0
    words: str = ""
    status: int = 400
    headers: dict[str, str] = field(default_factory=dict)


class PictureServer:
    """Where a network fetches our pictures: a public address of Outreach, in small."""

    def __init__(self) -> None:
        self.kept: dict[str, Picture] = {}
        self.server = LocalServer(self._answer)

    def serve(self, picture: Picture, name: str) -> str:
        self.kept[f"/{name}"] = picture
        return f"{self.server.url}/{name}"

    def _answer(self, request: Request) -> Reply:
        found = self.kept.get(request.path)
        return Reply(404) if found is None else Reply(200, found.data, {"Content-Type": found.mime})


def usage(minutes: int) -> dict[str, str]:
    """The header of a call that was one too many."""
    told = {"call_count": 100, "total_time": 20, "estimated_time_to_regain_access": minutes}
    return {"X-Business-Use-Case-Usage": json.dumps({"17841400000000000": [told]})}
