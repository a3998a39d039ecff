"""Repeats: written ahead, approved together, changed from one on, stopped; two workers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from factories import approved as approved_post
from factories import deliveries, submitted, write
from sqlalchemy import func, select

from outreach import clock
from outreach.access import actor
from outreach.db import db, writing
from outreach.models import (
    Account,
    Closure,
    Delivery,
    Event,
    Library,
    Mail,
    OneTimeLink,
    Person,
    Post,
    Question,
    Series,
)
from outreach.posts import approve, bank, compose, schedule, send, series, series_following
from outreach.posts.away import away
from outreach.posts.bank import Asked
from outreach.posts.deciding import content
from outreach.posts.interrupt import snow_day, undo
from outreach.posts.seen import Stale
from outreach.posts.series_days import change_days_now
from outreach.posts.series_make import AHEAD, make_due, make_next
from outreach.posts.series_plan import next_dates
from outreach.posts.series_rule import Choice
from outreach.posts.versions import versions_of, written_of
from outreach.posts.written import Written
from outreach.posts.zone import change_settings
from outreach.words import NotDone

ZONE = "America/Chicago"
WEEKLY = Choice("week")


def wall(day: str, at: str = "09:00") -> datetime:
    return clock.at_wall(date.fromisoformat(day), at, ZONE)


def posts(row: Series, *states: str) -> list[Post]:
    db.session.rollback()
    mine = select(Post).where(Post.series_id == row.id).order_by(Post.wished_at)
    found = db.session.scalars(mine.execution_options(populate_existing=True))
    return [post for post in found if not states or post.state in states]


def days(found: list[Post]) -> list[str]:
    return [f"{clock.to_local(post.wished_at, ZONE):%a %d %b %H:%M}" for post in found]


@pytest.fixture
def first(cast, now) -> Post:
    """A Tuesday in a week, in review."""
    return submitted(cast, now, timing="at", wished_at=wall("2026-12-01"), words="Story hour today.")


@pytest.fixture
def weekly(cast, first, now) -> Series:
    made = series.begin(first.id, WEEKLY, cast.author, now)
    make_due(now)
    return made


def say_yes(post: Post, cast, now) -> None:
    """As the pages do: approved by a person, and then what is told after it."""
    with writing() as session:
        row = session.get_one(Post, post.id, populate_existing=True)
        approve.approve_in(session, row, cast.decider, now)
        series.approved(session, row, cast.decider, now)


def test_the_posts_of_four_weeks_stand_in_the_week_as_posts_of_their_own(cast, weekly, now):
    made = posts(weekly)
    assert days(made) == ["Tue 01 Dec 09:00", "Tue 08 Dec 09:00", "Tue 15 Dec 09:00", "Tue 22 Dec 09:00"]
    assert {post.state for post in made} == {"submitted"}
    assert {post.words for post in made} == {"Story hour today."}
    assert {post.author_id for post in made} == {cast.contributor.id}
    assert make_due(now) == 0
    assert make_due(now + timedelta(days=7)) == 1


def test_who_writes_a_post_while_another_lets_it_repeat_is_told(cast, now):
    """It had the next usual time; saved as it was, it would lose the day that its repeat counts from."""
    post = submitted(cast, now, timing="slot", wished_at=wall("2026-12-01"), words="Story hour today.")
    form, seen = written_of(post), post.revision
    series.begin(post.id, WEEKLY, cast.decider, now)
    with pytest.raises(Stale):
        compose.save(post.id, replace(form, words="Story hour!"), seen, cast.author, now)
    assert (post.timing, post.updated_at) == ("at", now)
    assert versions_of(db.session(), post)[0].revision == post.revision == seen + 1


def test_a_far_one_is_written_as_soon_as_the_one_before_has_passed(cast, first, now):
    made = series.begin(first.id, Choice("weekday_of_month"), cast.author, now)
    assert make_due(now) == 0
    say_yes(first, cast, now)
    assert make_due(wall("2026-12-01", "09:01")) == 1
    assert days(posts(made))[1] == "Tue 05 Jan 09:00"


def test_what_waits_for_weeks_is_told_in_the_morning_and_not_at_once(weekly, first):
    assert db.session.scalars(select(Mail).where(Mail.subject.like("A post waits%"))).all() == []


def test_an_event_that_repeats_has_the_days_of_each(cast, now):
    fields = {"day": "2026-12-03", "clock": "15:30", "name": "Chess club", "place": "Library"}
    post = submitted(cast, now, kind="event", fields=fields, timing="at", wished_at=wall("2026-12-01"))
    made = series.begin(post.id, Choice("two_weeks"), cast.author, now)
    make_due(now)
    assert [p.fields["day"] for p in posts(made)] == ["2026-12-03", "2026-12-17"]


def test_while_the_first_one_is_a_draft_no_other_is_written(cast, now):
    draft = write(cast, now, timing="at", wished_at=wall("2026-12-01"))
    made = series.begin(draft.id, WEEKLY, cast.author, now)
    assert make_due(now) == 0
    send.for_review(draft.id, cast.author, now)
    assert make_due(now) == 3
    assert len(posts(made)) == 4


def test_approved_once_all_that_read_the_same_are_approved(cast, first, weekly, now):
    say_yes(first, cast, now)
    assert {post.state for post in posts(weekly)} == {"approved"}
    assert make_due(now + timedelta(days=14)) == 2
    later = posts(weekly)
    assert {post.state for post in later} == {"approved"}
    assert deliveries(later[-1])[0].due_at == later[-1].wished_at
    note = db.session.scalar(select(Event).where(Event.post_id == later[-1].id, Event.verb == "approved"))
    assert (note.who, note.note) == ("Approver", "It reads the same as one that was approved.")


def test_a_series_of_an_approved_post_is_approved_with_it(cast, now):
    post = approved_post(cast, now, timing="at", wished_at=wall("2026-12-01"))
    made = series.begin(post.id, WEEKLY, cast.decider, now)
    make_due(now)
    assert [p.state for p in posts(made)] == ["approved"] * 4


def test_who_may_not_approve_makes_no_approved_posts_of_one(cast, now):
    post = approved_post(cast, now, timing="at", wished_at=wall("2026-12-01"))
    made = series.begin(post.id, WEEKLY, cast.author, now)
    make_due(now)
    assert [p.state for p in posts(made)] == ["approved", *["submitted"] * 3]


def test_who_may_not_approve_spreads_no_exception_that_was_approved(cast, first, weekly, now):
    say_yes(first, cast, now)
    second = posts(weekly)[1]
    compose.save(second.id, replace(written_of(second), words="No hour."), second.revision, cast.author, now)
    say_yes(second, cast, now)
    series_following.change_following(second.id, cast.author, now)
    assert [p.state for p in posts(weekly)] == ["approved", "approved", "submitted", "submitted"]


def test_since_two_are_asked_for_the_word_of_one_is_not_enough_for_those_that_follow(cast, first, weekly, now):
    say_yes(first, cast, now)
    with writing() as session:
        session.get_one(Library, cast.library.id).two_approvals = ["news"]
    make_due(now + timedelta(days=7))
    assert [p.state for p in posts(weekly)] == [*["approved"] * 4, "submitted"]


def test_what_asks_for_a_word_since_waits_for_it(cast, now):
    post = submitted(cast, now, timing="at", wished_at=wall("2026-12-01"), words="Write to ana@home.example.")
    with writing() as session:
        approve.approve_in(session, session.get_one(Post, post.id), cast.decider, now, accepted=True)
    made = series.begin(post.id, WEEKLY, cast.decider, now)
    with writing() as session:
        session.get_one(Series, made.id).accepted = []
    make_due(now)
    assert {p.state for p in posts(made)[1:]} == {"submitted"}


def test_what_comes_while_somebody_is_away_waits_and_comes_back_with_an_undo(cast, first, weekly, now):
    away_from = away(cast.library.id, cast.approver.id, date(2026, 12, 26), date(2027, 1, 3), "pause", None,
                     cast.decider, now)  # fmt: skip
    make_due(now + timedelta(days=14))
    held = [p for p in posts(weekly) if p.held_at]
    assert days(held) == ["Tue 29 Dec 09:00"]
    undo(away_from, cast.decider, now + timedelta(days=15))
    assert [p for p in posts(weekly) if p.held_at] == []


def test_one_that_a_holiday_moved_leaves_the_others_on_their_day(cast, first, now):
    with writing() as session:
        session.add(
            Closure(library_id=cast.library.id, first_day=date(2026, 12, 8), last_day=date(2026, 12, 8), name="-")
        )
    made = series.begin(first.id, WEEKLY, cast.author, now)
    make_due(now)
    series_following.change_following(posts(made)[1].id, cast.author, now)
    make_due(now)
    assert days(posts(made)) == ["Tue 01 Dec 09:00", "Wed 09 Dec 09:00", "Tue 15 Dec 09:00", "Tue 22 Dec 09:00"]


def test_one_that_a_snow_day_moved_leaves_the_others_on_their_day(cast, first, weekly, now):
    say_yes(first, cast, now)
    snow_day(cast.library.id, date(2026, 12, 1), cast.decider, now)
    assert days(posts(weekly))[0] == "Wed 02 Dec 09:00"
    series_following.change_following(first.id, cast.author, now)
    assert days(posts(weekly, "approved"))[1:] == ["Tue 08 Dec 09:00", "Tue 15 Dec 09:00", "Tue 22 Dec 09:00"]


def test_onto_the_moment_of_one_that_was_cancelled(cast, first, weekly, now):
    compose.cancel(posts(weekly)[1].id, cast.author, now)
    schedule.move(first.id, wall("2026-12-08"), cast.author, now)
    series_following.change_following(first.id, cast.author, now, WEEKLY)
    make_due(now)
    assert days(posts(weekly, "submitted")) == ["Tue 08 Dec 09:00", "Tue 15 Dec 09:00", "Tue 22 Dec 09:00"]


def test_who_may_approve_gets_a_letter_about_what_is_in_review_again(cast, first, weekly, now):
    say_yes(first, cast, now)
    row = db.session.get_one(Post, first.id)
    compose.save(first.id, replace(written_of(row), words="Chess."), row.revision, cast.author, now)
    letters = select(func.count(Mail.id))
    before = db.session.scalar(letters) or 0
    series_following.change_following(first.id, cast.author, wall("2026-12-08", "08:30"))
    assert db.session.scalar(letters) > before


def test_stopped_what_waits_for_another_time_and_what_is_late_in_review_is_cancelled_too(cast, first, weekly, now):
    with writing() as session:
        session.get_one(Post, posts(weekly)[1].id).held_at = now
    assert series.stop(weekly.id, cast.author, wall("2026-12-16")) == 4


def test_what_was_changed_alone_is_looked_at_alone(cast, first, weekly, now):
    second = posts(weekly)[1]
    written = written_of(second)
    compose.save(second.id, replace(written, words="No story hour."), second.revision, cast.author, now)
    say_yes(second, cast, now)
    assert [p.state for p in posts(weekly)] == ["submitted", "approved", "submitted", "submitted"]
    say_yes(first, cast, now)
    assert [p.words for p in posts(weekly)] == ["Story hour today.", "No story hour."] + ["Story hour today."] * 2
    assert {p.state for p in posts(weekly)} == {"approved"}


@pytest.mark.parametrize("gone", ["role", "place", "words"])
def test_nothing_is_approved_in_a_name_that_may_not_or_that_reads_otherwise(cast, first, weekly, now, gone):
    say_yes(first, cast, now)
    with writing() as session:
        if gone == "role":
            session.get_one(type(cast.approver), cast.approver.id).memberships[0].role = "contributor"
        elif gone == "place":
            session.get_one(Account, cast.account.id).retired_at = now
        else:
            session.get_one(type(cast.library), cast.library.id).hashtags = "#New"
    assert make_due(now + timedelta(days=7)) == 1
    newest = posts(weekly)[-1]
    assert newest.state == ("draft" if gone == "place" else "submitted")
    if gone == "place":
        assert "waits as a draft: Choose at least one place" in db.session.get(Series, weekly.id).sentence


def test_a_closed_day_moves_to_the_next_school_day_and_two_never_meet(cast, first, now):
    with writing() as session:
        for day, last in (("2026-12-08", "2026-12-08"), ("2026-12-21", "2027-01-01")):
            one = {"first_day": date.fromisoformat(day), "last_day": date.fromisoformat(last)}
            session.add(Closure(library_id=cast.library.id, name="Closed", **one))
    made = series.begin(first.id, WEEKLY, cast.author, now)
    make_due(now + timedelta(days=1))
    make_due(now + timedelta(days=20))
    assert days(posts(made)) == [
        "Tue 01 Dec 09:00", "Wed 09 Dec 09:00", "Tue 15 Dec 09:00", "Mon 04 Jan 09:00", "Tue 05 Jan 09:00",
    ]  # fmt: skip


def test_what_was_not_written_in_time_is_left_out(cast, weekly, now):
    make_due(now + timedelta(days=120))
    found = posts(weekly)
    assert found[3].wished_at < now + timedelta(days=90)
    assert all(post.wished_at > now + timedelta(days=120) for post in found[4:])
    assert len(found) == 8


def test_the_dates_of_a_choice_are_shown_before_it_is_made(cast):
    shown = next_dates(cast.library, Choice("school_day"), wall("2026-11-25"))
    assert [f"{clock.to_local(at, ZONE):%a %d %H:%M}" for at in shown] == [
        "Wed 25 09:00", "Fri 27 09:00", "Mon 30 09:00", "Tue 01 09:00", "Wed 02 09:00",
    ]  # fmt: skip
    assert len(next_dates(cast.library, Choice("week", count=3), wall("2026-11-25"))) == 3


def test_the_answer_keeps_its_distance_in_days_and_its_time_on_the_wall(cast, now):
    fields = {"choices": ["A", "B"], "right": 0, "answer_at": wall("2027-03-12", "15:00").isoformat()}
    more = {"kind": "trivia", "words": "Which?", "fields": fields}
    post = submitted(cast, now, timing="at", wished_at=wall("2027-03-09"), **more)
    made = series.begin(post.id, WEEKLY, cast.author, now)
    make_due(wall("2027-03-08"))
    second = posts(made)[1]  # the clock changes between the two
    assert datetime.fromisoformat(second.fields["answer_at"]) == wall("2027-03-19", "15:00")
    assert days([second]) == ["Tue 16 Mar 09:00"]


def test_all_that_follow_become_as_this_one_and_are_looked_at_again(cast, first, weekly, now):
    say_yes(first, cast, now)
    second, third = posts(weekly)[1:3]
    schedule.move(third.id, wall("2026-12-17", "10:00"), cast.author, now)
    written = written_of(db.session.get(Post, second.id))
    changed = replace(written, words="Now at ten.", wished_at=wall("2026-12-08", "10:00"))
    compose.save(second.id, changed, db.session.get(Post, second.id).revision, cast.author, now)
    assert series_following.change_following(second.id, cast.author, now) == 2
    assert days(posts(weekly)) == ["Tue 01 Dec 09:00", "Tue 08 Dec 10:00", "Thu 17 Dec 10:00", "Tue 22 Dec 10:00"]
    assert [p.state for p in posts(weekly)] == ["approved", "submitted", "submitted", "submitted"]
    assert [p.words for p in posts(weekly)] == ["Story hour today.", *["Now at ten."] * 3]
    assert make_due(now) == 0
    say_yes(posts(weekly)[1], cast, now)
    assert {p.state for p in posts(weekly)} == {"approved"}
    make_due(now + timedelta(days=7))
    assert days(posts(weekly))[-1] == "Tue 29 Dec 10:00"


def test_of_student_work_that_follows_with_other_words_nobody_ticked_the_permission(cast, now):
    work = {"kind": "student", "permitted": True, "timing": "at", "wished_at": wall("2026-12-01")}
    begun = submitted(cast, now, **work)
    row = series.begin_now(begun.id, WEEKLY, cast.author, now)
    later = posts(row)[1]
    ticked = replace(written_of(later), permitted=True)
    compose.save(later.id, ticked, later.revision, cast.author, now)
    send.for_review(later.id, cast.author, now)
    begun = posts(row)[0]
    ticked = replace(written_of(begun), words="Another", permitted=True)
    compose.save(begun.id, ticked, begun.revision, cast.author, now)
    series_following.change_following(begun.id, cast.author, now)
    assert [(p.state, p.words, p.permission_by) for p in posts(row)[:2]] == [
        ("submitted", "Another", "Contributor"), ("draft", "Another", ""),
    ]  # fmt: skip


def test_another_time_alone_needs_no_other_look(cast, first, weekly, now):
    say_yes(first, cast, now)
    schedule.move(first.id, wall("2026-12-01", "11:00"), cast.decider, now)
    series_following.change_following(first.id, cast.decider, now)
    assert {p.state for p in posts(weekly)} == {"approved"}
    assert [f"{clock.to_local(deliveries(p)[-1].due_at, ZONE):%H:%M}" for p in posts(weekly)] == ["11:00"] * 4


def test_another_time_of_somebody_who_may_not_approve_is_looked_at_by_who_may(cast, first, weekly, now):
    say_yes(first, cast, now)
    compose.withdraw(first.id, cast.author, now)
    schedule.move(first.id, wall("2026-12-01", "03:00"), cast.author, now)
    series_following.change_following(first.id, cast.author, now)
    assert [post.state for post in posts(weekly)] == ["draft", "submitted", "submitted", "submitted"]


def own_repeat(cast, now) -> Series:
    """Of an approver; her colleague approves it."""
    by = actor(cast.approver)
    written = Written("news", "Mine.", accounts={cast.account.id: ""}, timing="at", wished_at=wall("2026-12-01"))
    post = compose.create(cast.library.id, written, by, now)
    send.for_review(post.id, by, now)
    made = series.begin_now(post.id, Choice("two_weeks"), by, now)
    approve.approve(post.id, posts(made)[0].revision, actor(cast.librarian), now)
    return made


def test_who_may_not_approve_her_own_posts_has_no_more_of_them_approved(cast, now):
    made = own_repeat(cast, now)
    change_days_now(made.id, Choice("school_day"), actor(cast.approver), now)
    assert {post.decided_by_id for post in posts(made, "approved")} == {cast.librarian.id}
    assert (len(posts(made, "approved")), len(posts(made, "submitted"))) == (2, 14)


def test_her_colleague_may_give_it_more_days(cast, now):
    made = own_repeat(cast, now)
    change_days_now(made.id, Choice("school_day"), actor(cast.librarian), now)
    assert posts(made, "submitted") == []


def test_more_days_of_what_two_people_approve_wait_for_two(cast, first, now):
    made = series.begin_now(first.id, Choice("two_weeks"), cast.author, now)
    with writing() as session:
        session.get_one(Library, cast.library.id).two_approvals = ["news"]
    for who in (cast.approver, cast.librarian):
        approve.approve(first.id, posts(made)[0].revision, actor(who), now)
    change_days_now(made.id, Choice("week"), actor(cast.librarian), now)
    assert len(posts(made, "submitted")) == 2


def test_moved_to_another_day_all_that_follow_come_on_that_day(cast, first, weekly, now):
    second = posts(weekly)[1]
    schedule.move(second.id, wall("2026-12-10"), cast.author, now)
    series_following.change_following(second.id, cast.author, now)
    make_due(now)
    left = ("submitted", "approved")
    assert days(posts(weekly, *left)) == ["Tue 01 Dec 09:00", "Thu 10 Dec 09:00", "Thu 17 Dec 09:00"]
    assert len(posts(weekly, "cancelled")) == 2


def test_a_page_from_before_its_days_were_changed_approves_nothing(cast, first, weekly, now):
    seen = db.session.get_one(Post, first.id).revision
    series_following.change_following(first.id, cast.author, now, Choice("school_day"))
    with pytest.raises(Stale):
        approve.approve(first.id, seen, cast.decider, now)


def test_a_page_from_before_its_rule_was_changed_approves_nothing(cast, first, weekly, now):
    seen = posts(weekly)[0].revision
    change_days_now(weekly.id, Choice("school_day"), cast.author, now)
    with pytest.raises(Stale):
        approve.approve(first.id, seen, cast.decider, now)
    assert posts(weekly, "approved") == []


def test_a_page_of_an_earlier_one_approves_nothing_once_all_that_follow_have_another_time(cast, first, weekly, now):
    seen, second = posts(weekly)[0].revision, posts(weekly)[1]
    schedule.move(second.id, wall("2026-12-08", "03:00"), cast.author, now)
    series_following.change_following(second.id, cast.author, now)
    with pytest.raises(Stale):
        approve.approve(first.id, seen, cast.decider, now)


def test_the_letter_about_one_of_them_is_written_anew_with_its_new_days(cast, now):
    soon = submitted(cast, now, timing="at", wished_at=now + timedelta(hours=2))
    made = series.begin_now(soon.id, WEEKLY, cast.author, now)
    change_days_now(made.id, Choice("school_day"), cast.author, now)
    letters = db.session.scalars(select(Mail.body).where(Mail.path == f"/decide/{soon.id}")).all()
    assert len(letters) == 2
    assert all("every school day" in text.lower() for text in letters)


def test_other_days_of_somebody_who_may_not_approve_wait_in_review(cast, first, weekly, now):
    say_yes(first, cast, now)
    second = posts(weekly)[1]
    schedule.move(second.id, wall("2026-12-10"), cast.decider, now)
    series_following.change_following(second.id, cast.author, now)
    make_due(now)
    assert days(posts(weekly, "submitted")) == ["Thu 17 Dec 09:00"]


def test_what_was_approved_by_somebody_who_left_is_approved_anew_by_who_stays(cast, first, weekly, now):
    say_yes(first, cast, now)
    with writing() as session:
        session.get_one(Person, cast.decider.person_id).active = False
    make_due(now + timedelta(days=7))
    fifth = posts(weekly)[-1]
    assert fifth.state == "submitted"
    stays = cast.librarian if cast.decider.person_id == cast.approver.id else cast.approver
    approve.approve(fifth.id, fifth.revision, actor(stays), now)
    make_due(now + timedelta(days=14))
    assert posts(weekly)[-1].state == "approved"


def test_of_ten_times_those_that_are_left_are_left(cast, first, now):
    made = series.begin(first.id, Choice("week", count=3), cast.author, now)
    make_due(now)
    second = posts(made)[1]
    series_following.change_following(second.id, cast.author, now, Choice("two_weeks", count=2))
    make_due(now)
    assert days(posts(made, "submitted")) == ["Tue 01 Dec 09:00", "Tue 08 Dec 09:00", "Tue 22 Dec 09:00"]
    schedule.move(second.id, wall("2026-12-09"), cast.author, now)
    series_following.change_following(second.id, cast.author, now)
    make_due(now + timedelta(days=2))
    assert days(posts(made, "submitted")) == ["Tue 01 Dec 09:00", "Wed 09 Dec 09:00", "Wed 23 Dec 09:00"]
    assert db.session.get(Series, made.id).next_at is None


def test_another_rule_leaves_what_is_planned_on_days_that_stay(cast, first, weekly, now):
    say_yes(first, cast, now)
    third = posts(weekly)[2]
    compose.save(third.id, replace(written_of(third), words="By hand."), third.revision, cast.author, now)
    say_yes(db.session.get(Post, third.id), cast, now)
    seen = db.session.get(Post, third.id).revision
    assert change_days_now(weekly.id, Choice("two_weeks"), cast.decider, now) == 2
    assert days(posts(weekly, "approved")) == ["Tue 01 Dec 09:00", "Tue 15 Dec 09:00"]
    assert (posts(weekly, "approved")[1].words, posts(weekly, "approved")[1].revision) == ("By hand.", seen)
    make_due(now + timedelta(days=7))
    assert days(posts(weekly, "approved"))[2:] == ["Tue 29 Dec 09:00"]


def test_more_days_of_somebody_who_may_not_approve_wait_in_review(cast, first, weekly, now):
    say_yes(first, cast, now)
    change_days_now(weekly.id, Choice("school_day"), cast.author, now)
    assert len(posts(weekly, "approved")) == 4
    assert len(posts(weekly, "submitted")) > 10


def test_its_end_comes_nearer_and_goes_away_again(cast, first, weekly, now):
    say_yes(first, cast, now)
    out = deliveries(posts(weekly)[3])[0].id
    with writing() as session:
        session.get_one(Delivery, out).state = "published"  # it was moved to an earlier day
    until = Choice("week", until=date(2026, 12, 8))
    assert change_days_now(weekly.id, until, cast.decider, now) == 1
    assert days(posts(weekly, "approved")) == ["Tue 01 Dec 09:00", "Tue 08 Dec 09:00", "Tue 22 Dec 09:00"]
    assert db.session.get(Series, weekly.id).next_at is None
    assert change_days_now(weekly.id, Choice("week", count=3), cast.decider, wall("2026-12-02")) == 0
    assert days(posts(weekly, "approved"))[1:] == ["Tue 08 Dec 09:00", "Tue 15 Dec 09:00", "Tue 22 Dec 09:00"]
    series.stop(weekly.id, cast.author, now)
    with pytest.raises(NotDone, match="does not repeat any more"):
        change_days_now(weekly.id, WEEKLY, cast.author, now)


def test_stopped_it_does_not_come_again(cast, first, weekly, now):
    say_yes(first, cast, now)
    assert series.stop(weekly.id, cast.author, wall("2026-12-02")) == 3
    assert [p.state for p in posts(weekly)] == ["approved", "cancelled", "cancelled", "cancelled"]
    assert make_due(now + timedelta(days=60)) == 0
    assert series.stop(weekly.id, cast.author, now) == 0
    assert series.series_of(db.session(), cast.library.id) == []


def test_one_that_is_cancelled_is_not_written_again(cast, weekly, now):
    compose.cancel(posts(weekly)[1].id, cast.author, now)
    make_due(now + timedelta(days=1))
    assert [p.state for p in posts(weekly)][:3] == ["submitted", "cancelled", "submitted"]


def test_another_zone_keeps_the_time_on_the_wall(cast, first, weekly, now):
    settings = {"name": "Maple", "country": "", "grades": "all", "hashtags": "", "own_approval": None, "language": "en"}
    change_settings(cast.library.id, "Europe/Berlin", cast.decider, now, **settings)
    make_due(now + timedelta(days=9))
    there = [f"{clock.to_local(p.wished_at, 'Europe/Berlin'):%a %d %b %H:%M}" for p in posts(weekly)]
    assert there == [f"Tue {day} Dec 09:00" for day in ("01", "08", "15", "22", "29")]


@pytest.mark.parametrize(
    ("more", "choice", "words"),
    [
        ({"timing": "now"}, WEEKLY, "Choose a day and a time first"),
        ({"timing": "at", "wished_at": wall("2026-11-28")}, Choice("school_day"), "a day without school"),
        (
            {"timing": "at", "wished_at": wall("2026-12-01")},
            Choice("week", until=date(2026, 11, 30)),
            "before the first",
        ),
    ],
)
def test_what_cannot_begin_a_repeat_says_why(cast, now, more, choice, words):
    post = write(cast, now, **more)
    with pytest.raises(NotDone, match=words):
        series.begin(post.id, choice, cast.author, now)
    assert db.session.get(Post, post.id).series_id is None


def test_what_repeats_begins_no_second_repeat(cast, first, weekly, now):
    with pytest.raises(NotDone, match="repeats already"):
        series.begin(first.id, WEEKLY, cast.author, now)


def test_the_trouble_of_one_is_not_that_of_the_others(cast, first, weekly, now):
    other = submitted(cast, now, timing="at", wished_at=wall("2026-12-02"), words="Other.")
    second = series.begin(other.id, WEEKLY, cast.author, now)
    with writing() as session:
        session.get_one(Series, weekly.id).written = {}
    assert make_due(now + timedelta(days=7)) == 3
    assert len(posts(second)) == 4


def ask(cast, now, count: int) -> None:
    asked = [Asked(f"Question {n}?", ["Yes", "No"], 0, hint="Look it up.") for n in range(1, count + 1)]
    bank.add(cast.library.id, asked, cast.author, now)


@pytest.fixture
def drawing(cast, now) -> Series:
    fields = {"choices": ["A", "B"], "right": 0, "how": "Tell us."}
    more = {"kind": "trivia", "words": "The first?", "fields": fields}
    post = submitted(cast, now, timing="at", wished_at=wall("2026-12-01"), **more)
    return series.begin(post.id, WEEKLY, cast.author, now, draws=True)


def test_each_draws_the_next_question_and_it_says_when_the_bank_runs_dry(cast, drawing, now):
    ask(cast, now, 2)
    make_due(now)
    made = posts(drawing)
    assert [p.words for p in made] == ["The first?", "Question 1?", "Question 2?"]
    mine = {"choices": ["Yes", "No"], "right": 0, "explanation": "", "hint": "Look it up."}
    assert made[1].fields == {"how": "Tell us.", **mine}
    assert {p.state for p in made} == {"submitted"}
    assert "The bank of questions is empty" in db.session.get(Series, drawing.id).sentence
    assert bank.runs_dry(db.session(), cast.library.id) == 0
    told = db.session.scalars(
        select(Mail).where(Mail.subject == "Your trivia questions run out").order_by(Mail.id)
    ).all()
    assert [m.body.split(".")[0] for m in told] == [
        "1 trivia question is left in the bank",
        "The bank of questions is empty",
    ]
    assert {(m.to, m.gather) for m in told} == {("librarian@school.example", True)}
    bank.add(cast.library.id, [Asked("Another?", ["Yes", "No"], 1)], cast.author, now)
    assert make_due(now) == 1
    assert posts(drawing)[-1].words == "Another?"
    assert db.session.get(Series, drawing.id).sentence is None


def test_a_cancelled_post_gives_its_question_back(cast, drawing, now):
    ask(cast, now, 3)
    make_due(now)
    second = posts(drawing)[1]
    compose.cancel(second.id, cast.author, now)
    assert bank.next_question(db.session(), cast.library).words == "Question 1?"
    series.stop(drawing.id, cast.author, now)
    assert bank.left(db.session(), cast.library.id) == 3


def test_what_follows_keeps_its_question(cast, drawing, now):
    ask(cast, now, 3)
    make_due(now)
    second = posts(drawing)[1]
    written = written_of(second)
    changed = replace(written, fields={**written.fields, "how": "Write to us."})
    compose.save(second.id, changed, second.revision, cast.author, now)
    series_following.change_following(second.id, cast.author, now)
    after = posts(drawing)[2:]
    assert [(p.words, p.fields["how"]) for p in after] == [
        ("Question 2?", "Write to us."),
        ("Question 3?", "Write to us."),
    ]


@pytest.mark.parametrize("_round", range(3))
def test_two_workers_write_each_post_and_take_each_question_once(app, cast, drawing, first, now, _round):
    ask(cast, now, 10)
    other = series.begin(first.id, WEEKLY, cast.author, now)
    more = {"kind": "trivia", "words": "Second?", "fields": {"choices": ["A", "B"], "right": 0}}
    third = submitted(cast, now, timing="at", wished_at=wall("2026-12-01", "12:00"), **more)
    third = series.begin(third.id, WEEKLY, cast.author, now, draws=True)
    start = Barrier(4)

    def work() -> int:
        with app.app_context():
            start.wait(10)
            return make_due(now)

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: work(), range(4)))
    assert sum(made) == 9
    assert [len(posts(one)) for one in (drawing, other, third)] == [4, 4, 4]
    asked = [p.question_id for one in (drawing, third) for p in posts(one) if p.question_id]
    assert len(set(asked)) == len(asked) == 6
    assert bank.left(db.session(), cast.library.id) == 4
    assert all(post.wished_at <= now + AHEAD for post in posts(other))


def test_begun_in_review_the_letter_is_about_what_comes_again(cast, now):
    soon = submitted(cast, now, timing="at", wished_at=now + timedelta(hours=3))
    series.begin(soon.id, WEEKLY, cast.author, now)
    mine = select(OneTimeLink).where(OneTimeLink.post_id == soon.id, OneTimeLink.used_at.is_(None))
    links = list(db.session.scalars(mine))
    assert links
    assert {link.digest for link in links} == {content(db.session.get_one(Post, soon.id))}


def test_two_who_approve_two_of_one_series_wait_for_nobody_for_ever(app, cast, weekly, now):
    ids, start = [post.id for post in posts(weekly)[:2]], Barrier(2)
    by = actor(cast.approver)

    def work(post_id: int) -> None:
        with app.app_context():
            start.wait(10)
            with writing() as session:
                post = session.get_one(Post, post_id, with_for_update={"of": Post})
                if post.state == "submitted":
                    approve.approve_in(session, post, by, now)
                    series.approved(session, post, by, now)

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, ids))
    assert {post.state for post in posts(weekly)} == {"approved"}


def test_what_follows_keeps_its_words_where_its_question_was_removed(cast, drawing, now):
    ask(cast, now, 2)
    make_due(now)
    second = posts(drawing)[1]
    told = second.words, second.fields["choices"]
    bank.remove(second.question_id)
    series_following.change_following(posts(drawing)[0].id, cast.author, now)
    again = posts(drawing)[1]
    assert (again.words, again.fields["choices"]) == told


def test_a_question_that_is_gone_leaves_its_post(cast, drawing, now):
    ask(cast, now, 1)
    make_due(now)
    asked = db.session.scalars(select(Question)).one().id
    bank.remove(asked)
    assert posts(drawing)[1].words == "Question 1?"
    assert make_next(drawing.id, now) is None
