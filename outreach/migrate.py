"""Bring the database to the newest shape."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as Alembic
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from outreach.places import migrations


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing. Two processes at once: the second waits and finds nothing to do."""
    if engine.url.database and engine.dialect.name == "sqlite":
        Path(engine.url.database).touch(mode=0o600)  # for nobody else's eyes, whatever the folder is
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head():
            return
    command.upgrade(alembic(engine), "head")


def alembic(engine: Engine) -> Alembic:
    settings = Alembic()
    settings.set_main_option("script_location", str(migrations()))
    settings.attributes["engine"] = engine
    return settings


def head() -> str | None:
    from alembic.script import ScriptDirectory

    settings = Alembic()
    settings.set_main_option("script_location", str(migrations()))
    return ScriptDirectory.from_config(settings).get_current_head()
