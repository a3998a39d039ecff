"""Handing a message over to a colleague; what is overdue; a slip taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import approved, deliveries, delivery, queue
from fakes import FakeNetwork, door
from smtp_server import SmtpServer
from sqlalchemy import select

from outreach import mail
from outreach.access import actor
from outreach.db import db, writing
from outreach.models import Event, Mail, Title
from outreach.people.members import remove
from outreach.posts import approve, compose, hand, morning
from outreach.posts.asking import Who, asking, next_out
from outreach.posts.hand_over import hand_over
from outreach.posts.lifecycle import DELIVERY_MOVES
from outreach.posts.publish import publish
from outreach.posts.to_post import overdue, settled, to_post
from outreach.posts.versions import written_of
from outreach.words import NotDone

HOUR = timedelta(hours=1)
TRIVIA = {"kind": "trivia", "words": "Which?", "fields": {"choices": ["A", "B"], "right": 1}}


def asked(cast, now, **more):
    post = approved(cast, now, accounts=[cast.by_hand], **more)
    queue(post, now)
    assert publish(deliveries(post)[0].id, door(FakeNetwork(), now)) == "in_hand"
    return post


def letters(person):
    db.session.rollback()
    return list(db.session.scalars(select(Mail).where(Mail.to == person.email).order_by(Mail.id)))


def counted(cast, person, now):
    return asking(db.session(), cast.library.id, Who(person.id), now).by_hand.count


def test_it_is_the_colleagues_from_now_on_and_she_is_told(cast, now):
    row = delivery(asked(cast, now, words="Tea on Friday"))
    hand_over(row.id, cast.approver.id, cast.author, now)
    assert (counted(cast, cast.contributor, now), counted(cast, cast.approver, now)) == (0, 1)
    last = letters(cast.approver)[-1]
    assert last.subject == "Contributor hands over to you: Facebook"
    assert "Tea on Friday" in last.body
    assert last.path == f"/deliveries/{row.id}"
    line = db.session.query(Event).filter_by(thing="delivery", verb="handed").one()
    assert (line.who, str(line.note)) == ("Contributor", "Approver posts it.")


def test_taken_over_by_oneself_nobody_is_told(cast, now):
    row = delivery(asked(cast, now))
    hand_over(row.id, cast.approver.id, cast.decider, now)
    assert [m.subject for m in letters(cast.approver) if "hands over" in m.subject] == []


def test_the_answer_goes_with_its_question(cast, now):
    post = asked(cast, now, **TRIVIA)
    hand_over(deliveries(post)[0].id, cast.approver.id, cast.author, now)
    assert [d.keeper_id for d in deliveries(post)] == [cast.approver.id] * 2


def test_before_its_time_the_colleague_is_the_one_who_is_asked(cast, now):
    post = approved(cast, now, accounts=[cast.by_hand], timing="at", wished_at=now + HOUR)
    hand_over(delivery(post).id, cast.approver.id, cast.author, now)
    assert next_out(db.session(), cast.library.id, Who(cast.approver.id)).mine
    assert not next_out(db.session(), cast.library.id, Who(cast.contributor.id)).mine
    queue(post, now + HOUR)
    publish(delivery(post).id, door(FakeNetwork(), now + HOUR))
    assert [m.subject for m in letters(cast.approver)][-1] == "Please post on Facebook"
    assert [m for m in letters(cast.contributor) if m.subject.startswith("Please post")] == []


def test_a_change_that_is_approved_anew_stays_with_the_colleague(cast, now):
    post = approved(cast, now, accounts=[cast.by_hand], timing="at", wished_at=now + HOUR)
    hand_over(delivery(post).id, cast.librarian.id, cast.author, now)
    written = replace(written_of(post), words="Other words.")
    compose.save(post.id, written, post.revision, cast.author, now)
    db.session.refresh(post)
    approve.approve(post.id, post.revision, cast.decider, now)
    assert [d.keeper_id for d in deliveries(post)][-1] == cast.librarian.id


def test_a_colleague_who_left_is_asked_no_more(cast, now):
    row = delivery(asked(cast, now))
    hand_over(row.id, cast.approver.id, cast.author, now)
    with writing() as session:
        remove(session, session.merge(cast.approver), session.merge(cast.library), actor(cast.librarian), now)
    assert counted(cast, cast.contributor, now) == 1


@pytest.mark.parametrize("who", ["outsider", "nobody", "contributor"])
def test_it_goes_only_to_another_person_of_the_library(cast, now, who):
    row = delivery(asked(cast, now))
    person_id = 0 if who == "nobody" else getattr(cast, who).id
    with pytest.raises(NotDone):
        hand_over(row.id, person_id, cast.author, now)


@pytest.mark.parametrize("state", sorted(set(DELIVERY_MOVES) - {"waiting", "queued", "in_hand"}))
def test_what_waits_for_nobody_is_not_handed_over(cast, now, state):
    row = delivery(approved(cast, now, accounts=[cast.by_hand]))
    with writing() as session:
        session.merge(row).state = state
    with pytest.raises(NotDone):
        hand_over(row.id, cast.approver.id, cast.author, now)


def test_what_goes_out_by_itself_is_not_handed_over(cast, now):
    row = delivery(approved(cast, now))
    with pytest.raises(NotDone, match="not waiting for anybody"):
        hand_over(row.id, cast.approver.id, cast.author, now)


def test_overdue_is_what_waits_for_an_hour_the_oldest_first(cast, now):
    first, second = asked(cast, now, words="First"), asked(cast, now + HOUR / 2, words="Second")
    who, session = Who(cast.contributor.id), db.session()
    assert overdue(session, cast.library.id, who, now + HOUR / 2) == []
    found = overdue(session, cast.library.id, who, now + 2 * HOUR)
    assert [one.delivery.post_id for one in found] == [first.id, second.id]
    others = to_post(session, cast.library.id, Who(cast.approver.id), now + 2 * HOUR)
    assert [(one.mine, one.names) for one in others] == [(False, ("Contributor",))] * 2


def test_what_was_not_posted_is_asked_for_each_school_morning_for_a_week(cast, now):
    asked(cast, now)  # Tuesday noon
    days = [now.replace(hour=14) + timedelta(days=n) for n in range(1, 11)]  # 8:00 in Chicago
    for morning_of in days:
        morning.gather(morning_of)
    still = [m for m in letters(cast.contributor) if m.subject == "Still to post on Facebook"]
    assert len(still) >= 3
    assert all(m.created_at - now <= timedelta(days=7) for m in still)


def test_a_letter_says_what_to_do_and_has_the_file_for_the_calendar(cast, config, now):
    row = delivery(asked(cast, now))
    office = SmtpServer()
    posting = replace(config, smtp_url=office.url, public_url="https://outreach.example.org")
    try:
        assert mail.deliver(posting, now)
        (letter,) = [one for one in office.letters if one["To"] == "contributor@school.example"]
    finally:
        office.shutdown()
        office.server_close()
    words = letter.get_body(("plain",)).get_content()
    assert f"https://outreach.example.org/deliveries/{row.id}\n" in words.replace("\r", "")
    assert f"https://outreach.example.org/deliveries/{row.id}/reminder.ics" in words
    assert "copy the words and the pictures" in words


def test_posted_by_mistake_is_taken_back(cast, now):
    row = delivery(asked(cast, now))
    hand.posted(row.id, "https://facebook.com/1", cast.author, now)
    assert [d.id for d in settled(db.session(), cast.library.id, now)] == [row.id]
    hand.not_yet(row.id, cast.author, now + HOUR)
    db.session.refresh(row)
    assert (row.state, row.remote_url, row.published_at) == ("in_hand", None, None)
    assert db.session.query(Event).filter_by(verb="not_yet").one().who == "Contributor"


def test_titles_that_were_announced_by_mistake_are_news_again(cast, now):
    with writing() as session:
        title = Title(library_id=cast.library.id, title="Emma", match_key="emma||", first_seen_at=now)
        session.add(title)
        session.flush()
    post = asked(cast, now, kind="titles", words="New:", titles=[title.id])
    hand.posted(delivery(post).id, "", cast.author, now)
    db.session.refresh(title)
    assert title.announced_at == now
    hand.not_yet(delivery(post).id, cast.author, now)
    db.session.refresh(title)
    assert title.announced_at is None


def test_after_a_day_or_once_the_answer_is_asked_for_it_stays_posted(cast, now):
    row = delivery(asked(cast, now))
    hand.posted(row.id, "", cast.author, now)
    with pytest.raises(NotDone, match="cannot be taken back"):
        hand.not_yet(row.id, cast.author, now + timedelta(days=2))
    question, answer = deliveries(asked(cast, now, **TRIVIA))
    hand.posted(question.id, "", cast.author, now)
    with writing() as session:
        session.merge(answer).state = "in_hand"
    with pytest.raises(NotDone, match="has begun to go out"):
        hand.not_yet(question.id, cast.author, now)


def test_what_a_network_published_is_no_slip(cast, now):
    post = approved(cast, now)
    queue(post, now)
    publish(delivery(post).id, door(FakeNetwork(), now))
    with pytest.raises(NotDone):
        hand.not_yet(delivery(post).id, cast.author, now)


@pytest.mark.parametrize("key", hand.REASONS)
def test_a_reason_that_is_tapped_is_said_in_everybodys_language(cast, now, key):
    row = delivery(asked(cast, now))
    hand.not_posted(row.id, key, cast.author, now)
    db.session.refresh(row)
    assert row.sentence == hand.REASONS[key]
    assert row.sentence.pattern == hand.REASONS[key].pattern
