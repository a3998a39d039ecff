"""The database: one writer at a time, no naive datetimes, SQLite and PostgreSQL alike.

Sessions begin DEFERRED and read. A verb opens ``with writing():``, the only place that writes and commits:
on SQLite it takes the write lock at once (BEGIN IMMEDIATE), so that a claim can never fail half-way with
"database is locked" after it has read (SQLITE_BUSY_SNAPSHOT, which ignores the busy time-out).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, Text, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from outreach.words import NotDone, Sentence

RESTED = 3.0  # seconds


class UTCDateTime(TypeDecorator[datetime]):
    """Aware in, aware out. SQLite would give naive datetimes back, and a naive one is an hour wrong somewhere."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SentenceText(TypeDecorator[Sentence]):
    """A sentence for people, kept as pattern and values so that it can be shown in any language."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sentence | None, dialect: Dialect) -> str | None:
        return None if value is None else value.dump()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Sentence | None:
        return None if value is None else Sentence.load(value)


NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UTCDateTime, Sentence: SentenceText},
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

AT_ONCE = Sentence("Somebody changed the same thing at this moment, so nothing was saved. Try again.")
DEADLOCK = "40P01"  # PostgreSQL: two wait for each other, and it has sent one of them away
DISK_FULL = Sentence("The disk is full, so nothing was saved. Tell whoever installed Outreach to make room.")

# One at a time for a row that others point to (a library), without stopping those who only write a line that
# points to it: each publication does. On PostgreSQL FOR NO KEY UPDATE; SQLite has one writer anyway.
ALONE = {"key_share": True}

# SQLite lets one connection write; waiting in its busy loop is unfair and slow (measured with 32 threads:
# p99 of a write 532 ms, with this lock 41 ms), so the threads of one process queue here first.
_one_writer = threading.RLock()


@contextmanager
def writing() -> Iterator[Session]:
    """Open the write transaction, commit at the end, roll back on an exception. Does not nest."""
    session = db.session()
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    with _one_writer if on_sqlite else nullcontext():
        begin_writing()
        try:
            yield session
            session.commit()
        except OperationalError as failure:
            session.rollback()
            if _is_full(failure):
                raise NotDone(DISK_FULL) from failure  # every door keeps what was typed
            if getattr(failure.orig, "sqlstate", "") == DEADLOCK:
                raise NotDone(AT_ONCE) from failure
            raise
        except BaseException:
            session.rollback()
            raise


def insert_plain(session: Session, table: str, columns: Sequence[str], rows: Sequence[tuple[int | str, ...]]) -> None:
    """Thousands of rows of numbers and words, as the driver takes them: SQLAlchemy's care costs twice the insert."""
    connection = session.connection()
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    values = ", ".join([mark] * len(columns))
    connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})", list(rows))  # noqa: S608  # ours


def _is_full(failure: OperationalError) -> bool:
    """SQLite: "database or disk is full", and a write that fails half-way; PostgreSQL: its class 53100."""
    told = str(failure.orig)
    return "disk is full" in told or "disk I/O error" in told or getattr(failure.orig, "sqlstate", "") == "53100"


def begin_writing() -> None:
    """Take the write lock at once. For `writing`, and for a library that commits by itself."""
    session = db.session()
    session.rollback()
    session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})


def end_reading() -> None:
    """Give the connection of a read back. A ROLLBACK would do, but psycopg forgets with it all that it has prepared on
    this connection, and the next statements are read and planned anew (measured: a quarter of PostgreSQL's work).
    """
    db.session.commit()


def prepare_engine(engine: Engine) -> None:
    """Give SQLite its PRAGMAs and our own BEGIN; of PostgreSQL's connections know which may be dead."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "checkin", _on_checkin)
        event.listen(engine, "checkout", _on_checkout)
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_checkin(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _on_checkout(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """One that rested is asked whether it lives, since a server that was restarted tells nobody; one that was used a
    moment ago is not: a worker that is busy would ask twice for each message. Another is taken in its place.
    """
    if time.monotonic() - record.info.get("rests_since", time.monotonic()) < RESTED:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as dead:  # whatever it says
        raise DisconnectionError from dead


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # or the driver begins by itself, too late
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=15000", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def engine_options(database_url: str) -> dict[str, Any]:
    """A pool as large as the threads of a process (32 in the worker); no values in errors, so none in a log.

    The connection that came back last goes out first: few of them are busy, and know the statements already.
    """
    if database_url.startswith("sqlite"):
        return {"pool_size": 40, "connect_args": {"check_same_thread": False}, "hide_parameters": True}
    return {"pool_size": 40, "pool_use_lifo": True, "hide_parameters": True}
