"""Firefox through WebDriver BiDi, which it speaks itself: no driver, no build of its own. https://w3c.github.io/webdriver-bidi

Only what our tests need: to open pages, to find an element as people do, to click and to type as the browser's own
input, and to hear the console.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROGRAM = next((path for name in ("firefox-esr", "firefox") if (path := shutil.which(name))), None)
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Right": "\ue014", "Down": "\ue015"}
QUIET = 'user_pref("datareporting.policy.dataSubmissionEnabled", false);\nuser_pref("app.update.auto", false);\n'


class Firefox:
    """One window. `said` has the errors of its console."""

    def __init__(self, profile: Path) -> None:
        (profile / "user.js").write_text(QUIET)
        with socket.socket() as line:
            line.bind(("127.0.0.1", 0))
            port = line.getsockname()[1]
        command = [str(PROGRAM), "--headless", "--no-remote", "--profile", str(profile)]
        self.process = subprocess.Popen(
            [*command, f"--remote-debugging-port={port}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.said: list[str] = []
        self.last = 0
        self.open = ExitStack()
        self.line = self._connected(f"ws://127.0.0.1:{port}/session")
        self("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        self("session.subscribe", events=["log.entryAdded"])
        self.window = self("browsingContext.getTree")["contexts"][0]["context"]

    def _connected(self, address: str) -> ClientConnection:
        end = time.monotonic() + 60
        while True:
            try:
                return self.open.enter_context(connect(address, open_timeout=30, max_size=None))
            except OSError:
                assert time.monotonic() < end, "Firefox does not answer"
                time.sleep(0.1)

    def __call__(self, method: str, **params: Any) -> Any:
        """One command; what the console says meanwhile is kept."""
        self.last += 1
        self.line.send(json.dumps({"id": self.last, "method": method, "params": params}))
        while True:
            heard = json.loads(self.line.recv(timeout=60))
            if heard.get("method") == "log.entryAdded" and heard["params"]["level"] == "error":
                self.said.append(heard["params"]["text"])
            if heard.get("id") == self.last:
                assert heard["type"] == "success", heard
                return heard["result"]

    def goto(self, url: str) -> None:
        self("browsingContext.navigate", context=self.window, url=url, wait="complete")

    def script(self, expression: str) -> Any:
        """What an expression is in the page."""
        found = self(
            "script.evaluate", expression=expression, target={"context": self.window}, awaitPromise=True,
            resultOwnership="none", serializationOptions={"maxObjectDepth": 1},
        )  # fmt: skip
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return found["result"].get("value")

    def until(self, expression: str, seconds: float = 20) -> Any:
        """Wait until it is true of the page, over whatever pages there come."""
        end = time.monotonic() + seconds
        while True:
            try:
                if value := self.script(expression):
                    return value
            except AssertionError:
                pass  # between two pages
            assert time.monotonic() < end, f"never: {expression}\n{self.script('document.body.innerText')}"
            time.sleep(0.1)

    def shows(self, words: str) -> None:
        self.until(f"document.body.innerText.includes({json.dumps(words)})")

    def click(self, css: str, words: str = "") -> None:
        """The first that is shown and says this."""
        self.until(f"{FIND}({json.dumps(css)}, {json.dumps(words)})")
        x, y = json.loads(self.script(f"{PLACE}({FIND}({json.dumps(css)}, {json.dumps(words)}))"))
        self._act("pointer", [
            {"type": "pointerMove", "x": x, "y": y}, {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ])  # fmt: skip

    def type(self, words: str) -> None:
        """Where the focus is."""
        self._act("key", [{"type": kind, "value": key} for key in words for kind in ("keyDown", "keyUp")])

    def fill(self, css: str, value: str) -> None:
        """What a chooser of days or times gives: no two of them are typed into alike."""
        self.script(f"(document.querySelector({json.dumps(css)}).value = {json.dumps(value)})")

    def press(self, *names: str) -> None:
        self.type("".join(KEYS.get(name, name) for name in names))

    def _act(self, kind: str, actions: list[dict[str, Any]]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        self("input.performActions", context=self.window, actions=[source])

    def end(self) -> None:
        self.open.close()
        self.process.terminate()
        self.process.wait(20)


FIND = """((css, words) => [...document.querySelectorAll(css)].find(
  (e) => e.checkVisibility() && (e.innerText || e.value || e.getAttribute("aria-label") || "").includes(words)))"""
PLACE = """((e) => { e.scrollIntoView({ block: "center", behavior: "instant" }); const box = e.getBoundingClientRect();
  return JSON.stringify([Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]) })"""
