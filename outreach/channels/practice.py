"""Practice: a place whose timeline is a page of ours. Nobody outside sees it; it stores nothing itself."""

from __future__ import annotations

from datetime import datetime

from outreach.channels.about import About
from outreach.channels.base import Handed, Identity, Limits, Login, Outgoing, Prepared, Sent, Tally

LIMITS = Limits(
    characters=500,
    shape="wide",
    link_cost=23,
    poll_options=4,
    thread=True,
    visibilities=("public", "unlisted", "private"),
    content_warning=True,
    language=True,
)


class Practice:
    """Its page lists the published deliveries, so "sent" is true as soon as that is committed."""

    about = About(name="Practice")

    def __init__(self, login: Login) -> None:
        pass

    @staticmethod
    def limits_at(server: str) -> Limits:
        return LIMITS

    def check(self) -> Identity:
        return Identity("practice", "practice", "Practice", None, LIMITS)

    def prepare(self, message: Outgoing) -> Prepared:
        return {}

    def send(self, message: Outgoing, prepared: Prepared) -> Sent | Handed:
        return Sent(remote_id=message.key, url=None)

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        return Sent(remote_id=message.key, url=None)

    def take_down(self, remote_id: str) -> Handed | None:
        return None  # its page shows what is published, and this is not any more

    def renew(self) -> None:
        return None

    def tally(self, remote_id: str) -> Tally | None:
        return None  # nobody votes there
