"""What is out is corrected although a worker is killed at every point, or the server breaks: still one message."""

from __future__ import annotations

import pytest
from machinery import Machinery, wait_until
from story_desk import STATUSES, Desk

pytestmark = pytest.mark.timeout(90)


@pytest.mark.parametrize("point", ["change claimed", "change asked", "changed", "change written"])
def test_a_worker_killed_while_correcting_loses_nothing(desk: Desk, machinery: Machinery, point: str):
    post = out(desk)
    machinery.arm(point)
    desk.correct(post)
    machinery.worker.wait_for_death()
    machinery.worker.start()
    until_it_says_so(desk, post)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_on_postgresql(desk: Desk, machinery: Machinery):
    post = out(desk)
    machinery.arm("changed")
    desk.correct(post)
    machinery.worker.wait_for_death()
    machinery.worker.start()
    until_it_says_so(desk, post)


def test_a_server_that_breaks_is_asked_again(desk: Desk):
    post = out(desk)
    desk.network.arm("reset_after", method="PUT")
    desk.network.arm("status", method="PUT", status=503, forward=False)
    desk.correct(post)
    until_it_says_so(desk, post)


def out(desk: Desk) -> int:
    post = desk.schedule()
    desk.wait_for("published", post)
    return post


def until_it_says_so(desk: Desk, post: int) -> None:
    """On the server and in our words: once, and nothing of what it said before."""
    wait_until(lambda: desk.delivery(post).payload["text"] == desk.written[post], 60)
    assert desk.texts()[desk.written[post]] == 1
    assert sum(desk.texts().values()) == 1
    assert desk.network.asked.count(("POST", STATUSES)) == 1
