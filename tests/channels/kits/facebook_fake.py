"""A stand-in for graph.facebook.com, as far as a page's posts go, written from Meta's documentation.

docs/pages-api/posts, docs/graph-api/reference/page/{feed,photos,published_posts}, /guides/error-handling,
/guides/secure-requests, docs/facebook-login/guides/advanced/manual-flow. Stateful and strict: what it does not know
stands in `wrong`. Not documented, and so a guess, is what is marked so.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from channels.kits.serving import fields_of, serving
from local_server import Reply, Request

APP_ID, APP_SECRET = "1234567890123456", "0123456789abcdef0123456789abcdef"
PAGE, TOKEN = "1029384756", "EAAPageTokenOfTheLibraryThatNeverEnds"
SHORT, LONG, CODE = "EAAShortUserToken", "EAALongUserToken", "AQBcodeFromTheDialog"
LONGEST, LARGEST = 63_206, 4_000_000
PAGE_ASKS = {"id", "name", "username", "link", "picture{url}", "access_token", "tasks"}
POST_ASKS = {"id", "message", "created_time", "permalink_url", "attachments{target{id},subattachments{target{id}}}"}


@dataclass
class Post:
    id: str
    message: str
    photos: list[str]
    created: datetime
    link: str = ""


@dataclass
class FacebookFake:
    version: str = "v26.0"
    posts: list[Post] = field(default_factory=list)  # oldest first
    hidden: list[Post] = field(default_factory=list)  # unpublished: they stand on no page
    photos: dict[str, str] = field(default_factory=dict)  # id -> alternative text
    wrong: list[str] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    refuses: tuple[str, Reply] | None = None  # the next call to this path (an expression) is answered so
    silent: bool = False  # the next post is taken, and nobody hears of it
    number: int = 100

    def __post_init__(self) -> None:
        self.server = serving(self.answer)

    def reset(self) -> None:
        self.posts, self.photos, self.wrong, self.hidden = [], {}, [], []
        self.refuses, self.silent, self.version, self.pages = None, False, "v26.0", [_page(PAGE, TOKEN)]

    def answer(self, request: Request) -> Reply:
        if self.refuses and re.search(self.refuses[0], request.path):
            reply, self.refuses = self.refuses[1], None
            return reply
        version, _, path = request.path.strip("/").partition("/")
        if version != self.version:
            return said(2635, "(#2635) You are calling a deprecated version of the API. Please update.")
        self._check_no_secret(request)
        return self._route(request, path)

    def _route(self, request: Request, path: str) -> Reply:
        routes: Mapping[tuple[str, str], Callable[[Request, str], Reply]] = {
            ("POST", "oauth/access_token"): self._token,
            ("GET", "me/accounts"): self._accounts,
            ("GET", PAGE): self._read_page,
            ("POST", f"{PAGE}/photos"): self._photo,
            ("POST", f"{PAGE}/feed"): self._feed,
            ("GET", f"{PAGE}/published_posts"): self._published,
        }
        call = routes.get((request.method, path))
        if call is None and re.fullmatch(rf"{PAGE}_\d+", path):
            call = {"GET": self._read_post, "POST": self._edit, "DELETE": self._delete}.get(request.method)
        if call is None:
            self.wrong.append(f"{request.method} {path}")
            return said(100, f"Unsupported {request.method.lower()} request.", subcode=33)
        return call(request, path)

    # who asks

    def _check_no_secret(self, request: Request) -> None:
        if {"access_token", "client_secret", "fb_exchange_token"} & set(request.query):
            self.wrong.append("a secret stands in the address")

    def _signed(self, request: Request, given: Mapping[str, str], token: str) -> Reply | None:
        """None: as it should be."""
        if request.headers.get("Authorization") != f"Bearer {token}":
            return said(190, "Invalid OAuth access token.")
        expected = hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
        if given.get("appsecret_proof") != expected:
            self.wrong.append("no good appsecret_proof")
            return said(100, "Invalid appsecret_proof provided in the API argument")
        return None

    def _asked(self, request: Request, known: set[str], fields: set[str]) -> dict[str, str]:
        given = {key: values[0] for key, values in request.query.items()}
        self._only(given, known | {"fields", "appsecret_proof"})
        unknown = set(_split(given.get("fields", ""))) - fields
        if unknown:
            self.wrong.append(f"nonexisting fields {unknown}")
        if request.body:
            self.wrong.append(f"a body with {request.method}")
        return given

    def _only(self, given: Mapping[str, str], known: set[str]) -> None:
        for name in set(given) - known:
            if not re.fullmatch(r"attached_media\[\d+\]", name):
                self.wrong.append(f"unknown field {name}")

    # connecting

    def _token(self, request: Request, path: str) -> Reply:
        given, _ = fields_of(request)
        if given.get("client_id") != APP_ID:
            return said(101, "Error validating application. Cannot get application info due to a system error.")
        if given.get("client_secret") != APP_SECRET:
            return said(1, "Error validating client secret.")
        if "grant_type" in given:
            self._only(given, {"client_id", "client_secret", "grant_type", "fb_exchange_token"})
            good = (given["grant_type"], given.get("fb_exchange_token")) == ("fb_exchange_token", SHORT)
            return Reply(body=_bearer(LONG, 5_183_944)) if good else said(190, "Invalid OAuth access token.")
        self._only(given, {"client_id", "client_secret", "redirect_uri", "code"})
        if not given.get("redirect_uri", "").startswith("https://"):
            self.wrong.append("no redirect_uri")
        if given.get("code") != CODE:
            return said(100, "This authorization code has been used.", subcode=36009)
        return Reply(body=_bearer(SHORT, 5_400))

    def _accounts(self, request: Request, path: str) -> Reply:
        given = self._asked(request, {"limit", "after"}, PAGE_ASKS)
        fields = _split(given["fields"])
        told = [{key: page[key] for key in page if key in {f.partition("{")[0] for f in fields}} for page in self.pages]
        return self._signed(request, given, LONG) or Reply(body={"data": told, "paging": _cursors()})

    # the page

    def _read_page(self, request: Request, path: str) -> Reply:
        given = self._asked(request, set(), PAGE_ASKS - {"access_token", "tasks"})
        page = {key: value for key, value in self.pages[0].items() if key not in ("access_token", "tasks")}
        return self._signed(request, given, TOKEN) or Reply(body=page)

    def _photo(self, request: Request, path: str) -> Reply:
        given, files = fields_of(request)
        self._only(given, {"published", "alt_text_custom", "appsecret_proof"})
        kind, data = files.get("source", ("", b""))
        if set(files) != {"source"} or kind not in ("image/jpeg", "image/png") or given.get("published") != "false":
            self.wrong.append(f"a photo as {kind} with {given}")
        if len(data) > LARGEST:
            return said(324, "Your photos couldn't be uploaded.", subcode=1366046)
        if refused := self._signed(request, given, TOKEN):
            return refused
        photo = self._id()
        self.photos[photo] = given.get("alt_text_custom", "")
        return Reply(body={"id": photo})

    def _feed(self, request: Request, path: str) -> Reply:
        given, _ = fields_of(request)
        self._only(given, {"message", "link", "appsecret_proof", "published"})
        if given.get("published", "false") != "false":
            self.wrong.append(f"published {given}")
        if "urlencoded" not in request.headers.get("Content-Type", ""):
            self.wrong.append("a feed post that is no form")
        if refused := self._signed(request, given, TOKEN) or self._unfit(given):
            return refused
        post = Post(f"{PAGE}_{self._id()}", given.get("message", "").strip(), self._media(given), datetime.now(UTC))
        post.link = given.get("link", "")
        (self.hidden if "published" in given else self.posts).append(post)
        if self.silent:
            self.silent = False
            return Reply(raw=_hang_up)
        return Reply(body={"id": post.id})

    def _unfit(self, given: Mapping[str, str]) -> Reply | None:
        text = given.get("message", "")
        if len(text.encode("utf-16-le")) // 2 > LONGEST:  # [not documented how it counts]
            return said(100, "Param message is too long")
        if not text and not self._media(given):
            return said(100, "You must provide a message, link or media")
        if self.posts and text and self.posts[-1].message == text.strip():
            return said(506, "Duplicate status message")
        return None

    def _media(self, given: Mapping[str, str]) -> list[str]:
        found = [json.loads(given[f"attached_media[{n}]"]) for n in range(99) if f"attached_media[{n}]" in given]
        if any(set(one) != {"media_fbid"} or one["media_fbid"] not in self.photos for one in found):
            self.wrong.append(f"attached {found}")
        if len(found) != sum(name.startswith("attached_media") for name in given) or (found and "link" in given):
            self.wrong.append("attached_media is not counted from 0, or has a link beside it")
        return [one["media_fbid"] for one in found]

    def _published(self, request: Request, path: str) -> Reply:
        given = self._asked(request, {"limit", "after"}, POST_ASKS)
        if refused := self._signed(request, given, TOKEN):
            return refused
        start, limit = int(given.get("after", "0")), int(given.get("limit", "25"))
        newest = list(reversed(self.posts))[start : start + limit]
        more = start + limit < len(self.posts)
        paging = _cursors(str(start + limit)) | ({"next": "https://graph.facebook.com/next"} if more else {})
        return Reply(body={"data": [_told(post) for post in newest], "paging": paging})

    # one post

    def _read_post(self, request: Request, path: str) -> Reply:
        given = self._asked(request, set(), POST_ASKS)
        found = next((post for post in self.posts + self.hidden if post.id == path), None)
        return self._signed(request, given, TOKEN) or (Reply(body=_told(found)) if found else nothing(path))

    def _edit(self, request: Request, path: str) -> Reply:
        given, _ = fields_of(request)
        self._only(given, {"message", "appsecret_proof"})
        found = next((post for post in self.posts if post.id == path), None)
        if refused := self._signed(request, given, TOKEN) or (None if found else nothing(path)):
            return refused
        found.message = given["message"].strip()
        return Reply(body={"success": True})

    def _delete(self, request: Request, path: str) -> Reply:
        given = self._asked(request, set(), set())
        found = [post for post in self.posts + self.hidden if post.id == path]
        if refused := self._signed(request, given, TOKEN) or (None if found else nothing(path)):
            return refused
        (self.posts if found[0] in self.posts else self.hidden).remove(found[0])
        return Reply(body={"success": True})

    def _id(self) -> str:
        self.number += 1
        return str(self.number)


def said(
    code: int, message: str, subcode: int = 0, kind: str = "OAuthException", status: int = 400, **more: Any
) -> Reply:
    """An answer as the Graph API refuses; `headers` are the answer's, all else stands in the error."""
    headers = more.pop("headers", {})
    error = {"message": message, "type": kind, "code": code, "fbtrace_id": "EJplcsCHuLu", **more}
    return Reply(status, {"error": error | ({"error_subcode": subcode} if subcode else {})}, headers)


def nothing(path: str) -> Reply:
    told = f"Unsupported request. Object with ID '{path}' does not exist, cannot be loaded due to missing permissions"
    return said(100, told, subcode=33, type="GraphMethodException")


def _page(page: str, token: str, **more: Any) -> dict[str, Any]:
    told = {"id": page, "name": "Maple Street Library", "username": "maplelibrary", "access_token": token}
    picture = {"data": {"url": "https://scontent.example/maple.jpg"}}
    tasks = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
    return told | {"link": f"https://www.facebook.com/{page}", "picture": picture, "tasks": tasks} | more


def _told(post: Post) -> dict[str, Any]:
    told: dict[str, Any] = {"id": post.id, "created_time": post.created.strftime("%Y-%m-%dT%H:%M:%S+0000")}
    if post.message:
        told["message"] = post.message
    if post.photos:
        inner = [{"target": {"id": photo}} for photo in post.photos]
        one = inner[0] if len(inner) == 1 else {"target": {"id": "777"}, "subattachments": {"data": inner}}
        told["attachments"] = {"data": [one]}
    return told | {"permalink_url": f"https://www.facebook.com/{PAGE}/posts/{post.id.partition('_')[2]}"}


def _split(fields: str) -> list[str]:
    """At the commas outside of brackets."""
    found, depth = [""], 0
    for letter in fields:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [one for one in found if one]


def _bearer(token: str, seconds: int) -> dict[str, Any]:
    return {"access_token": token, "token_type": "bearer", "expires_in": seconds}


def _cursors(after: str = "QVFI") -> dict[str, Any]:
    return {"cursors": {"before": "QVFH", "after": after}}


def _hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Nothing is written; the connection ends."""
