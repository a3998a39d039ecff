"""Times: usual ones, chosen ones, moved ones; dispatch, grace, catching up."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import approved, deliveries, delivery, queue, submitted, write
from fakes import FakeNetwork, door
from sqlalchemy import select

from outreach import clock
from outreach.accounts import pause
from outreach.db import db, writing
from outreach.models import Account, Closure, Delivery, Library, Mail, Person, Post
from outreach.people.members import remove
from outreach.posts import approve, hand, schedule
from outreach.posts.dispatch import LOOK_AHEAD, SPACING, dispatch_due, put_off, spaced
from outreach.posts.publish import publish
from outreach.words import NotDone

ZONE = "America/Chicago"
TRIVIA = {"kind": "trivia", "words": "Which?", "fields": {"choices": ["A", "B"], "right": 1}}


def told(now):
    rung = []
    dispatch_due(now, lambda ids, moment: rung.extend((one, moment) for one in ids))
    return rung


def test_the_next_usual_time_is_the_librarys_wall_time(cast, now):
    post = submitted(cast, now, timing="slot")
    assert clock.to_local(post.wished_at, ZONE).strftime("%a %H:%M") == "Thu 12:00"


def test_a_usual_time_of_another_kind_stays_free(cast, now):
    post = submitted(cast, now, timing="slot", **TRIVIA)
    assert clock.to_local(post.wished_at, ZONE).strftime("%a %H:%M") == "Wed 09:00"


def test_two_drafts_may_wish_for_one_slot_and_the_first_approved_gets_it(cast, now):
    first, second = write(cast, now, timing="slot"), write(cast, now, timing="slot")
    wished = schedule.next_free(db.session(), cast.library, "news", now)
    with writing() as session:
        for post in (first, second):
            row = session.get_one(Post, post.id)
            row.state, row.wished_at = "submitted", wished
    approve.approve(second.id, second.revision, cast.decider, now)
    approve.approve(first.id, first.revision, cast.decider, now)
    assert delivery(second).due_at == wished
    assert delivery(first).due_at == wished + timedelta(days=7)


def test_a_usual_time_on_a_closed_day_is_left_out(cast, now):
    thursday = clock.today(now, ZONE) + timedelta(days=2)
    with writing() as session:
        session.add(Closure(library_id=cast.library.id, first_day=thursday, last_day=thursday, name="Snow"))
    db.session.expire_all()
    assert clock.to_local(
        schedule.next_free(db.session(), cast.library, "news", now), ZONE
    ).date() == thursday + timedelta(days=7)


def test_a_public_holiday_is_closed(cast):
    before = datetime(2026, 12, 18, 18, tzinfo=UTC)  # Christmas is a Friday that year
    with writing() as session:
        from outreach.models import Slot

        session.add(Slot(library_id=cast.library.id, weekday=4, clock="12:00", kind="event"))
    times = schedule.usual_times(cast.library, [Slot(weekday=4, clock="12:00")], before)
    assert clock.to_local(next(iter(times)), ZONE).day == 8  # Christmas and New Year are both out


def test_a_time_that_has_passed_is_refused_at_approval(cast, now):
    post = submitted(cast, now, timing="at", wished_at=now + timedelta(hours=1))
    with pytest.raises(NotDone, match="has passed"):
        approve.approve(post.id, post.revision, cast.decider, now + timedelta(hours=2))


def test_moving_needs_no_new_approval_and_keeps_the_distance_of_the_answer(cast, now):
    post = approved(cast, now, timing="at", wished_at=now + timedelta(days=1), **TRIVIA)
    question, answer = deliveries(post)
    distance = answer.due_at - question.due_at
    schedule.move(post.id, now + timedelta(days=3), cast.author, now)
    question, answer = deliveries(post)
    assert question.due_at == now + timedelta(days=3)
    assert answer.due_at - question.due_at == distance
    assert db.session.get(Post, post.id).state == "approved"


def test_who_does_not_decide_moves_nothing_that_was_approved_at_that_moment(cast, now):
    post = approved(cast, now, timing="at", wished_at=now + timedelta(days=1))
    with pytest.raises(NotDone, match="Ask somebody who approves"):
        schedule.move(post.id, now + timedelta(days=3), cast.author, now, decides=False)
    assert delivery(post).due_at == now + timedelta(days=1)


def test_the_answer_comes_two_school_days_later_at_the_same_wall_time(cast, now):
    """From Wednesday before Thanksgiving: Thursday is a holiday, so Friday and Monday count."""
    post = approved(cast, now, timing="slot", **TRIVIA)
    question, answer = deliveries(post)
    assert clock.to_local(question.due_at, ZONE).strftime("%a %d %H:%M") == "Wed 25 09:00"
    assert clock.to_local(answer.due_at, ZONE).strftime("%a %d %H:%M") == "Mon 30 09:00"


def test_a_series_keeps_wall_time_over_both_changes_of_the_clock():
    for after, day in ((datetime(2026, 3, 1, tzinfo=UTC), 8), (datetime(2026, 10, 25, 18, tzinfo=UTC), 1)):
        moments = clock.weekly(0, "09:00", ZONE, after)
        local = [clock.to_local(next(moments), ZONE) for _ in range(3)]
        assert {m.strftime("%a %H:%M") for m in local} == {"Mon 09:00"}
        assert len({m.utcoffset() for m in local}) == 2, day


def test_the_gap_of_spring_moves_forward_and_the_fold_of_autumn_is_the_first():
    gap = datetime(2026, 3, 8, 2, 30)
    assert clock.in_gap(gap, ZONE)
    assert clock.to_local(clock.to_utc(gap, ZONE), ZONE).strftime("%H:%M") == "03:30"
    fold = clock.to_utc(datetime(2026, 11, 1, 1, 30), ZONE)
    assert fold == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_dispatch_tells_once_and_only_what_is_due_soon(cast, now):
    soon = approved(cast, now, timing="at", wished_at=now + timedelta(seconds=4))
    later = approved(cast, now, timing="at", wished_at=now + LOOK_AHEAD + timedelta(seconds=1))
    assert told(now) == [(delivery(soon).id, delivery(soon).due_at)]
    assert told(now) == []
    assert delivery(later).state == "waiting"


def test_a_message_that_vanished_is_told_again(cast, now):
    post = approved(cast, now)
    told(now)
    assert told(now + timedelta(seconds=2)) == []
    assert [n for n, _ in told(now + timedelta(seconds=4))] == [delivery(post).id]
    assert told(now + timedelta(seconds=5)) == []


def test_catching_up_gives_no_time_to_what_was_moved_or_taken_meanwhile(cast, now):
    post = approved(cast, now)
    seen = delivery(post).try_at
    schedule.move(post.id, now + timedelta(days=3), cast.decider, now)
    with writing() as session:
        put_off(session, delivery(post).id, seen, now + SPACING)
    assert delivery(post).try_at == now + timedelta(days=3)
    with writing() as session:
        put_off(session, delivery(post).id, delivery(post).try_at, now + SPACING)
    assert delivery(post).try_at == now + SPACING


def test_later_than_the_grace_is_missed_and_earlier_goes_out(cast, now):
    old = approved(cast, now, words="Old")
    young = approved(cast, now, words="Young", timing="at", wished_at=now + timedelta(hours=2))
    at = now + timedelta(hours=3)
    assert [n for n, _ in told(at)] == [delivery(young).id]
    assert delivery(old).state == "missed"
    assert "Nothing was published" in delivery(old).sentence
    schedule.send_again(delivery(old).id, cast.decider, at)
    assert [n for n, _ in told(at + timedelta(seconds=1))] == [delivery(old).id]


def test_what_waits_behind_a_pause_is_asked_about_when_it_is_resumed(cast, now):
    post = approved(cast, now)
    pause.pause(cast.account.id, cast.decider, now)
    at = now + timedelta(days=1)
    assert told(at) == []
    assert delivery(post).state == "waiting"
    pause.resume(cast.account.id, cast.decider, at)
    told(at)
    assert delivery(post).state == "missed"


def test_catching_up_is_spaced_by_account():
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    hour_ago = noon - timedelta(hours=1)
    soon, later = spaced([(1, 7, hour_ago), (2, 8, hour_ago), (3, 7, hour_ago), (4, 7, noon)], noon)
    assert [n for n, _ in soon] == [1, 2, 4]
    assert later == [(3, noon + SPACING)]


def test_a_part_waits_until_the_one_it_answers_is_out(cast, now):
    post = approved(cast, now, timing="now", **TRIVIA)
    question, answer = deliveries(post)
    with writing() as session:
        session.get_one(Delivery, answer.id).try_at = now
    assert [n for n, _ in told(now)] == [question.id]
    with writing() as session:
        session.get_one(Delivery, question.id).state = "published"
    assert [n for n, _ in told(now)] == [answer.id]


def test_an_answer_keeps_its_distance_from_a_question_that_is_late(cast, now):
    post = approved(cast, now, timing="now", **TRIVIA)
    question, answer = deliveries(post)
    distance = answer.due_at - question.due_at
    with writing() as session:
        session.get_one(Delivery, question.id).state = "refused"
    late = answer.due_at + timedelta(hours=1)
    schedule.send_again(question.id, cast.decider, late)
    question, answer = deliveries(post)
    assert answer.due_at - question.due_at == distance


def test_an_answer_to_what_is_left_is_cancelled_with_it(cast, now):
    post = approved(cast, now, timing="now", **TRIVIA)
    with writing() as session:
        session.get_one(Delivery, deliveries(post)[0].id).state = "refused"
    schedule.leave_it(deliveries(post)[0].id, cast.decider, now)
    assert [d.state for d in deliveries(post)] == ["cancelled", "cancelled"]


def test_what_is_too_late_is_told_by_mail(cast, now):
    approved(cast, now)
    told(now + timedelta(hours=3))
    assert db.session.query(Mail).filter(Mail.subject == "Not published: Fake").count() == 2


def test_nothing_is_approved_onto_a_place_that_was_removed(cast, now):
    post = submitted(cast, now)
    with writing() as session:
        session.get_one(Account, cast.account.id).retired_at = now
    with pytest.raises(NotDone, match="Fake was removed"):
        approve.approve(post.id, post.revision, cast.decider, now)


def test_two_dispatchers_tell_each_delivery_once(cast, now):
    approved(cast, now)
    assert len(told(now)) + len(told(now)) == 1


def test_the_answer_to_a_question_by_hand_waits_until_a_person_posted_it(cast, now):
    post = approved(cast, now, timing="now", accounts=[cast.by_hand], **TRIVIA)
    question, answer = deliveries(post)
    distance = answer.due_at - question.due_at
    with writing() as session:
        session.get_one(Delivery, question.id).state = "in_hand"
    assert told(answer.due_at) == []
    hand.posted(question.id, "", cast.decider, now + timedelta(days=1))
    question, answer = deliveries(post)
    assert answer.due_at - question.published_at == distance
    assert [n for n, _ in told(answer.due_at)] == [answer.id]


def test_who_is_asked_to_post_by_hand_is_still_here(cast, now):
    with writing() as session:
        remove(session, session.get_one(Person, cast.contributor.id), session.get_one(Library, cast.library.id),
               cast.decider, now)  # fmt: skip
    post = approved(cast, now, accounts=[cast.by_hand])
    queue(post, now)
    assert publish(deliveries(post)[0].id, door(FakeNetwork(), now)) == "in_hand"
    asked = select(Mail.to).where(Mail.subject.like("Please post on%"))
    assert list(db.session.scalars(asked)) == ["librarian@school.example"]
