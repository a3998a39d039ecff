"""A snow day and its undo, while somebody or something else does its work at the same instant, on PostgreSQL."""

from datetime import date, timedelta
from functools import partial

import pytest
from factories import approved, delivery, queue
from fakes import FakeNetwork, door
from sqlalchemy import select
from test_races import at_once

from outreach import clock
from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import Closure, DigestRule, Interruption, Post
from outreach.posts import away, held, interrupt, leaving, schedule
from outreach.posts.publish import publish
from outreach.posts.zone import change_settings
from outreach.titles import draft, rules
from outreach.words import NotDone

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
WED = date(2026, 11, 25)


def on_wednesday(cast, now):
    return approved(cast, now, timing="at", wished_at=clock.at_wall(WED, "09:00", "America/Chicago"))


def fresh(post):
    return db.session.get_one(Post, post.id, populate_existing=True)


@pytest.mark.parametrize("_round", range(5))
def test_two_undo_at_once_and_one_does_it(app, cast, now, _round):
    post = on_wednesday(cast, now)
    undo = partial(interrupt.undo, interrupt.snow_day(cast.library.id, WED, cast.author, now), cast.author, now)
    raised = at_once(app, undo, undo)
    assert [type(r) for r in raised].count(NotDone) == 1
    assert (fresh(post).held_at, db.session.query(Closure).count()) == (None, 0)


@pytest.mark.parametrize("_round", range(5))
def test_two_press_snow_day_at_once_and_it_is_one(app, cast, now, _round):
    post = on_wednesday(cast, now)
    press = partial(interrupt.snow_day, cast.library.id, WED, cast.author, now)
    raised = at_once(app, press, press)
    assert [type(r) for r in raised].count(NotDone) == 1
    one = db.session.scalars(select(Interruption)).one()
    assert [move["post"] for move in one.moves] == [post.id]


@pytest.mark.parametrize("_round", range(8))
def test_what_a_worker_claims_at_that_moment_goes_out_or_waits_and_is_named_so(app, cast, now, _round):
    post = approved(cast, now, accounts=[cast.practice])
    queue(post, now)
    number = delivery(post).id
    press = partial(interrupt.snow_day, cast.library.id, now.date(), cast.author, now)
    raised = at_once(app, press, partial(publish, number, door(FakeNetwork(), now)))
    assert {type(r) for r in raised} <= {type(None), NotDone}  # a deadlock is told, and pressed again
    db.session.expire_all()
    one = db.session.scalar(select(Interruption))
    deeds = [move["deed"] for move in one.moves] if one else []
    told = deeds, delivery(post).state, fresh(post).held_at is not None
    assert told in [(["waits"], "waiting", True), (["out"], "published", False), ([], "published", False)]


@pytest.mark.parametrize("_round", range(5))
def test_a_move_and_an_undo_at_one_moment_leave_one_time(app, cast, now, _round):
    post, by = on_wednesday(cast, now), cast.author
    number = interrupt.snow_day(cast.library.id, WED, by, now)
    friday = now + timedelta(days=3)
    at_once(app, partial(interrupt.undo, number, by, now), partial(schedule.move, post.id, friday, by, now))
    assert delivery(post).due_at == fresh(post).wished_at == friday
    assert fresh(post).held_at is None


@pytest.mark.parametrize("_round", range(5))
def test_all_to_the_usual_times_pressed_twice_gives_each_one_time(app, cast, now, _round):
    posts = [on_wednesday(cast, now) for _ in range(3)]
    interrupt.snow_day(cast.library.id, WED, cast.author, now)
    press = partial(held.at_usual_times, cast.library.id, cast.author, now)
    at_once(app, press, press)
    assert len({delivery(post).due_at for post in posts}) == 3
    assert {fresh(post).held_at for post in posts} == {None}


@pytest.mark.parametrize("how", ["pause", "hand_over"])
def test_a_double_click_on_away_is_away_once(app, cast, now, how):
    on_wednesday(cast, now)
    keeper_id = cast.approver.id if how == "hand_over" else None
    press = partial(away.away, cast.library.id, cast.contributor.id, WED, WED, how, keeper_id, cast.author, now)
    raised = at_once(app, press, press)
    assert [type(r) for r in raised].count(NotDone) == 1
    assert len(list(db.session.scalars(select(Interruption)))) == 1


@pytest.mark.parametrize("_round", range(5))
def test_two_ticks_and_an_undo_end_a_hand_over_once(app, cast, now, _round):
    post = on_wednesday(cast, now)
    days = now.date(), now.date()
    number = away.away(cast.library.id, cast.contributor.id, *days, "hand_over", cast.approver.id, cast.author, now)
    tomorrow = now + timedelta(days=1)
    tick = partial(away.keep_up, tomorrow)
    at_once(app, tick, tick, partial(interrupt.undo, number, cast.author, tomorrow))
    assert fresh(post).keeper_id is None
    assert db.session.get_one(Interruption, number, populate_existing=True).ended_at


@pytest.mark.parametrize("_round", range(5))
def test_who_leaves_while_they_are_back_waits_for_nobody_that_waits_for_them(app, cast, now, _round):
    for _ in range(5):
        on_wednesday(cast, now)
    days = now.date(), now.date()
    number = away.away(cast.library.id, cast.contributor.id, *days, "hand_over", cast.approver.id, cast.author, now)
    leave = partial(leaving.leave, cast.approver.id, cast.library.id, cast.librarian.id, cast.author, now)
    raised = at_once(app, leave, partial(interrupt.undo, number, cast.author, now))
    assert {type(r) for r in raised} <= {type(None), NotDone}
    assert not [r for r in raised if r and "over already" not in str(r)]


@pytest.mark.parametrize("_round", range(5))
def test_away_and_all_to_the_usual_times_wait_for_nobody_that_waits_for_them(app, cast, now, _round):
    for _ in range(5):
        on_wednesday(cast, now)
    interrupt.snow_day(cast.library.id, WED, cast.author, now)
    days = now.date(), now.date()
    hand = partial(
        away.away, cast.library.id, cast.contributor.id, *days, "hand_over", cast.approver.id, cast.author, now
    )
    assert at_once(app, hand, partial(held.at_usual_times, cast.library.id, cast.author, now)) == [None, None]


@pytest.mark.parametrize("_round", range(5))
def test_another_zone_and_a_snow_day_wait_for_nobody_that_waits_for_them(app, cast, now, _round):
    for _ in range(5):
        on_wednesday(cast, now)
    settings = {"name": "Maple", "country": "", "grades": "all", "language": "en", "hashtags": "", "own_approval": None}
    change = partial(change_settings, cast.library.id, "America/Denver", cast.decider, now, **settings)
    assert at_once(app, change, partial(interrupt.snow_day, cast.library.id, WED, cast.author, now)) == [None, None]


@pytest.mark.parametrize("_round", range(3))
def test_a_weekly_post_and_a_snow_day_wait_for_nobody_that_waits_for_them(app, cast, now, _round):
    rule = rules.add(cast.library, OUTREACH, now)
    with writing() as session:
        session.get_one(DigestRule, rule.id).next_at = clock.at_wall(WED, "09:00", "America/Chicago")
    press = partial(interrupt.snow_day, cast.library.id, WED, cast.author, now)
    assert at_once(app, press, partial(draft._claim, rule.id, now)) == [None, None]
