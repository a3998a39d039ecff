"""A real Bluesky server (PDS) in a process of its own: `with BlueskyServer() as server:`.

It comes from npm (tests/pds/package.json; `make pds`) and needs Node 20 or newer. Where it is not, its tests are left
out and say so; `OUTREACH_NEEDS_PDS=1` (as in .ci/run) makes that a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import requests
from own_process import OwnProcess, free_port

FOLDER = Path(__file__).parent / "pds"
PASSWORD = "the-password-she-signs-in-with"
START_SECONDS = 60


def why_not() -> str:
    """Why it cannot be started here; empty: it can."""
    node = shutil.which("node")
    if node is None:
        return "Node is not installed, so there is no Bluesky server to test with"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    if int(version.lstrip("v").partition(".")[0] or 0) < 20:
        return f"Node {version.strip()} is too old for the Bluesky server, which needs 20"
    if not (FOLDER / "node_modules" / "@atproto" / "pds").exists():
        return "the Bluesky server is not installed: make pds"
    return ""


def is_needed() -> bool:
    return os.environ.get("OUTREACH_NEEDS_PDS") == "1"


class BlueskyServer(OwnProcess):
    def __init__(self) -> None:
        super().__init__()
        self._command = ["node", "start.mjs", self.folder.name, str(self.port), str(free_port())]
        self._accounts = 0

    def begin(self) -> None:
        self.process = subprocess.Popen(
            self._command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdout is not None
        if b"ready" not in self.process.stdout.readline():
            told = self.process.stderr.read().decode() if self.process.stderr else ""
            raise RuntimeError(f"the Bluesky server did not start: {told}")

    def account(self) -> BlueskyAccount:
        """A new account with an app password of its own."""
        self._accounts += 1
        handle = f"library{self._accounts}.test"
        asked = {"handle": handle, "email": f"{handle}@school.example", "password": PASSWORD}
        made = self.post("com.atproto.server.createAccount", asked)
        key = self.post("com.atproto.server.createAppPassword", {"name": "Outreach"}, made["accessJwt"])
        return BlueskyAccount(self, handle, made["did"], key["password"])

    def post(self, method: str, asked: dict[str, object], token: str = "") -> dict[str, object]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.post(f"{self.url}/xrpc/{method}", json=asked, headers=headers, timeout=30)
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}

    def get(self, method: str, **asked: object) -> requests.Response:
        return requests.get(f"{self.url}/xrpc/{method}", params=asked, timeout=30)  # type: ignore[arg-type]


class BlueskyAccount:
    def __init__(self, server: BlueskyServer, handle: str, did: object, password: object) -> None:
        self.server, self.handle, self.did, self.password = server, handle, str(did), str(password)

    def records(self, collection: str = "app.bsky.feed.post") -> list[dict[str, object]]:
        """As they stand on the server, newest first."""
        found: list[dict[str, object]] = []
        asked = {"repo": self.did, "collection": collection, "limit": 100}
        while True:
            answer = self.server.get("com.atproto.repo.listRecords", **asked)
            answer.raise_for_status()
            found += answer.json()["records"]
            if not (cursor := answer.json().get("cursor")):
                return found
            asked["cursor"] = cursor
