"""What tests of titles share: Open Library on the loopback, the desk that a worker reads with, a weekly post."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from open_library import OpenLibraryServer
from titles_desk import Desk

from outreach.access import OUTREACH
from outreach.accounts.retire import retire
from outreach.titles import rules


@pytest.fixture
def open_library() -> Iterator[OpenLibraryServer]:
    with OpenLibraryServer() as server:
        yield server


@pytest.fixture
def desk(cast, open_library, now) -> Desk:
    return Desk(cast, open_library, now)


@pytest.fixture
def rule(cast, now):
    """Of a library whose posts go to the network of the tests only."""
    for place in (cast.practice, cast.by_hand):
        retire(place.id, OUTREACH, now)
    return rules.add(cast.library, OUTREACH, now)
