"""Calls to X, each signed with OAuth 1.0a (RFC 5849), which covers the address and no JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.channels.api import Api, Judge
from outreach.channels.base import Login
from outreach.channels.x_about import HOME, KEYS
from outreach.channels.x_outcome import X


class Client(Api):
    def __init__(self, login: Login) -> None:
        super().__init__(login.server, login.reach, X, "X" if login.server == HOME else "")
        self.keys = [login.secrets[name] for name in KEYS]

    def data(self, method: str, path: str, judge: Judge, **more: Any) -> Mapping[str, Any]:
        """What stands under `data` in the answer, or raises what `judge` makes of it."""
        found = self.json(method, path, judge, **more).get("data")
        if not isinstance(found, Mapping):
            raise judge(self.place, self.last(), None)
        return found

    def json(self, method: str, path: str, judge: Judge, **more: Any) -> Mapping[str, Any]:
        from requests_oauthlib import OAuth1  # on first use: pages do not need it

        key, secret, token, token_secret = self.keys
        signed = OAuth1(key, client_secret=secret, resource_owner_key=token, resource_owner_secret=token_secret)
        return super().json(method, path, judge, auth=signed, **more)
