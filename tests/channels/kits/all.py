"""Every network's kit, by its key; and a fixture's worth of starting one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bluesky_server import is_needed, why_not
from channels.kits.base import Kit
from channels.kits.bluesky import BlueskyKit
from channels.kits.facebook import FacebookKit
from channels.kits.instagram import InstagramKit
from channels.kits.linkedin import LinkedInKit
from channels.kits.mastodon import MastodonKit
from channels.kits.threads import ThreadsKit
from channels.kits.webhook import WEBHOOKS
from channels.kits.x import XKit

ALL = (MastodonKit, BlueskyKit, FacebookKit, LinkedInKit, ThreadsKit, InstagramKit, XKit)
KITS = {kit.network: kit for kit in ALL} | WEBHOOKS


@contextmanager
def started(network: str) -> Iterator[Kit]:
    """Left out with its reason where the Bluesky server cannot be had, unless it has to be (see bluesky_server)."""
    if network == "bluesky" and (reason := why_not()):
        (pytest.fail if is_needed() else pytest.skip)(reason)
    with KITS[network]() as kit:
        yield kit
