"""What a channel imports on first use, imported while there is time: seconds before the first message is due.

Imported only for a network that has something to send, the libraries cost an idle worker no memory; imported
within the first send, they would make it late by a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from outreach.channels import channel_class
from outreach.posts.publish import rehearse

ON_FIRST_USE = {"mastodon": ("mastodon", "outreach.channels.http")}


def warm(networks: Iterable[str], ca_file: str) -> None:
    for network in networks:
        _warm(network, ca_file)


@cache
def _warm(network: str, ca_file: str) -> None:
    channel_class(network)
    for name in ON_FIRST_USE.get(network, ()):
        import_module(name)
    if network in ON_FIRST_USE:
        from outreach.channels.wire import trust

        trust(ca_file)  # 40 ms, and every thread that finds it not read would read it
    rehearse()
