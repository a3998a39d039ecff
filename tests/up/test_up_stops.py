from __future__ import annotations

import fcntl
import os
import pty
import signal
import subprocess
import termios
import time

import psutil
import pytest
import redis

WEB = 'web: exec "$PYTHON" "$TOYS/web.py"\n'
SLOW = WEB + 'worker: exec "$PYTHON" -u "$TOYS/toy.py" worker slow 1.5\n'
DEAF = WEB + 'worker: exec "$PYTHON" -u "$TOYS/toy.py" worker deaf\n'


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_leaves_nothing_behind(up, number):
    one = up().until_ready()
    children, folder = one.children(), one.socket.parent
    assert len(children) == 3
    one.signal(number)
    assert one.ends() == 0
    assert one.left_of(children) == []
    assert not folder.exists()


def test_the_worker_finishes_its_send_while_redis_still_answers(up):
    one = up(SLOW, shorter={"crew.GRACE": 0.3}).until_ready()
    children, client = one.children(), redis.Redis(unix_socket_path=str(one.socket))
    web = psutil.Process(one.pid("web"))
    one.signal(signal.SIGINT)
    one.until(lambda: one.left_of([web]) == [], seconds=1)
    assert client.ping()
    assert one.ends() == 0
    assert (one.home / "worker.finished").exists()
    assert one.left_of(children) == []


def test_who_does_not_stop_is_killed_when_the_grace_is_over(up):
    one = up(DEAF, shorter={"crew.LAST_SEND": 0.5}).until_ready()
    children = one.children()
    one.signal(signal.SIGTERM)
    assert one.ends(3) == 0
    assert one.left_of(children) == []


def test_a_second_ctrl_c_waits_for_nobody(up):
    one = up(DEAF).until_ready()
    children = one.children()
    one.signal(signal.SIGINT)
    one.signal(signal.SIGINT)  # the same keystroke, handed on by a wrapper
    time.sleep(0.7)
    assert one.process.poll() is None
    one.signal(signal.SIGINT)
    assert one.ends(2) == 0
    assert one.left_of(children) == []


def test_it_stops_while_migrations_run(up):
    one = up(migrate=("sleep", "60"))
    one.until(lambda: any(c.name() == "sleep" for c in one.children()))
    children = one.children()
    one.signal(signal.SIGINT)
    assert one.ends(3) == 0
    assert one.left_of(children) == []


def test_in_a_terminal_ctrl_c_reaches_the_supervisor_alone_and_the_log_has_colours(up, tmp_path):
    one = up(SLOW).until_ready()
    one.signal(signal.SIGTERM)
    one.ends()
    (tmp_path / "ready").unlink()
    (tmp_path / "worker.finished").unlink()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        one.process.args,
        env=one.environ,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(theirs, termios.TIOCSCTTY, 0),
    )
    one.process = process  # so that it is cleaned up
    one.until_ready()
    children = one.children()
    assert all(os.getsid(child.pid) != os.getsid(process.pid) for child in children)
    os.write(ours, b"\x03")
    assert one.ends() == 0
    assert (tmp_path / "worker.finished").exists()
    assert one.left_of(children) == []
    assert b"\033[" in os.read(ours, 65_536)
