"""One file with the database and the pictures, written while everything runs. The keys are not in it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from outreach.config import Config
from outreach.media.store import DIGEST
from outreach.words import NotDone, Sentence

KEPT = 14


def write(config: Config, file: Path) -> None:
    """Whole or not at all: written beside, then renamed. Raises NotDone where there is nothing to keep."""
    if config.on_sqlite and not _path(config).exists():
        raise NotDone(Sentence("There is no database in %(home)s. Check OUTREACH_HOME.", home=config.home))
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        dump = _dump(config, Path(folder))
        draft = Path(folder) / "backup.tar.gz"
        with tarfile.open(draft, "w:gz", compresslevel=5) as archive:
            archive.add(dump, dump.name)
            if config.media_dir.exists():
                archive.add(config.media_dir, "media")
        draft.chmod(0o600)
        os.replace(draft, file)


def _dump(config: Config, folder: Path) -> Path:
    if config.on_sqlite:
        target = folder / "outreach.db"
        with (
            contextlib.closing(sqlite3.connect(_path(config))) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
        return target
    target = folder / "outreach.dump"
    _postgres(config, ["pg_dump", "--format=custom", "--file", str(target), _plain(config)])
    return target


def put_back(config: Config, file: Path, now: datetime) -> str:
    """Replace database and pictures; what was there is written beside them first.

    Raises NotDone while Outreach runs, or for a file that is no backup.
    """
    _refuse_while_running(config)
    before = config.home / f"before-restore-{now:%Y-%m-%d-%H%M%S}.tar.gz"
    with tempfile.TemporaryDirectory(dir=config.home) as folder:
        try:
            with tarfile.open(file) as archive:
                archive.extractall(folder, filter="data")
        except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
            raise NotDone(Sentence("This file is no backup of Outreach, or it is damaged.")) from error
        if config.on_sqlite:
            _refuse_damaged(Path(folder) / "outreach.db")
        if not config.on_sqlite or _path(config).exists():
            write(config, before)
        _load(config, Path(folder))
        media = Path(folder) / "media"
        for picture in media.rglob("*") if media.exists() else ():
            if picture.is_file() and not picture.is_symlink() and DIGEST.fullmatch(picture.name):
                target = config.media_dir / picture.relative_to(media)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(picture, target)
    kept = f" What was here before is in {before}." if before.exists() else ""
    return f"Put back.{kept} Start Outreach again. If the key file is another one, connect the accounts anew."


def _refuse_damaged(copy: Path) -> None:
    """Before anything is replaced: is it a whole database, and one of ours?"""
    if not copy.exists():
        raise NotDone(Sentence("This backup is of another kind of database, or it is none."))
    try:
        with contextlib.closing(sqlite3.connect(copy)) as database:
            whole = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        raise NotDone(Sentence("The database in this backup is damaged, so nothing was put back."))


def _load(config: Config, folder: Path) -> None:
    if config.on_sqlite:
        for leftover in ("-wal", "-shm"):
            Path(f"{_path(config)}{leftover}").unlink(missing_ok=True)
        os.replace(folder / "outreach.db", _path(config))
        return
    words = ["--clean", "--if-exists", "--no-owner", "--dbname", _plain(config), str(folder / "outreach.dump")]
    _postgres(config, ["pg_restore", *words])


def _refuse_while_running(config: Config) -> None:
    from outreach.up import holders  # not needed by a worker
    from outreach.up.lock import NAME

    lock = config.home / NAME
    held = holders.of(lock) if lock.exists() else []
    if held:
        raise NotDone(Sentence("Outreach is running here (process %(pid)s). Stop it first.", pid=held[0].pid))


def nightly(config: Config, now: datetime) -> None:
    """One a night; the newest 14 are kept."""
    folder = Path(config.backup_dir)
    write(config, folder / f"outreach-{now:%Y-%m-%d}.tar.gz")
    for old in sorted(folder.glob("outreach-????-??-??.tar.gz"))[:-KEPT]:
        old.unlink()


def _path(config: Config) -> Path:
    return Path(config.database_url.removeprefix("sqlite:///"))


def _plain(config: Config) -> str:
    """Without the password: everybody on the machine can read the words of a command."""
    url = make_url(config.database_url).set(drivername="postgresql")
    return url._replace(password=None).render_as_string(hide_password=False)


def _postgres(config: Config, command: list[str]) -> None:
    password = make_url(config.database_url).password
    env = {**os.environ, "PGPASSWORD": password} if password else None
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    except FileNotFoundError as error:
        raise NotDone(
            Sentence("%(tool)s is missing: install PostgreSQL's client programs.", tool=command[0])
        ) from error
    if done.returncode:
        raise NotDone(Sentence("%(tool)s failed: %(told)s", tool=command[0], told=done.stderr.strip()[:500]))
