"""Everything was down for a while: what is a little late goes out in turn, what is too late asks a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from machinery import SHORT, Machinery
from story_desk import Desk

from outreach import clock
from outreach.access import OUTREACH
from outreach.posts import schedule
from outreach.posts.queries import needs_person

pytestmark = pytest.mark.timeout(90)
HOUR = timedelta(hours=1)
SPACING = timedelta(seconds=SHORT["outreach.posts.dispatch.SPACING"])


def test_after_three_hours_down(desk: Desk, machinery: Machinery):
    machinery.stop()
    other = desk.connect()
    too_late = desk.schedule(late=3 * HOUR)
    late = [desk.schedule(late=HOUR - timedelta(minutes=n)) for n in range(3)]
    elsewhere = desk.schedule(late=HOUR, account=other)
    machinery.start()
    desk.wait_for("missed", too_late)
    desk.wait_for("published", elsewhere, *late)

    assert desk.copies(too_late, elsewhere, *late) == [0, 1, 1, 1, 1]
    one, two, three = map(desk.delivery, late)
    assert two.try_at - one.try_at > HOUR - SPACING  # it was given a later moment
    assert three.try_at - two.try_at == SPACING
    assert all(row.published_at > row.try_at for row in (one, two, three))
    assert desk.delivery(elsewhere).try_at == desk.delivery(elsewhere).due_at  # accounts do not wait for each other

    assert "could not be sent in time" in str(desk.delivery(too_late).sentence)
    with desk.reading() as session:
        assert [row.id for row in needs_person(session(), desk.library_id)] == [too_late]
    with desk.app.app_context():
        schedule.send_again(too_late, OUTREACH, clock.now())
    desk.wait_for("published", too_late)
    assert desk.copies(too_late) == [1]
