"""A snow day, and its undo: what moved where, what waits, what is left alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from factories import approved, deliveries, delivery, queue, submitted, write
from fakes import FakeNetwork, door
from sqlalchemy import select

from outreach import clock
from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.holidays import is_closed
from outreach.models import Closure, Delivery, DigestRule, Event, Interruption, Library, Post, Slot
from outreach.posts import away, compose, held, interrupt, schedule, series
from outreach.posts.dispatch import dispatch_due
from outreach.posts.publish import publish
from outreach.posts.series_make import make_due
from outreach.posts.series_rule import Choice
from outreach.posts.written import Written
from outreach.posts.zone import change_settings
from outreach.titles import rules
from outreach.words import NotDone

ZONE = "America/Chicago"
WED, FRI = date(2026, 11, 25), date(2026, 11, 27)  # Thursday is Thanksgiving
TRIVIA = {"kind": "trivia", "words": "Which?", "fields": {"choices": ["A", "B"], "right": 1}}


def at(day, time="09:00"):
    return clock.at_wall(day, time, ZONE)


def wall(moment):
    return clock.to_local(moment, ZONE).strftime("%a %d %H:%M")


def post_on(cast, now, day, time="09:00", **more):
    return approved(cast, now, timing="at", wished_at=at(day, time), **more)


def weekly(cast, now, post):
    """As if a weekly post: it belongs to a rule."""
    rule = db.session.scalar(select(DigestRule)) or rules.add(cast.library, OUTREACH, now)
    with writing() as session:
        session.get_one(DigestRule, rule.id).stopped_at = now
        session.get_one(Post, post.id).digest_rule_id = rule.id
    return post


def fresh(post):
    return db.session.get_one(Post, post.id, populate_existing=True)


def snow(cast, day, now):
    made = interrupt.snow_day(cast.library.id, day, cast.author, now)
    return db.session.get_one(Interruption, made)


def told(one):
    db.session.expire_all()
    one = db.session.get_one(Interruption, one.id)
    return [(m["post"], m["deed"], m.get("back")) for m in one.moves]


def rung(now):
    ids = []
    dispatch_due(now, lambda some, _moment: ids.extend(some))
    return ids


def test_the_day_is_closed_the_weekly_post_moves_and_the_rest_waits(cast, now):
    news, titles = post_on(cast, now, WED), weekly(cast, now, post_on(cast, now, WED))
    one = snow(cast, WED, now)
    assert is_closed(db.session.get_one(Library, cast.library.id), WED)
    assert told(one) == [(news.id, "waits", None), (titles.id, "moved", None)]
    assert wall(delivery(titles).due_at) == wall(fresh(titles).wished_at) == "Fri 27 09:00"  # over Thanksgiving
    assert (fresh(titles).held_at, fresh(news).held_at) == (None, now)
    assert rung(at(WED)) == []
    assert rung(at(FRI)) == [delivery(titles).id]


def test_an_undo_puts_back_exactly_what_was_there(cast, now):
    news, titles = post_on(cast, now, WED), weekly(cast, now, post_on(cast, now, WED, "10:00"))
    one = snow(cast, WED, now)
    interrupt.undo(one.id, cast.author, now)
    assert told(one) == [(news.id, "waits", "back"), (titles.id, "moved", "back")]
    assert [wall(delivery(p).due_at) for p in (news, titles)] == ["Wed 25 09:00", "Wed 25 10:00"]
    assert [wall(fresh(p).wished_at) for p in (news, titles)] == ["Wed 25 09:00", "Wed 25 10:00"]
    assert (fresh(news).held_at, db.session.query(Closure).count()) == (None, 0)
    assert sorted(rung(at(WED))) == [delivery(news).id]
    with pytest.raises(NotDone, match="over already"):
        interrupt.undo(one.id, cast.author, now)


def test_an_undo_leaves_alone_what_somebody_changed_meanwhile(cast, now):
    news, titles = post_on(cast, now, WED), weekly(cast, now, post_on(cast, now, WED))
    gone = weekly(cast, now, post_on(cast, now, WED, "11:00"))
    one = snow(cast, WED, now)
    schedule.move(news.id, at(FRI, "15:00"), cast.decider, now)
    schedule.move(titles.id, at(FRI, "14:00"), cast.decider, now)
    compose.cancel(gone.id, cast.author, now)
    interrupt.undo(one.id, cast.author, now)
    assert {back for _, _, back in told(one)} == {"changed"}
    assert [wall(delivery(p).due_at) for p in (news, titles)] == ["Fri 27 15:00", "Fri 27 14:00"]


def test_what_began_to_go_out_is_untouched_and_named(cast, now):
    post = approved(cast, now)
    queue(post, now)
    publish(delivery(post).id, door(FakeNetwork(), now))
    one = snow(cast, now.date(), now)
    assert told(one) == [(post.id, "out", None)]
    interrupt.undo(one.id, cast.author, now)
    assert (told(one), delivery(post).state) == ([(post.id, "out", None)], "published")


def test_a_worker_that_was_told_already_sends_nothing(cast, now):
    post = approved(cast, now, timing="at", wished_at=now + timedelta(seconds=3))
    assert rung(now) == [delivery(post).id]
    snow(cast, now.date(), now)
    assert publish(delivery(post).id, door(FakeNetwork(), now + timedelta(seconds=3))) == "not ours"
    assert (delivery(post).state, rung(now + timedelta(minutes=1))) == ("waiting", [])


def test_an_answer_moves_to_the_next_school_day_while_its_question_is_out(cast, now):
    post = approved(cast, now, timing="now", **TRIVIA)
    question, answer = deliveries(post)
    day = clock.today(answer.due_at, ZONE)
    with writing() as session:
        session.get_one(Delivery, question.id).state = "published"
    one = snow(cast, day, now)
    assert told(one) == [(post.id, "later", None)]
    moved = deliveries(post)[1].due_at
    assert clock.today(moved, ZONE) == clock.school_days_after(day, 1, lambda d: False)
    assert wall(moved)[-5:] == wall(answer.due_at)[-5:]
    interrupt.undo(one.id, cast.author, now)
    assert deliveries(post)[1].due_at == answer.due_at


def test_an_answer_goes_with_its_question_and_comes_on_a_school_day(cast, now):
    question_day = date(2026, 12, 2)  # a Wednesday, the answer on Friday
    post = weekly(cast, now, post_on(cast, now, question_day, **TRIVIA))
    one = snow(cast, question_day, now)
    assert [wall(d.due_at) for d in deliveries(post)] == ["Thu 03 09:00", "Mon 07 09:00"]
    interrupt.undo(one.id, cast.author, now)
    assert [wall(d.due_at) for d in deliveries(post)] == ["Wed 02 09:00", "Fri 04 09:00"]


def test_two_weekly_posts_get_two_moments_and_never_one_that_is_taken(cast, now):
    tuesday = date(2026, 12, 1)
    kept = post_on(cast, now, tuesday + timedelta(days=1))
    first, second = (weekly(cast, now, post_on(cast, now, tuesday)) for _ in range(2))
    snow(cast, tuesday, now)
    assert [wall(delivery(p).due_at)[:3] for p in (kept, first, second)] == ["Wed", "Thu", "Fri"]


def test_nine_stays_nine_when_the_clocks_change_over_the_week_end(cast, now):
    friday = date(2027, 3, 12)  # summer time begins on the 14th
    post = weekly(cast, now, post_on(cast, now, friday))
    snow(cast, friday, now)
    assert wall(delivery(post).due_at) == "Mon 15 09:00"
    assert delivery(post).due_at - at(friday) == timedelta(days=3) - timedelta(hours=1)


def test_several_snow_days_in_a_row_and_back_one_by_one(cast, now):
    days = [date(2026, 12, 1) + timedelta(days=n) for n in range(3)]
    post = weekly(cast, now, post_on(cast, now, days[0]))
    ones = [snow(cast, day, now) for day in days]
    assert wall(delivery(post).due_at) == "Fri 04 09:00"
    interrupt.undo(ones[0].id, cast.author, now)  # it has been moved again since
    assert (told(ones[0]), wall(delivery(post).due_at)) == ([(post.id, "moved", "changed")], "Fri 04 09:00")
    interrupt.undo(ones[2].id, cast.author, now)
    interrupt.undo(ones[1].id, cast.author, now)
    assert wall(delivery(post).due_at) == "Wed 02 09:00"


def test_the_same_day_twice_is_one_snow_day(cast, now):
    one = snow(cast, WED, now)
    with pytest.raises(NotDone, match="a snow day already"):
        snow(cast, WED, now)
    interrupt.undo(one.id, cast.author, now)
    snow(cast, WED, now)


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2028, 1, 1)])
def test_a_day_that_is_over_or_far_away_is_refused(cast, now, day):
    with pytest.raises(NotDone, match="Choose today"):
        snow(cast, day, now)


def test_an_undo_after_its_time_has_passed_lets_it_wait(cast, now):
    post = post_on(cast, now, WED)
    one = snow(cast, WED, now)
    interrupt.undo(one.id, cast.author, at(WED, "17:00"))
    assert (told(one), fresh(post).held_at) == ([(post.id, "waits", "passed")], now)
    assert rung(at(WED, "17:01")) == []


def test_in_review_for_the_usual_time_is_for_the_next_one_and_a_wished_time_waits(cast, now):
    usual = submitted(cast, now, timing="slot", **TRIVIA)  # Wednesday 9:00 is that of trivia
    chosen = submitted(cast, now, timing="at", wished_at=at(WED, "10:00"))
    draft = write(cast, now, timing="at", wished_at=at(WED, "11:00"))
    assert wall(usual.wished_at) == "Wed 25 09:00"
    one = snow(cast, WED, now)
    assert [(n, deed) for n, deed, _ in told(one)] == [(usual.id, "usual"), (chosen.id, "waits"), (draft.id, "waits")]
    assert wall(fresh(usual).wished_at) == "Wed 02 09:00"
    interrupt.undo(one.id, cast.author, now)
    assert wall(fresh(usual).wished_at) == "Wed 25 09:00"


def test_an_undo_takes_no_moment_that_another_post_has_by_now(cast, now):
    news = post_on(cast, now, WED)
    one = snow(cast, WED, now)
    other = post_on(cast, now, FRI)
    schedule.move(other.id, at(WED), cast.decider, now)
    interrupt.undo(one.id, cast.author, now)
    assert told(one) == [(news.id, "waits", "taken")]
    assert fresh(news).held_at == now
    assert db.session.query(Closure).count() == 0


def test_two_of_one_moment_go_back_to_it_together(cast, now):
    posts = [post_on(cast, now, WED) for _ in range(2)]
    one = snow(cast, WED, now)
    interrupt.undo(one.id, cast.author, now)
    assert told(one) == [(post.id, "waits", "back") for post in posts]


def test_i_am_back_puts_nothing_on_a_day_that_is_closed_by_now(cast, now):
    news = post_on(cast, now, WED)
    number = away.away(cast.library.id, cast.contributor.id, WED, WED, "pause", None, cast.author, now)
    snow(cast, WED, now)
    interrupt.undo(number, cast.author, now)
    assert told(db.session.get_one(Interruption, number)) == [(news.id, "waits", "taken")]
    assert rung(at(WED)) == []


def test_i_am_back_is_a_line_about_the_person(cast, now):
    number = away.away(cast.library.id, cast.contributor.id, WED, WED, "pause", None, cast.author, now)
    interrupt.undo(number, cast.author, now)
    last = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (last.thing, last.thing_id, last.verb) == ("person", cast.contributor.id, "back")


def test_one_of_every_school_day_waits_and_one_of_some_days_moves_between(cast, now):
    """What moves beyond the next one of its repeat helps nobody."""
    day = date(2026, 12, 2)
    for every, deed in ((Choice("school_day"), "waits"), (Choice("week"), "moved")):
        first = submitted(cast, now, timing="at", wished_at=at(date(2026, 12, 2)), words=every.every)
        series.begin(first.id, every, cast.author, now)
        make_due(now)
        db.session.rollback()
        one = snow(cast, day, now)
        assert [d for n, d, _ in told(one) if n == first.id] == [deed]
        interrupt.undo(one.id, cast.author, now)
        series.stop(fresh(first).series_id, cast.author, now)
        if fresh(first).state != "cancelled":
            compose.cancel(first.id, cast.author, now)


def test_what_waits_takes_the_usual_times_in_order(cast, now):
    later, sooner = post_on(cast, now, WED, "15:00"), post_on(cast, now, WED)
    snow(cast, WED, now)
    assert len(held.held(db.session(), cast.library.id)) == 2
    assert held.at_usual_times(cast.library.id, cast.decider, now) == 2
    assert [wall(delivery(p).due_at) for p in (sooner, later)] == ["Thu 03 12:00", "Thu 10 12:00"]
    assert held.held(db.session(), cast.library.id) == []


def test_without_a_usual_time_what_waits_says_so(cast, now):
    post_on(cast, now, WED)
    snow(cast, WED, now)
    with writing() as session:
        for slot in session.scalars(select(Slot)):
            session.delete(slot)
    db.session.expire_all()
    with pytest.raises(NotDone, match="no usual time"):
        held.at_usual_times(cast.library.id, cast.decider, now)


def test_another_time_ends_the_wait(cast, now):
    post = post_on(cast, now, WED)
    snow(cast, WED, now)
    schedule.move(post.id, at(FRI), cast.decider, now)
    assert fresh(post).held_at is None
    assert rung(at(FRI)) == [delivery(post).id]


def test_another_time_in_the_composer_ends_the_wait_and_other_words_do_not(cast, now):
    draft = write(cast, now, timing="at", wished_at=at(WED))
    snow(cast, WED, now)
    places = {cast.account.id: ""}
    for words, day, waits in (("Other", WED, True), ("Other", FRI, False)):
        written = Written("news", words, accounts=places, timing="at", wished_at=at(day))
        compose.save(draft.id, written, fresh(draft).revision, cast.author, now)
        assert (fresh(draft).held_at is not None) == waits


def test_a_reminder_keeps_its_time_when_its_post_moves(cast, now):
    post = weekly(cast, now, post_on(cast, now, date(2026, 12, 1), **TRIVIA))
    with writing() as session:
        session.get_one(Delivery, deliveries(post)[1].id).stays = True
    reminder = deliveries(post)[1].due_at
    schedule.move(post.id, at(date(2026, 12, 2)), cast.decider, now)
    assert [d.due_at for d in deliveries(post)] == [at(date(2026, 12, 2)), reminder]
    with pytest.raises(NotDone, match="A reminder of it goes out before that"):
        schedule.move(post.id, at(date(2026, 12, 9)), cast.decider, now)
    one = snow(cast, clock.today(reminder, ZONE), now)
    assert [deed for _, deed, _ in told(one)] == ["stays"]


def test_a_weekly_post_that_is_not_written_yet_comes_a_day_later(cast, now):
    rule = rules.add(cast.library, OUTREACH, now)
    monday = clock.today(rule.next_at, ZONE)
    one = snow(cast, monday, now)
    assert wall(db.session.get_one(DigestRule, rule.id, populate_existing=True).next_at)[:3] == "Tue"
    interrupt.undo(one.id, cast.author, now)
    assert clock.today(db.session.get_one(DigestRule, rule.id, populate_existing=True).next_at, ZONE) == monday


def test_posts_of_another_library_and_of_another_day_are_left_alone(cast, now):
    other = post_on(cast, now, FRI)
    late = approved(cast, now, timing="at", wished_at=datetime(2026, 11, 26, 5, 30, tzinfo=UTC))  # Wednesday 23:30
    one = snow(cast, WED, now)
    assert [n for n, _, _ in told(one)] == [late.id]
    assert fresh(other).held_at is None
    assert interrupt.snow_day(cast.other.id, WED, cast.author, now)
    assert fresh(other).held_at is None


def to_berlin(cast, now):
    settings = {"name": "Maple", "country": "", "grades": "all", "language": "en", "hashtags": "", "own_approval": None}
    change_settings(cast.library.id, "Europe/Berlin", cast.decider, now, **settings)


def test_an_undo_after_another_time_zone_puts_back_the_time_on_the_wall(cast, now):
    titles = weekly(cast, now, post_on(cast, now, WED, "20:00"))
    one = snow(cast, WED, now)
    to_berlin(cast, now)
    interrupt.undo(one.id, cast.author, now)
    assert told(one) == [(titles.id, "moved", "back")]
    assert delivery(titles).due_at == clock.at_wall(WED, "20:00", "Europe/Berlin")


def test_what_says_when_it_begins_is_looked_at_again_in_another_time_zone(cast, now):
    fields = {"name": "Book fair", "day": "2026-12-10", "clock": "15:00", "place": "Hall", "remind": ["day"]}
    event = post_on(cast, now, FRI, kind="event", words="Come!", fields=fields)
    news = post_on(cast, now, FRI)
    to_berlin(cast, now)
    assert (fresh(event).state, fresh(news).state) == ("submitted", "approved")
    assert {d.state for d in deliveries(event)} == {"cancelled"}
    assert fresh(event).wished_at == clock.at_wall(FRI, "09:00", "Europe/Berlin")
