"""Webhooks: a message as JSON to an address that was pasted.

webhook_about    what connecting asks for; which addresses are meant
webhook_body     a message -> JSON for Discord, Slack, Teams, or a receiver of one's own
webhook_sign     how such a receiver knows us
webhook_outcome  what an answer means

Nobody can look there what has arrived, so that a lost answer always is a question to a person. Discord alone takes a
message down.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from outreach import clock
from outreach.channels import guard
from outreach.channels.about import Connected, Errand, Where
from outreach.channels.api import Api
from outreach.channels.base import (
    ChannelError,
    Handed,
    Identity,
    Limits,
    Login,
    Outgoing,
    Prepared,
    Refused,
    Sent,
    Tally,
    Unclear,
)
from outreach.channels.counting import count
from outreach.channels.fit import fitted
from outreach.channels.phrases import SAID, UNSURE, fill
from outreach.channels.trial import SECONDS, a_test
from outreach.channels.trouble import Blocked
from outreach.channels.verdict import parsed
from outreach.channels.webhook_about import ABOUT, DISCORD, NAMES, PLAIN, SLACK, read, signing_key
from outreach.channels.webhook_body import BODIES
from outreach.channels.webhook_limits import limits_of
from outreach.channels.webhook_outcome import NOBODY_KNOWS, SPEECH, after_send, has_taken, is_nothing
from outreach.channels.webhook_sign import HEADER, new_key, signature
from outreach.words import Sentence

TOO_LONG = Sentence(
    "It has not gone out: it is longer than the %(most)s characters that %(place)s takes. Shorten it and send it again."
)
NOT_SECRET = Sentence(
    "An address that begins with http:// can be read on the way. Ask for one that begins with https://, or have "
    "whoever runs Outreach allow it with OUTREACH_ALLOW_HOSTS."
)
NO_ADDRESS = Sentence(
    "It has not gone out: %(place)s fetches pictures by itself, and cannot reach this Outreach. Send it again without "
    "the picture."
)


class Webhook:
    about = ABOUT

    def __init__(self, login: Login) -> None:
        self.preset = (login.remote_id or PLAIN).partition(":")[0]
        self.login, self.secrets = login, login.secrets
        self.limits: Limits = limits_of(self.preset, bool(login.public_url))
        self.api = Api(login.server, login.reach, SPEECH, NAMES.get(self.preset, ""))

    @staticmethod
    def connect(typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand:
        """Discord is asked who it is; of the others only the shape of the address is known. Raises Refused, TryLater.

        `secrets["signing_key"]` is for the person to copy to the receiver, where there is one.
        """
        address = read(typed)
        secrets = {"path": address.path, "query": address.query}
        if address.preset == PLAIN:
            secrets["signing_key"] = signing_key(typed) or new_key()
        login = Login(address.server, secrets, where.reach, address.preset, public_url=where.public_url)
        return [Connected(Webhook(login).check(), secrets, address.server)]

    @staticmethod
    def finish(kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
        raise Refused(fill(UNSURE["odd answer"], ABOUT.name))

    def check(self) -> Identity:
        """Raises Unauthorized, TryLater, Refused."""
        return self._discord() if self.preset == DISCORD else self._by_its_address()

    def prepare(self, message: Outgoing) -> Prepared:
        """Nothing is uploaded. Raises Refused for what cannot go out whole: not all of these receivers would say so."""
        if count(message.text, self.limits) > self.limits.characters:
            raise Refused(fill(TOO_LONG, self.api.place, most=self.limits.characters))
        if longest := max((len(p.alt) for p in message.pictures if len(p.alt) > self.limits.alt_characters), default=0):
            raise Refused(fill(SAID["alt too long"], self.api.place, most=self.limits.alt_characters), f"{longest}")
        if self.preset != PLAIN and any(not picture.url for picture in message.pictures):
            raise Refused(fill(NO_ADDRESS, self.api.place))
        return {}

    def send(self, message: Outgoing, prepared: Prepared) -> Sent:
        """Once. Raises Refused, TryLater, Unauthorized (it has not arrived), Unclear."""
        self.prepare(message)
        if self.preset == PLAIN:
            message = replace(message, pictures=tuple(fitted(p, self.limits.image_bytes) for p in message.pictures))
        body = json.dumps(BODIES[self.preset](message), ensure_ascii=False).encode()
        answer = self.api.ask("POST", self._path(wait=True), after_send, data=body, headers=self._headers(body))
        if not has_taken(self.preset, answer):
            raise after_send(self.api.place, answer, None)
        return Sent(str(parsed(answer)["id"]) if self.preset == DISCORD else message.key, None)

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        """Discord shows a message whose id is known, and after a lost answer it is not. Raises Unclear, always."""
        raise Unclear(fill(NOBODY_KNOWS, self.api.place))

    def take_down(self, remote_id: str) -> Handed | None:
        """At Discord; elsewhere a person has to. Raises Refused, TryLater, Unauthorized, Unclear."""
        if self.preset != DISCORD:
            return Handed()
        try:
            self.api.ask("DELETE", self._path(f"/messages/{remote_id}"), SPEECH.after_delete)
        except ChannelError as error:
            if SPEECH.is_gone(self.api.last()) or (isinstance(error, Unclear) and self._is_gone(remote_id)):
                return None
            raise
        self._sure_that_gone(remote_id)
        return None

    def renew(self) -> None:
        """Its address does not end."""

    def test(self) -> None:
        """Slack says "no_text" to nothing, if it knows the address; a receiver of one's own is told that it is a test.

        Raises Unauthorized, TryLater, Refused, Unclear.
        """
        self.api.session.deadline_seconds = min(SECONDS, self.api.session.deadline_seconds)
        told = {"text": ""} if self.preset == SLACK else {**BODIES[PLAIN](a_test()), "test": True}
        body = json.dumps(told).encode()
        try:
            answer = self.api.ask("POST", self._path(), SPEECH.on_press, data=body, headers=self._headers(body))
        except ChannelError:
            if self.preset == SLACK and is_nothing(self.api.last()):
                return
            raise
        if not has_taken(self.preset, answer):
            raise SPEECH.on_press(self.api.place, answer, None)

    def tally(self, remote_id: str) -> Tally | None:
        return None

    def _sure_that_gone(self, remote_id: str) -> None:
        """204 without a body says it; a page says nothing."""
        answer = self.api.last()
        if answer is not None and answer.content and not self._is_gone(remote_id):
            raise SPEECH.after_delete(self.api.place, answer, None)

    def _is_gone(self, remote_id: str) -> bool:
        with suppress(ChannelError):
            self.api.json("GET", self._path(f"/messages/{remote_id}"), SPEECH.after_delete)
        return SPEECH.is_gone(self.api.last())

    def _discord(self) -> Identity:
        me = self.api.json("GET", self._path(), SPEECH.on_look)
        if not str(me.get("id", "")).isdecimal():
            raise SPEECH.on_look(self.api.place, self.api.last(), None)
        name, avatar = str(me.get("name") or "Discord"), str(me.get("avatar") or "")
        picture = f"https://cdn.discordapp.com/avatars/{me['id']}/{avatar}.png" if avatar else ""
        return Identity(f"{DISCORD}:{me['id']}", name, name, None, self.limits, picture)

    def _by_its_address(self) -> Identity:
        """Nothing is asked there: each call would be a message. Raises Refused for an address that we may not call."""
        parts = urlsplit(self.api.root)
        try:
            own = guard.check(parts.hostname or "", parts.port or 443, self.login.reach)
        except Blocked as blocked:
            raise Refused(blocked.sentence, blocked.diagnosis) from blocked
        if parts.scheme == "http" and not own:
            raise Refused(NOT_SECRET)
        known_as = f"{self.preset}:{_digest(self.api.root, self.secrets)}"
        return Identity(known_as, self.api.place, self.api.place, None, self.limits)

    def _path(self, more: str = "", wait: bool = False) -> str:
        """`wait`: Discord then answers with the message, and with what is wrong with it."""
        waits = "wait=true" if wait and self.preset == DISCORD else ""
        query = "&".join(part for part in (self.secrets.get("query"), waits) if part)
        return f"{self.secrets['path']}{more}" + (f"?{query}" if query else "")

    def _headers(self, body: bytes) -> dict[str, Any]:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if key := self.secrets.get("signing_key"):
            headers[HEADER] = signature(key, body, int(clock.now().timestamp()))
        return headers


def _digest(server: str, secrets: Mapping[str, str]) -> str:
    """Tells one address from another, and not what it is."""
    return hashlib.sha256(f"{server}{secrets['path']}?{secrets['query']}".encode()).hexdigest()[:16]
