"""Bluesky, and every server that speaks the AT Protocol.

bluesky_about    what connecting asks for
bluesky_client   calls, and the session that is shared by all workers
bluesky_wire     atproto on our guarded session
bluesky_record   a message -> the records of one commit, under a key of ours (pure)

Exactly once without a limit of time: the record's key is ours and stays the same, a second record under it is
refused (500, nothing written), and `getRecord` says whether it is there. Measured on PDS 0.4.217 and 0.5.35.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from outreach.channels.about import Connected, Errand, Where
from outreach.channels.base import (
    ChannelError,
    Identity,
    Limits,
    Login,
    Outgoing,
    Picture,
    Prepared,
    Refused,
    Sent,
    Tally,
    TryLater,
    Unauthorized,
    Unclear,
)
from outreach.channels.bluesky_about import ABOUT, read
from outreach.channels.bluesky_client import BLUESKY, Client, wrong_password
from outreach.channels.bluesky_record import (
    GATE,
    POST,
    address,
    card,
    key_in,
    pictures,
    records,
    reply_to,
    tid,
    web_address,
)
from outreach.channels.card import read_card
from outreach.channels.counting import LINK
from outreach.channels.fit import fitted, size_of
from outreach.channels.phrases import SAID, UNSURE, fill

# lexicons app.bsky.feed.post, app.bsky.embed.images and app.bsky.embed.external
LIMITS = Limits(
    characters=300,
    text_bytes=3_000,
    images=4,
    image_bytes=2_000_000,
    image_fitted=True,
    shape="wide",
    alt_characters=2_000,
    thread=True,
    language=True,
)
THUMB = 1_000_000  # bytes


class Bluesky:
    about = ABOUT

    def __init__(self, login: Login) -> None:
        self.client, self.reach = Client(login), login.reach

    @staticmethod
    def connect(typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand:
        """Raises Refused, TryLater."""
        server, identifier, password = read(typed)
        client = Client(Login(server, {}, where.reach))
        try:
            secrets = client.sign_in(identifier, password)
        except Unauthorized as error:
            raise wrong_password(client.place, error.diagnosis) from error
        return [Connected(Bluesky(Login(server, secrets, where.reach)).check(), secrets, server)]

    @staticmethod
    def finish(kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
        raise Refused(fill(UNSURE["odd answer"], "Bluesky"))

    def check(self) -> Identity:
        me = self.client.call(lambda api, headers: api.get_session(headers), BLUESKY.on_look)
        profile: Mapping[str, Any] = {}
        with suppress(ChannelError):  # a server without Bluesky's own services has none
            profile = self.client.call(lambda api, headers: api.profile(str(me["did"]), headers), BLUESKY.on_look)
        return Identity(
            remote_id=str(me["did"]),
            handle=f"@{me['handle']}",
            name=str(profile.get("displayName") or me["handle"]),
            url=f"https://bsky.app/profile/{me['did']}",
            limits=LIMITS,
            picture=str(profile.get("avatar") or ""),
        )

    def prepare(self, message: Outgoing) -> Prepared:
        """Uploads; who is mentioned; the card of the link. Raises Refused, TryLater, Unauthorized."""
        made: dict[str, Any] = {"mentioned": self._mentioned(message.text)}
        if message.pictures:
            return made | {"pictures": [self._upload(p, LIMITS.image_bytes) for p in message.pictures]}
        return made | {"card": self._card(message.text)}

    def send(self, message: Outgoing, prepared: Prepared) -> Sent:
        """One commit. On anything but 200 it is read back: it is there, or it is not."""
        rkey, writes = self._writes(message, prepared)
        try:
            self.client.call(lambda api, headers: api.write(self.client.did, writes, headers), BLUESKY.after_send)
        except TryLater:
            raise  # nothing left this machine, or the server counts: it wrote nothing
        except ChannelError as error:
            with suppress(Refused, TryLater, Unauthorized, Unclear):
                if found := self._at(rkey):
                    return found
            raise error
        return self._sent(rkey)

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        try:
            return self._at(_key(message))
        except (Refused, TryLater, Unauthorized) as error:
            raise Unclear(fill(UNSURE["cannot look"], self.client.place), error.diagnosis) from error

    def take_down(self, remote_id: str) -> None:
        """The message and its gate. May be repeated: what is not there is deleted without a word."""
        rkey = key_in(remote_id)
        there = [one for one in (GATE, POST) if self._record(one, rkey) is not None]
        gone = [{"collection": collection, "rkey": rkey} for collection in there]
        if gone:
            self.client.call(lambda api, headers: api.write(self.client.did, gone, headers), BLUESKY.after_delete)

    def renew(self) -> None:
        """Its session is renewed by every call that needs it."""

    def tally(self, remote_id: str) -> Tally | None:
        return None

    def _writes(self, message: Outgoing, prepared: Prepared) -> tuple[str, list[dict[str, Any]]]:
        from outreach.channels.bluesky_wire import facets_of

        rkey, embed = _key(message), None
        if prepared.get("pictures"):
            embed = pictures(prepared["pictures"])
        elif prepared.get("card"):
            embed = card(prepared["card"])
        facets = facets_of(message.text, dict(prepared.get("mentioned") or {}))
        made = records(
            self.client.did,
            rkey,
            message.text,
            _begun(message),
            facets=facets,
            embed=embed,
            reply=self._reply(message),
            language=message.language,
            answers=message.answers,
        )
        return rkey, made

    def _reply(self, message: Outgoing) -> dict[str, Any] | None:
        if not message.reply_to:
            return None
        parent = self._record(POST, key_in(message.reply_to))
        if parent is None:
            raise Refused(fill(SAID["answered one gone"], self.client.place))
        return reply_to(parent)

    def _upload(self, picture: Picture, most: int) -> dict[str, Any]:
        small = fitted(picture, most, ("image/jpeg", "image/png", "image/webp"))
        made = self.client.call(lambda api, headers: api.upload(small.data, small.mime, headers), BLUESKY.before_send)
        return {"blob": made["blob"], "alt": picture.alt, "size": size_of(small)}

    def _card(self, text: str) -> dict[str, Any] | None:
        link = LINK.search(text)
        told = read_card(self.reach, link[0]) if link else None
        if link is None or told is None:
            return None
        made: dict[str, Any] = {"uri": link[0], "title": told.title, "description": told.description}
        if told.picture:
            with suppress(ChannelError, OSError, ValueError):  # a strange picture costs the picture, not the card
                made["thumb"] = self._upload(Picture(told.picture, told.mime, ""), THUMB)["blob"]
        return made

    def _mentioned(self, text: str) -> dict[str, str]:
        """handle -> did, of those that there are; the others stay words."""
        if "@" not in text:
            return {}
        from outreach.channels.bluesky_wire import handles_in

        known = ((handle, self._did_of(handle)) for handle in handles_in(text))
        return {handle: did for handle, did in known if did}

    def _did_of(self, handle: str) -> str:
        with suppress(Refused):
            return str(self.client.call(lambda api, _: api.resolve(handle), BLUESKY.on_look)["did"])
        return ""

    def _at(self, rkey: str) -> Sent | None:
        return self._sent(rkey) if self._record(POST, rkey) is not None else None

    def _record(self, collection: str, rkey: str) -> Mapping[str, Any] | None:
        """None: it is certainly not there. Raises Refused, TryLater, Unauthorized."""
        try:
            return self.client.call(lambda api, _: api.get_record(self.client.did, collection, rkey), BLUESKY.on_look)
        except ChannelError:
            if BLUESKY.is_gone(self.client.session.last):
                return None
            raise

    def _sent(self, rkey: str) -> Sent:
        return Sent(address(self.client.did, rkey), web_address(self.client.did, rkey))


def _begun(message: Outgoing) -> datetime:
    if message.begun_at is None:
        raise ValueError("a message for Bluesky needs the moment it was first tried")
    return message.begun_at


def _key(message: Outgoing) -> str:
    return tid(_begun(message), message.key)
