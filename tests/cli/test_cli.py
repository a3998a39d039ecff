"""The command line as a script would use it: real processes, one instance folder."""

import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from local_server import LocalServer, Reply, Request

ON_SQLITE = pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # the kind of database changes nothing here
SAMPLES = Path(__file__).parents[1] / "data" / "feeds"
LISTS = SAMPLES.parent / "lists"


def test_a_library_from_nothing_to_a_published_post(process):
    run = process
    slug = run("library", "add", "Maple Street School", "--timezone", "America/Chicago")
    assert slug == "maple-street-school"
    link = run("person", "add", "ana@school.example", "--library", slug, "--role", "manager")
    assert "/sign-in/" in link
    number = run(
        "post",
        "add",
        "--library",
        slug,
        "--text",
        "Hello",
        "--account",
        "Practice",
        "--at",
        "now",
        "--approve-as",
        "ana@school.example",
    )
    words = ["--library", slug, "--text", "Late", "--account", "Practice", "--at", "2020-01-01T10:00"]
    assert "That time has passed" in run("post", "add", *words, code=1)
    assert "Nobody here has the address" in run("post", "add", *words, "--approve-as", "nobody@school.example", code=1)
    assert run("jobs", "run", "dispatch") == "1 published or tried"
    post, tried = json.loads(run("post", "list", "--library", slug, "--json"))
    assert tried["state"] == "cancelled"
    assert str(post["id"]) == number
    assert (post["author"], post["deliveries"][0]["state"], post["deliveries"][0]["attempts"]) == (
        "command line",
        "published",
        1,
    )


@ON_SQLITE
def test_what_goes_wrong_is_one_sentence_on_stderr(process):
    run = process
    assert run("library", "add", "X", "--timezone", "Mars/Base", code=1).startswith(
        "There is no time zone called Mars/Base"
    )
    assert run("post", "add", code=1).startswith("Missing option '--library'. See: ")
    assert run("nonsense", code=1).startswith("No such command 'nonsense'.")
    slug = run("library", "add", "Y", "--timezone", "UTC")
    private = run("feed", "add", "http://169.254.169.254/latest", "--library", slug, code=1)
    assert "is on a private network" in private
    both = [
        "post",
        "add",
        "--library",
        slug,
        "--text",
        "x",
        "--at",
        "now",
        "--account",
        "Practice",
        "--account",
        "Facebook",
    ]
    assert "to practice and to real places" in run(*both, code=1)
    assert run(*both, "--mixed").isdecimal()
    assert run("post", "list", "--library", "none", code=1) == "There is no library none. See: outreach library list"
    slug = run("library", "add", "X", "--timezone", "UTC")
    assert "Choose one of" in run(
        "account", "add", "by_hand", "--library", slug, "--name", "Y", "--server", "moon", code=1
    )
    gap = run("library", "add", "Gap", "--timezone", "America/Chicago")
    said = run(
        "post", "add", "--library", gap, "--text", "x", "--account", "Practice", "--at", "2027-03-14T02:30", code=1
    )
    assert "clocks jump over it" in said


@ON_SQLITE
def test_every_feed_is_checked_at_once(run):
    slug = run("library", "add", "Fed", "--timezone", "UTC")
    body = (SAMPLES / "koha-search.rss.xml").read_bytes()
    with LocalServer(lambda _: Reply(200, body, {"Content-Type": "application/rss+xml"})) as server:
        run("feed", "add", f"{server.url}/a?format=rss", "--library", slug)
        run("feed", "add", f"{server.url}/b?format=rss", "--library", slug)
        lines = run("feed", "check").splitlines()
    assert [line.rpartition(": ")[2] for line in lines] == [lines[0].rpartition(": ")[2]] * 2
    assert lines[0].endswith("titles, 0 new")
    assert run("feed", "check", "--library", "nowhere", code=1).startswith("There is no library nowhere.")


@ON_SQLITE
def test_a_file_that_cannot_be_used_is_said(run, tmp_path):
    (tmp_path / "file").write_text("x")
    assert "cannot be used: " in run("backup", str(tmp_path / "file" / "b.tar.gz"), code=1)


@ON_SQLITE
def test_a_wrong_setting_is_said_at_once(run):
    assert run("doctor", code=1, OUTREACH_PORT="http").startswith("OUTREACH_PORT is 'http': write a whole number")
    assert "begins with" in run("doctor", code=1, REDIS_URL="localhost")


@ON_SQLITE
def test_what_would_be_read_from_a_feed(run):
    told = json.loads(run("titles", "inspect", str(SAMPLES / "koha-search.rss.xml"), "--json"))
    assert told["titles"][0]["title"] == "The light fantastic"
    assert told["titles"][0]["isbn13"] == ["9780061020704"]
    assert "sign" in run("titles", "inspect", str(SAMPLES / "nasty-login-200.html"), code=1).lower()


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "count", "first", "told"),
    [
        ("titles.mrc", 4, "The light fantastic", ""),
        ("titles.csv", 4, "The light fantastic", ""),
        ("titles-report-preamble.tsv", 4, "The light fantastic", ""),
        ("titles.xlsx", 4, "The light fantastic", "Excel has cut this ISBN down"),
        ("isbns.txt", 5, "", "This is no ISBN"),
    ],
)
def test_what_would_be_read_from_a_list(run, name, count, first, told):
    read = json.loads(run("titles", "inspect", str(LISTS / name), "--json"))
    assert (len(read["titles"]), read["titles"][0]["title"]) == (count, first)
    assert read["titles"][0]["isbn13"] == ["9780061020704"]
    assert told in " ".join(read["warnings"])


@ON_SQLITE
def test_what_would_be_read_from_the_page_of_a_catalog(run, environ):
    feed = (SAMPLES / "koha-search.rss.xml").read_bytes()

    def answer(request: Request) -> Reply:
        if request.query.get("format") == ["rss"]:
            return Reply(200, feed, {"Content-Type": "application/rss+xml"})
        return Reply(200, b"<!doctype html><html><head><title>Catalog</title></head><body>Koha</body></html>")

    environ["OUTREACH_ALLOW_HOSTS"] = "127.0.0.1"
    with LocalServer(answer) as server:
        read = json.loads(run("titles", "inspect", f"{server.url}/cgi-bin/koha/opac-search.pl?q=moon", "--json"))
    assert read["titles"][0]["title"] == "The light fantastic"
    assert "format=rss" in read["feed"]


@ON_SQLITE
def test_the_doctor_lists_every_setting_and_masks_secrets(environ):
    """Nothing ticks here, so the doctor says that publishing is not alive, and exits 1."""
    env = {**os.environ, **environ, "OUTREACH_SMTP_URL": "smtp://user:hunter2@mail.example.org"}
    command = [sys.executable, "-m", "outreach.cli", "doctor", "--report"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert {s["name"]: (s["value"], s["from"]) for s in told["settings"]}["OUTREACH_SMTP_URL"] == (
        "(set)",
        "environment",
    )
    checks = {check["name"]: check for check in told["checks"]}
    assert {name for name, check in checks.items() if not check["ok"]} == {"publishing", "e-mail", "address"}
    assert "Set OUTREACH_PUBLIC_URL" in checks["address"]["do"]
    assert "hunter2" not in done.stdout + done.stderr


@ON_SQLITE
def test_backup_and_restore(run, tmp_path):
    slug = run("library", "add", "Kept", "--timezone", "UTC")
    file = tmp_path / "backup.tar.gz"
    run("backup", str(file))
    run("library", "add", "Later", "--timezone", "UTC")
    told = run("restore", str(file))
    assert "Put back" in told
    before = re.search(r"\S+before-restore-\S+\.tar\.gz", told)[0]
    assert [row["slug"] for row in json.loads(run("library", "list", "--json"))] == [slug]
    (tmp_path / "half").write_bytes(file.read_bytes()[:3_000])
    assert "no backup" in run("restore", str(tmp_path / "half"), code=1)
    (tmp_path / "junk").write_bytes(b"junk")
    assert "no backup" in run("restore", str(tmp_path / "junk"), code=1)
    run("restore", before)  # a restore that was a mistake is undone
    assert {row["slug"] for row in json.loads(run("library", "list", "--json"))} == {slug, "later"}
    assert "nothing was put back" in run("restore", str(damaged(file, tmp_path)), code=1)
    assert len(json.loads(run("library", "list", "--json"))) == 2


def damaged(file, folder):
    """The same archive, with noise in the middle of its database."""
    with tarfile.open(file) as archive:
        archive.extractall(folder / "inside", filter="data")
    database = folder / "inside" / "outreach.db"
    whole = database.read_bytes()
    database.write_bytes(whole[:8_192] + b"\xff" * 40_000 + whole[48_192:])
    with tarfile.open(folder / "damaged.tar.gz", "w:gz") as archive:
        archive.add(database, "outreach.db")
    return folder / "damaged.tar.gz"
