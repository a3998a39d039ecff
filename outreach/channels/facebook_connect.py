"""Connect Facebook pages.

    login dialog -> code -> user token (an hour) -> user token (60 days) -> /me/accounts -> a token for each page

Only the tokens of the pages are kept: one that comes from a long-lived user token has no end of its own.
developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow, /guides/access-tokens/get-long-lived.
That the two exchanges may be a POST, so that no secret stands in an address, is no more than common practice.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from outreach.channels.about import Connected, Errand, Where
from outreach.channels.api import Api
from outreach.channels.base import ChannelError, Identity, Limits, Login, Refused
from outreach.channels.graph import GRAPH, error_in, on_look, proof, version_of
from outreach.channels.pasted import code_in
from outreach.channels.phrases import LOOKED, fill
from outreach.words import Sentence

HOME = "https://graph.facebook.com"
DIALOG = "https://www.facebook.com"
PLACE = "Facebook"
CODE_IN_ADDRESS = "https://www.facebook.com/connect/login_success.html"  # for those without a page to come back to
SCOPES = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
PAGE_FIELDS = "id,name,username,link,picture{url}"
PAGES = 5  # of 100 entries

# The picture: a page may show more; ten is what the other networks of Meta take [not documented for pages].
# An alternative text has no documented limit either; 1,000 is Instagram's.
LIMITS = Limits(
    characters=63_206,
    counting="utf16",  # how they are counted is not documented: this never counts less than code points
    images=10,
    image_bytes=4_000_000,
    image_types=("image/jpeg", "image/png"),
    image_fitted=True,
    alt_characters=1_000,
    trial="message",
)

NOT_SET_UP = Sentence("Facebook is not set up yet. Ask whoever looks after Outreach in your district.")
NO_PAGE = Sentence(
    "Facebook showed us no page that you may post to. Begin again, choose the library's page when Facebook asks, and "
    "leave everything turned on; or ask whoever manages the page to give you full control of it."
)
WRONG_APP = Sentence(
    "Facebook does not know the app: its ID or its secret is wrong. Ask whoever set it up for the district to copy "
    "both again."
)


def api_at(root: str, login: Login) -> Api:
    """Calls of one token, which travels in a header: an address is written down in too many places."""
    api = Api(f"{root.rstrip('/')}/{version_of(login.setup)}", login.reach, GRAPH, PLACE)
    if login.secrets.get("token"):
        api.session.headers["Authorization"] = f"Bearer {login.secrets['token'].strip()}"
    return api


def begin(where: Where) -> Errand:
    """Raises Refused where nobody set it up."""
    if not where.setup.get("app_id") or not where.setup.get("app_secret"):
        raise Refused(NOT_SET_UP)
    back, state = where.back or CODE_IN_ADDRESS, secrets.token_urlsafe(16)
    asked = {"client_id": where.setup["app_id"].strip(), "redirect_uri": back, "state": state, "response_type": "code"}
    config = where.setup.get("config_id", "").strip()
    asked |= {"config_id": config} if config else {"scope": ",".join(SCOPES)}
    address = f"{DIALOG}/{version_of(where.setup)}/dialog/oauth?{urlencode(asked)}"
    return Errand(address, PLACE, state, {"back": back, "server": HOME}, copies=not where.back)


def go_on(kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
    """Raises Refused, TryLater, Unauthorized."""
    root, app_secret = kept["server"], where.setup["app_secret"].strip()
    app = {"client_id": where.setup["app_id"].strip(), "client_secret": app_secret}
    brought = {"redirect_uri": kept["back"], "code": code_in(code, PLACE)}
    short = _token(root, where, app | brought)
    long = _token(root, where, app | {"grant_type": "fb_exchange_token", "fb_exchange_token": short})
    person = Login(root, {"token": long}, where.reach, setup=where.setup)
    pages = [page for page in _pages(api_at(root, person), proof(long, app_secret)) if _may_post(page)]
    if not pages:
        raise Refused(NO_PAGE)
    return [Connected(identity(page), {"token": str(page["access_token"])}, root) for page in pages]


def identity(page: Mapping[str, Any]) -> Identity:
    picture = (page.get("picture") or {}).get("data") or {}
    return Identity(
        remote_id=str(page["id"]),
        handle=f"@{page['username']}" if page.get("username") else str(page.get("name") or page["id"]),
        name=str(page.get("name") or page["id"]),
        url=page.get("link") or f"https://www.facebook.com/{page['id']}",
        limits=LIMITS,
        picture=str(picture.get("url") or ""),
    )


def _token(root: str, where: Where, asked: Mapping[str, str]) -> str:
    api = api_at(root, Login(root, {}, where.reach, setup=where.setup))
    try:
        made = api.json("POST", "/oauth/access_token", on_look, data=dict(asked))
    except ChannelError as error:
        raise _refused(api, error) from error
    if not made.get("access_token"):
        raise on_look(PLACE, api.last(), None)
    return str(made["access_token"])


def _refused(api: Api, error: ChannelError) -> ChannelError:
    told = error_in(api.last())
    if told.get("code") == 101 or "client secret" in str(told.get("message")).lower():
        return Refused(WRONG_APP, error.diagnosis)
    return Refused(fill(LOOKED["bad code"], PLACE), error.diagnosis) if told.get("code") in (100, 190) else error


def _pages(api: Api, signed: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Those the person looks after and let us see."""
    asked = {"fields": f"{PAGE_FIELDS},access_token,tasks", "limit": "100", **signed}
    for _ in range(PAGES):
        told = api.json("GET", "/me/accounts", on_look, params=asked)
        if not isinstance(told.get("data"), list):
            raise on_look(PLACE, api.last(), None)
        yield from told["data"]
        paging = told.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if not paging.get("next") or not after:
            return
        asked["after"] = after


def _may_post(page: Mapping[str, Any]) -> bool:
    """docs/pages-api: CREATE_CONTENT is the task that a post needs; where none are told, posting will tell."""
    tasks = page.get("tasks")
    return bool(page.get("access_token")) and (not isinstance(tasks, list) or "CREATE_CONTENT" in tasks)
