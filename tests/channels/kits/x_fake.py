"""A contract fake of the X API v2: it knows nothing of our code, checks every request, and answers as documented.

Written from docs.x.com (openapi.json of the docs repository, media best practices, response codes and errors, counting
characters), RFC 5849 (signatures), and, where X documents nothing, what people report; those places say so.
`wrong` collects what a request should not have had.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from local_server import LocalServer, Reply, Request
from twitter_text import extract_urls_with_indices, parse_tweet

ME = {"id": "2244994945", "name": "Maple Street Library", "username": "maplelibrary"}
PICTURE = "https://pbs.twimg.com/profile_images/1/maple_normal.jpg"
KEYS = {
    "api_key": "xvz1evFS4wEEPTGEFPHBog00",
    "api_secret": "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Y7M",
    "token": f"{ME['id']}-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS2weJAEb",
    "token_secret": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE0P",
}
TEXT_MOST, ALT_MOST, PICTURE_MOST = 280, 1_000, 5 * 1024 * 1024
REPLY_SETTINGS = {"following", "mentionedUsers", "subscribers", "verified"}
POST_FIELDS = {"created_at", "entities", "attachments", "referenced_tweets", "text", "id"}


@dataclass
class Post:
    id: str
    text: str  # as it was sent
    at: datetime
    media: list[str]
    body: dict[str, Any]


@dataclass
class Media:
    key: str
    alt: str = ""
    polls_left: int = 0
    fails: bool = False


@dataclass
class XFake:
    posts: list[Post] = field(default_factory=list)
    media: dict[str, Media] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    # switches
    revoked: bool = False
    read_only: bool = False
    throttled_until: int = 0
    spent: str = ""  # "402", "usage-capped" or "spend cap"
    slow: int = 0  # how often a picture is said to be in work
    unusable: bool = False  # pictures fail when they are worked on
    keeps_alt: bool = True
    deletes_in_silence: bool = False
    page: int = 100

    def __post_init__(self) -> None:
        self.server = LocalServer(self.answer)
        self.last_id = 1_800_000_000_000_000_000

    def reset(self) -> None:
        """As it was in the beginning, at the same address."""
        server, last_id = self.server, self.last_id
        self.__init__()  # type: ignore[misc]
        self.server.httpd.server_close()
        self.server, self.last_id = server, last_id
        server.answer = self.answer

    def expect(self, fine: bool, what: str) -> None:
        if not fine:
            self.wrong.append(what)

    # The way through

    def answer(self, request: Request) -> Reply:
        reply = self._answer(request)
        # the faulty proxy takes one request a connection, and says so only in what it asks
        return Reply(reply.status, reply.body, {"Connection": "close", **reply.headers})

    def _answer(self, request: Request) -> Reply:
        if not self._signed(request):
            return problem(401, "Unauthorized", "Unauthorized")
        if self.throttled_until:
            return problem(429, "Too Many Requests", "Too Many Requests", headers=self._rates(0))
        if reply := self._spent():
            return reply
        try:
            reply = self._routed(request)
        except Exception as error:  # a field that is not there, or of another type
            self.wrong.append(f"{request.method} {request.path}: {error!r}")
            return problem(400, "Invalid Request", "One or more parameters to your request was invalid.")
        return Reply(reply.status, reply.body, {**self._rates(74), **reply.headers})

    def _routed(self, request: Request) -> Reply:
        for method, path, handler in (
            ("GET", r"/2/users/me", self._me),
            ("GET", r"/2/users/(\d+)/tweets", self._timeline),
            ("POST", r"/2/tweets", self._create),
            ("GET", r"/2/tweets/(\d{1,19})", self._read),
            ("DELETE", r"/2/tweets/(\d{1,19})", self._delete),
            ("POST", r"/2/media/upload", self._upload),
            ("GET", r"/2/media/upload", self._status),
            ("POST", r"/2/media/metadata", self._metadata),
        ):
            if request.method == method and (found := re.fullmatch(path, request.path)):
                return handler(request, *found.groups())
        self.wrong.append(f"no such call: {request.method} {request.path}")
        return problem(404, "Not Found", "Not Found")

    def _rates(self, remaining: int) -> dict[str, str]:
        reset = self.throttled_until or int(time.time()) + 900
        return {
            "x-rate-limit-limit": "75",
            "x-rate-limit-remaining": str(remaining),
            "x-rate-limit-reset": str(reset),
        }

    def _spent(self) -> Reply | None:
        if self.spent == "402":  # not in the documentation; the body as many report it since 2026
            told = "Your enrolled account [2056915467785113600] does not have any credits to fulfill this request."
            return problem(402, "CreditsDepleted", told, "https://api.twitter.com/2/problems/credits")
        if self.spent == "usage-capped":
            told = "Usage cap exceeded: Monthly product cap"
            return problem(429, "UsageCapExceeded", told, "https://api.x.com/2/problems/usage-capped")
        if self.spent == "spend cap":  # reported once, not documented
            return problem(403, "Forbidden", "Monthly spend cap reached for this billing cycle.")
        return None

    # OAuth 1.0a

    def _signed(self, request: Request) -> bool:
        header = request.headers.get("Authorization", "")
        self.expect(header.startswith("OAuth "), f"no OAuth 1.0a header: {header[:20]}")
        told = dict(re.findall(r'(\w+)="([^"]*)"', header))
        told = {key: unquote(value) for key, value in told.items()}
        given = told.pop("oauth_signature", "")
        self._check_oauth(told)
        pairs = [*told.items(), *parse_qsl(self._raw_query(request), keep_blank_values=True)]
        if "x-www-form-urlencoded" in request.headers.get("Content-Type", ""):
            pairs += parse_qsl(request.body.decode(), keep_blank_values=True)
        normal = "&".join(f"{k}={v}" for k, v in sorted((_q(k), _q(v)) for k, v in pairs))
        base = "&".join(map(_q, (request.method, f"http://{request.headers['Host']}{request.path}", normal)))
        key = f"{_q(KEYS['api_secret'])}&{_q(KEYS['token_secret'])}".encode()
        right = base64.b64encode(hmac.new(key, base.encode(), hashlib.sha1).digest()).decode()
        fine = hmac.compare_digest(given, right)
        known = told.get("oauth_consumer_key") == KEYS["api_key"] and told.get("oauth_token") == KEYS["token"]
        self.expect(fine or not known, "the signature is wrong")
        return fine and known and not self.revoked

    def _check_oauth(self, told: dict[str, str]) -> None:
        self.expect(told.get("oauth_signature_method") == "HMAC-SHA1", "signature method")
        self.expect(told.get("oauth_version") == "1.0", "version")
        self.expect(abs(int(told.get("oauth_timestamp", "0")) - time.time()) < 300, "timestamp")
        self.expect(told.get("oauth_nonce", "") not in self.nonces, "a nonce was used twice")
        self.nonces.add(told.get("oauth_nonce", ""))

    @staticmethod
    def _raw_query(request: Request) -> str:
        return "&".join(
            f"{quote(k, safe='')}={quote(v, safe='')}" for k, values in request.query.items() for v in values
        )

    # Calls

    def _me(self, request: Request) -> Reply:
        asked = self._fields(request, {"user.fields"})
        picture = {"profile_image_url": PICTURE} if "profile_image_url" in asked["user.fields"] else {}
        return Reply(200, {"data": ME | picture})

    def _fields(self, request: Request, known: set[str]) -> dict[str, list[str]]:
        self.expect(set(request.query) <= known, f"unknown parameters: {set(request.query) - known}")
        self.expect(request.body == b"", "a body where none belongs")
        return {name: ",".join(request.query.get(name, [])).split(",") for name in known}

    def _timeline(self, request: Request, user: str) -> Reply:
        known = {"max_results", "start_time", "exclude", "tweet.fields", "pagination_token"}
        asked = self._fields(request, known)
        start = asked["start_time"][0]
        self.expect(user == ME["id"], f"another account: {user}")
        self.expect(5 <= int(asked["max_results"][0]) <= 100, "max_results")
        self.expect(set(asked["exclude"]) <= {"retweets", "replies", ""}, "exclude")
        self.expect(set(asked["tweet.fields"]) <= POST_FIELDS, f"tweet.fields: {asked['tweet.fields']}")
        self.expect(bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", start)), f"start_time: {start}")
        begin = int(asked["pagination_token"][0].removeprefix("page") or 0)
        since = datetime.fromisoformat(start)
        fitting = [post for post in reversed(self.posts) if post.at.replace(microsecond=0) >= since]
        shown = fitting[begin : begin + self.page]
        meta: dict[str, Any] = {"result_count": len(shown)}
        if len(fitting) > begin + self.page:
            meta["next_token"] = f"page{begin + self.page}"
        return Reply(200, {"data": [self._shown(post) for post in shown], "meta": meta} if shown else {"meta": meta})

    def _create(self, request: Request) -> Reply:
        self.expect(request.headers.get("Content-Type") == "application/json", "content type of a post")
        body = request.form()
        self.bodies.append(body)
        known = {"text", "media", "poll", "reply", "reply_settings"}
        self.expect(set(body) <= known, f"unknown fields: {set(body) - known}")
        self.expect(not ("media" in body and "poll" in body), "media and poll exclude each other")
        self.expect(body.get("reply_settings", "following") in REPLY_SETTINGS, "reply_settings")
        text = body.get("text", "")
        self.expect(isinstance(text, str) and bool(text or body.get("media")), "neither text nor media")
        if refusal := self._refusal(text, body):
            return refusal
        return self._created(text, body)

    def _refusal(self, text: str, body: dict[str, Any]) -> Reply | None:
        if self.read_only:
            told = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
            return problem(403, "Forbidden", told, "https://api.x.com/2/problems/oauth1-permissions")
        if parse_tweet(text).weightedLength > TEXT_MOST:  # the status is not documented
            return problem(400, "Invalid Request", "Your Tweet text is too long.")
        if text and any(text == post.text for post in self.posts):
            return problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
        ids = (body.get("media") or {}).get("media_ids", [])
        self.expect("media" not in body or 1 <= len(ids) <= 4, "1 to 4 media ids")
        if unready := [i for i in ids if i not in self.media or self.media[i].polls_left]:
            return problem(400, "Invalid Request", f"Your media IDs are invalid: {unready}")
        self._check_poll(body.get("poll"))
        return None

    def _check_poll(self, poll: dict[str, Any] | None) -> None:
        if poll is None:
            return
        self.expect(set(poll) == {"options", "duration_minutes"}, f"poll: {set(poll)}")
        self.expect(2 <= len(poll["options"]) <= 4, "poll options")
        self.expect(all(1 <= len(option) <= 25 for option in poll["options"]), "length of poll options")
        self.expect(type(poll["duration_minutes"]) is int and 5 <= poll["duration_minutes"] <= 10_080, "poll minutes")

    def _created(self, text: str, body: dict[str, Any]) -> Reply:
        self.last_id += 4_194_304
        ids = (body.get("media") or {}).get("media_ids", [])
        post = Post(str(self.last_id), text, datetime.now(UTC), ids, body)
        self.posts.append(post)
        shown = self._shown(post)
        return Reply(201, {"data": {"edit_history_tweet_ids": [post.id], "id": post.id, "text": shown["text"]}})

    def _shown(self, post: Post) -> dict[str, Any]:
        """NFC, trimmed, & < > escaped, every address replaced (docs.x.com, data dictionary)."""
        text, urls = unicodedata.normalize("NFC", post.text).strip(), []
        for number, url in enumerate(extract_urls_with_indices(text)):
            short = f"https://t.co/{post.id[-6:]}{number:04d}"
            meant = url["url"] if "://" in url["url"] else f"http://{url['url']}"
            urls.append({"start": 0, "end": 23, "url": short, "expanded_url": meant, "display_url": meant[8:35]})
            text = text.replace(url["url"], short, 1)
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for media_id in post.media[:1]:  # one address for all of its pictures
            short, shown = f"https://t.co/pic{post.id[-6:]}", f"https://x.com/{ME['username']}/status/{post.id}/photo/1"
            urls.append({"url": short, "expanded_url": shown, "media_key": self.media[media_id].key})
            text = f"{text} {short}".strip()
        told: dict[str, Any] = {"id": post.id, "text": text, "edit_history_tweet_ids": [post.id]}
        told["created_at"] = post.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        told |= {"entities": {"urls": urls}} if urls else {}
        attached = {"media_keys": [self.media[i].key for i in post.media]} if post.media else {}
        attached |= {"poll_ids": [f"9{post.id[1:]}"]} if post.body.get("poll") else {}
        return told | ({"attachments": attached} if attached else {})

    def _read(self, request: Request, post_id: str) -> Reply:
        asked = self._fields(request, {"expansions", "poll.fields"})
        post = next((post for post in self.posts if post.id == post_id), None)
        if post is None:
            told = f"Could not find tweet with id: [{post_id}]."
            error = {"resource_id": post_id, "resource_type": "tweet", "parameter": "id", "value": post_id}
            error |= {"title": "Not Found Error", "detail": told}
            return Reply(200, {"errors": [error | {"type": "https://api.twitter.com/2/problems/resource-not-found"}]})
        answer: dict[str, Any] = {"data": self._shown(post)}
        if "attachments.poll_ids" in asked["expansions"] and (poll := post.body.get("poll")):
            answer["includes"] = {"polls": [_poll(post, poll)]}
        return Reply(200, answer)

    def _delete(self, request: Request, post_id: str) -> Reply:
        self._fields(request, set())
        there = [post for post in self.posts if post.id == post_id]
        if there:
            self.posts.remove(there[0])
        # what it says of one that is not there is not documented
        return Reply(200, {"data": {"deleted": bool(there) and not self.deletes_in_silence}})

    def _upload(self, request: Request) -> Reply:
        parts = _multipart(request)
        self.expect(set(parts) == {"media", "media_category", "media_type"}, f"parts of an upload: {set(parts)}")
        data, mime = parts["media"]
        self.expect(parts["media_category"][0] == b"tweet_image", "media_category")
        self.expect(parts["media_type"][0].decode() == mime, "media_type is not the part's own type")
        self.expect(mime in ("image/jpeg", "image/png", "image/webp"), f"type of a picture: {mime}")
        if len(data) > PICTURE_MOST:
            return problem(400, "Bad Request", "File size exceeds 5242880 bytes.")
        self.last_id += 1
        made = Media(f"3_{self.last_id}", polls_left=self.slow, fails=self.unusable)
        self.media[str(self.last_id)] = made
        return Reply(200, {"data": self._upload_of(str(self.last_id)) | {"size": len(data)}})

    def _upload_of(self, media_id: str) -> dict[str, Any]:
        made = self.media[media_id]
        told: dict[str, Any] = {"id": media_id, "media_key": made.key, "expires_after_secs": 86_400}
        if made.polls_left:
            return told | {"processing_info": {"state": "pending", "check_after_secs": 1, "progress_percent": 0}}
        if made.fails:
            failure = {"code": 1, "name": "InvalidMedia", "message": "Unsupported image"}
            return told | {"processing_info": {"state": "failed", "error": failure}}
        return told | ({"processing_info": {"state": "succeeded", "progress_percent": 100}} if self.slow else {})

    def _status(self, request: Request) -> Reply:
        asked = self._fields(request, {"command", "media_id"})
        self.expect(asked["command"] == ["STATUS"], "command")
        made = self.media[asked["media_id"][0]]
        made.polls_left = max(0, made.polls_left - 1)
        return Reply(200, {"data": self._upload_of(asked["media_id"][0])})

    def _metadata(self, request: Request) -> Reply:
        self.expect(request.headers.get("Content-Type") == "application/json", "content type of metadata")
        body = request.form()
        self.expect(set(body) == {"id", "metadata"} and set(body["metadata"]) == {"alt_text"}, f"metadata: {body}")
        alt = body["metadata"]["alt_text"]["text"]
        if not 1 <= len(alt) <= ALT_MOST:
            return problem(400, "Invalid Request", "alt_text.text: must be between 1 and 1000 characters")
        self.media[body["id"]].alt = alt if self.keeps_alt else alt[:10]
        kept = {"alt_text": {"text": self.media[body["id"]].alt}}
        return Reply(200, {"data": {"id": body["id"], "associated_metadata": kept}})


def _poll(post: Post, poll: dict[str, Any]) -> dict[str, Any]:
    options = [{"position": n, "label": label, "votes": n * 3} for n, label in enumerate(poll["options"], 1)]
    ends = datetime.fromtimestamp(post.at.timestamp() + 60 * poll["duration_minutes"], UTC)
    told = {"id": f"9{post.id[1:]}", "options": list(reversed(options)), "voting_status": "open"}
    return told | {"end_datetime": ends.strftime("%Y-%m-%dT%H:%M:%S.000Z")}


def _q(text: str) -> str:
    return quote(text, safe="-._~")


def _multipart(request: Request) -> dict[str, tuple[bytes, str]]:
    """name -> (content, its type)."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    parsed = BytesParser(policy=HTTP).parsebytes(head + request.body)
    return {
        str(part.get_param("name", header="content-disposition")): (
            part.get_payload(decode=True) or b"",
            part.get_content_type(),
        )
        for part in parsed.iter_parts()
    }


def problem(
    status: int, title: str, detail: str, kind: str = "about:blank", headers: dict[str, str] | None = None
) -> Reply:
    body = {"title": title, "detail": detail, "type": kind, "status": status}
    return Reply(status, body, {"Content-Type": "application/problem+json", **(headers or {})})
