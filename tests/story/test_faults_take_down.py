"""A post is taken down although a worker is killed at every point, the server is away, or it is just being sent."""

from __future__ import annotations

import pytest
from machinery import Machinery, wait_until
from story_desk import STATUSES, Desk

pytestmark = pytest.mark.timeout(90)

POINTS = ["removal claimed", "removal asked", "gone", "removal written"]


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_while_taking_down_loses_nothing(desk: Desk, machinery: Machinery, point: str):
    kill_while_taking_down(desk, machinery, point)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_worker_killed_after_the_server_deleted_it_on_postgresql(desk: Desk, machinery: Machinery):
    kill_while_taking_down(desk, machinery, "gone")


def kill_while_taking_down(desk: Desk, machinery: Machinery, point: str) -> None:
    post = out(desk)
    machinery.arm(point)
    desk.take_down(post)
    machinery.worker.wait_for_death()
    machinery.worker.start()
    desk.wait_for("removed", post)
    assert desk.copies(post) == [0]


def out(desk: Desk) -> int:
    post = desk.schedule()
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]
    return post


@pytest.mark.parametrize("point", ["claimed", "started", "stored"])
def test_asked_for_while_its_worker_is_killed_in_the_send_it_does_not_stay(
    desk: Desk, machinery: Machinery, point: str
):
    """Nobody knows whether it is out: it is looked for, and goes."""
    machinery.arm(point)
    post = desk.schedule()
    machinery.worker.wait_for_death()
    desk.take_down(post)
    machinery.worker.start()
    wait_until(lambda: desk.states(post).keys() <= {"removed", "cancelled"}, 40)
    assert desk.copies(post) == [0]
    assert desk.network.sends() <= 1


def test_asked_for_while_the_server_is_slow_to_answer_the_send(desk: Desk):
    desk.network.arm("hang", path=f"{STATUSES}$", seconds=2.5)
    post = desk.schedule()
    wait_until(lambda: desk.network.sends())
    desk.take_down(post)
    desk.wait_for("removed", post)
    assert desk.copies(post) == [0]


def test_a_server_that_is_away_is_asked_again(desk: Desk):
    posts = [out(desk) for _ in range(3)]
    desk.network.arm("reset_after", method="DELETE")
    desk.network.arm("status", method="DELETE", status=503, forward=False)
    desk.take_down(*posts)
    desk.wait_for("removed", *posts, seconds=60)
    assert desk.copies(*posts) == [0, 0, 0]
