from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
import redis

WEB = 'web: exec "$PYTHON" "$TOYS/web.py"\n'
# the shell is told of its parent's death and ends; its child is not, and stays
ORPHAN = WEB + 'worker: "$PYTHON" -u "$TOYS/toy.py" worker & wait\n'
DEAF_ORPHAN = WEB + 'worker: "$PYTHON" -u "$TOYS/toy.py" worker deaf & wait\n'


def test_a_second_one_refuses_and_names_the_first(up):
    first = up().until_ready()
    url = first.url
    second = up()
    assert second.ends() == 1
    expected = f"Outreach is already running here: process {first.process.pid}, {url}. Stop it there first.\n"
    assert second.log == expected
    assert first.process.poll() is None


def test_after_a_clean_stop_the_next_one_starts(up):
    first = up().until_ready()
    first.signal(signal.SIGTERM)
    first.ends()
    assert "left processes behind" not in up().until_ready().log


@pytest.mark.parametrize(
    ("procfile", "shorter"), [(ORPHAN, {}), (DEAF_ORPHAN, {"supervisor.LAST_SEND": 0.5})], ids=["willing", "deaf"]
)
def test_orphans_of_a_killed_one_are_ended_by_the_next(up, procfile, shorter):
    first = up(procfile).until_ready()
    first.until(lambda: (first.home / "worker.pids").exists())
    children, orphan, folder = first.children(), first.pid("worker"), first.socket.parent
    first.process.kill()
    first.process.wait()
    second = up(procfile, shorter=shorter).until_ready()
    assert second.left_of(children) == []
    told = next(line for line in second.log.splitlines() if "left processes behind:" in line)
    assert f" {orphan} (" in told  # and perhaps another that had not followed its supervisor yet
    assert not folder.exists()
    assert redis.Redis(unix_socket_path=str(second.socket)).ping()


def test_a_killed_one_takes_its_children_along(up):
    one = up().until_ready()
    children = one.children()
    one.process.kill()
    one.process.wait()
    one.until(lambda: one.left_of(children) == [], seconds=2)


def test_a_redis_left_behind_is_known_by_its_folder(up, tmp_path):
    first = up().until_ready()
    server = next(c for c in first.children() if "-server" in c.name())
    server.suspend()  # so that it cannot follow its supervisor
    first.process.kill()
    first.process.wait()
    second = up(shorter={"supervisor.LAST_SEND": 0.3}).until_ready()
    assert second.left_of([server]) == []
    assert f"{server.pid} (" in second.log


def test_somebody_else_on_the_lock_is_named_and_left_alone(up, tmp_path):
    script = (
        "import fcntl, os, time; f = open(os.environ['LOCK'], 'w'); fcntl.flock(f, fcntl.LOCK_EX);"
        "print('held', flush=True); time.sleep(60)"
    )
    lock = tmp_path / "up.lock"
    with subprocess.Popen(
        [sys.executable, "-c", script], env={"LOCK": str(lock), "OUTREACH_HOME": str(tmp_path)}, stdout=subprocess.PIPE
    ) as other:
        try:
            assert other.stdout
            other.stdout.readline()
            lock.write_text(json.dumps({"pid": 1, "url": "", "folder": ""}))
            one = up()
            assert one.ends() == 1
            assert f"already running here: process {other.pid} (" in one.log
            assert other.poll() is None
        finally:
            other.kill()
