"""A look around shows what a library meets in a year: every state, reached by the real verbs."""

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from factories import draft_due

from outreach.db import db, writing
from outreach.models import Delivery, DigestRule, Mail, Post, Title
from outreach.posts.dispatch import dispatch_due
from outreach.posts.lifecycle import DELIVERY_MOVES, POST_MOVES
from outreach.posts.reconcile import settle
from outreach.posts.watch import health
from outreach.practice.around import open_practice

PASSING = {"queued", "sending", "removing"}  # a worker's, for a second


def test_the_practice_library_stands_in_every_state(app, context, now):
    open_practice("America/Chicago", now, app.extensions["shop"])
    assert {p.state for p in db.session.query(Post)} == set(POST_MOVES)
    late = {"missed"}  # becomes so at the first tick
    assert {d.state for d in db.session.query(Delivery)} == set(DELIVERY_MOVES) - PASSING - late - {"in_hand"}
    assert {p.kind for p in db.session.query(Post)} == {"news", "trivia"}  # new titles come from its catalog
    assert db.session.query(Mail).count() == 0
    assert health(now).late == 1


@pytest.mark.parametrize("day", range(7))
@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Tokyo", "UTC"])
def test_its_weekly_post_is_written_at_once_on_whatever_day_one_looks(app, context, zone, day):
    """In the week of Thanksgiving, too."""
    now = datetime(2026, 11, 23, 18, 0, 30, tzinfo=UTC) + timedelta(days=day)
    open_practice(zone, now, app.extensions["shop"])
    rule = db.session.query(DigestRule).one()
    with writing() as session:
        session.add(Title(library_id=rule.library_id, title="Emma", match_key="emma||", first_seen_at=now))
    assert draft_due(now) == 1


def test_a_dispatcher_that_ticks_meanwhile_takes_nothing_of_yesterday(app, context, now):
    """It runs as soon as `up` does: the library once was found half made, and its messages too late."""
    stop = Event()

    def ticks():
        with app.app_context():
            while not stop.is_set():
                dispatch_due(now, lambda ids, at: None)
                settle(now, lambda delivery_id: None)
                db.session.rollback()

    beat = Thread(target=ticks)
    beat.start()
    try:
        open_practice("America/Chicago", now, app.extensions["shop"])
    finally:
        stop.set()
        beat.join()
    wanted = {"published", "removed", "refused", "unclear", "not_posted", "cancelled", "waiting", "missed"}
    assert {d.state for d in db.session.query(Delivery)} - PASSING == wanted
