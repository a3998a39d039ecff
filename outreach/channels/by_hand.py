"""Places without an API: at its time a person is asked to post, with everything one tap away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from outreach.channels.about import About
from outreach.channels.base import Handed, Identity, Limits, Login, Outgoing, Prepared, Sent, Tally
from outreach.words import Sentence


@dataclass(frozen=True)
class Preset:
    name: str
    limits: Limits
    compose_url: str | None  # the page where the person pastes
    read_aloud: bool = False


_PLAIN = Limits(characters=5_000, images=10, image_bytes=8_000_000, alt_characters=1_000)

PRESETS: Mapping[str, Preset] = {
    # Instagram: 2,200 characters, a picture is a must, 10 pictures, alt text up to 1,000
    "instagram": Preset(
        "Instagram",
        Limits(
            characters=2_200,
            images=10,
            image_required=True,
            image_bytes=8_000_000,
            alt_characters=1_000,
            shape="tall",
        ),
        "https://www.instagram.com/",
    ),
    # Facebook counts up to 63,206 characters; what is read is far less
    "facebook": Preset(
        Sentence("Facebook page"),
        Limits(characters=63_206, images=10, image_bytes=8_000_000),
        "https://www.facebook.com/",
    ),
    "parents": Preset(Sentence("Parents' app (ParentSquare, ClassDojo, Remind)"), _PLAIN, None),
    "announcements": Preset(
        Sentence("Morning announcements"), Limits(characters=600, words=60, images=0), None, read_aloud=True
    ),
    "other": Preset(Sentence("Another place"), _PLAIN, None),
}


# whose address people paste where one of a server is asked for -> preset, name
WEBSITES: Mapping[str, tuple[str, str]] = {
    "facebook.com": ("facebook", "Facebook"),
    "fb.com": ("facebook", "Facebook"),
    "instagram.com": ("instagram", "Instagram"),
    "x.com": ("other", "X"),
    "twitter.com": ("other", "X"),
    "tiktok.com": ("other", "TikTok"),
    "threads.com": ("other", "Threads"),
    "threads.net": ("other", "Threads"),
    "youtube.com": ("other", "YouTube"),
    "linkedin.com": ("other", "LinkedIn"),
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

    about = About(name="By hand")

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
