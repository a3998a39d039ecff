"""Lists that people bring: Open Library on the loopback, and the desk that a worker reads with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from open_library import OpenLibraryServer
from titles_desk import Desk


@pytest.fixture
def open_library() -> Iterator[OpenLibraryServer]:
    with OpenLibraryServer() as server:
        yield server


@pytest.fixture
def desk(cast, open_library, now) -> Desk:
    return Desk(cast, open_library, now)
