"""A LinkedIn page, by the Posts API of its Community Management product.

linkedin_about     what connecting and setting up ask for
linkedin_connect   consent, tokens, which pages
linkedin_wire      how it is asked, what an answer means
linkedin_text      its `little` text: nothing may cut a message off
linkedin_media     uploads
linkedin_poll      its polls
linkedin_find      is it there?

There is no key that makes a repeat harmless. A duplicate is refused with the name of its twin: the twin is read, and
where it is this message, it is out. learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from outreach.channels.about import Connected, Errand, Where
from outreach.channels.base import (
    ChannelError,
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
from outreach.channels.linkedin_about import ABOUT
from outreach.channels.linkedin_connect import begin, go_on, identity, renewed
from outreach.channels.linkedin_find import look, read, sent
from outreach.channels.linkedin_media import upload
from outreach.channels.linkedin_poll import poll, tally
from outreach.channels.linkedin_text import little
from outreach.channels.linkedin_wire import LINKEDIN, PLACE, api_at, in_path, twin_in
from outreach.channels.phrases import UNSURE, fill
from outreach.words import Sentence

POLL_OR_PICTURES = Sentence(
    "It has not gone out: LinkedIn takes a poll or pictures, and not both. Take one of them away and send it again."
)
PREPARE_SECONDS = 45.0  # all uploads of one message; the lease of a delivery is 60


class LinkedIn:
    about = ABOUT

    def __init__(self, login: Login) -> None:
        self.login, self.api = login, api_at(login)
        self.page = login.remote_id or ""

    @staticmethod
    def connect(typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand:
        return begin(where)

    @staticmethod
    def finish(kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
        return go_on(kept, code, where)

    def check(self) -> Identity:
        """Raises Unauthorized, TryLater, Refused."""
        return identity(self.api, self.page, self.login.secrets)

    def prepare(self, message: Outgoing) -> Prepared:
        """Upload the pictures. Raises Refused, TryLater, Unauthorized; never Unclear."""
        if message.poll and message.pictures:
            raise Refused(POLL_OR_PICTURES)
        ends_at, patience = time.monotonic() + PREPARE_SECONDS, self.api.session.deadline_seconds
        try:
            return {"images": [upload(self.api, self.page, picture, ends_at) for picture in message.pictures]}
        finally:
            self.api.session.deadline_seconds = patience

    def send(self, message: Outgoing, prepared: Prepared) -> Sent:
        """Publish it, once. Raises Refused, TryLater, Unauthorized (not out) or Unclear."""
        post = _post(self.page, message, prepared)
        try:
            answer = self.api.ask("POST", "/rest/posts", LINKEDIN.after_send, json=post)
        except Unclear as error:
            twin = twin_in(self.api.last())
            if twin is None:
                raise
            return self._settled(message, prepared, twin, error)
        urn = answer.headers.get("x-restli-id")  # the answer has no body
        if not urn:
            raise LINKEDIN.after_send(PLACE, answer, None)
        return sent(urn)

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        try:
            return look(self.api, self.page, message, prepared, since)
        except (Refused, TryLater, Unauthorized) as error:
            raise Unclear(fill(UNSURE["cannot look"], PLACE), error.diagnosis) from error

    def take_down(self, remote_id: str) -> None:
        """May be repeated: it is a 204 also where it is gone. Raises Refused, TryLater, Unauthorized, Unclear."""
        headers = {"X-RestLi-Method": "DELETE"}
        try:
            answer = self.api.ask("DELETE", f"/rest/posts/{in_path(remote_id)}", LINKEDIN.after_delete, headers=headers)
        except ChannelError:
            if LINKEDIN.is_gone(self.api.last()):
                return
            raise
        if answer.status_code != 204:
            raise LINKEDIN.after_delete(PLACE, answer, None)

    def edit(self, remote_id: str, message: Outgoing) -> Sent:
        """Other words; pictures and poll stay. May be repeated. Raises as `take_down` does."""
        patch = {"patch": {"$set": {"commentary": little(message.text)}}}
        headers = {"X-RestLi-Method": "PARTIAL_UPDATE"}
        path = f"/rest/posts/{in_path(remote_id)}"
        answer = self.api.ask("POST", path, LINKEDIN.after_edit, json=patch, headers=headers)
        if answer.status_code != 204:
            raise LINKEDIN.after_edit(PLACE, answer, None)
        return sent(remote_id)

    def renew(self) -> None:
        """Raises Unauthorized where only a person can, TryLater."""
        self.login = replace(self.login, secrets=renewed(self.login))
        self.api = api_at(self.login)

    def tally(self, remote_id: str) -> Tally | None:
        """Raises Unauthorized, TryLater, Refused."""
        post = read(self.api, remote_id)
        return tally(post) if post is not None else None

    def _settled(self, message: Outgoing, prepared: Prepared, twin: str, error: Unclear) -> Sent:
        """LinkedIn calls it a duplicate: is its twin this very message, posted since we first tried?"""
        sentence = fill(UNSURE["duplicate"], PLACE)
        try:
            found = self.find(message, {**prepared, "twin": twin}, message.begun_at) if message.begun_at else None
        except Unclear as unseen:
            found, sentence = None, unseen.sentence
        if found is None:
            raise Unclear(sentence, error.diagnosis, {"twin": twin}) from error
        return found


def _post(author: str, message: Outgoing, prepared: Prepared) -> dict[str, Any]:
    images = list(prepared.get("images") or ())
    content = poll(message) or ({"multiImage": {"images": images}} if len(images) > 1 else {})
    if len(images) == 1 and not content:
        content = {"media": images[0]}
    return {
        "author": author,
        "commentary": little(message.text),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    } | ({"content": content} if content else {})
