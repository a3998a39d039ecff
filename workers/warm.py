"""What a channel imports on first use, imported while there is time: seconds before the first message is due.

Imported only for a network that has something to send, the libraries cost an idle worker no memory; imported
within the first send, they would make it late by a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from outreach.channels import about, is_local
from outreach.posts.publish import rehearse


def warm(networks: Iterable[str], ca_file: str) -> None:
    for network in networks:
        _warm(network, ca_file)


@cache
def _warm(network: str, ca_file: str) -> None:
    for name in about(network).libraries:
        import_module(name)
    if not is_local(network):
        from outreach.channels.wire import trust

        trust(ca_file)  # 40 ms, and every thread that finds it not read would read it
    rehearse()
