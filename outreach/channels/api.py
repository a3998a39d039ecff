"""JSON over guarded HTTP to one network; every failure is judged (see verdict)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from outreach.channels.base import ChannelError
from outreach.channels.guard import Reach
from outreach.channels.http import GuardedSession
from outreach.channels.trouble import Unreachable
from outreach.channels.verdict import Answered, Manner, Trouble, parsed

CALL_SECONDS = 30.0

Judge = Callable[[str, Answered, Trouble], ChannelError]  # (place, the answer or None, the Unreachable or None)


class Api:
    """`place` is what people call the network in sentences."""

    def __init__(self, root: str, reach: Reach, manner: Manner, place: str = "", seconds: float = 0) -> None:
        self.root, self.manner, self.place = root.rstrip("/"), manner, place or urlsplit(root).netloc
        self.session = GuardedSession(reach, seconds or CALL_SECONDS)
        self.session.headers.update({"Accept": "application/json"})

    def ask(self, method: str, path: str, judge: Judge, **more: Any) -> requests.Response:
        """An answer with a status below 300, or raises what `judge` makes of it. `path` may be a whole address."""
        url = path if "://" in path else f"{self.root}{path}"
        try:
            answer = self.session.request(method, url, **more)
        except Unreachable as trouble:
            raise judge(self.place, None, trouble) from trouble
        if answer.status_code >= 300:
            raise judge(self.place, answer, None)
        return answer

    def json(self, method: str, path: str, judge: Judge, **more: Any) -> Mapping[str, Any]:
        """The same, where the answer has to be a JSON object that says no error."""
        answer = self.ask(method, path, judge, **more)
        value = parsed(answer)
        if not isinstance(value, Mapping):
            raise judge(self.place, answer, None)
        return value

    def last(self) -> Answered:
        return self.session.last
