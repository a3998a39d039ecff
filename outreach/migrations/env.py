"""Alembic's entry: the engine comes from outreach.migrate, the tables from outreach.models."""

from alembic import context

import outreach.models  # noqa: F401
from outreach.db import Base

engine = context.config.attributes["engine"]


def run() -> None:
    """A batch migration on SQLite copies tables; with foreign keys on, that would empty their children."""
    with engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4104)")
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=on_sqlite)
        context.run_migrations()
        if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError("the migration would leave rows that point nowhere; nothing was changed")
        connection.commit()
        if on_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
