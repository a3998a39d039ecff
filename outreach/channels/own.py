"""A place whose timeline is a page of ours: what stands there is what is published, so nothing gets lost on the way."""

from __future__ import annotations

from datetime import datetime

from outreach.channels.about import About
from outreach.channels.base import Handed, Identity, Limits, Login, Outgoing, Prepared, Sent, Tally


class Own:
    """Stores nothing: its page lists the published deliveries. "Sent" is true as soon as that is committed."""

    about: About
    limits: Limits

    def __init__(self, login: Login) -> None:
        self.address = login.remote_id or ""

    @classmethod
    def limits_at(cls, server: str) -> Limits:
        return cls.limits

    def check(self) -> Identity:
        return Identity(self.address, "", self.about.name, None, self.limits)

    def prepare(self, message: Outgoing) -> Prepared:
        return {}

    def send(self, message: Outgoing, prepared: Prepared) -> Sent | Handed:
        return Sent(remote_id=message.key, url=None)

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        return Sent(remote_id=message.key, url=None)

    def take_down(self, remote_id: str) -> Handed | None:
        return None  # its page shows what is published, and this is not any more

    def edit(self, remote_id: str, message: Outgoing) -> Sent:
        return Sent(remote_id, None)

    def renew(self) -> None:
        return None

    def tally(self, remote_id: str) -> Tally | None:
        return None  # nobody votes there
