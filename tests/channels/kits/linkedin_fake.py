"""A stand-in for api.linkedin.com, as far as the posts of a page go, written from LinkedIn's documentation.

.../community-management/shares/{posts-api,images-api,multiimage-post-api,poll-post-api}, .../organizations, and
.../shared/authentication. Stateful and strict: what it does not know stands in `wrong`. How a duplicate looks is from
Arisamiga/Linkedin-RSS#5; how characters are counted, and what a post with an unready picture gets, is a guess.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote

from channels.kits.linkedin_little import Little
from channels.kits.serving import fields_of, serving
from local_server import Reply, Request

from outreach import clock

CLIENT, SECRET, CODE = "77abcdefghijkl", "WPL_AP1.SecretOfTheApp", "AQTcodeFromTheConsent"
TOKEN, FRESH, RENEW = "AQXTokenOfTheLibrary", "AQXTokenThatIsNew", "AQWTokenThatRenews"
PAGE = "urn:li:organization:2414183"
POST_NEEDS = {"author", "commentary", "visibility", "distribution", "lifecycleState", "isReshareDisabledByAuthor"}
FEED = {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []}
LASTS = ("ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS")


@dataclass
class LinkedInFake:
    version: str = "202608"
    posts: list[dict[str, Any]] = field(default_factory=list)  # oldest first, as they are read back
    images: dict[str, list[Any]] = field(default_factory=dict)  # urn -> [bytes or None, looks until it is ready]
    wrong: list[str] = field(default_factory=list)
    tokens: tuple[str, ...] = (TOKEN,)
    pages: tuple[str, ...] = (PAGE,)
    refuses: tuple[str, Reply] | None = None  # the next call to this path (an expression) is answered so
    ghost: str = ""  # the next post is called a duplicate of this
    silent: bool = False  # the next post is taken, and nobody hears of it
    slow: int = 0  # looks in which a picture is still PROCESSING
    spoils: bool = False  # pictures end as PROCESSING_FAILED
    gives_renewal: bool = False
    number: int = 7_100_000_000_000_000_000

    def __post_init__(self) -> None:
        self.server = serving(self.answer)

    def reset(self) -> None:
        self.posts, self.images, self.wrong, self.tokens, self.pages = [], {}, [], (TOKEN,), (PAGE,)
        self.refuses, self.ghost, self.silent, self.slow, self.spoils = None, "", False, 0, False
        self.gives_renewal, self.version = False, "202608"

    def answer(self, request: Request) -> Reply:
        if self.refuses and re.search(self.refuses[0], request.path):
            reply, self.refuses = self.refuses[1], None
            return reply
        if request.path == "/oauth/v2/accessToken":
            return self._token(request)
        if (request.headers.get("Authorization") or "").removeprefix("Bearer ") not in self.tokens:
            return said(401, "INVALID_ACCESS_TOKEN", "Invalid access token", serviceErrorCode=65600)
        if request.path.startswith("/dms-uploads/"):
            return self._uploaded(request)
        if request.headers.get("LinkedIn-Version") != self.version:
            asked = request.headers.get("LinkedIn-Version")
            return said(426, "NONEXISTENT_VERSION", f"Requested version {asked} is not active")
        if request.headers.get("X-Restli-Protocol-Version") != "2.0.0":
            self.wrong.append("no X-Restli-Protocol-Version: 2.0.0")
        return self._rest(request)

    def _rest(self, request: Request) -> Reply:
        kind, _, key = request.path.removeprefix("/rest/").partition("/")
        method = request.headers.get("X-RestLi-Method", "")
        if key and ":" in key:
            self.wrong.append(f"a key that is not encoded: {key}")
        match (request.method, kind, bool(key), method):
            case ("POST", "posts", False, ""):
                return self._create(request)
            case ("GET", "posts", False, "FINDER"):
                return self._list(request)
            case ("GET", "posts", True, ""):
                return self._read(unquote(key))
            case ("POST", "posts", True, "PARTIAL_UPDATE"):
                return self._update(unquote(key), request)
            case ("DELETE", "posts", True, "DELETE"):
                self.posts = [post for post in self.posts if post["id"] != unquote(key)]
                return Reply(204)
            case ("POST", "images", False, ""):
                return self._begin_upload(request)
            case ("GET", "images", True, ""):
                return self._image(unquote(key))
            case ("GET", "organizationAcls", False, "FINDER"):
                return self._roles(request)
            case ("GET", "organizations", True, ""):
                return self._organization(key)
        self.wrong.append(f"{request.method} {request.path} ({method})")
        return said(404, "RESOURCE_NOT_FOUND", "No virtual resource found")

    # connecting

    def _token(self, request: Request) -> Reply:
        given, _ = fields_of(request)
        if (given.pop("client_id", ""), given.pop("client_secret", "")) != (CLIENT, SECRET):
            return Reply(401, {"error": "invalid_client", "error_description": "Client authentication failed"})
        if request.headers.get("Authorization"):
            self.wrong.append("two ways to say who asks")
        token = {"access_token": FRESH, "expires_in": 5_184_000, "scope": "w_organization_social"}
        if self.gives_renewal:
            token |= {"refresh_token": RENEW, "refresh_token_expires_in": 26_438_400}
        match given:
            case {"grant_type": "authorization_code", "code": code, "redirect_uri": _, **rest} if not rest:
                good = code == CODE
            case {"grant_type": "refresh_token", "refresh_token": renew, **rest} if not rest:
                good = renew == RENEW
            case _:
                self.wrong.append(f"a token by {set(given)}")
                good = False
        if not good:
            return Reply(400, {"error": "invalid_request", "error_description": "Unable to retrieve access token"})
        self.tokens = (TOKEN, FRESH)
        return Reply(body=token)

    def _roles(self, request: Request) -> Reply:
        asked = {key: values[0] for key, values in request.query.items()}
        if asked.pop("count", "10").isdecimal() and asked != {
            "q": "roleAssignee",
            "role": "ADMINISTRATOR",
            "state": "APPROVED",
        }:
            self.wrong.append(f"roles by {asked}")
        who = {"roleAssignee": "urn:li:person:ABC123", "role": "ADMINISTRATOR", "state": "APPROVED"}
        return Reply(body={"paging": _paging(), "elements": [who | {"organization": page} for page in self.pages]})

    def _organization(self, key: str) -> Reply:
        if f"urn:li:organization:{key}" not in self.pages:
            return said(
                403, "ACCESS_DENIED", "Not enough permissions to access: organizations.GET", serviceErrorCode=100
            )
        logo = {"original": "urn:li:digitalmediaAsset:C4D0BAQ"}
        self.images.setdefault("urn:li:image:C4D0BAQ", [b"logo", 0])
        told = {"id": int(key), "localizedName": f"Library {key}", "vanityName": f"library-{key}", "logoV2": logo}
        return Reply(body=told)

    # pictures

    def _begin_upload(self, request: Request) -> Reply:
        if request.query != {"action": ["initializeUpload"]} or json.loads(request.body) != {
            "initializeUploadRequest": {"owner": PAGE}
        }:
            self.wrong.append(f"an upload by {request.query} {request.body!r}")
        urn = f"urn:li:image:C5{self._id()}"
        self.images[urn] = [None, self.slow]
        address = f"http://{request.headers['Host']}/dms-uploads/{urn.rpartition(':')[2]}/0?ca=vector&sync=0"
        return Reply(body={"value": {"uploadUrlExpiresAt": 1_850_000_000_000, "uploadUrl": address, "image": urn}})

    def _uploaded(self, request: Request) -> Reply:
        urn = f"urn:li:image:{request.path.split('/')[2]}"
        known = request.body[:3] == b"\xff\xd8\xff" or request.body[:4] in (b"\x89PNG", b"GIF8")
        if request.method != "PUT" or urn not in self.images or not known:
            self.wrong.append(f"{request.method} {request.path} of {request.body[:8]!r}")
        self.images[urn][0] = request.body
        return Reply(201)

    def _image(self, urn: str) -> Reply:
        data, looks = self.images[urn]
        told: dict[str, Any] = {"id": urn, "owner": PAGE}
        if data is None or looks > 0:
            self.images[urn][1] = looks - 1
            return Reply(body=told | {"status": "WAITING_UPLOAD" if data is None else "PROCESSING"})
        if self.spoils:
            return Reply(body=told | {"status": "PROCESSING_FAILED"})
        return Reply(body=told | {"status": "AVAILABLE", "downloadUrl": f"https://media.licdn.example/{urn[-7:]}"})

    # posts

    def _create(self, request: Request) -> Reply:
        post = json.loads(request.body)
        if missing := POST_NEEDS - set(post):
            return said(422, "MISSING_FIELD", f"ERROR :: /{missing.pop()} :: field is required but not found")
        if set(post) - POST_NEEDS - {"content"} or post["distribution"] != FEED or post["author"] != PAGE:
            self.wrong.append(f"a post as {post}")
        if (post["visibility"], post["lifecycleState"]) != ("PUBLIC", "PUBLISHED"):
            self.wrong.append(f"a post as {post}")
        little = Little(post["commentary"])
        seen = little.read()
        if little.rest:
            self.wrong.append(f"cut off at {little.rest[:20]!r}")
        if refused := self._unfit(post, seen):
            return refused
        return self._stored(post, seen)

    def _unfit(self, post: dict[str, Any], seen: str) -> Reply | None:
        if len(seen.encode("utf-16-le")) // 2 > 3_000:
            return said(422, "FIELD_LENGTH_TOO_LONG", "ERROR :: /commentary :: text length exceeds 3000")
        if unready := [urn for urn in self._pictures(post) if self.images.get(urn, [None, 1])[0] is None]:
            return said(400, "INVALID_URN_ID", f"{unready} is not available")
        if any(self.images[urn][1] > 0 for urn in self._pictures(post)):
            self.wrong.append("a picture that was not AVAILABLE yet")
        twins = [one["id"] for one in self.posts if one["seen"] == seen and seen and not self._pictures(post)]
        if twins or self.ghost:
            twin, self.ghost = self.ghost or twins[-1], ""
            inputs = [{"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}]
            told = (
                f"com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of {twin}"
            )
            more = {"errorDetailType": "com.linkedin.common.error.BadRequest", "errorDetails": {"inputErrors": inputs}}
            return Reply(422, {"message": told, "status": 422, **more})
        return None

    def _pictures(self, post: dict[str, Any]) -> list[str]:
        content = post.get("content", {})
        if not content:
            return []
        match content:
            case {"poll": {"question": str(asks), "options": list(options), "settings": {"duration": lasts}}}:
                texts = [option["text"] for option in options]
                if len(asks) > 140 or lasts not in LASTS or not 2 <= len(texts) <= 4 or max(map(len, texts)) > 30:
                    self.wrong.append(f"a poll as {content}")
                return []
            case {"media": {"id": str(), **more} as one} if set(more) <= {"altText", "title"}:
                found = [one]
            case {"multiImage": {"images": [_, _, *_] as found}} if len(found) <= 20:
                pass
            case _:
                self.wrong.append(f"content {content}")
                return []
        if any(set(one) - {"id", "altText", "title"} or len(one.get("altText", "")) > 4_086 for one in found):
            self.wrong.append(f"pictures {found}")
        return [one["id"] for one in found]

    def _stored(self, post: dict[str, Any], seen: str) -> Reply:
        urn, now = f"urn:li:share:{self._id()}", int(clock.now().timestamp() * 1_000)
        post |= {"id": urn, "createdAt": now, "publishedAt": now, "lastModifiedAt": now, "seen": seen}
        for option in post.get("content", {}).get("poll", {}).get("options", ()):
            option["voteCount"] = 0
        self.posts.append(post)
        if self.silent:
            self.silent = False
            return Reply(raw=_hang_up)
        return Reply(201, b"", {"x-restli-id": urn, "x-linkedin-id": urn})

    def _list(self, request: Request) -> Reply:
        asked = {key: values[0] for key, values in request.query.items()}
        start, count = int(asked.pop("start", "0")), int(asked.pop("count", "10"))
        if asked != {"q": "author", "author": PAGE, "sortBy": "CREATED"} or count > 100:
            self.wrong.append(f"posts by {asked}")
        newest = list(reversed(self.posts))[start : start + count]
        told = {"paging": _paging(start, count), "elements": [_told(post) for post in newest]}
        return Reply(body=told)

    def _read(self, urn: str) -> Reply:
        found = next((post for post in self.posts if post["id"] == urn), None)
        return Reply(body=_told(found)) if found else said(404, "RESOURCE_NOT_FOUND", "Entity not found")

    def _update(self, urn: str, request: Request) -> Reply:
        found = next((post for post in self.posts if post["id"] == urn), None)
        match json.loads(request.body):
            case {"patch": {"$set": {"commentary": str(commentary), **rest}}} if not rest:
                if found is None:
                    return said(404, "RESOURCE_NOT_FOUND", "Entity not found")
                found |= {"commentary": commentary, "seen": Little(commentary).read()}
                return Reply(204)
            case other:
                self.wrong.append(f"a patch as {other}")
                return said(400, "ILLEGAL_ARGUMENT", "Request body could not be converted to data map")

    def _id(self) -> int:
        self.number += 1
        return self.number


def said(status: int, code: str, message: str, **more: Any) -> Reply:
    headers = more.pop("headers", {})
    return Reply(status, {"status": status, "code": code, "message": message, **more}, headers)


def _told(post: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in post.items() if key != "seen"}


def _paging(start: int = 0, count: int = 10) -> dict[str, Any]:
    return {"start": start, "count": count, "links": []}


def _hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Nothing is written; the connection ends."""
