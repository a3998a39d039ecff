"""What waits for another time: it goes out at the one that it gets, and never at the one it had."""

from datetime import date, datetime, timedelta

import pytest
from factories import approved, deliveries, delivery, submitted, write
from sqlalchemy import select

from outreach import clock
from outreach.db import db, writing
from outreach.models import Delivery, Event, Post
from outreach.posts import approve, away, compose, deciding, interrupt, late, schedule, send
from outreach.posts.dispatch import dispatch_due
from outreach.posts.written import Written
from outreach.words import NotDone

ZONE = "America/Chicago"
WED, FRI = date(2026, 11, 25), date(2026, 11, 27)  # Thursday is Thanksgiving


def at(day, time="09:00"):
    return clock.at_wall(day, time, ZONE)


def rung(now):
    ids = []
    dispatch_due(now, lambda some, _moment: ids.extend(some))
    return ids


def fresh(post):
    return db.session.get_one(Post, post.id, populate_existing=True)


def held(cast, now, **more):
    """In review, and the day it was meant for is a snow day."""
    post = submitted(cast, now, **{"timing": "at", "wished_at": at(WED)} | more)
    interrupt.snow_day(cast.library.id, WED, cast.author, now)
    assert fresh(post).held_at == now
    return fresh(post)


@pytest.mark.parametrize("when", ["now", "next", at(FRI)])
def test_approved_for_another_time_it_goes_out_then(cast, now, when):
    post = held(cast, now)
    goes = late.approve_late(post.id, post.revision, when, cast.decider, now)
    assert rung(goes) == [delivery(post).id]


def test_approved_as_it_is_it_asks_for_another_time(cast, now):
    post = held(cast, now)
    with pytest.raises(NotDone, match="waits for another time"):
        approve.approve(post.id, post.revision, cast.decider, now)
    (left,) = late.approve_several(cast.library.id, [(post.id, post.revision)], cast.decider, now).left
    assert "another time" in left.why
    assert deciding.goes_out(db.session(), post, now) is None
    schedule.move(post.id, at(FRI), cast.decider, now)
    post = fresh(post)
    assert rung(approve.approve(post.id, post.revision, cast.decider, now)) == [delivery(post).id]


@pytest.mark.parametrize("timing", ["slot", "now"])
def test_submitted_again_it_waits_no_more(cast, now, timing):
    post = held(cast, now)
    compose.withdraw(post.id, cast.author, now)
    with writing() as session:
        session.get_one(Post, post.id).timing = timing
    send.for_review(post.id, cast.author, now)
    goes = approve.approve(post.id, fresh(post).revision, cast.decider, now)
    assert rung(goes) == [delivery(post).id]


def test_a_time_that_a_draft_keeps_itself_ends_the_wait(cast, now):
    post = write(cast, now, timing="at", wished_at=at(WED))
    interrupt.snow_day(cast.library.id, WED, cast.author, now)
    again = Written("news", "Other words", accounts={cast.account.id: ""}, timing="at", wished_at=at(WED))
    compose.autosave(post.id, again, fresh(post).revision, cast.author, now)
    assert fresh(post).held_at == now
    again = Written("news", "Other words", accounts={cast.account.id: ""}, timing="at", wished_at=at(FRI))
    compose.autosave(post.id, again, fresh(post).revision, cast.author, now)
    assert fresh(post).held_at is None


def test_what_waits_and_is_past_is_counted_once(cast, now):
    post = held(cast, now)
    assert not deciding.is_late(post, at(FRI))
    assert db.session.scalars(select(Post).where(deciding.too_late(cast.library.id, at(FRI)))).all() == []
    other = approved(cast, now, timing="at", wished_at=post.wished_at)
    assert other.wished_at == post.wished_at
    with writing() as session:
        session.get_one(Post, other.id).held_at = now
    (laid,) = deciding.to_look_at(db.session(), [post.id])
    assert not laid.taken, "one that waits keeps no moment"


def test_what_waits_is_not_sent_again_in_silence(cast, now):
    post = approved(cast, now, timing="at", wished_at=at(WED))
    interrupt.snow_day(cast.library.id, WED, cast.author, now)
    with writing() as session:
        session.get_one(Delivery, delivery(post).id).state = "missed"
    with pytest.raises(NotDone, match="another time"):
        schedule.send_again(delivery(post).id, cast.decider, now)


def event_with_reminder(cast, now):
    """Announced on Wednesday; its reminder goes out a day before the Friday in two weeks."""
    post = approved(cast, now, timing="at", wished_at=at(WED))
    with writing() as session:
        told = session.get_one(Delivery, delivery(post).id)
        kept = {n: getattr(told, n) for n in ("library_id", "post_id", "account_id", "edition", "payload", "digest")}
        due = at(FRI) + timedelta(days=7)
        session.add(Delivery(**kept, part=1, parts=2, state="waiting", stays=True, due_at=due, try_at=due))
    return post


def test_a_reminder_that_is_past_does_not_hold_an_event(cast, now):
    post = event_with_reminder(cast, now)
    interrupt.snow_day(cast.library.id, WED, cast.author, now)
    over = at(FRI) + timedelta(days=8)
    with pytest.raises(NotDone, match="reminder"):
        schedule.move(post.id, over, cast.decider, now)
    schedule.move(post.id, over + timedelta(hours=1), cast.decider, over)
    assert [d.state for d in deliveries(post)] == ["waiting", "cancelled"]
    said = db.session.scalars(select(Event).where(Event.post_id == post.id, Event.verb == "cancelled")).one()
    assert "Left out" in said.note


def test_a_reminder_that_is_out_does_not_hold_what_was_missed(cast, now):
    post = event_with_reminder(cast, now)
    with writing() as session:
        first, reminder = (session.get_one(Delivery, d.id) for d in deliveries(post))
        first.state, reminder.state = "missed", "published"
    over = at(FRI) + timedelta(days=8)
    schedule.move(post.id, over + timedelta(hours=1), cast.decider, over)
    assert deliveries(post)[0].state == "waiting"


def test_the_time_of_an_answer_moves_with_a_post_in_review(cast, now):
    fields = {"choices": ["A", "B"], "right": 1, "answer_at": at(WED, "15:00").isoformat()}
    post = submitted(cast, now, kind="trivia", words="Which?", fields=fields, timing="at", wished_at=at(WED))
    schedule.move(post.id, at(FRI, "10:00"), cast.author, now)
    assert datetime.fromisoformat(fresh(post).fields["answer_at"]) == at(FRI, "16:00")


def test_the_next_usual_time_is_not_while_somebody_is_away(cast, now):
    free = schedule.next_free(db.session(), cast.library, "news", now)
    day = clock.today(free, ZONE)
    away.away(cast.library.id, cast.contributor.id, day, day, "pause", None, cast.author, now)
    assert schedule.next_free(db.session(), cast.library, "news", now) == free + timedelta(days=7)
    assert away.left_out(db.session(), cast.library.id, day)
