"""The doctor among real broken things: each is named, with what to do; nothing stops it, and it changes nothing."""

import contextlib
import json
import os
import sqlite3
import subprocess
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from faults import FaultProxy
from local_server import LocalServer, Reply
from mastodon_server import TOKEN, MastodonServer
from own_process import free_port
from smtp_server import SmtpServer

from outreach import clock
from outreach.cli import checkup
from outreach.cli.checkup_store import room
from outreach.db import writing
from outreach.models import Account, Feed, Heartbeat, Mail
from outreach.up import redis as up_redis
from outreach.words import Sentence

OFFLINE = {"OUTREACH_OPEN_LIBRARY": "off", "OUTREACH_SMTP_URL": "", "REDIS_URL": ""}


@pytest.fixture
def database_url(databases):
    """Its kind changes little here: PostgreSQL has a test of its own."""
    url = databases.fresh("sqlite")
    yield url
    databases.drop(url)


@pytest.fixture
def told(run):
    """Findings by their names."""

    def doctor(code=1, **env):
        # where something is wrong, what `run` returns is the same text
        report = json.loads(run("doctor", "--report", code=code, **{**OFFLINE, **env}))
        return {row["name"]: row for row in report["checks"]}

    return doctor


@pytest.fixture(scope="module")
def mastodon():
    with MastodonServer() as started:
        yield started


@pytest.fixture
def slug(run):
    return run("library", "add", "Maple Street School", "--timezone", "America/Chicago")


def connect(run, slug, url, name="Ours"):
    run("account", "add", "mastodon", "--library", slug, "--name", name, "--server", url, OUTREACH_TOKEN=TOKEN)


def tick(now=None):
    with writing() as session:
        session.merge(Heartbeat(name="dispatch", at=now or clock.now()))


def test_all_is_well_and_the_exit_code_says_so(told, run, slug, mastodon, context):
    connect(run, slug, mastodon.url)
    tick()
    found = told(code=0)
    assert {name: row["how"] for name, row in found.items()} == {
        "database": "ok",
        "tables": "ok",
        "key": "ok",
        "publishing": "ok",
        "backups": "hint",
        "disk": "ok",
        "redis": "hint",
        "account Ours": "ok",
        "clock": "ok",
        "e-mail": "hint",
        "address": "hint",
    }
    assert found["key"]["found"] == "opens the passwords of all 1 accounts"


def test_whatever_is_wrong_says_what_to_do(told, run, slug, mastodon):
    connect(run, slug, mastodon.url)
    found = told(REDIS_URL=f"redis://127.0.0.1:{free_port()}", OUTREACH_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    assert [name for name, row in found.items() if row["how"] == "NOT" and not row["do"]] == []
    assert {name for name, row in found.items() if not row["ok"]} == {"publishing", "redis", "e-mail", "address"}


def test_a_tick_that_stopped(told, slug, context):
    tick(clock.now() - timedelta(minutes=9))
    found = told()["publishing"]
    assert found["found"].startswith("stopped at ")
    assert "outreach up" in found["do"]


def test_no_database_and_none_is_made(told, environ, tmp_path):
    there = tmp_path / "nothing.db"
    found = told(DATABASE_URL=f"sqlite:///{there}")
    assert "there is none at" in found["database"]["found"]
    assert "outreach up" in found["database"]["do"]
    assert not there.exists()
    assert "publishing" not in found


def test_a_database_of_an_older_shape_stays_as_it_is(told, tmp_path):
    old = tmp_path / "old.db"
    sqlite3.connect(old).execute("CREATE TABLE x (y)").connection.close()
    found = told(DATABASE_URL=f"sqlite:///{old}")
    assert found["tables"]["do"] == "Run: outreach migrate"
    with contextlib.closing(sqlite3.connect(old)) as line:
        assert line.execute("SELECT name FROM sqlite_master").fetchall() == [("x",)]


def test_a_damaged_database(told, slug, environ, context):
    path = Path(environ["DATABASE_URL"].removeprefix("sqlite:///"))
    with contextlib.closing(sqlite3.connect(path)) as line:
        line.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    path.write_bytes(whole[:8_192] + b"\xff" * 40_000 + whole[48_192:])
    found = told()["database"]
    assert found["how"] == "NOT"
    assert "outreach restore" in found["do"]


def test_somebody_who_holds_the_database(told, slug, environ, monkeypatch):
    monkeypatch.setattr("outreach.cli.checkup_store.LOCKED", 0.2)
    path = environ["DATABASE_URL"].removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert "without an end" in told()["database"]["found"]


def test_another_key_than_the_one_it_was_sealed_with(told, run, slug, mastodon, environ):
    connect(run, slug, mastodon.url)
    key = Path(environ["OUTREACH_HOME"], "vault.key")
    before = key.read_text()
    key.unlink()
    found = told()
    assert found["key"]["found"] == "does not open the passwords of 1 of 1 accounts"
    assert "Ours" in found["key"]["do"]
    assert "key that seals" in found["account Ours"]["found"]
    key.write_text(before)
    key.chmod(0o644)
    assert told()["key"]["do"].startswith("chmod 600 ")


def test_redis_that_answers_and_has_nobody_who_listens(told, tmp_path):
    with up_redis.short_folder() as folder:
        path = folder / up_redis.SOCKET
        server = subprocess.Popen(up_redis.arguments(up_redis.find_server(os.environ), path))
        try:
            while not up_redis.answers(path):
                time.sleep(0.02)
            found = told(REDIS_URL=f"unix://{path}")
        finally:
            server.terminate()
            server.wait()
    assert found["redis"]["how"] == "ok"
    assert found["workers"]["found"] == "nobody listens, and 0 messages wait"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"kind": "status", "status": 401}, "Connect again"),
        ({"kind": "status", "status": 503}, "tried again"),
        ({"kind": "garbage"}, "tried again"),
        ({"kind": "reset_before"}, "tried again"),
    ],
)
def test_an_account_whose_server_is_in_trouble(told, run, slug, mastodon, fault, said):
    with FaultProxy(mastodon.port) as proxy:
        connect(run, slug, proxy.url)
        proxy.arm(**fault, once=99, method=None)
        found = told()["account Ours"]
    assert found["how"] == "NOT"
    assert said in found["do"]
    assert TOKEN not in found["found"]


def test_a_server_that_never_answers_holds_nobody_up(app, run, slug, mastodon, context):
    with FaultProxy(mastodon.port) as proxy:
        connect(run, slug, proxy.url, "Slow")
        connect(run, slug, mastodon.url, "Quick")
        proxy.arm("hang", once=99, method=None)
        began = time.monotonic()
        found = {one.name: one for one in checkup.findings(app.extensions["shop"], clock.now(), patience=1.5)}
    assert time.monotonic() - began < 4
    assert found["account Quick"].how == "ok"
    assert found["account Slow"].found == "did not answer within 1.5 seconds"


def test_an_account_that_is_paused_or_ends_soon(told, run, slug, mastodon, context):
    connect(run, slug, mastodon.url)
    with writing() as session:
        account = session.query(Account).filter_by(name="Ours").one()
        account.ends_at = clock.now() + timedelta(days=3)
    assert ", until " in told()["account Ours"]["found"]
    with writing() as session:
        session.query(Account).filter_by(name="Ours").one().paused_at = clock.now()
    assert told()["account Ours"]["how"] == "hint"
    with writing() as session:
        session.query(Account).filter_by(name="Ours").one().paused_because = Sentence("It does not know us.")
    assert "It does not know us." in told()["account Ours"]["found"]
    assert told()["account Ours"]["how"] == "NOT"


def test_a_clock_that_is_five_minutes_off(told, run, slug, context):
    def answer(_request):
        def write(handler):
            date = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
            head = f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n"
            handler.wfile.write(head.encode())

        return Reply(raw=write)

    with LocalServer(answer) as server:
        found = told(OUTREACH_OPEN_LIBRARY=server.url)["clock"]
    assert found["how"] == "NOT"
    assert "seconds behind 127.0.0.1" in found["found"]
    assert "time automatically" in found["do"]


def test_the_mail_server_is_asked_and_gets_no_letter(told):
    server = SmtpServer()
    found = told(OUTREACH_SMTP_URL=server.url)["e-mail"]
    assert found["how"] == "ok"
    assert "without TLS" in found["found"]
    assert server.letters == []
    server.refuses_senders = True
    found = told(OUTREACH_SMTP_URL=server.url)["e-mail"]
    assert "550 not you" in found["found"] or "not you" in found["found"]
    assert "OUTREACH_MAIL_FROM" in found["do"]
    server.greeting = "554 go away"
    assert "go away" in told(OUTREACH_SMTP_URL=server.url)["e-mail"]["found"]


def test_a_password_is_shown_nowhere(told, run, slug):
    server = SmtpServer()
    env = {
        "OUTREACH_SMTP_URL": server.url.replace("://", "://ana:hunter2%21@"),
        "REDIS_URL": "redis://:hunter3@127.0.0.1:1",
    }
    said = run("doctor", "--report", code=1, **{**OFFLINE, **env}) + run("doctor", code=1, **{**OFFLINE, **env})
    assert "hunter" not in said


def test_letters_that_were_tried_in_vain(told, slug, context, now):
    with writing() as session:
        session.add(
            Mail(to="a@b.example", subject="x", body="x", created_at=now, try_at=now, tries=2, diagnosis="550 no")
        )
    assert told()["letters"]["found"] == "1 were tried in vain; the last one: 550 no"


def test_feeds_by_their_last_result(told, run, slug, context):
    now = clock.now()
    with writing() as session:
        library_id = session.query(Account.library_id).first()[0]
        for name, more in {
            "Fine": {"good_at": now},
            "Broken": {"failing_since": now, "sentence": Sentence("It is gone.")},
            "Forgotten": {"next_check_at": now - timedelta(hours=3)},
        }.items():
            url = f"https://catalog.example/{name}?key=secret"
            session.add(
                Feed(library_id=library_id, url=url, name=name, **{"next_check_at": now, "created_at": now} | more)
            )
    found = told()
    assert [found[f"feed {name}"]["how"] for name in ("Fine", "Broken", "Forgotten")] == ["ok", "NOT", "NOT"]
    assert "It is gone." in found["feed Broken"]["found"]


def test_the_address_that_people_open(told):
    healthy = Reply(503, {"ok": False, "last_tick": None, "late": 0, "reason": "stopped"})
    with LocalServer(lambda _: healthy) as server:
        assert told(OUTREACH_PUBLIC_URL=server.url)["address"]["how"] == "ok"
    with LocalServer(lambda _: Reply(200, b"<html>Welcome to our school")) as server:
        found = told(OUTREACH_PUBLIC_URL=server.url)["address"]
    assert "something else answers" in found["found"]
    assert "not reached from here" in told(OUTREACH_PUBLIC_URL=server.url)["address"]["found"]
    assert "OUTREACH_PUBLIC_URL" in told(OUTREACH_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")["address"]["do"]


def test_backups_that_are_old_or_missing(told, tmp_path, slug):
    nights = tmp_path / "nights"
    nights.mkdir()
    env = {"OUTREACH_BACKUP_DIR": str(nights)}
    assert "there is none" in told(**env)["backups"]["found"]
    file = nights / "outreach-2026-11-24.tar.gz"
    file.touch()
    assert told(**env)["backups"]["how"] == "ok"
    os.utime(file, (0, time.time() - 80 * 3600))
    assert told(**env)["backups"]["how"] == "NOT"


@pytest.mark.parametrize(("free", "how"), [(100_000_000, "NOT"), (500_000_000, "hint"), (5_000_000_000, "ok")])
def test_room_on_the_disk(free, how, tmp_path):
    found = room(tmp_path, free)
    assert (found.how, str(tmp_path) in found.found) == (how, True)


def test_a_check_that_breaks_is_a_finding():
    def breaks():
        raise ZeroDivisionError

    (found,) = checkup.guarded("it", breaks)
    assert (found.how, "ZeroDivisionError" in found.found) == ("NOT", True)


def test_postgresql_answers_and_tells_its_clock(told, databases):
    url = databases.fresh("postgresql")
    found = told(DATABASE_URL=url)
    databases.drop(url)
    assert found["database"]["found"].startswith("PostgreSQL ")
    assert found["tables"]["how"] == "ok"
    assert "the database server" in found["clock"]["found"]


def test_a_database_server_that_is_not_there(told):
    found = told(DATABASE_URL=f"postgresql://ana:hunter2@127.0.0.1:{free_port()}/outreach")["database"]
    assert found["how"] == "NOT"
    assert "DATABASE_URL" in found["do"]
    assert "hunter2" not in found["found"]
