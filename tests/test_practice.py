"""A look around shows what a library meets in a year: every state, reached by the real verbs."""

from outreach.db import db
from outreach.models import Delivery, Mail, Post
from outreach.posts.lifecycle import DELIVERY_MOVES, POST_MOVES
from outreach.posts.watch import health
from outreach.practice.around import open_practice

PASSING = {"queued", "sending"}  # a worker's, for a second


def test_the_practice_library_stands_in_every_state(app, context, now):
    open_practice("America/Chicago", now, app.extensions["shop"])
    assert {p.state for p in db.session.query(Post)} == set(POST_MOVES)
    late = {"missed"}  # becomes so at the first tick
    assert {d.state for d in db.session.query(Delivery)} == set(DELIVERY_MOVES) - PASSING - late - {"in_hand"}
    assert {p.kind for p in db.session.query(Post)} == {"news", "trivia"}  # new titles come from its catalog
    assert db.session.query(Mail).count() == 0
    assert health(now).late == 1
