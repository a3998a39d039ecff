"""Somebody is away: what is planned waits, or a colleague looks after it until they are back."""

from datetime import date, timedelta

import pytest
from factories import approved, deliveries, delivery, draft_due, queue, submitted, write
from fakes import FakeNetwork, door
from sqlalchemy import select

from outreach import clock
from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import DigestRule, Interruption, Mail, Post
from outreach.people.members import take_out
from outreach.posts import approve, interrupt
from outreach.posts.asking import Who, asking
from outreach.posts.away import away, keep_up
from outreach.posts.dispatch import dispatch_due
from outreach.posts.publish import publish
from outreach.titles import rules
from outreach.words import NotDone

ZONE = "America/Chicago"
MON, FRI = date(2026, 11, 30), date(2026, 12, 4)


def at(day, time="09:00"):
    return clock.at_wall(day, time, ZONE)


def post_on(cast, now, day, **more):
    return approved(cast, now, timing="at", wished_at=at(day), **more)


def fresh(post):
    return db.session.get_one(Post, post.id, populate_existing=True)


def keeper(post):
    return fresh(post).keeper_id


def paused(cast, now, first=MON, last=FRI):
    return away(cast.library.id, cast.contributor.id, first, last, "pause", None, cast.author, now)


def handed(cast, now, first, last=FRI):
    return away(cast.library.id, cast.contributor.id, first, last, "hand_over", cast.approver.id, cast.author, now)


def ended(number):
    return db.session.get_one(Interruption, number, populate_existing=True).ended_at


def rung(now):
    ids = []
    dispatch_due(now, lambda some, _moment: ids.extend(some))
    return ids


def test_a_pause_holds_what_is_planned_on_its_days_and_nothing_else(cast, now):
    before, within, after = (post_on(cast, now, day) for day in (date(2026, 11, 27), MON, date(2026, 12, 7)))
    review, draft = (make(cast, now, timing="at", wished_at=at(FRI)) for make in (submitted, write))
    paused(cast, now)
    assert [fresh(p).held_at for p in (before, within, after, review, draft)] == [None, now, None, now, None]
    assert rung(at(date(2026, 11, 27))) == [delivery(before).id]
    assert delivery(within).id not in rung(at(MON))


def test_back_early_is_as_if_never_away(cast, now):
    early, late = post_on(cast, now, MON), post_on(cast, now, FRI)
    number = paused(cast, now)
    interrupt.undo(number, cast.author, at(MON, "12:00"))
    assert [fresh(p).held_at for p in (early, late)] == [now, None]  # Monday has passed: it waits for a person


def test_an_answer_of_these_days_comes_when_they_are_over(cast, now):
    post = post_on(cast, now, date(2026, 11, 27), kind="trivia", words="W?", fields={"choices": ["A", "B"], "right": 1})
    assert clock.today(deliveries(post)[1].due_at, ZONE) == date(2026, 12, 1)
    number = paused(cast, now)
    assert [clock.today(d.due_at, ZONE) for d in deliveries(post)] == [date(2026, 11, 27), date(2026, 12, 7)]
    interrupt.undo(number, cast.author, now)
    assert clock.today(deliveries(post)[1].due_at, ZONE) == date(2026, 12, 1)


@pytest.fixture
def rule(cast, now):
    return rules.add(cast.library, OUTREACH, now)


def test_the_weekly_post_of_these_days_is_left_out(cast, now, rule):
    paused(cast, now)
    draft_due(at(MON, "08:00"))
    planned = db.session.get_one(DigestRule, rule.id, populate_existing=True).next_at
    assert clock.today(planned, ZONE) == date(2026, 12, 7)


def test_a_colleague_looks_after_what_is_not_finished_and_gives_it_back(cast, now):
    draft, waiting, out = write(cast, now), post_on(cast, now, MON), approved(cast, now)
    queue(out, now)
    publish(delivery(out).id, door(FakeNetwork(), now))
    number = handed(cast, now, now.date())
    assert [keeper(p) for p in (draft, waiting, out)] == [cast.approver.id, cast.approver.id, None]
    keep_up(at(FRI, "23:00"))
    assert keeper(draft) == cast.approver.id
    keep_up(at(FRI + timedelta(days=1), "00:10"))
    assert [keeper(p) for p in (draft, waiting)] == [None, None]
    assert ended(number)


def test_a_hand_over_begins_on_its_first_day_and_takes_what_came_since(cast, now):
    draft = write(cast, now)
    handed(cast, now, MON)
    keep_up(now)
    assert keeper(draft) is None
    keep_up(at(MON, "00:05"))
    later = write(cast, at(MON))
    for _ in range(2):
        keep_up(at(MON, "10:00"))
    assert [keeper(p) for p in (draft, later)] == [cast.approver.id] * 2
    one = db.session.scalars(select(Interruption)).one()
    assert [move["post"] for move in one.moves] == [draft.id, later.id]
    interrupt.undo(one.id, cast.author, at(MON, "11:00"))
    assert [keeper(p) for p in (draft, later)] == [None, None]


def test_the_colleague_is_asked_to_post_by_hand_and_sees_what_is_sent_back(cast, now):
    by_hand, review = approved(cast, now, accounts=[cast.by_hand]), submitted(cast, now)
    handed(cast, now, now.date())
    approve.send_back(review.id, "Please check the date.", OUTREACH, now)
    queue(by_hand, now)
    publish(delivery(by_hand).id, door(FakeNetwork(), now))
    asked = select(Mail.to).where(Mail.subject.like("Please post on%") | (Mail.subject == "A post was sent back"))
    assert set(db.session.scalars(asked)) == {"approver@school.example"}
    back = [asking(db.session(), cast.library.id, Who(p.id), now).returned for p in (cast.approver, cast.contributor)]
    assert [(some.count, some.first) for some in back] == [(1, review.id), (0, 0)]


def test_a_keeper_who_left_is_asked_no_more(cast, now):
    post = approved(cast, now, accounts=[cast.by_hand])
    handed(cast, now, now.date())
    take_out(cast.approver.id, cast.library.id, OUTREACH, now)
    queue(post, now)
    publish(delivery(post).id, door(FakeNetwork(), now))
    asked = select(Mail.to).where(Mail.subject.like("Please post on%"))
    assert list(db.session.scalars(asked)) == ["contributor@school.example"]


def test_a_hand_over_to_somebody_who_left_is_over(cast, now):
    draft, number = write(cast, now), handed(cast, now, now.date())
    take_out(cast.approver.id, cast.library.id, OUTREACH, now)
    keep_up(now)
    assert (keeper(draft), bool(ended(number))) == (None, True)


def test_what_was_given_to_somebody_else_meanwhile_stays_with_them(cast, now):
    draft = write(cast, now)
    number = handed(cast, now, now.date())
    with writing() as session:
        session.get_one(Post, draft.id).keeper_id = cast.librarian.id
    interrupt.undo(number, cast.author, now)
    assert keeper(draft) == cast.librarian.id


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ((FRI, MON), "The last day is before"),
        ((date(2026, 11, 1), date(2026, 11, 2)), "are over"),
        ((MON, date(2028, 1, 1)), "longer than half a year"),
    ],
)
def test_days_that_make_no_sense_are_refused(cast, now, days, says):
    with pytest.raises(NotDone, match=says):
        paused(cast, now, *days)


def test_nobody_hands_over_to_themselves_or_to_a_stranger_or_twice(cast, now):
    for keeper_id in (cast.contributor.id, cast.outsider.id, None):
        with pytest.raises(NotDone, match="Choose a colleague who approves"):
            away(cast.library.id, cast.contributor.id, MON, FRI, "hand_over", keeper_id, cast.author, now)
    paused(cast, now)
    with pytest.raises(NotDone, match="there already"):
        handed(cast, now, MON)


def test_a_pause_that_is_over_ends_by_itself_and_what_waits_goes_on_waiting(cast, now):
    post, number = post_on(cast, now, MON), paused(cast, now)
    keep_up(at(FRI + timedelta(days=1), "00:10"))
    assert ended(number)
    assert fresh(post).held_at
    with pytest.raises(NotDone, match="over already"):
        interrupt.undo(number, cast.author, at(FRI + timedelta(days=2)))
