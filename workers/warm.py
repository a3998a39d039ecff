"""What a channel imports on first use, imported while there is time: seconds before the first message is due.

Imported only for a network that has something to send, the libraries cost an idle worker no memory; imported
within the first send, they would make it late by a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from outreach.channels import channel_class

ON_FIRST_USE = {"mastodon": ("mastodon", "outreach.channels.http")}


def warm(networks: Iterable[str]) -> None:
    for network in networks:
        _warm(network)


@cache
def _warm(network: str) -> None:
    channel_class(network)
    for name in ON_FIRST_USE.get(network, ()):
        import_module(name)
