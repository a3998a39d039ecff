"""Connect LinkedIn pages, and keep their token alive.

    consent -> code -> token (60 days; for approved partners with one to renew it, a year) -> organizationAcls -> pages

learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow, .../programmatic-refresh-tokens,
/linkedin/marketing/community-management/organizations/organization-access-control-by-role, .../organization-lookup-api
"""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from outreach import clock
from outreach.channels.about import Connected, Errand, Where
from outreach.channels.api import Api
from outreach.channels.base import ChannelError, Identity, Limits, Login, Refused, Secrets, Unauthorized
from outreach.channels.linkedin_about import NOWHERE
from outreach.channels.linkedin_wire import FINDER, HOME, PLACE, SIGN_IN, api_at, in_path, on_look
from outreach.channels.pasted import code_in
from outreach.channels.phrases import LOOKED, fill
from outreach.words import Sentence

SCOPES = ("w_organization_social", "r_organization_social", "rw_organization_admin")
SOON = timedelta(days=14)

# Characters: 3,000, in a field that Rest.li checks by the length of a Java string, so in UTF-16 [its source; the
# documentation names no unit, nor whether escapes count]. Pictures: 36,152,320 pixels, 2 to 20 of them, descriptions of
# 4,086 characters [documented]; in bytes nothing is documented, 5 MB are taken by all. Polls: 2 to 4 choices of 30.
LIMITS = Limits(
    characters=3_000,
    counting="utf16",
    images=20,
    image_bytes=5_000_000,
    image_pixels=36_152_320,
    image_types=("image/jpeg", "image/png", "image/gif"),
    image_fitted=True,
    shape="wide",
    alt_characters=4_086,
    poll_options=4,
    poll_option_characters=30,
    poll_minutes=(24 * 60, 14 * 24 * 60),
)

NOT_SET_UP = Sentence("LinkedIn is not set up yet. Ask whoever looks after Outreach in your district.")
NO_PAGE = Sentence(
    "LinkedIn told us of no page that you are an administrator of. Ask whoever manages the library's page to make you "
    "one, then begin again."
)
WRONG_APP = Sentence(
    "LinkedIn does not know the app: its ID or its secret is wrong. Ask whoever set it up for the district to copy "
    "both again."
)


def begin(where: Where) -> Errand:
    """Raises Refused where nobody set it up."""
    if not where.setup.get("client_id") or not where.setup.get("client_secret"):
        raise Refused(NOT_SET_UP)
    back, state = where.back or NOWHERE, chance.token_urlsafe(16)
    asked = {
        "response_type": "code",
        "client_id": where.setup["client_id"].strip(),
        "redirect_uri": back,
        "state": state,
        "scope": " ".join(SCOPES),
    }
    address = f"{SIGN_IN}/oauth/v2/authorization?{urlencode(asked)}"
    return Errand(address, PLACE, state, {"back": back, "server": HOME}, copies=not where.back)


def go_on(kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
    """Raises Refused, TryLater, Unauthorized."""
    root = kept["server"]
    brought = {"grant_type": "authorization_code", "code": code_in(code, PLACE), "redirect_uri": kept["back"]}
    keep = _tokens(Login(root, {}, where.reach, setup=where.setup), brought)
    api = api_at(Login(root, keep, where.reach, setup=where.setup))
    pages = _pages(api)
    if not pages:
        raise Refused(NO_PAGE)
    return [Connected(identity(api, page, keep), keep, root) for page in pages]


def identity(api: Api, urn: str, keep: Secrets) -> Identity:
    """Of the page with this urn. Raises Refused, TryLater, Unauthorized."""
    number = urn.rpartition(":")[2]
    told = api.json("GET", f"/rest/organizations/{number}", on_look)
    name = str(told.get("localizedName") or "")
    if not name:
        raise on_look(PLACE, api.last(), None)
    vanity = str(told.get("vanityName") or number)
    return Identity(
        remote_id=urn,
        handle=vanity,
        name=name,
        url=f"https://www.linkedin.com/company/{vanity}",
        limits=LIMITS,
        picture=_logo(api, told),
        ends_at=ends_at(keep),
    )


def ends_at(keep: Secrets) -> datetime | None:
    """When a person has to connect it again: with a token that renews, only when that one ends."""
    told = keep.get("renew_ends") if keep.get("renew") else keep.get("ends")
    return datetime.fromisoformat(told) if told else None


def renewed(login: Login) -> Secrets:
    """The secrets as they shall be from now on. Raises Unauthorized where only a person can help, TryLater."""
    if not _ends_soon(login.secrets):
        return login.secrets
    if login.secrets.get("renew"):
        return login.renewed(lambda newest: _again(login, newest) if _ends_soon(newest) else newest)
    return _still_good(login.secrets)


def _again(login: Login, newest: Secrets) -> Secrets:
    try:
        return {**newest, **_tokens(login, {"grant_type": "refresh_token", "refresh_token": newest["renew"]})}
    except (Refused, Unauthorized):
        return _still_good(newest)


def _still_good(keep: Secrets) -> Secrets:
    if keep.get("ends") and datetime.fromisoformat(keep["ends"]) <= clock.now():
        raise Unauthorized(fill(LOOKED["loose"], PLACE), "the token has ended")
    return keep


def _ends_soon(keep: Secrets) -> bool:
    return bool(keep.get("ends")) and datetime.fromisoformat(keep["ends"]) < clock.now() + SOON


def _tokens(login: Login, asked: Mapping[str, str]) -> Secrets:
    app = {key: login.setup.get(key, "").strip() for key in ("client_id", "client_secret")}
    api = api_at(Login(SIGN_IN if login.server == HOME else login.server, {}, login.reach, setup=login.setup))
    del api.session.headers["Authorization"]
    try:
        made = api.json("POST", "/oauth/v2/accessToken", on_look, data={**asked, **app})
    except (Refused, Unauthorized) as error:
        answer = api.last()
        wrong = answer is not None and "invalid_client" in answer.text
        raise Refused(WRONG_APP if wrong else fill(LOOKED["bad code"], PLACE), error.diagnosis) from error
    if not made.get("access_token"):
        raise on_look(PLACE, api.last(), None)
    keep = {"token": str(made["access_token"]), "ends": _in(made.get("expires_in"), 60 * 86_400)}
    if made.get("refresh_token"):
        keep |= {"renew": str(made["refresh_token"])}
        keep |= {"renew_ends": _in(made.get("refresh_token_expires_in"), 365 * 86_400)}
    return keep


def _in(seconds: Any, otherwise: int) -> str:
    given = seconds if isinstance(seconds, int) and seconds > 0 else otherwise
    return (clock.now() + timedelta(seconds=given)).isoformat()


def _pages(api: Api) -> list[str]:
    asked = {"q": "roleAssignee", "role": "ADMINISTRATOR", "state": "APPROVED", "count": "100"}
    told = api.json("GET", "/rest/organizationAcls", on_look, params=asked, headers=FINDER)
    if not isinstance(told.get("elements"), list):
        raise on_look(PLACE, api.last(), None)
    urns = [str(one.get("organization") or "") for one in told["elements"] if isinstance(one, Mapping)]
    return list(dict.fromkeys(urn for urn in urns if urn.startswith("urn:li:organization")))


def _logo(api: Api, told: Mapping[str, Any]) -> str:
    """Its address; a page without one, or a right that is missing, costs the picture only."""
    urn = str((told.get("logoV2") or {}).get("original") or "").replace("digitalmediaAsset", "image")
    if not urn:
        return ""
    with suppress(ChannelError):
        return str(api.json("GET", f"/rest/images/{in_path(urn)}", on_look).get("downloadUrl") or "")
    return ""
