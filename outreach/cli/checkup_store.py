"""Is what is kept safe: the database, the key, room on the disk, backups?"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from outreach.cli.finding import Finding, hint, ok, wrong
from outreach.config import Config
from outreach.db import db
from outreach.migrate import head
from outreach.models import Account
from outreach.shop import Shop
from outreach.vault import Unsealable

LOCKED = 5.0  # seconds that we wait for whoever writes
SHORT, LOW = 200_000_000, 1_000_000_000  # bytes
LATE = timedelta(hours=49)  # two nights
PUT_BACK = "Stop Outreach and put a backup back: outreach restore FILE"
MUCH = 50_000_000  # bytes of free pages that are worth a word


def database(shop: Shop) -> list[Finding]:
    try:
        found = _sqlite(shop.config) if shop.config.on_sqlite else [_server()]
        return found if any(not one.well for one in found) else [*found, _shape()]
    except (SQLAlchemyError, sqlite3.Error, OSError) as trouble:
        told = getattr(trouble, "orig", None) or trouble
        do = PUT_BACK if "malformed" in str(told) else "Check that it runs, DATABASE_URL, and who may open its files."
        return [wrong("database", f"does not answer: {str(told).strip()}", do)]


def _server() -> Finding:
    name = db.session.scalar(text("SHOW server_version"))
    read_only = db.session.scalar(text("SELECT pg_is_in_recovery()"))
    db.session.rollback()
    if read_only:
        return wrong("database", "is a copy that nobody may write to", "DATABASE_URL must name the first one.")
    return ok("database", f"PostgreSQL {name} answers")


def _sqlite(config: Config) -> list[Finding]:
    path = Path(config.database_url.removeprefix("sqlite:///"))
    if not path.exists():
        return [wrong("database", f"there is none at {path}", "Start Outreach: outreach up. If it ran before, "
                      "check OUTREACH_HOME.")]  # fmt: skip
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return [wrong("database", f"{path} may not be written", "Give file and folder to whoever runs Outreach.")]
    with closing(sqlite3.connect(path, timeout=LOCKED, isolation_level=None)) as line:
        (whole,) = line.execute("PRAGMA quick_check(1)").fetchone()
        if whole != "ok":
            return [wrong("database", f"is damaged: {whole}", PUT_BACK)]
        try:
            line.execute("BEGIN IMMEDIATE")
            line.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return [wrong("database", f"somebody has been writing for {LOCKED:g} seconds without an end",
                          "End the program that holds it (a tool for databases, a second Outreach).")]  # fmt: skip
        return _room_in(path, line)


def _room_in(path: Path, line: sqlite3.Connection) -> list[Finding]:
    free, pages, size = (line.execute(f"PRAGMA {name}").fetchone()[0] for name in
                         ("freelist_count", "page_count", "page_size"))  # fmt: skip
    told = f"SQLite, whole, {megabytes(pages * size)}, {megabytes(free * size)} of it free"
    if free * size > MUCH and free > pages / 2:
        return [hint("database", told, f"To give the room back, stop Outreach, then: sqlite3 {path} VACUUM")]
    return [ok("database", told)]


def _shape() -> Finding:
    with db.engine.connect() as connection:
        now = MigrationContext.configure(connection).get_current_revision()
    if now != head():
        return wrong("tables", f"are of {now or 'no version'}, and we need {head()}", "Run: outreach migrate")
    return ok("tables", f"are the newest ({now})")


def key(shop: Shop) -> list[Finding]:
    """Does it open what was sealed with it, and is it for nobody else's eyes?"""
    live = select(Account.name, Account.sealed).where(Account.retired_at.is_(None), Account.sealed.is_not(None))
    rows = db.session.execute(live).all()
    db.session.rollback()
    lost = [name for name, sealed in rows if sealed and not _opens(shop, sealed)]
    if lost:
        do = f"Put the old vault.key back into {shop.config.home}, or connect these again: {', '.join(lost)}"
        return [wrong("key", f"does not open the passwords of {len(lost)} of {len(rows)} accounts", do)]
    open_ones = [file for file in _keys(shop.config) if file.stat().st_mode & 0o077]
    if open_ones:
        return [hint("key", "others on this computer can read it", f"chmod 600 {' '.join(map(str, open_ones))}")]
    return [ok("key", f"opens the passwords of all {len(rows)} accounts" if rows else "is there")]


def _opens(shop: Shop, sealed: str) -> bool:
    try:
        shop.vault.open(sealed)
    except Unsealable:
        return False
    return True


def _keys(config: Config) -> list[Path]:
    return [file for file in (config.home / "vault.key", config.home / "secret.key") if file.exists()]


def backups(shop: Shop, now: datetime) -> list[Finding]:
    if not shop.config.backup_dir:
        return [hint("backups", "none are made", "Set OUTREACH_BACKUP_DIR to a folder on another disk.")]
    folder = Path(shop.config.backup_dir)
    files = sorted(folder.glob("outreach-????-??-??.tar.gz"), key=lambda file: file.stat().st_mtime)
    if not files:
        do = "It is made at night. Make one now: outreach backup FILE. If there is none tomorrow, look at the log."
        return [hint("backups", f"there is none in {folder} yet", do)]
    age = now - datetime.fromtimestamp(files[-1].stat().st_mtime, UTC)
    told = f"the newest is {files[-1].name}, {age.total_seconds() / 3600:.0f} hours old"
    if age > LATE:
        return [wrong("backups", told, f"Look whether {folder} is full or may not be written to, and at the log.")]
    return [ok("backups", told)]


def disk(shop: Shop) -> list[Finding]:
    """A line for each disk that we write to."""
    config = shop.config
    wanted = [config.home, config.media_dir, Path(config.backup_dir or config.home), Path(tempfile.gettempdir())]
    if config.on_sqlite:
        wanted.append(Path(config.database_url.removeprefix("sqlite:///")).parent)
    disks = {there.stat().st_dev: there for there in reversed([_existing(path) for path in wanted])}
    return [room(path, shutil.disk_usage(path).free) for path in disks.values()]


def room(path: Path, free: int) -> Finding:
    told = f"{megabytes(free)} free at {path}"
    if free < SHORT:
        return wrong("disk", told, "Make room there now: what cannot be written down is not sent.")
    return hint("disk", told, "Make room there soon.") if free < LOW else ok("disk", told)


def _existing(path: Path) -> Path:
    path = path.absolute()
    return next(one for one in (path, *path.parents) if one.exists())


def megabytes(count: int) -> str:
    return f"{count / 1_000_000_000:.1f} GB" if count >= 10_000_000_000 else f"{count // 1_000_000} MB"
