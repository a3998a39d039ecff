"""What a worker was told of and has not taken is told again: a bell may be lost, and a backlog is none."""

from datetime import timedelta

from factories import approved, delivery, queue

from outreach.posts import dispatch
from outreach.posts.dispatch import dispatch_due

SECOND = timedelta(seconds=1)


def rung(now):
    told: list[int] = []
    dispatch_due(now, lambda ids, _at: told.extend(ids))
    return told


def queued(cast, now, many):
    posts = [approved(cast, now, words=f"Number {n}.") for n in range(many)]
    for post in posts:
        queue(post, now)
    return [delivery(post).id for post in posts]


def test_a_lost_bell_rings_again_after_seconds(cast, now, monkeypatch):
    monkeypatch.setattr(dispatch, "TOLD_AGAIN", 2)
    ids = queued(cast, now, 2)
    assert rung(now + SECOND) == []
    assert sorted(rung(now + 4 * SECOND)) == ids
    assert rung(now + 5 * SECOND) == []


def test_what_waits_for_busy_workers_is_told_again_after_a_minute_a_few_at_a_time(cast, now, monkeypatch):
    """Two workers that are told of everything again and again do each other's work for nothing."""
    monkeypatch.setattr(dispatch, "TOLD_AGAIN", 2)
    ids = queued(cast, now, 3)
    assert rung(now + 4 * SECOND) == []
    assert sorted(rung(now + 61 * SECOND)) == ids[:2]
    assert rung(now + 62 * SECOND) == ids[2:]
