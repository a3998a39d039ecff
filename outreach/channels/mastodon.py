"""Mastodon, and the servers that speak its API: GoToSocial, Pleroma, Akkoma, Pixelfed.

mastodon_about     what it asks for, and how an account is connected
mastodon_connect   which server, and its consent (OAuth)
mastodon_client    Mastodon.py on our guarded session
mastodon_limits    what the server allows
mastodon_media     uploads
mastodon_outcome   what an answer means, beside the table of `verdict`
mastodon_find      is it there? mastodon_match compares
mastodon_change    other words for a message that is out; boost
mastodon_remove    take it down
mastodon_poll      what a poll came to
mastodon_trial     does it work?
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from outreach import clock
from outreach.channels.about import Connected, Errand, Where
from outreach.channels.base import (
    Identity,
    Login,
    Outgoing,
    Prepared,
    Refused,
    Sent,
    Tally,
    TryLater,
    Unauthorized,
    Unclear,
)
from outreach.channels.mastodon_about import ABOUT, begin, go_on
from outreach.channels.mastodon_change import boost, change
from outreach.channels.mastodon_client import CALL_SECONDS, Client, sent_of
from outreach.channels.mastodon_connect import normal_server
from outreach.channels.mastodon_find import look
from outreach.channels.mastodon_limits import read_limits
from outreach.channels.mastodon_media import long_alt, upload
from outreach.channels.mastodon_outcome import MASTODON
from outreach.channels.mastodon_poll import count
from outreach.channels.mastodon_remove import remove
from outreach.channels.mastodon_trial import try_out
from outreach.channels.phrases import UNSURE, fill
from outreach.channels.trial import a_test

PREPARE_SECONDS = 45.0  # all uploads of one message; the lease of a delivery is 60
COMMON_ALT = 1_500  # Mastodon's own limit: only a longer text is worth a question first


class Mastodon:
    about = ABOUT

    def __init__(self, login: Login) -> None:
        self.client = Client(normal_server(login.server), login.secrets["token"], login.reach)
        self.remote_id = login.remote_id

    @classmethod
    def connect(cls, typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand:
        return begin(cls, typed, where)

    @classmethod
    def finish(cls, kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
        return go_on(cls, kept, code, where)

    def check(self) -> Identity:
        """Who we are and what the server allows. Raises Unauthorized, TryLater, Refused."""
        me, instance = self._me(), self._instance()
        domain = str(instance.get("domain") or instance.get("uri") or self.client.place)
        return Identity(
            remote_id=str(me["id"]),
            handle=f"@{me.get('acct') or me.get('username')}@{domain.rpartition('://')[2].strip('/')}",
            name=str(me.get("display_name") or me.get("username") or me.get("acct")),
            url=me.get("url"),
            limits=read_limits(instance),
            picture=str(me.get("avatar_static") or me.get("avatar") or ""),
        )

    def prepare(self, message: Outgoing) -> Prepared:
        """Upload the pictures with their descriptions. Raises Refused, TryLater, Unauthorized; never Unclear."""
        ends_at = time.monotonic() + PREPARE_SECONDS
        try:
            self._refuse_long_alt(message)
            return {"media": [upload(self.client, picture, ends_at) for picture in message.pictures]}
        finally:
            self.client.session.deadline_seconds = CALL_SECONDS

    def send(self, message: Outgoing, prepared: Prepared) -> Sent:
        """Publish it, once. Raises Refused, TryLater, Unauthorized (not out) or Unclear."""
        judge = partial(MASTODON.after_send, is_reply=message.reply_to is not None)
        made = self.client.ask(partial(self._post, message, prepared), judge)
        found = sent_of(made)
        if found is None:
            raise self.client.judged(judge)
        return found

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        """Look through what the account posted since `since` (UTC, two minutes of slack for the server's clock).

        None: we looked, and it is not there. Raises only Unclear: we could not look (`__cause__` says why, and
        is an Unauthorized where the account has to be connected again).
        """
        try:
            return sent_of(look(self.client, self.remote_id or str(self._me()["id"]), message, since))
        except (Refused, TryLater, Unauthorized) as error:
            raise Unclear(fill(UNSURE["cannot look"], self.client.place), error.diagnosis) from error

    def take_down(self, remote_id: str) -> None:
        """Delete it. Returns once it is certainly gone. Raises Refused, TryLater, Unauthorized, Unclear."""
        remove(self.client, remote_id)

    def edit(self, remote_id: str, message: Outgoing) -> Sent:
        """Other words, pictures or descriptions for what is out. May be repeated. Raises as `take_down` does."""
        return change(self.client, remote_id, message, self.prepare(message))

    def boost(self, remote_id: str) -> None:
        """Show it to our readers once more. Raises Refused, TryLater, Unauthorized, Unclear."""
        boost(self.client, remote_id)

    def renew(self) -> None:
        """Its token does not end."""

    def test(self) -> None:
        """A message to nobody. Raises Unauthorized, TryLater, Refused, Unclear."""
        out = a_test("direct")
        try_out(self.client, lambda: self._post(out, {}), lambda: self.find(out, {}, clock.now()))

    def tally(self, remote_id: str) -> Tally | None:
        """What its poll came to. Raises Refused, TryLater, Unauthorized."""
        return count(self.client, remote_id)

    def _post(self, message: Outgoing, prepared: Prepared) -> object:
        api = self.client.api
        poll = api.make_poll(list(message.poll.options), message.poll.minutes * 60) if message.poll else None
        return api.status_post(
            message.text,
            in_reply_to_id=message.reply_to,
            media_ids=list(prepared.get("media") or ()) or None,
            # None leaves it out: beside a poll it would travel as the text "1", which GoToSocial does not take.
            sensitive=True if message.warning and not poll else None,
            visibility=message.visibility,
            spoiler_text=message.warning or None,
            language=message.language,
            idempotency_key=message.key,
            poll=poll,
        )

    def _me(self) -> Mapping[str, Any]:
        me = self.client.ask(lambda: self.client.api.account_verify_credentials(), MASTODON.on_look)
        if not isinstance(me, Mapping) or not me.get("id"):
            raise self.client.judged(MASTODON.on_look)
        return me

    def _instance(self) -> Mapping[str, Any]:
        """v2, or v1 where the server has none (Pleroma, Mastodon before 4.0)."""
        with suppress(Refused, Unauthorized):
            found = self.client.ask(lambda: self.client.api.instance_v2(), MASTODON.on_look)
            if isinstance(found, Mapping) and found.get("configuration"):
                return found
        found = self.client.ask(lambda: self.client.api.instance_v1(), MASTODON.on_look)
        return found if isinstance(found, Mapping) else {}

    def _refuse_long_alt(self, message: Outgoing) -> None:
        longest = max((len(picture.alt) for picture in message.pictures), default=0)
        if longest <= COMMON_ALT:
            return
        try:
            most = read_limits(self._instance()).alt_characters
        except (Refused, TryLater, Unauthorized) as error:
            raise self.client.judged(MASTODON.before_send) from error
        if longest > most:
            raise long_alt(self.client.place, most)
