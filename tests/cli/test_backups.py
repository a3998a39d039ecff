"""Backups: whole while somebody writes, without the keys, the newest fourteen of them."""

import contextlib
import sqlite3
import tarfile
from datetime import timedelta

import pytest

from outreach import backup, housekeeping
from outreach.config import load
from outreach.media.store import Store

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # pg_dump is not ours to test


@pytest.fixture
def nights(environ, tmp_path, cast):
    return load({**environ, "OUTREACH_BACKUP_DIR": str(tmp_path / "nights")})


def names_in(archive, folder):
    """Of the libraries in the database that it holds."""
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    with contextlib.closing(sqlite3.connect(folder / "outreach.db")) as copy:
        return {name for (name,) in copy.execute("SELECT name FROM library")}


def names_after(kept):
    return sorted(file.name for file in kept.iterdir())


def test_a_backup_is_whole_while_somebody_writes(cast, config, tmp_path):
    database = config.database_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE library SET name = 'half-way'")
        backup.write(config, tmp_path / "b.tar.gz")
        writer.execute("COMMIT")
    assert names_in(tmp_path / "b.tar.gz", tmp_path) == {"Maple Street School Library", "Elm Street Library"}


def test_a_backup_is_for_its_owner_and_the_keys_are_not_in_it(app, cast, config, tmp_path):
    app.extensions["shop"].store.write(b"a picture")
    backup.write(config, tmp_path / "b.tar.gz")
    with tarfile.open(tmp_path / "b.tar.gz") as opened:
        held = [member.name for member in opened.getmembers() if member.isfile()]
    assert (held[0], [name.partition("/")[0] for name in held[1:]]) == ("outreach.db", ["media"])
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0


def test_the_newest_fourteen_nights_are_kept_and_nothing_else_is_touched(nights, tmp_path, now):
    (tmp_path / "nights").mkdir()
    (tmp_path / "nights" / "my-own.tar.gz").touch()
    days = [now + timedelta(days=n) for n in range(20)]
    for moment in [*days, days[-1] + timedelta(minutes=5)]:
        backup.nightly(nights, moment)
    kept = [f"outreach-{day:%Y-%m-%d}.tar.gz" for day in days[-14:]]
    assert names_after(tmp_path / "nights") == ["my-own.tar.gz", *kept]


def test_housekeeping_makes_one_where_a_folder_is_given(nights, config, tmp_path, now):
    housekeeping.tidy(config, Store(config.media_dir), now)
    assert not (tmp_path / "nights").exists()
    housekeeping.tidy(nights, Store(nights.media_dir), now)
    assert names_after(tmp_path / "nights") == [f"outreach-{now:%Y-%m-%d}.tar.gz"]
