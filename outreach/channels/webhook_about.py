"""What connecting a webhook asks for, and which addresses are meant.

Such an address is a password: whoever has it can post. So all behind its host is kept as a secret, path and query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from outreach.channels.about import About, Asked
from outreach.channels.base import Refused
from outreach.words import Sentence

PLAIN, DISCORD, SLACK, TEAMS = "plain", "discord", "slack", "teams"
NAMES: Mapping[str, str] = {DISCORD: "Discord", SLACK: "Slack", TEAMS: "Teams"}  # else: its host
HOSTS = (  # how the host ends -> whose it is
    ("discord.com", DISCORD),
    ("discordapp.com", DISCORD),
    ("slack.com", SLACK),
    ("slack-gov.com", SLACK),
    ("logic.azure.com", TEAMS),
    ("api.powerplatform.com", TEAMS),
    ("webhook.office.com", TEAMS),
)
PATHS: Mapping[str, re.Pattern[str]] = {
    DISCORD: re.compile(r"/api/(?:v\d+/)?webhooks/\d+/[\w-]+"),
    SLACK: re.compile(r"/services/T\w+/B\w+/\w+"),
    TEAMS: re.compile(r"/.*workflows/\w+/triggers/manual/paths/invoke"),
}
KEY = re.compile(r"[0-9A-Za-z_-]{16,200}")

ABOUT = About(
    name="Webhook",
    steps=(
        Sentence("Choose where messages shall go, and make an address there that takes them:"),
        Sentence("Discord: in the settings of the place, Integrations > Webhooks > New Webhook > Copy Webhook URL."),
        Sentence(
            "Slack: at api.slack.com/apps make an app, open Incoming Webhooks, and add one where it shall appear."
        ),
        Sentence(
            "Teams: beside the name of the place choose Workflows, then the webhook alerts, and copy the address."
        ),
        Sentence("Something else (Zapier, Make, n8n, a program of the school): whoever runs it gives you the address."),
        Sentence("Paste the address below. It is like a password: whoever has it can post."),
    ),
    asks=(
        Asked(
            "preset",
            Sentence("Where to"),
            choices=(
                (PLAIN, Sentence("Something else")),
                (DISCORD, Sentence("Discord")),
                (SLACK, Sentence("Slack")),
                (TEAMS, Sentence("Microsoft Teams")),
            ),
            default=PLAIN,
        ),
        Asked("address", Sentence("Its address"), "https://…", secret=True),
    ),
    other_way=(
        Asked(
            "signing_key",
            Sentence("Signing key, if the receiver has one already"),
            secret=True,
            optional=True,
            help=Sentence("Only for “Something else”. Left empty, we make one and show it to you."),
        ),
    ),
    cannot=(
        Sentence("Trying an address of Teams without posting: there the first message shows whether it is right."),
        Sentence("Looking whether a message arrived: when an answer was lost, you are asked to look."),
        Sentence("Taking a message down, except at Discord: there we ask you to do it."),
        Sentence("Pictures at Discord, Slack and Teams, unless this Outreach has an address in the internet."),
        Sentence("Stars, underscores and the like may make words bold or slanted there."),
    ),
    more=True,
    by_hand="other",
    looks=False,
    fetches=True,
    libraries=("outreach.channels.http",),
)


@dataclass(frozen=True)
class Address:
    preset: str
    server: str  # scheme://host
    path: str = field(repr=False)
    query: str = field(repr=False)


def read(typed: Mapping[str, str]) -> Address:
    """Raises Refused with what to paste instead. http:// only where a receiver of one's own is meant."""
    preset, parts = typed.get("preset", "") or PLAIN, urlsplit("".join(typed.get("address", "").split()))
    host = (parts.hostname or "").lower()
    schemes = ("https", "http") if preset == PLAIN else ("https",)
    if preset not in (PLAIN, *NAMES) or parts.scheme.lower() not in schemes or not host or "@" in parts.netloc:
        raise Refused(Sentence("Paste the whole address. It begins with https:// and is rather long."))
    owner = next((owner for end, owner in HOSTS if host == end or host.endswith(f".{end}")), PLAIN)
    _check(preset, owner, host, parts.path)
    return Address(preset, f"{parts.scheme.lower()}://{parts.netloc.lower()}", parts.path or "/", parts.query)


def signing_key(typed: Mapping[str, str]) -> str:
    """The one that the receiver has already; empty: a new one is made. Raises Refused."""
    key = typed.get("signing_key", "").strip()
    if key and not KEY.fullmatch(key):
        raise Refused(Sentence("A signing key has 16 letters or more, and no spaces. Leave it empty, and we make one."))
    return key


def _check(preset: str, owner: str, host: str, path: str) -> None:
    if host == "webhook.office.com" or host.endswith(".webhook.office.com"):
        raise Refused(Sentence("Addresses of this kind have ended at Teams. Make one with Workflows, as described."))
    if preset != owner and owner != PLAIN:
        raise Refused(Sentence("That is an address of %(place)s. Choose it under “Where to”.", place=NAMES[owner]))
    if preset != owner or (preset in PATHS and not PATHS[preset].fullmatch(path)):
        told = Sentence("That is no address for messages of %(place)s. Copy it again, whole.", place=NAMES[preset])
        raise Refused(told)
