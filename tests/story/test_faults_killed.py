"""A worker is killed, or stands still, at every point of a send: another one settles it, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from machinery import Machinery, wait_until
from story_desk import STATUSES, Desk

pytestmark = pytest.mark.timeout(90)

POINTS = [
    pytest.param("claimed", True, id="after the claim, before the upload"),
    pytest.param("claimed", False, id="after the claim, nothing to upload"),
    pytest.param("uploaded", True, id="after the upload"),
    pytest.param("started", True, id="after it was noted that the send starts"),
    pytest.param("stored", False, id="after the server stored it"),
    pytest.param("written", False, id="after the outcome was written"),
]


@pytest.mark.parametrize(("point", "picture"), POINTS)
def test_a_worker_killed_while_sending_loses_nothing_and_doubles_nothing(
    desk: Desk, machinery: Machinery, point: str, picture: bool
):
    kill_while_sending(desk, machinery, point, picture)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_worker_killed_after_the_server_stored_it_on_postgresql(desk: Desk, machinery: Machinery):
    kill_while_sending(desk, machinery, "stored", picture=False)


def kill_while_sending(desk: Desk, machinery: Machinery, point: str, picture: bool) -> None:
    """Kill the worker at this point, and see another one settle it."""
    machinery.arm(point)
    post = desk.schedule(picture=picture)
    machinery.worker.wait_for_death()
    machinery.worker.start()
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]
    assert desk.network.sends() == 1


def test_a_worker_killed_with_calls_in_flight_and_more_behind_them(desk: Desk, machinery: Machinery):
    desk.network.arm("hang", once=5, path=f"{STATUSES}$", seconds=60)
    desk.network.arm("hang", once=3, path=f"{STATUSES}$", seconds=60, forward=False)
    posts = [desk.schedule() for _ in range(10)]
    wait_until(lambda: desk.network.sends() >= 8)  # as many as go to one server, the others wait in its lane
    machinery.worker.kill()
    machinery.worker.start()
    desk.wait_for("published", *posts)
    assert desk.copies(*posts) == [1] * 10


@pytest.mark.parametrize(("point", "picture"), [("claimed", False), ("uploaded", True)])
def test_a_worker_that_stood_still_does_not_send_what_another_one_sent(
    desk: Desk, machinery: Machinery, point: str, picture: bool, another_worker: Callable[[], None]
):
    armed = machinery.arm(point, "freeze")
    post = desk.schedule(picture=picture)
    wait_until(lambda: not armed.exists())
    another_worker()
    desk.wait_for("published", post)
    machinery.worker.wake()
    wait_until(desk.ticked_twice())
    after = desk.schedule()
    desk.wait_for("published", after)
    assert desk.copies(post, after) == [1, 1]
    assert desk.states(post) == {"published": 1}


@pytest.fixture
def another_worker(machinery: Machinery):
    worker = machinery.make("worker")
    yield worker.start
    worker.kill()
