from __future__ import annotations

import json
import os
import signal
import socket
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import redis

from outreach.up.redis import redis_urls


def page(url: str) -> dict[str, str]:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return dict(json.load(answer))


def test_a_page_is_answered_when_it_says_ready(up):
    one = up().until_ready()
    told = page(one.url)
    assert told["OUTREACH_LISTEN"] == urlsplit(one.url).netloc
    assert told["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert told["PYTHONUNBUFFERED"] == "1"
    assert f"Outreach is ready: {one.url}" in one.log


def test_the_log_names_who_speaks_and_has_no_colour_in_a_file(up):
    one = up().until_ready()
    one.until(lambda: "worker   | here" in one.log)
    assert "\033" not in one.log
    assert "overcommit" not in one.log


def test_migrations_are_done_before_the_first_process_starts(up):
    script = "import os, time; time.sleep(.4); open(os.environ['OUTREACH_HOME'] + '/migrated', 'w')"
    procfile = 'web: test -e "$OUTREACH_HOME/migrated" && exec "$PYTHON" "$TOYS/web.py"\n'
    one = up(procfile, migrate=(sys.executable, "-c", script)).until_ready()
    assert "started again" not in one.log


def test_a_failed_migration_starts_nothing(up):
    one = up(migrate=(sys.executable, "-c", "raise SystemExit('the table is wrong')"))
    assert one.ends() == 1
    assert "migrate  | the table is wrong" in one.log
    assert "migrate ended with code 1" in one.log
    assert not (one.home / "web.pids").exists()


def test_a_killed_child_is_started_again(up):
    one = up().until_ready()
    for name in ("worker", "web"):
        first = one.pid(name)
        os.kill(first, signal.SIGKILL)
        one.until(lambda name=name, first=first: one.pid(name) != first)
        assert f"{name} was ended by signal 9; it is started again in 0.1 s." in one.log
    one.until(lambda: page_or_none(one.url))


def page_or_none(url: str) -> object:
    try:
        return page(url)
    except OSError:
        return None


def test_what_a_killed_child_started_itself_is_ended_before_its_next_life(up):
    procfile = 'web: "$PYTHON" -u "$TOYS/web.py"; exit 1\n'  # the shell is killed, the page holds the port
    one = up(procfile).until_ready()
    first = one.pid("web")
    os.kill(psutil.Process(first).ppid(), signal.SIGKILL)
    one.until(lambda: one.pid("web") != first)
    one.until(lambda: page_or_none(one.url))


def test_redis_answers_on_its_socket(up):
    one = up().until_ready()
    assert redis.Redis.from_url(f"unix://{one.socket}").ping()
    assert one.socket.stat().st_mode & 0o777 == 0o700
    assert page(one.url)["REDIS_URL"] == redis_urls(f"unix://{one.socket}").client
    settings = redis.Redis(unix_socket_path=str(one.socket), decode_responses=True).config_get()
    assert (settings["save"], settings["appendonly"]) == ("", "no")
    assert settings["maxmemory-policy"] == "noeviction"


def test_redis_comes_back_on_the_same_socket(up):
    one = up().until_ready()
    before, client = one.socket, redis.Redis(unix_socket_path=str(one.socket))
    first = one.pid("redis")
    os.kill(first, signal.SIGKILL)
    one.until(lambda: answers(client))
    assert one.socket == before
    assert one.pid("redis") != first


def answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def test_a_redis_elsewhere_is_used_and_none_is_started(up):
    one = up(REDIS_URL="redis://redis.example.org:6379/1").until_ready()
    assert page(one.url)["REDIS_URL"] == "redis://redis.example.org:6379/1"
    assert not one.socket.exists()


def test_a_taken_port_gives_the_next_free_one(up):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one = up(OUTREACH_PORT=str(port)).until_ready()
    used = urlsplit(one.url).port
    assert used > port
    assert f"Port {port} is taken by another program; using {used}." in one.log


def test_who_ends_five_times_at_once_is_named_with_a_place_to_look(up):
    procfile = 'web: exec "$PYTHON" "$TOYS/web.py"\nbeat: echo no timetable; exit 3\n'
    one = up(procfile, shorter={"restart.FIRST": 0.01})
    one.until(lambda: "beat has ended 5 times in a row" in one.log)
    assert "The lines of beat above say why" in one.log
    assert one.log.count("beat     | no timetable") >= 5
