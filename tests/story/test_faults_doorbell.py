"""Beat and Redis come and go, or there are several: the database is the queue, so nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from celery import Celery
from machinery import Machinery, Process
from story_desk import Desk

from outreach import clock
from outreach.posts.dispatch import dispatch_due
from workers.settings import settings

pytestmark = pytest.mark.timeout(90)
on_both = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


def test_a_beat_that_was_killed_and_started_again_goes_on(desk: Desk, machinery: Machinery):
    machinery.beat.kill()
    post = desk.schedule()
    with pytest.raises(AssertionError):
        desk.wait_for("published", post, seconds=1.5)
    machinery.beat.start()
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]


def test_messages_that_vanish_with_redis_are_sent_again(desk: Desk, machinery: Machinery):
    machinery.worker.kill()
    posts = [desk.schedule() for _ in range(5)]
    ring(desk, machinery)
    assert desk.states(*posts) == {"queued": 5}
    machinery.redis.kill()
    machinery.start_redis()  # and it is empty
    machinery.worker.start()
    desk.wait_for("published", *posts)
    assert desk.copies(*posts) == [1] * 5


def test_worker_and_beat_outlive_redis_and_what_they_hold_goes_out(desk: Desk, machinery: Machinery):
    posts = [desk.schedule(late=timedelta(seconds=-3)) for _ in range(5)]
    desk.wait_for("queued", *posts)  # told ahead of time: the worker holds the messages
    machinery.redis.kill()
    before = [machinery.worker.pid, machinery.beat.pid]
    machinery.start_redis()
    desk.wait_for("published", *posts)
    assert desk.copies(*posts) == [1] * 5
    assert [machinery.worker.pid, machinery.beat.pid] == before
    assert machinery.worker.lives()
    assert machinery.beat.lives()


@on_both
def test_two_beats_and_two_workers_send_forty_posts_once_each(desk: Desk, machinery: Machinery):
    machinery.beat.kill()  # so that all are due at one tick
    posts = [desk.schedule() for _ in range(40)]
    with another(machinery, "worker"), another(machinery, "beat"):
        machinery.beat.start()
        desk.wait_for("published", *posts, seconds=60)
    assert desk.network.sends() == 40
    assert desk.copies(*posts) == [1] * 40


def ring(desk: Desk, machinery: Machinery) -> None:
    """Dispatch, with nobody there who would take the messages."""
    bell = Celery()
    bell.config_from_object(settings(machinery.redis_url))
    with desk.app.app_context(), bell.connection_for_write():
        dispatch_due(clock.now(), lambda ids, _: bell.send_task("publish", (ids,), expires=600))
    bell.close()


@contextmanager
def another(machinery: Machinery, role: str) -> Iterator[Process]:
    process = machinery.make(role).start()
    try:
        yield process
    finally:
        process.kill()
