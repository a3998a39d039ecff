"""Connect an account: which server is meant, and the three steps of OAuth.

    normal_server -> register_app -> authorize_url (the person signs in there) -> exchange_code -> token

docs.joinmastodon.org/methods/oauth; scopes: docs.joinmastodon.org/api/oauth-scopes. No right is asked for
that we do not use, unless the server has only the broad ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from outreach.channels.base import Refused, TryLater
from outreach.channels.guard import Reach
from outreach.channels.http import GuardedSession, session
from outreach.channels.mastodon_outcome import MASTODON
from outreach.channels.phrases import LOOKED, fill
from outreach.channels.trouble import Unreachable
from outreach.channels.verdict import parsed

DEADLINE_SECONDS = 20.0
CODE_ON_SCREEN = "urn:ietf:wg:oauth:2.0:oob"  # the server shows the code for the person to copy
NAME = "Outreach"

WANTED = ("profile", "read:statuses", "read:notifications", "write:statuses", "write:media")  # `profile`: 4.3
OLDER = ("read:accounts", *WANTED[1:])
BROAD = ("read", "write")
WIDER = {"profile": "read:accounts", "read:accounts": "read"}

HOST = re.compile(r"(?:[^\s/@:?#\[\]\\%]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")


@dataclass(frozen=True)
class AppSecrets:
    """What a server knows our application by; to be sealed like a token."""

    server: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...]


def normal_server(text: str) -> str:
    """`mastodon.social`, `https://mastodon.social/@library`, `@library@mastodon.social` -> `https://mastodon.social`.

    `http://` only where it was typed. Raises Refused with a sentence that says what to type.
    """
    typed = " ".join(text.split())
    scheme, found, rest = typed.partition("://")
    if not found:
        scheme, rest = "https", typed
    # Before the path there may be @user@server; the @user of a profile stands in the path.
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2].rstrip(".").lower()
    named = found or "." in host or host.partition(":")[0] == "localhost" or host.startswith("[")
    if scheme.lower() not in ("http", "https") or not named or not HOST.fullmatch(host):
        raise Refused(fill(LOOKED["no address"], typed[:100]))
    return f"{scheme.lower()}://{host}"


def register_app(server: str, reach: Reach, redirect_uri: str = CODE_ON_SCREEN) -> AppSecrets:
    """Make ourselves known to a server; nobody there has to approve. Raises Refused, TryLater."""
    server = normal_server(server)
    with session(reach, DEADLINE_SECONDS) as client:
        client.headers["Accept"] = "application/json"
        scopes = _scopes(client, server)
        answer = _register(client, server, redirect_uri, scopes)
        if answer.status_code in (400, 422) and scopes != BROAD:
            scopes = BROAD
            answer = _register(client, server, redirect_uri, scopes)
        made = _json(answer, server)
        app = AppSecrets(server, str(made["client_id"]), str(made["client_secret"]), redirect_uri, scopes)
        _keep_alive(client, app)
    return app


def authorize_url(app: AppSecrets, state: str = "") -> str:
    """Where the person signs in and allows it. `state` comes back with the code: check that it is the same."""
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "scope": " ".join(app.scopes),
        # Whoever is signed in there as herself must be able to choose the library's account.
        "force_login": "true",
    }
    return f"{app.server}/oauth/authorize?{urlencode(asked | ({'state': state} if state else {}))}"


def exchange_code(app: AppSecrets, reach: Reach, code: str) -> str:
    """The code the person brought back -> the token, which lasts until it is revoked. Raises Refused, TryLater."""
    with session(reach, DEADLINE_SECONDS) as client:
        client.headers["Accept"] = "application/json"
        answer = _post(client, app.server, "/oauth/token", _grant(app, "authorization_code") | {"code": code.strip()})
    if answer.status_code in (400, 401, 403, 422):
        raise Refused(fill(LOOKED["bad code"], _host(app.server)), MASTODON.diagnosis(answer))
    return str(_json(answer, app.server, "access_token")["access_token"])


def _grant(app: AppSecrets, kind: str) -> dict[str, str]:
    return {
        "grant_type": kind,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uri": app.redirect_uri,
        "scope": " ".join(app.scopes),
    }


def _keep_alive(client: GuardedSession, app: AppSecrets) -> None:
    """Mastodon before 4.3 sweeps away applications that never had a token; failing here does no harm."""
    try:
        client.post(f"{app.server}/oauth/token", data=_grant(app, "client_credentials"))
    except Unreachable:
        return


def _scopes(client: GuardedSession, server: str) -> tuple[str, ...]:
    """The least rights that the server can give us."""
    told = _peek(client, f"{server}/.well-known/oauth-authorization-server").get("scopes_supported")
    if isinstance(told, list) and told:
        return tuple(dict.fromkeys(_narrowest(scope, told) for scope in WANTED))
    version = str(_peek(client, f"{server}/api/v1/instance").get("version"))
    return BROAD if "pixelfed" in version.lower() else OLDER  # Pixelfed knows only the broad ones


def _narrowest(scope: str, told: list[str]) -> str:
    while scope not in told and (scope in WIDER or ":" in scope):
        scope = WIDER.get(scope) or scope.partition(":")[0]
    return scope


def _peek(client: GuardedSession, url: str) -> dict[str, Any]:
    try:
        value = parsed(client.get(url))
    except Unreachable as trouble:
        raise MASTODON.on_look(_host(url), None, trouble) from trouble
    return value if isinstance(value, dict) else {}


def _register(client: GuardedSession, server: str, redirect_uri: str, scopes: tuple[str, ...]) -> requests.Response:
    asked = {"client_name": NAME, "redirect_uris": redirect_uri, "scopes": " ".join(scopes)}
    return _post(client, server, "/api/v1/apps", asked)


def _post(client: GuardedSession, server: str, path: str, data: dict[str, str]) -> requests.Response:
    try:
        return client.post(f"{server}{path}", data=data)
    except Unreachable as trouble:
        raise MASTODON.on_look(_host(server), None, trouble) from trouble


def _json(answer: requests.Response, server: str, key: str = "client_secret") -> dict[str, Any]:
    value = parsed(answer)
    if answer.status_code < 300 and isinstance(value, dict) and value.get(key):
        return value
    error = MASTODON.on_look(_host(server), answer, None)
    if isinstance(error, Refused | TryLater):
        raise error
    raise Refused(fill(LOOKED["no applications"], _host(server)), MASTODON.diagnosis(answer))


def _host(url: str) -> str:
    return urlsplit(url).netloc
