"""Real processes on real sockets: the machinery is started once for each database, every test has its own library."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # the helpers of all tests
sys.path.insert(0, str(Path(__file__).parent))  # and those beside this file

from machinery import SHORT, Machinery
from mastodon_server import MastodonServer
from story_desk import Desk, ForgetfulProxy

Databases = Any  # of tests/conftest.py


@pytest.fixture(scope="session")
def mastodon_server() -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        yield server


@contextmanager
def machinery_on(kind: str, databases: Databases, folder: Path) -> Iterator[Machinery]:
    url = databases.fresh(kind)
    with Machinery(folder, url, SHORT) as machinery:
        yield machinery
    databases.drop(url)


@pytest.fixture(scope="session")
def on_sqlite(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machinery]:
    with machinery_on("sqlite", databases, tmp_path_factory.mktemp("story")) as machinery:
        yield machinery


@pytest.fixture(scope="session")
def on_postgresql(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machinery]:
    with machinery_on("postgresql", databases, tmp_path_factory.mktemp("story")) as machinery:
        yield machinery


@pytest.fixture
def kind() -> str:
    """The database; a test that is to run on both is given it by `on_both`."""
    return "sqlite"


@pytest.fixture
def machinery(kind: str, request: pytest.FixtureRequest) -> Machinery:
    """Beat and worker run, and nothing is armed."""
    made: Machinery = request.getfixturevalue(f"on_{kind}")
    for left in made.accidents.iterdir():
        left.unlink()
    made.start()
    return made


@pytest.fixture
def open_desk(mastodon_server: MastodonServer) -> Iterator[Callable[[Machinery], Desk]]:
    """A library on some machinery, with an account behind a faulty network."""
    with ForgetfulProxy(mastodon_server.port) as network:
        desks: list[Desk] = []

        def opened(machinery: Machinery) -> Desk:
            desks.append(Desk(machinery, mastodon_server, network))
            return desks[-1]

        yield opened
        for desk in desks:
            desk.close()


@pytest.fixture
def desk(machinery: Machinery, open_desk: Callable[[Machinery], Desk]) -> Desk:
    return open_desk(machinery)
