"""One module per network. A literal list: adding a network is one file and one line."""

from __future__ import annotations

from importlib import import_module
from typing import Any

CHANNELS = {
    "mastodon": "outreach.channels.mastodon:Mastodon",
    "practice": "outreach.channels.practice:Practice",
    "by_hand": "outreach.channels.by_hand:ByHand",
}


def channel_class(network: str) -> Any:
    """The class for a key of CHANNELS; imported on first use, since network libraries are heavy."""
    module, _, name = CHANNELS[network].partition(":")
    return getattr(import_module(module), name)
