"""Servers for the channels: a mock Mastodon for the whole run, with a faulty network in front of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # the helpers beside conftest.py

from channels.kits.all import KITS, started
from channels.kits.base import Kit
from faults import FaultProxy
from mastodon_server import TOKEN, MastodonServer

from outreach.channels.base import Login
from outreach.channels.guard import Reach
from outreach.channels.mastodon import Mastodon

LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))


@pytest.fixture(scope="session")
def mastodon_server() -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        yield server


@pytest.fixture
def network(mastodon_server: MastodonServer) -> Iterator[FaultProxy]:
    with FaultProxy(mastodon_server.port) as proxy:
        yield proxy


@pytest.fixture
def channel(network: FaultProxy) -> Mastodon:
    return Mastodon(Login(network.url, {"token": TOKEN}, LOOPBACK))


@pytest.fixture(scope="session", params=KITS)
def kit(request: pytest.FixtureRequest) -> Iterator[Kit]:
    """The server of each network in turn."""
    with started(request.param) as kit:
        yield kit
