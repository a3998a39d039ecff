"""One module per network. A literal dict: adding a network is one file and one line."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from outreach.channels.about import About


class Line(NamedTuple):
    where: str  # module:class, imported on first use, since network libraries are heavy
    local: bool = False  # no server is called


CHANNELS: dict[str, Line] = {
    "page": Line("outreach.channels.web_page:WebPage", local=True),
    "screen": Line("outreach.channels.screen:Screen", local=True),
    "mastodon": Line("outreach.channels.mastodon:Mastodon"),
    "bluesky": Line("outreach.channels.bluesky:Bluesky"),
    "facebook": Line("outreach.channels.facebook:Facebook"),
    "linkedin": Line("outreach.channels.linkedin:LinkedIn"),
    "threads": Line("outreach.channels.threads:Threads"),
    "instagram": Line("outreach.channels.instagram:Instagram"),
    "x": Line("outreach.channels.x:X"),
    "webhook": Line("outreach.channels.webhook:Webhook"),
    "by_hand": Line("outreach.channels.by_hand:ByHand", local=True),
    "practice": Line("outreach.channels.practice:Practice", local=True),
}


def channel_class(network: str) -> Any:
    """The class for a key of CHANNELS."""
    return _class(CHANNELS[network].where)


def about(network: str) -> About:
    found: About = channel_class(network).about
    return found


def is_local(network: str) -> bool:
    """Known without importing anything."""
    return CHANNELS[network].local


def prepares(network: str, has_pictures: bool) -> bool:
    """Is there something to make before a send? Where there is not, that is one transaction less."""
    return not is_local(network) and (has_pictures or about(network).prepares)


def local_networks() -> tuple[str, ...]:
    return tuple(name for name, line in CHANNELS.items() if line.local)


@cache
def _class(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)
