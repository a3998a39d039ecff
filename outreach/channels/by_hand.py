"""Places without an API: at its time a person is asked to post, with everything one tap away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from outreach.channels.about import About
from outreach.channels.base import Handed, Identity, Limits, Login, Outgoing, Prepared, Sent, Tally
from outreach.channels.by_hand_presets import PRESETS as PRESETS
from outreach.words import Sentence

# whose address people paste where one of a server is asked for -> preset, name
WEBSITES: Mapping[str, tuple[str, str]] = {
    "facebook.com": ("facebook", "Facebook"),
    "fb.com": ("facebook", "Facebook"),
    "instagram.com": ("instagram", "Instagram"),
    "x.com": ("x", "X"),
    "twitter.com": ("x", "X"),
    "tiktok.com": ("other", "TikTok"),
    "threads.com": ("threads", "Threads"),
    "threads.net": ("threads", "Threads"),
    "youtube.com": ("other", "YouTube"),
    "linkedin.com": ("linkedin", "LinkedIn"),
}


def by_hand_at(address: str) -> tuple[str, str] | None:
    """
    >>> by_hand_at("https://www.facebook.com/maplestreetlibrary")
    ('facebook', 'Facebook')
    """
    host = re.split(r"[/?#]", address.strip().lower().rpartition("://")[2], maxsplit=1)[0].rpartition("@")[2]
    return next((told for site, told in WEBSITES.items() if host == site or host.endswith(f".{site}")), None)


class ByHand:
    """Hands over; a person says later whether it is posted."""

    about = About(
        name="By hand",
        cannot=(
            Sentence("We do not see whether it is there: you tell us, and that stands in the history."),
            Sentence("To correct it or take it down we ask you, and you do it there."),
            Sentence("Votes and answers are read there."),
        ),
    )

    def __init__(self, login: Login) -> None:
        self.preset = PRESETS.get(login.server, PRESETS["other"])

    @staticmethod
    def limits_at(server: str) -> Limits:
        return PRESETS.get(server, PRESETS["other"]).limits

    def check(self) -> Identity:
        return Identity("", "", self.preset.name, self.preset.compose_url, self.preset.limits)

    def prepare(self, message: Outgoing) -> Prepared:
        return {}

    def send(self, message: Outgoing, prepared: Prepared) -> Sent | Handed:
        return Handed()

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        return None

    def take_down(self, remote_id: str) -> Handed | None:
        return Handed()

    def renew(self) -> None:
        return None

    def tally(self, remote_id: str) -> Tally | None:
        return None
