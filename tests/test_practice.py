"""A look around shows what a library meets in a year: every state, reached by the real verbs."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import draft_due

from outreach.db import db, writing
from outreach.models import Delivery, DigestRule, Mail, Post, Title
from outreach.posts.lifecycle import DELIVERY_MOVES, POST_MOVES
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
