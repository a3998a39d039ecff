"""The disk is full: nothing is sent that could not be written down, nothing breaks, and with room it goes on."""

from __future__ import annotations

import pytest
from machinery import Machinery, wait_until
from story_desk import Desk

pytestmark = pytest.mark.timeout(90)


NO_ROOM = """
from sqlalchemy import Engine, event

@event.listens_for(Engine, "connect")
def let_no_file_grow(connection, _):
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")
"""


def test_a_worker_on_a_full_disk_sends_nothing_and_goes_on_when_there_is_room(desk: Desk, machinery: Machinery):
    machinery.worker.fill_disk()
    post = desk.schedule()
    with pytest.raises(AssertionError):
        desk.wait_for("published", post, seconds=1.5)
    assert desk.network.sends() == 0
    assert desk.faults_of_file() == []
    machinery.worker.make_room()
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]
    assert machinery.worker.lives()
    assert desk.faults_of_file() == []


@pytest.mark.parametrize(("point", "picture"), [("uploaded", True), ("stored", False)])
def test_a_disk_that_fills_while_a_post_is_sent(desk: Desk, machinery: Machinery, point: str, picture: bool):
    armed = machinery.arm(point, "fill")
    post = desk.schedule(picture=picture)
    wait_until(lambda: not armed.exists())
    with pytest.raises(AssertionError):
        desk.wait_for("published", post, seconds=1)
    assert desk.faults_of_file() == []
    machinery.worker.make_room()
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]
    assert desk.network.sends() == 1


def test_a_person_on_a_full_disk_reads_so_and_goes_on_when_there_is_room(desk: Desk, machinery: Machinery):
    add = ["post", "add", "--library", desk.slug, "--account", "Practice", "--at", "now", "--text"]
    full = machinery.outreach(*add, "Never written. " * 600, preamble=NO_ROOM)
    assert full.returncode == 1
    assert "disk is full" in full.stderr
    assert desk.faults_of_file() == []
    assert machinery.outreach(*add, "Written.").returncode == 0
