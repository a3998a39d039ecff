"""atproto, held on a short leash: on our guarded session, judged by the answers, with a session that is shared.

    access token (2 h) still good? -> call
    over, or the server says so    -> Login.renewed: refresh (90 days, each once) -> else sign in with the app password

The server counts log-ins (30 in 5 minutes, 100 to 300 a day), so there is one for months and never one per post.
docs.bsky.app/docs/advanced-guides/rate-limits; MarshalX/atproto#158, #514, #580 (a refresh token used twice is dead).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import requests

from outreach import clock
from outreach.channels.api import Judge
from outreach.channels.base import ChannelError, Login, Refused, Secrets, TryLater, Unauthorized
from outreach.channels.bluesky_about import HOME
from outreach.channels.http import GuardedSession
from outreach.channels.phrases import LOOKED, fill
from outreach.channels.trouble import Unreachable
from outreach.channels.verdict import Manner, Means, parsed
from outreach.words import Sentence

CALL_SECONDS = 30.0
MARGIN = 90  # seconds before its end in which an access token is not used any more
Call = Callable[[Any, dict[str, str]], object]  # (atproto's calls, the headers with the token)
ENDED = ("ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired")


def _said(answer: requests.Response) -> str | None:
    """`{"error": "InvalidRequest", "message": "…"}`, as "InvalidRequest: …"."""
    value = parsed(answer)
    if not isinstance(value, Mapping):
        return None if value is None else ""
    return ": ".join(str(value[key]) for key in ("error", "message") if value.get(key))[:300]


def _means(answer: requests.Response, said: str) -> tuple[Means, Sentence | None]:
    error = said.partition(":")[0]
    if answer.status_code == 400 and error in (*ENDED, "AccountTakedown", "AccountDeactivated", "RepoDeactivated"):
        return "loose", None
    if error == "RateLimitExceeded":
        return "wait", None
    if error in ("RecordNotFound", "RepoNotFound"):
        return "gone", None
    return "fine", None


BLUESKY = Manner(_said, _means)


class Client:
    """Calls of one account; its secrets are renewed as they end."""

    def __init__(self, login: Login) -> None:
        self.login, self.secrets = login, dict(login.secrets)
        self.session = GuardedSession(login.reach, CALL_SECONDS)

    @property
    def place(self) -> str:
        host = urlsplit(self.login.server).netloc
        return "Bluesky" if self.login.server == HOME else host

    @property
    def did(self) -> str:
        return self.login.remote_id or self.secrets.get("did", "")

    @cached_property
    def api(self) -> Any:
        """atproto's calls; imported on first use, since it takes 50 MB that pages do not need."""
        from outreach.channels.bluesky_wire import api_on

        return api_on(self.secrets.get("pds") or self.login.server, self.session)

    def call(self, call: Call, judge: Judge) -> Mapping[str, Any]:
        """`call(api, headers)`: its answer as JSON, or raise what `judge` makes of the failure.

        An access token that has ended is a refusal: nothing was done, so it is asked again with a new one.
        """
        self._in_time()
        try:
            return self._once(call, judge)
        except Unauthorized:
            if not self._ended():
                raise
        self._renew(self.secrets.get("access", ""))
        return self._once(call, judge)

    def sign_in(self, identifier: str, password: str) -> Secrets:
        """A new session. Raises Unauthorized (wrong password), Refused, TryLater."""
        data = {"identifier": identifier, "password": password}
        made = self._once(lambda api, _: api.create_session(data), BLUESKY.on_look, signed_in=False)
        return _kept({"identifier": identifier, "password": password}, made, self.login.server)

    def _once(self, call: Call, judge: Judge, signed_in: bool = True) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {self.secrets.get('access', '')}"} if signed_in else {}
        return self._asked(lambda: call(self.api, headers), judge)

    def _asked(self, call: Callable[[], object], judge: Judge) -> Mapping[str, Any]:
        error = self._failure(call)
        unreachable = next((one for one in (error, error and error.__context__) if isinstance(one, Unreachable)), None)
        answer = self.session.last
        if answer is None and error is not None and unreachable is None:
            raise error  # a mistake of ours, before anything was asked
        value = parsed(answer) if answer is not None and answer.status_code < 300 else None
        if not isinstance(value, Mapping):
            raise judge(self.place, answer, unreachable) from error
        return value

    def _failure(self, call: Callable[[], object]) -> Exception | None:
        self.session.last = None
        try:
            call()
        except Exception as caught:
            return caught
        return None

    def _ended(self) -> bool:
        answer = self.session.last
        return answer is not None and (_said(answer) or "").partition(":")[0] in ENDED

    def _in_time(self) -> None:
        if _ends(self.secrets.get("access", "")) < clock.now().timestamp() + MARGIN:
            self._renew(self.secrets.get("access", ""))

    def _renew(self, stale: str) -> None:
        def make(newest: Secrets) -> Secrets:
            if newest.get("access") and newest["access"] != stale and _is_fresh(newest["access"]):
                return newest  # somebody was faster
            return self._refreshed(newest) or self._signed_in(newest)

        self.secrets = dict(self.login.renewed(make))

    def _refreshed(self, secrets: Secrets) -> Secrets | None:
        """None where the refresh token has ended as well."""
        if not secrets.get("refresh"):
            return None
        headers = {"Authorization": f"Bearer {secrets['refresh']}"}
        try:
            made = self._asked(lambda: self.api.refresh_session(headers), BLUESKY.on_look)
        except (Unauthorized, Refused):
            return None
        return _kept(secrets, made, self.login.server)

    def _signed_in(self, secrets: Secrets) -> Secrets:
        try:
            made = self.sign_in(secrets["identifier"], secrets["password"])
        except Unauthorized as error:
            raise Unauthorized(fill(LOOKED["loose"], self.place), error.diagnosis) from error
        return dict(secrets) | dict(made)

    def judged(self, judge: Judge) -> ChannelError:
        return judge(self.place, self.session.last, None)


def wrong_password(place: str, diagnosis: str) -> Refused:
    return Refused(Sentence("%(place)s does not know this handle with this app password.", place=place), diagnosis)


def _kept(secrets: Secrets, made: Mapping[str, Any], server: str) -> Secrets:
    new = {"did": str(made["did"]), "access": str(made["accessJwt"]), "refresh": str(made["refreshJwt"])}
    services = (made.get("didDoc") or {}).get("service") or []
    ends = [str(s.get("serviceEndpoint")) for s in services if isinstance(s, Mapping) and s.get("id") == "#atproto_pds"]
    # bsky.social only knows who is where: posts go to the server that the account lives on
    return {**secrets, **new, **({"pds": ends[0]} if ends and server == HOME else {})}


def _ends(token: str) -> float:
    """Seconds since 1970; 0 for what is no token."""
    try:
        middle = token.split(".")[1]
        return float(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))["exp"])
    except (IndexError, ValueError, KeyError, TypeError):
        return 0.0


def _is_fresh(token: str) -> bool:
    return _ends(token) > clock.now().timestamp() + MARGIN


__all__ = ["BLUESKY", "Client", "TryLater", "wrong_password"]
