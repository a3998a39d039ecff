"""What Threads and Instagram do alike with one message, once its container is there (see `container`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from outreach import clock
from outreach.channels.about import About, Connected, Where
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
    TryLater,
    Unauthorized,
    Unclear,
)
from outreach.channels.container import KNOWN_BY_CONTAINER, NO_ADDRESS, Containers, Ways
from outreach.channels.container_login import Door, ends_at, exchange, renewed
from outreach.channels.meta_errors import META
from outreach.channels.phrases import UNSURE, fill


class TwoSteps(ABC):
    """A channel that publishes containers. `box` makes them; `newest` is where the account's messages are listed."""

    about: ClassVar[About]
    ways: ClassVar[Ways]
    version: ClassVar[str]  # of the API; empty: Meta takes the one that the application is of
    door: ClassVar[Door]

    def __init__(self, login: Login) -> None:
        self.login = login
        self.box = Containers(login, self.ways, self.version)
        self.api = self.box.api

    @classmethod
    def finish(cls, kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
        """Raises Refused, TryLater, Unauthorized."""
        keep = exchange(cls.door, kept, code, where)
        login = Login(cls.door.home, keep, where.reach, None, where.setup, where.public_url)
        return [Connected(cls(login).check(), keep, cls.door.home)]

    def renew(self) -> None:
        self.login = replace(self.login, secrets=renewed(self.door, self.login))
        self.box.token = self.login.secrets.get("token", "")

    @abstractmethod
    def check(self) -> Identity: ...

    @abstractmethod
    def newest(self, message: Outgoing) -> tuple[str, str]:
        """(edge of the account, its fields beside the common ones)."""

    def known(self, me: Mapping[str, Any], number: str, page: str, picture: str, limits: Limits) -> Identity:
        """Whose token it is; `number` and `picture` are fields of `me`. Raises what an answer without number means."""
        if not me.get(number):
            raise META.on_look(self.box.ways.place, self.box.api.last(), None)
        name = str(me.get("username") or "")
        return Identity(
            remote_id=str(me[number]),
            handle=f"@{name}",
            name=str(me.get("name") or name),
            url=page + name,
            limits=limits,
            picture=str(me.get(picture) or ""),
            ends_at=ends_at(self.login.secrets),
        )

    def out(self, sent: Sent, message: Outgoing) -> Sent:
        """It is out; what is left to do? Raises Unclear: something, and it must not be sent again."""
        return sent

    def send(self, message: Outgoing, prepared: Prepared) -> Sent:
        """Publish it. Whatever goes wrong with an answer, its container is asked, which does no harm."""
        container = str(prepared["container"])
        try:
            media = self.box.publish(container)
        except ChannelError as error:
            if self.box.api.last() is None and not isinstance(error, Unclear):
                raise  # nothing left this machine
            return self.out(self._settled(error, message, container), message)
        return self.out(self.box.sent(media), message)

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        """Its container is the witness; its number and address come from the newest of the account.

        Where those do not show it yet, it is out all the same: then it is known by its container, cannot be
        answered by us, and a person takes it down. (`send` leaves that to a second look half a minute later.)
        """
        container = str(prepared.get("container") or "")
        if media := str(prepared.get("media") or ""):
            return self.out(self.box.sent(media), message)
        if not container or not self.box.is_out(container):
            return None
        try:
            listed = self._listed(message, since)
        except (Refused, TryLater, Unauthorized) as error:
            raise Unclear(fill(UNSURE["cannot look"], self.box.ways.place), error.diagnosis) from error
        return self.out(listed or Sent(KNOWN_BY_CONTAINER + container, None), message)

    def _settled(self, error: ChannelError, message: Outgoing, container: str) -> Sent:
        """The publishing went wrong: it is out (returned), or it is not (`error`), or nobody knows (Unclear)."""
        place = self.box.ways.place
        try:
            if not self.box.is_out(container):
                raise error
            listed = self._listed(message, message.begun_at or clock.now())
        except (Refused, TryLater, Unauthorized, Unclear) as looked:
            if looked is error or isinstance(error, Unauthorized | Unclear):
                raise error from None
            raise Unclear(fill(UNSURE["odd answer"], place), error.diagnosis) from error
        if listed is None:
            raise Unclear(fill(UNSURE["odd answer"], place), f"published, not listed; {error.diagnosis}") from error
        return listed

    def _listed(self, message: Outgoing, since: datetime) -> Sent | None:
        edge, fields = self.newest(message)
        for one in self.box.newest(edge, message, since, fields):
            if not message.reply_to or _answers(one, message.reply_to):
                return Sent(str(one["id"]), str(one.get("permalink") or "") or None)
        return None


def _answers(one: Mapping[str, object], media: str) -> bool:
    parent = one.get("replied_to")
    return isinstance(parent, Mapping) and str(parent.get("id")) == media


def address_of(picture: Picture, place: str) -> str:
    if not picture.url:
        raise Refused(fill(NO_ADDRESS, place))
    return picture.url


def known_by_container(remote_id: str | None) -> bool:
    return (remote_id or "").startswith(KNOWN_BY_CONTAINER)
