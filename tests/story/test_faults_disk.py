"""The disk is full: nothing is sent that could not be written down, nothing breaks, and with room it goes on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from machinery import Machinery, wait_until
from story_desk import Desk

pytestmark = pytest.mark.timeout(90)


def test_a_worker_on_a_full_disk_sends_nothing_and_goes_on_when_there_is_room(desk: Desk, machinery: Machinery):
    machinery.worker.fill_disk()
    post = desk.schedule()
    with pytest.raises(AssertionError):
        desk.wait_for("published", post, seconds=3)
    assert desk.network.sends() == 0
    assert desk.faults_of_file() == []
    machinery.worker.make_room()
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]
    assert machinery.worker.lives()
    assert desk.faults_of_file() == []


@pytest.mark.parametrize(("point", "picture"), [("claimed", True), ("uploaded", True), ("stored", False)])
def test_a_disk_that_fills_while_a_post_is_sent(desk: Desk, machinery: Machinery, point: str, picture: bool):
    armed = machinery.arm(point, "fill")
    post = desk.schedule(picture=picture)
    wait_until(lambda: not armed.exists())
    with pytest.raises(AssertionError):
        desk.wait_for("published", post, seconds=2)
    assert desk.faults_of_file() == []
    machinery.worker.make_room()
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]
    assert desk.network.sends() == 1


def test_a_person_on_a_full_disk_reads_so_and_goes_on_when_there_is_room(desk: Desk, machinery: Machinery):
    add = ["post", "add", "--library", desk.slug, "--account", "Practice", "--at", "now", "--text"]
    full = run_outreach(machinery, [*add, "Never written. " * 600], with_room=False)
    assert full.returncode == 1
    assert "disk is full" in full.stderr
    assert desk.faults_of_file() == []
    assert run_outreach(machinery, [*add, "Written."]).returncode == 0


NO_ROOM = """
from sqlalchemy import Engine, event

@event.listens_for(Engine, "connect")
def let_no_file_grow(connection, _):
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")
"""


def run_outreach(machinery: Machinery, words: list[str], with_room: bool = True) -> subprocess.CompletedProcess[str]:
    program = ("" if with_room else NO_ROOM) + "from outreach.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env={**os.environ, **machinery.environ},
        capture_output=True,
        text=True,
        timeout=60,
    )
