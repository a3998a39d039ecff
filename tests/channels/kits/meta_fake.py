"""A contract fake of Meta's containers, written from the documentation; Threads and Instagram each fill in theirs.

It is strict: whatever it does not know of a request is noted in `wrong`. What no documentation says is marked (?).
Sources: developers.facebook.com/documentation/threads/{reference/publishing, posts, troubleshooting, overview} and
instagram-platform/{content-publishing, ig-user/media, ig-container, error-codes}, as of 2026.
"""

from __future__ import annotations

import io
import itertools
import re
import threading
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import requests
from channels.kits.meta_parts import Container, PictureServer, Post, Wrong
from local_server import LocalServer, Reply, Request
from PIL import Image

CLOSED = {"Connection": "close"}  # the proxy in between takes one request a connection
MOST_BYTES = 8 * 1024 * 1024  # "less than 8 MiB" (error 36000/2207004)


class MetaFake(ABC):
    """One account. `publishes`, `makes` and the rest are what a network calls them."""

    makes = publishes = status_field = why_field = words_field = ""
    no_such = (24, 0)
    version = ""
    token, app_id, app_secret = "TOKEN-of-sixty-days", "990602627938098", "app-secret-app-secret"

    def __init__(self) -> None:
        self.server = LocalServer(self._answer)
        self.pictures = PictureServer()
        self.ids = itertools.count(17_900_000_000_000_001)
        self.lock = threading.Lock()
        self.wrong: list[str] = []
        self.fresh()

    def fresh(self) -> None:
        self.account = str(next(self.ids))
        self.containers: dict[str, Container] = {}
        self.posts: dict[str, Post] = {}
        self.wrong.clear()
        self.used, self.total = 0, 250
        self.slow = 0  # looks until a container is FINISHED
        self.failing: list[Wrong] = []  # answers of the next calls that publish
        self.accepts = False  # and it is out in spite of `failing`
        self.unlisted = False  # the lists lag behind
        self.expired = False
        self.codes = {"AQBx-code"}
        self.tokens = {self.token}

    @property
    def url(self) -> str:
        return self.server.url

    # Requests

    def _answer(self, request: Request) -> Reply:
        with self.lock:
            try:
                return Reply(200, self._handle(request, self._asked(request)), CLOSED)
            except Wrong as told:
                return Reply(told.status, {"error": self._error(told)}, {**CLOSED, **told.headers})

    def _error(self, told: Wrong) -> dict[str, Any]:
        error: dict[str, Any] = {
            "message": told.words or "An unknown error occurred",
            "type": "OAuthException",
            "code": told.code,
            "is_transient": False,
            "fbtrace_id": "A6LJylpZRKw2xKLFsAP-cJh",
        }
        return error | ({"error_subcode": told.subcode, "error_user_msg": told.words} if told.subcode else {})

    def _asked(self, request: Request) -> dict[str, str]:
        """The fields of a request: of its body where there is one, else of its address."""
        kind = request.headers.get("Content-Type", "")
        if request.method == "POST" and kind != "application/x-www-form-urlencoded":
            self.wrong.append(f"{request.path}: sent as {kind}")
        if request.method == "POST" and request.query:
            self.wrong.append(f"{request.path}: something stands in the address of a POST")
        if "json" not in request.headers.get("Accept", ""):
            self.wrong.append(f"{request.path}: does not accept JSON")
        found = parse_qs(request.body.decode()) if request.method == "POST" else request.query
        self.wrong.extend(f"{request.path}: {name} twice" for name, values in found.items() if len(values) > 1)
        return {name: values[0] for name, values in found.items()}

    def _handle(self, request: Request, asked: dict[str, str]) -> Any:
        if (door := self._door(request, asked)) is not None:
            return door
        path = self._path(request.path)
        if asked.pop("access_token", "") not in self.tokens or self.expired:
            raise Wrong(190, 463, "Error validating access token: Session has expired", 401)
        first, _, edge = path.partition("/")
        match request.method, first in (self.account, "me"), edge:
            case "POST", True, self.makes:
                return {"id": self._make(asked).id}
            case "POST", True, self.publishes:
                return self._publish(asked)
            case "GET", True, "":
                return self.me(asked)
            case "GET", True, _:
                return self._list(edge, asked)
            case "GET", False, "" if first in self.containers:
                return self._state(self.containers[first], asked)
            case "GET", False, "":
                return self._one(self._post(first), asked)
            case method, False, "":
                return self.change(method, first, asked)
        self.wrong.append(f"{request.method} {request.path} is not known")
        raise Wrong(2500, 0, "Unknown path components")

    def _path(self, path: str) -> str:
        version = f"/{self.version}/" if self.version else "/"
        if not path.startswith(version):
            self.wrong.append(f"{path}: not of version {self.version}")
        return path.removeprefix(version)

    def only(self, asked: dict[str, str], *known: str, needs: tuple[str, ...] = ()) -> None:
        self.wrong.extend(f"unknown field {name}={asked[name]}" for name in asked if name not in known + needs)
        for name in needs:
            if not asked.get(name):
                self.wrong.append(f"missing field {name}")
                raise Wrong(100, 0, f"The parameter {name} is required.")

    # Signing in: a code -> a token of an hour -> one of 60 days -> another one

    grants: tuple[str, str] = ("", "")

    def _door(self, request: Request, asked: dict[str, str]) -> Any:
        match request.method, request.path:
            case "POST", "/oauth/access_token":
                return self._code(asked)
            case "GET", "/access_token":
                self.only(asked, needs=("grant_type", "client_secret", "access_token"))
                self._same(asked, grant_type=self.grants[0], client_secret=self.app_secret, access_token="SHORT")
                return {"access_token": self.token, "token_type": "bearer", "expires_in": 5_183_944}
            case "GET", "/refresh_access_token":
                self.only(asked, needs=("grant_type", "access_token"))
                self._same(asked, grant_type=self.grants[1])
                if asked["access_token"] not in self.tokens or self.expired:
                    raise Wrong(190, 463, "Error validating access token: Session has expired")
                self.tokens.add("TOKEN-renewed")
                return {"access_token": "TOKEN-renewed", "token_type": "bearer", "expires_in": 5_183_944}
        return None

    def _code(self, asked: dict[str, str]) -> Any:
        self.only(asked, needs=("client_id", "client_secret", "grant_type", "redirect_uri", "code"))
        self._same(asked, client_id=self.app_id, client_secret=self.app_secret, grant_type="authorization_code")
        if asked["code"] not in self.codes:
            raise Wrong(100, 0, "Matching code was not found or was already used")
        self.codes.discard(asked["code"])
        return self.short()

    def short(self) -> Any:
        return {"access_token": "SHORT", "user_id": int(self.account)}

    def _same(self, asked: dict[str, str], **wanted: str) -> None:
        self.wrong.extend(f"{name} is {asked[name]}" for name, value in wanted.items() if asked[name] != value)

    # Containers

    def _make(self, asked: dict[str, str]) -> Container:
        children = tuple(self._child(one) for one in asked.get("children", "").split(",") if one)
        self.check(asked, children)
        if url := asked.get("image_url"):
            self.fetch(url)
        made = Container(str(next(self.ids)), asked, children=children, looks=self.slow)
        self.containers[made.id] = made
        return made

    @abstractmethod
    def check(self, asked: dict[str, str], children: tuple[Container, ...]) -> None:
        """Every field, as the network has it. Raises Wrong."""

    def _child(self, one: str) -> Container:
        found = self.containers.get(one)
        if found is None or found.fields.get("is_carousel_item") != "true":
            self.wrong.append(f"child {one} is no item of a carousel")
            raise Wrong(100, 0, "Invalid parameter")
        if found.looks:
            self.wrong.append(f"child {one} is not FINISHED")
        return found

    def fetch(self, url: str) -> Image.Image:
        """As Meta does, from our public address. Raises Wrong."""
        try:
            got = requests.get(url, timeout=5)
        except requests.RequestException as error:
            raise Wrong(9004, 2207052, f"The media could not be fetched from this URI: {url}") from error
        if got.status_code != 200 or not got.headers.get("Content-Type", "").startswith("image/"):
            raise Wrong(9004, 2207052, f"The media could not be fetched from this URI: {url}")
        if len(got.content) > MOST_BYTES:
            raise Wrong(36000, 2207004, "The image is too large to download. It should be less than 8 MiB.")
        image = Image.open(io.BytesIO(got.content))
        self.check_picture(image)
        return image

    @abstractmethod
    def check_picture(self, image: Image.Image) -> None:
        """Its kind and shape. Raises Wrong."""

    def _state(self, one: Container, asked: dict[str, str]) -> dict[str, str]:
        self.only(asked, needs=("fields",))
        if set(asked["fields"].split(",")) - {"id", self.status_field, self.why_field}:
            self.wrong.append(f"a container has no {asked['fields']}")
            raise Wrong(100, 0, f"Tried accessing nonexisting field ({asked['fields']})")
        one.looks, in_work = max(0, one.looks - 1), one.looks > 0
        told = {"id": one.id, self.status_field: "IN_PROGRESS" if in_work else one.status}
        return told | ({self.why_field: one.why} if one.why else {})

    def _publish(self, asked: dict[str, str]) -> dict[str, str]:
        self.only(asked, needs=("creation_id",))
        failing = self.failing.pop(0) if self.failing else None
        if failing is not None and not self.accepts:
            raise failing
        found = self.containers.get(asked["creation_id"])
        if found is None or found.looks or found.status != "FINISHED":
            self.wrong.append(f"publishes a container that is {found.status if found else 'not there'}")
            raise Wrong(*self.no_such, "The requested resource does not exist")
        if self.used >= self.total:
            raise self.full()
        found.status, self.used = "PUBLISHED", self.used + 1
        post = Post(str(next(self.ids)), found, datetime.now(UTC))
        self.posts[post.id] = post
        if failing is not None:
            raise failing
        return {"id": post.id}

    def full(self) -> Wrong:
        return Wrong(9, 2207042, "You reached maximum number of posts that is allowed to be published by Content API.")

    # Messages

    @abstractmethod
    def me(self, asked: dict[str, str]) -> Any: ...

    def change(self, method: str, media: str, asked: dict[str, str]) -> Any:
        self.wrong.append(f"{method} /{media}")
        raise Wrong(3, 0, "Application does not have the capability to make this API call.")

    def _post(self, media: str) -> Post:
        if media not in self.posts:
            # (?) what Graph says of any object that is not there
            raise Wrong(100, 33, f"Unsupported get request. Object with ID '{media}' does not exist")
        return self.posts[media]

    def _one(self, post: Post, asked: dict[str, str]) -> dict[str, Any]:
        self.only(asked, needs=("fields",))
        return self.shown(post, re.sub(r"\{.*?\}", "", asked["fields"]).split(","))

    def shown(self, post: Post, fields: list[str]) -> dict[str, Any]:
        known = self.fields_of(post)
        self.wrong.extend(f"a message has no {name}" for name in fields if name not in known)
        return {name: known[name] for name in ["id", *fields] if known.get(name) is not None}

    def fields_of(self, post: Post) -> dict[str, Any]:
        return {
            "id": post.id,
            "permalink": f"https://network.example/p/{post.id}",
            "timestamp": post.made_at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            self.words_field: post.container.fields.get(self.words_field),
        }

    def _list(self, edge: str, asked: dict[str, str]) -> dict[str, Any]:
        if edge.endswith("publishing_limit"):
            return {"data": [self.quota(asked)]}
        self.only(asked, "limit", needs=("fields",))
        newest = [] if self.unlisted else reversed(self.listed(edge))
        shown = [self.shown(post, asked["fields"].split(",")) for post in newest]
        return {"data": shown[: int(asked.get("limit", "25"))], "paging": {"cursors": {}}}

    @abstractmethod
    def listed(self, edge: str) -> list[Post]: ...

    def quota(self, asked: dict[str, str]) -> dict[str, Any]:
        self.only(asked, needs=("fields",))
        known = {"quota_usage": self.used, "config": {"quota_total": self.total, "quota_duration": 86_400}}
        known |= {"reply_quota_usage": 0, "reply_config": {"quota_total": 1_000, "quota_duration": 86_400}}
        self.wrong.extend(f"a limit has no {name}" for name in asked["fields"].split(",") if name not in known)
        return {name: known[name] for name in asked["fields"].split(",") if name in known}
