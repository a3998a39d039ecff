"""A Facebook page, by Meta's Graph API.

facebook_about     what connecting and setting up ask for
facebook_connect   the way from the login dialog to the token of a page
facebook_find      is it there?
graph              what an answer means, and how calls are signed

There is no key that makes a repeat harmless. So a send whose outcome nobody knows is looked for on the page, and a
refusal as a duplicate (506) counts as a sign that it is out. developers.facebook.com/docs/pages-api/posts
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from outreach.channels.about import Connected, Errand, Where
from outreach.channels.api import Judge
from outreach.channels.base import (
    ChannelError,
    Identity,
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
from outreach.channels.counting import LINK
from outreach.channels.facebook_about import ABOUT
from outreach.channels.facebook_connect import LIMITS, PAGE_FIELDS, PLACE, api_at, begin, go_on, identity
from outreach.channels.facebook_find import address, look
from outreach.channels.fit import fitted
from outreach.channels.graph import GRAPH, is_evidence, on_look, proof
from outreach.channels.phrases import STANDS, UNSURE, fill
from outreach.channels.trial import SECONDS, a_test, send_and_take_down


class Facebook:
    about = ABOUT

    def __init__(self, login: Login) -> None:
        self.api = api_at(login.server, login)
        self.page = login.remote_id or "me"
        self.signed = proof(login.secrets["token"].strip(), login.setup.get("app_secret", "").strip())

    @staticmethod
    def connect(typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand:
        return begin(where)

    @staticmethod
    def finish(kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
        return go_on(kept, code, where)

    def check(self) -> Identity:
        """Raises Unauthorized, TryLater, Refused."""
        page = self._read(f"/{self.page}", {"fields": PAGE_FIELDS})
        if not page.get("id"):
            raise on_look(PLACE, self.api.last(), None)
        return identity(page)

    def prepare(self, message: Outgoing) -> Prepared:
        """Upload the pictures with their descriptions; nobody sees them until a post shows them."""
        return {"photos": [self._upload(picture) for picture in message.pictures]}

    def send(self, message: Outgoing, prepared: Prepared) -> Sent:
        """Publish it, once. Raises Refused, TryLater, Unauthorized (not out) or Unclear."""
        try:
            made = self._write(f"/{self.page}/feed", GRAPH.after_send, _fields(message, prepared), "id")
        except Unclear as error:
            if not is_evidence(self.api.last()):
                raise
            if found := self._standing(message, prepared):
                return found
            raise Unclear(fill(UNSURE["duplicate"], PLACE), error.diagnosis) from error
        return Sent(str(made["id"]), address(str(made["id"])))

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        try:
            posts = f"/{self.page}/published_posts"
            return look(self.api, lambda asked: self._read(posts, asked), message, prepared, since)
        except (Refused, TryLater, Unauthorized) as error:
            raise Unclear(fill(UNSURE["cannot look"], PLACE), error.diagnosis) from error

    def take_down(self, remote_id: str) -> None:
        """Raises Refused, TryLater, Unauthorized, Unclear; returns only where it is gone."""
        try:
            told = self.api.json("DELETE", f"/{remote_id}", GRAPH.after_delete, params=self.signed)
        except ChannelError:
            if not self._is_gone(remote_id):
                raise
            return
        if told.get("success") is not True and not self._is_gone(remote_id):
            raise Unclear(fill(STANDS["unsure"], PLACE), "no success in the answer")

    def edit(self, remote_id: str, message: Outgoing) -> Sent:
        """Other words; its pictures stay. May be repeated. Raises as `take_down` does."""
        self._write(f"/{remote_id}", GRAPH.after_edit, {"message": message.text}, "success")
        return Sent(remote_id, address(remote_id))

    def renew(self) -> None:
        """The token of a page has no end."""

    def test(self) -> None:
        """An unpublished post stands on no page, and in no list of ours. Raises as `check`, and Unclear."""
        self.api.session.deadline_seconds = min(SECONDS, self.api.session.deadline_seconds)
        fields = {"message": a_test().text, "published": "false"}

        def send() -> Sent:
            return Sent(str(self._write(f"/{self.page}/feed", GRAPH.on_press, fields, "id")["id"]), None)

        send_and_take_down(PLACE, send, lambda: None, self.take_down)

    def tally(self, remote_id: str) -> Tally | None:
        return None

    def _upload(self, picture: Picture) -> str:
        small = fitted(picture, LIMITS.image_bytes, LIMITS.image_types)
        fields = {"published": "false"} | ({"alt_text_custom": picture.alt} if picture.alt else {})
        name = f"{small.name.rpartition('.')[0] or small.name}.{small.mime.rpartition('/')[2]}"
        files = {"source": (name, small.data, small.mime)}
        return str(self._write(f"/{self.page}/photos", GRAPH.before_send, fields, "id", files=files)["id"])

    def _standing(self, message: Outgoing, prepared: Prepared) -> Sent | None:
        """What Facebook calls a duplicate of this, if it was posted since we first tried. A look harms nothing."""
        if message.begun_at is not None:
            with suppress(Unclear):
                return self.find(message, prepared, message.begun_at)
        return None

    def _is_gone(self, remote_id: str) -> bool:
        """Not there, though the page itself can be read: "does not exist" and "may not see it" are one answer."""
        try:
            self._read(f"/{remote_id}", {"fields": "id"})
        except ChannelError:
            gone = GRAPH.is_gone(self.api.last())
            with suppress(ChannelError):
                return gone and bool(self._read(f"/{self.page}", {"fields": "id"}).get("id"))
        return False

    def _read(self, path: str, asked: Mapping[str, str]) -> Mapping[str, Any]:
        return self.api.json("GET", path, on_look, params={**asked, **self.signed})

    def _write(self, path: str, judge: Judge, fields: Mapping[str, str], needs: str, **more: Any) -> Mapping[str, Any]:
        made = self.api.json("POST", path, judge, data={**fields, **self.signed}, **more)
        if not made.get(needs):
            raise judge(PLACE, self.api.last(), None)
        return made


def _fields(message: Outgoing, prepared: Prepared) -> dict[str, str]:
    """`attached_media[0]={"media_fbid": "…"}`; a link makes a card, which there is no room for beside pictures."""
    photos = list(prepared.get("photos") or ())
    fields = {f"attached_media[{n}]": f'{{"media_fbid":"{photo}"}}' for n, photo in enumerate(photos)}
    if message.text:
        fields["message"] = message.text
    link = LINK.search(message.text)
    return fields | ({"link": link[0]} if link and not photos else {})
