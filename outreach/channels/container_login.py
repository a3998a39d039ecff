"""Signing in to Threads and Instagram, and tokens that last.

    Errand: the person signs in there -> code -> token of an hour -> token of 60 days -> who is it? -> Connected
    every night, in its last two weeks: a new one for 60 days

It needs an application of the district's own at Meta. Whoever has a role in it (a tester) may connect without Meta's
review. Sources: developers.facebook.com, threads get-access-tokens-and-permissions (August 2026) and long-lived-tokens;
instagram-platform business-login (March 2026), access_token and refresh_access_token.
"""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from outreach import clock
from outreach.channels.about import Errand, Where
from outreach.channels.api import Api
from outreach.channels.base import Login, Refused, Secrets, Unauthorized
from outreach.channels.meta_errors import META
from outreach.channels.phrases import LOOKED, fill
from outreach.words import Sentence

OLD_ENOUGH = timedelta(hours=24)  # a younger one is not renewed
LAST_DAYS = timedelta(days=14)
LASTS = 60 * 24 * 3_600  # seconds, where the answer does not say
# Meta sends the person back to a page of ours, which must be https. Where nobody outside reaches us, to one that does
# not open: its address has the code in it.
NOWHERE = "https://localhost/"

NOT_ALLOWED = Sentence("%(place)s was not told to let us in. Begin again, and press Allow there.")
NOT_WHOLE = Sentence(
    "That is not the whole address. Copy all of it from the top of the window in which %(place)s ended; it begins "
    "with https://localhost/ and has code= in it."
)


@dataclass(frozen=True)
class Door:
    place: str
    page: str  # where the person signs in
    codes: str  # root of the server that takes the code
    home: str  # and of all the rest
    scopes: tuple[str, ...]
    long: str  # grant types
    again: str


def begin(door: Door, where: Where) -> Errand:
    back, state = where.back or NOWHERE, chance.token_urlsafe(16)
    asked = {
        "client_id": where.setup["app_id"].strip(),
        "redirect_uri": back,
        "response_type": "code",
        "scope": ",".join(door.scopes),
        "state": state,
    }
    return Errand(f"{door.page}?{urlencode(asked)}", door.place, state, {"back": back}, copies=not where.back)


def exchange(door: Door, kept: Mapping[str, str], code: str, where: Where) -> Secrets:
    """The code, or the address it stands in -> secrets for 60 days. Raises Refused, TryLater."""
    form = {
        "client_id": where.setup["app_id"].strip(),
        "client_secret": where.setup["app_secret"].strip(),
        "grant_type": "authorization_code",
        "redirect_uri": kept["back"],
        "code": code_in(code, door.place),
    }
    try:
        codes = Api(door.codes, where.reach, META, door.place)
        told = codes.json("POST", "/oauth/access_token", META.on_look, data=form)
        short = next(iter(told.get("data") or ()), told)  # Instagram's documentation has it in a list
        asked = {"grant_type": door.long, "client_secret": form["client_secret"], "access_token": short["access_token"]}
        keep = _token(door, "/access_token", asked, door.home, where.reach)
    except (Refused, Unauthorized, KeyError) as error:
        raise Refused(fill(LOOKED["bad code"], door.place), str(getattr(error, "diagnosis", error))) from error
    return {"user_id": str(short.get("user_id", "")), **keep}


def renewed(door: Door, login: Login) -> Secrets:
    """In the last two weeks of its secrets, new ones; else those it has. Raises Unauthorized, TryLater, Refused."""

    def make(newest: Secrets) -> Secrets:
        if not is_due(newest):
            return newest  # somebody was faster
        asked = {"grant_type": door.again, "access_token": newest["token"]}
        return {**newest, **_token(door, "/refresh_access_token", asked, login.server, login.reach)}

    return login.renewed(make) if is_due(login.secrets) else login.secrets


def is_due(secrets: Secrets) -> bool:
    now, ends = clock.now(), ends_at(secrets)
    if ends is None or ends - now > LAST_DAYS:
        return False
    since = _read(secrets.get("since", ""))
    return since is None or now - since >= OLD_ENOUGH


def ends_at(secrets: Secrets) -> datetime | None:
    return _read(secrets.get("ends_at", ""))


def code_in(text: str, place: str) -> str:
    """What was copied: the code alone, or the address in which it stands; with the #_ that Meta puts behind it.

    >>> code_in("https://localhost/?code=AQBx-hBsH3&state=1#_", "Threads")
    'AQBx-hBsH3'
    """
    typed = "".join(text.split())
    if "://" not in typed and "=" not in typed:
        return typed.removesuffix("#_")
    asked = parse_qs(urlsplit(typed).query or typed.rpartition("?")[2])
    if asked.get("error"):
        raise Refused(fill(NOT_ALLOWED, place), " ".join(asked["error"]))
    if not asked.get("code"):
        raise Refused(fill(NOT_WHOLE, place))
    return asked["code"][0].removesuffix("#_")


def _token(door: Door, path: str, asked: Mapping[str, Any], root: str, reach: Any) -> dict[str, str]:
    api = Api(root, reach, META, door.place)
    told = api.json("GET", path, META.on_look, params=dict(asked))
    if not told.get("access_token"):
        raise META.on_look(door.place, api.last(), None)
    now = clock.now()
    ends = now + timedelta(seconds=int(told.get("expires_in") or LASTS))
    return {"token": str(told["access_token"]), "since": now.isoformat(), "ends_at": ends.isoformat()}


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
