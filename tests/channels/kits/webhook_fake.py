"""Receivers of webhooks: Discord, Slack, Power Automate (Teams), and one that was written after our own description.

From discord.com/developers/docs/resources/webhook, api.slack.com's changelog of 2016-05-17 (words of refusal) and its
page on incoming webhooks, learn.microsoft.com on the trigger "When a Teams webhook request is received", and the
docstrings of `webhook_body.plain` and `webhook_sign`. They know nothing else of our code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from local_server import LocalServer, Reply, Request

KEY = "9d2f1c7a64be4f0f8f4a1d3b5c6e7f80"
DISCORD_ID, DISCORD_TOKEN = "223704706495545344", "3d89bb7572e0fb30d8128367b3b1b44fecd1726de135cbe28a41f8b2f777"
PATHS = {
    "plain": "/hooks/catch/1234567/abcdef/",
    "discord": f"/api/webhooks/{DISCORD_ID}/{DISCORD_TOKEN}",
    "slack": "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    "teams": "/workflows/ab12cd34/triggers/manual/paths/invoke",
}
QUERIES = {"teams": "api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=AbC-d_E"}


@dataclass
class Stood:
    id: str
    text: str
    alts: list[str]


@dataclass
class WebhookFake:
    preset: str
    stood: list[Stood] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    # switches
    removed: bool = False
    key: str = KEY  # of the signature
    throttled: int = 0  # seconds

    def __post_init__(self) -> None:
        self.server = LocalServer(self.answer)
        self.last_id = 1_100_000_000_000_000_000

    def fresh(self) -> None:
        self.stood, self.wrong, self.removed, self.throttled, self.key = [], [], False, 0, KEY

    def expect(self, fine: bool, what: str) -> None:
        if not fine:
            self.wrong.append(what)

    def answer(self, request: Request) -> Reply:
        try:
            reply = self._answer(request)
        except Exception as error:  # a field that is not there, or of another type
            self.wrong.append(f"{request.method} {request.path}: {error!r}")
            reply = Reply(400, {"error": "invalid"})
        # the faulty proxy takes one request a connection, and says so only in what it asks
        return Reply(reply.status, reply.body, {"Connection": "close", **reply.headers})

    def _answer(self, request: Request) -> Reply:
        self.expect(request.path.startswith(PATHS[self.preset]), f"another address: {request.path}")
        if self.removed:
            return self._gone()
        if self.throttled:
            return Reply(429, {"message": "You are being rate limited."}, {"Retry-After": str(self.throttled)})
        more = request.path.removeprefix(PATHS[self.preset])
        if self.preset == "discord" and (request.method != "POST" or more):
            return self._discord_other(request, more)
        self.expect(request.method == "POST" and not more, f"no such call: {request.method} {more}")
        kind = request.headers.get("Content-Type", "")
        self.expect(kind.partition(";")[0] == "application/json", f"content type: {kind}")
        told: Reply = getattr(self, f"_{self.preset}")(request, json.loads(request.body))
        return told

    def _gone(self) -> Reply:
        if self.preset == "discord":
            return Reply(404, {"message": "Unknown Webhook", "code": 10015})
        if self.preset == "slack":
            return Reply(404, b"no_service", {"Content-Type": "text/plain"})
        return Reply(404, {"error": {"code": "WorkflowNotFound", "message": "The workflow could not be found."}})

    # Our own

    def _plain(self, request: Request, body: dict[str, Any]) -> Reply:
        self._check_signature(request)
        known = {"version", "id", "text", "link", "pictures", "language", "time"}
        self.expect(set(body) - {"test"} == known and body["version"] == 1, f"fields: {set(body)}")
        self.expect(bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["time"])), f"time: {body['time']}")
        self.expect(body["link"] is None or body["link"] in body["text"], "link")
        self.expect(body["language"] is None or isinstance(body["language"], str), "language")
        for picture in body["pictures"]:
            self.expect(set(picture) in ({"alt", "type", "name", "data"}, {"alt", "type", "name", "url"}), "picture")
            if "data" in picture:
                data = base64.b64decode(picture["data"], validate=True)
                self.expect(data[:2] == b"\xff\xd8" and picture["type"] == "image/jpeg", "a picture that is none")
        if body.get("test"):
            return Reply(200, {"received": body["id"]})  # it is shown to nobody
        if all(one.id != body["id"] for one in self.stood):  # a receiver that keeps the ids never has one twice
            self._keep(body["text"], [picture["alt"] for picture in body["pictures"]], body["id"])
        return Reply(200, {"received": body["id"]})

    def _check_signature(self, request: Request) -> None:
        found = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", request.headers.get("X-Outreach-Signature", ""))
        if not found:
            self.wrong.append("no signature")
            return
        made = hmac.new(self.key.encode(), found[1].encode() + b"." + request.body, hashlib.sha256).hexdigest()
        self.expect(hmac.compare_digest(made, found[2]), "the signature is wrong")
        self.expect(abs(int(found[1]) - time.time()) < 300, "the signature is old")

    def _keep(self, text: str, alts: list[str], message_id: str = "") -> str:
        self.last_id += 1
        self.stood.append(Stood(message_id or str(self.last_id), text, alts))
        return self.stood[-1].id

    # Discord

    def _discord(self, request: Request, body: dict[str, Any]) -> Reply:
        self.expect(request.query == {"wait": ["true"]}, f"query: {request.query}")
        self.expect(set(body) <= {"content", "embeds", "allowed_mentions"}, f"fields: {set(body)}")
        self.expect(body["allowed_mentions"] == {"parse": []}, "somebody may be called")
        content, embeds = body.get("content", ""), body.get("embeds", [])
        if len(content.encode("utf-16-le")) // 2 > 2_000 or not (content or embeds) or len(embeds) > 10:
            return Reply(400, {"message": "Invalid Form Body", "code": 50035, "errors": {}})
        alts = [embed.get("description", "") for embed in embeds]
        self.expect(sum(map(len, alts)) <= 6_000 and all(len(alt) <= 4_096 for alt in alts), "length of embeds")
        self.expect(all(embed["image"]["url"].startswith("http") for embed in embeds), "an image without an address")
        return Reply(200, self._discord_shown(self._keep(content, alts)))

    def _discord_shown(self, message_id: str) -> dict[str, Any]:
        one = next(one for one in self.stood if one.id == message_id)
        author = {"id": DISCORD_ID, "username": "Maple Library", "avatar": None, "discriminator": "0000", "bot": True}
        told = {"type": 0, "content": one.text, "mentions": [], "attachments": [], "embeds": [], "id": one.id}
        return told | {"channel_id": "199737254929760256", "author": author, "webhook_id": DISCORD_ID, "tts": False}

    def _discord_other(self, request: Request, more: str) -> Reply:
        self.expect(not request.body and request.method in ("GET", "DELETE"), f"{request.method} with a body")
        if not more and request.method == "GET":
            me = {"id": DISCORD_ID, "type": 1, "name": "Maple Library", "avatar": "bb71f469c158984e265093a81b3397fb"}
            me |= {"channel_id": "199737254929760256", "guild_id": "199737254929760256", "application_id": None}
            return Reply(200, me | {"token": DISCORD_TOKEN})
        found = re.fullmatch(r"/messages/(\d+)", more)
        self.expect(found is not None, f"no such call: {request.method} {more}")
        there = [one for one in self.stood if found and one.id == found[1]]
        if not there:
            return Reply(404, {"message": "Unknown Message", "code": 10008})
        if request.method == "GET":
            return Reply(200, self._discord_shown(there[0].id))
        self.stood.remove(there[0])
        return Reply(204)

    # Slack

    def _slack(self, request: Request, body: dict[str, Any]) -> Reply:
        self.expect(set(body) <= {"text", "attachments"}, f"fields: {set(body)}")
        text = body.get("text", "")
        if not text:
            return Reply(400, b"no_text", {"Content-Type": "text/plain"})
        self.expect(not re.search(r"[<>]|&(?!amp;|lt;|gt;)", text), f"not escaped: {text}")
        blocks = [block for attached in body.get("attachments", ()) for block in attached["blocks"]]
        for block in blocks:
            self.expect(set(block) == {"type", "image_url", "alt_text"} and block["type"] == "image", "block")
            self.expect(1 <= len(block["alt_text"]) <= 2_000 and len(block["image_url"]) <= 3_000, "image block")
        shown = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        self._keep(shown, [block["alt_text"] for block in blocks])
        return Reply(200, b"ok", {"Content-Type": "text/html"})

    # Teams: the trigger answers before the card is posted

    def _teams(self, request: Request, body: dict[str, Any]) -> Reply:
        self.expect(request.query.get("sig") == ["AbC-d_E"], f"query: {request.query}")
        if len(request.body) > 28 * 1024:
            return Reply(413, {"error": {"code": "RequestEntityTooLarge", "message": "The request is too large."}})
        (attached,) = body["attachments"]
        self.expect(body["type"] == "message" and set(body) == {"type", "attachments"}, "message")
        self.expect(attached["contentType"] == "application/vnd.microsoft.card.adaptive", "content type of the card")
        card = attached["content"]
        self.expect(card["type"] == "AdaptiveCard" and card["version"] in ("1.2", "1.3", "1.4", "1.5"), "card")
        texts = [part["text"] for part in card["body"] if part["type"] == "TextBlock"]
        images = [part for part in card["body"] if part["type"] == "Image"]
        self.expect(len(texts) + len(images) == len(card["body"]), "parts of the card")
        self.expect(all(image["url"].startswith("http") for image in images), "an image without an address")
        for action in card.get("actions", ()):
            self.expect(set(action) == {"type", "title", "url"} and action["type"] == "Action.OpenUrl", "action")
        self._keep("\n".join(texts), [image["altText"] for image in images])
        return Reply(202)
