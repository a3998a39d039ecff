"""Mastodon.py, held on a short leash: guarded, with one deadline, and judged by the answer and not by its exceptions.

Its exceptions do not tell a message that was refused from one whose receipt was lost: HTML with status 200, an
unreadable rate header after a success and a 403 are all a MastodonAPIError or the like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NoReturn
from urllib.parse import urlsplit

from outreach.channels.base import ChannelError, Sent
from outreach.channels.guard import Reach
from outreach.channels.http import USER_AGENT, GuardedSession
from outreach.channels.trouble import Unreachable
from outreach.channels.verdict import parsed

CALL_SECONDS = 30.0

Judge = Callable[..., ChannelError]  # (place, the answer or None, the Unreachable or None) -> what to raise


class _Answered(Exception):
    """Ends a call of Mastodon.py when its answer is here: half of its time it casts answers into classes of its own."""


class _Session(GuardedSession):
    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> NoReturn:  # type: ignore[override]
        super().request(method, url, *args, **kwargs)
        raise _Answered


class Client:
    def __init__(self, server: str, token: str, reach: Reach) -> None:
        self.server, self.place = server, urlsplit(server).netloc
        self._token = token.strip()
        self.session = _Session(reach, CALL_SECONDS)
        # Pixelfed answers in HTML without it; the language keeps "not finished processing" recognisable.
        self.session.headers.update({"Accept": "application/json", "Accept-Language": "en"})

    @cached_property
    def api(self) -> Any:
        """Imported on first use: the library takes memory that the pages do not need."""
        from mastodon import Mastodon as Api

        api = Api(
            api_base_url=self.server,
            session=self.session,
            user_agent=USER_AGENT,
            version_check_mode="none",
            mastodon_version="4.3.0",  # spares it two questions before the first upload
            ratelimit_method="throw",  # "wait" would sleep in the worker
        )
        # Not as an argument: there, a token that is the name of a file is read from that file.
        api.access_token = self._token
        self.assume(api, 4, 3)
        return api

    @staticmethod
    def assume(api: Any, major: int, minor: int) -> None:
        """The server's version as far as Mastodon.py minds: below 3.1.4 it uploads by `/api/v1/media`."""
        api.mastodon_major, api.mastodon_minor, api.mastodon_patch = major, minor, 0

    def status_code(self) -> int | None:
        """Of the latest answer; None if there was none."""
        return self.session.last.status_code if self.session.last is not None else None

    def ask(self, call: Callable[[], object], judge: Judge) -> Any:
        """Run one call of Mastodon.py: its answer as JSON, or raise what `judge` makes of the failure."""
        self.session.last = None
        error: Exception | None = None
        try:
            call()
        except Exception as caught:
            error = caught
        trouble = error.__context__ if error is not None else None
        if self.session.last is None and error is not None and not isinstance(trouble, Unreachable):
            raise error  # a mistake of ours, before anything was asked
        value = self._value()
        if value is None:
            raise self.judged(judge, trouble if isinstance(trouble, Unreachable) else None) from error
        return value

    def judged(self, judge: Judge, trouble: Unreachable | None = None) -> ChannelError:
        return judge(self.place, self.session.last, trouble)

    def _value(self) -> Any:
        answer = self.session.last
        return parsed(answer) if answer is not None and answer.status_code < 300 else None


def sent_of(status: Any) -> Sent | None:
    """None for an answer without an id: GoToSocial's to a repeat is `{"status": "request already handled"}`."""
    if not isinstance(status, Mapping) or not status.get("id"):
        return None
    return Sent(str(status["id"]), status.get("url") or status.get("uri"))
