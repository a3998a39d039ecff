"""What a person says of a message: posted by hand, or not, or after all; sent again, or left."""

from datetime import timedelta

import pytest
from factories import approved, deliveries, delivery, queue
from fakes import FakeNetwork, door

from outreach.accounts.retire import retire
from outreach.channels.base import Refused
from outreach.db import db, writing
from outreach.models import Delivery, Event, Post
from outreach.posts import compose, hand, schedule
from outreach.posts.asking import Who, next_out
from outreach.posts.job import key_of
from outreach.posts.lifecycle import DELIVERY_MOVES
from outreach.posts.publish import publish
from outreach.web import shown
from outreach.words import NotDone, Sentence

TRIVIA = {"kind": "trivia", "words": "Which?", "fields": {"choices": ["A", "B"], "right": 1}}
HOUR = timedelta(hours=1)
VERBS = {
    "posted": (lambda n, by, now: hand.posted(n, "", by, now), {"in_hand"}),
    "not_posted": (lambda n, by, now: hand.not_posted(n, "", by, now), {"in_hand"}),
    "ask_again": (hand.ask_again, {"not_posted"}),
    "send_again": (schedule.send_again, {"refused", "missed"}),
    "leave_it": (schedule.leave_it, {"refused", "missed", "not_posted"}),
}
ELSEWHERE = [(verb, state) for verb, (_, states) in VERBS.items() for state in sorted(set(DELIVERY_MOVES) - states)]


@pytest.fixture
def network():
    return FakeNetwork()


def asked(cast, now, **more):
    """A post whose time has come at a place without an API: a person is asked."""
    post = approved(cast, now, accounts=[cast.by_hand], **more)
    queue(post, now)
    assert publish(deliveries(post)[0].id, door(FakeNetwork(), now)) == "in_hand"
    return post


def refused(cast, network, now, **more):
    post = approved(cast, now, **more)
    network.refuses(Refused(Sentence("The picture is too large."), "HTTP 422"))
    queue(post, now)
    assert publish(deliveries(post)[0].id, door(network, now)) == "refused"
    return post


def last_line(row):
    db.session.rollback()
    mine = db.session.query(Event).filter_by(thing="delivery", thing_id=row.id).order_by(Event.id.desc())
    return mine.first()


@pytest.mark.parametrize(
    ("typed", "kept"), [("", None), ("  ", None), (" https://facebook.example/1 ", "https://facebook.example/1")]
)
def test_posted_with_its_address_or_without(cast, now, typed, kept):
    row = delivery(asked(cast, now))
    hand.posted(row.id, typed, cast.author, now + HOUR)
    assert last_line(row).who == "Contributor"
    db.session.refresh(row)
    assert (row.state, row.remote_url, row.published_at, row.sentence) == ("published", kept, now + HOUR, None)


@pytest.mark.parametrize("typed", ["facebook.example/1", "javascript:alert(1)", "ftp://f.example", "//f.example", "x"])
def test_what_is_no_web_address_is_refused_and_the_person_stays_asked(cast, now, typed):
    row = delivery(asked(cast, now))
    with pytest.raises(NotDone, match="begins with https://"):
        hand.posted(row.id, typed, cast.author, now)
    db.session.refresh(row)
    assert (row.state, row.remote_url) == ("in_hand", None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Not posted."), (" Nobody was there ", "Nobody was there"), ("50% off, 100%(x)s", "50% off, 100%(x)s")],
)
def test_not_posted_with_its_reason_or_without(cast, now, typed, said):
    row = delivery(asked(cast, now))
    hand.not_posted(row.id, typed, cast.author, now)
    assert (last_line(row).who, last_line(row).note) == ("Contributor", said)
    db.session.refresh(row)
    assert (row.state, row.sentence, row.published_at) == ("not_posted", said, None)


def test_the_answer_to_what_was_not_posted_waits_with_it_and_a_slip_loses_nothing(cast, now):
    post = asked(cast, now, **TRIVIA)
    question, answer = deliveries(post)
    hand.not_posted(question.id, "", cast.author, now)
    assert [d.state for d in deliveries(post)] == ["not_posted", "waiting"]
    assert shown.post_shown(db.session.get_one(Post, post.id)) == shown.post_shown("nowhere")
    assert next_out(db.session(), cast.library.id, Who(cast.contributor.id)) is None
    hand.ask_again(question.id, cast.author, now)
    hand.posted(question.id, "", cast.author, now)
    assert next_out(db.session(), cast.library.id, Who(cast.contributor.id)).at == answer.try_at


def test_the_answer_to_what_is_left_goes_with_it(cast, now):
    post = asked(cast, now, **TRIVIA)
    question = deliveries(post)[0]
    hand.not_posted(question.id, "", cast.author, now)
    schedule.leave_it(question.id, cast.author, now)
    assert [d.state for d in deliveries(post)] == ["cancelled", "cancelled"]
    assert shown.post_shown(db.session.get_one(Post, post.id)) == shown.post_shown("nowhere")
    compose.cancel(post.id, cast.author, now)


def test_what_was_posted_nowhere_is_not_called_published(cast, now):
    post = asked(cast, now)
    hand.not_posted(deliveries(post)[0].id, "", cast.author, now)
    assert shown.post_shown(db.session.get_one(Post, post.id)) == shown.post_shown("nowhere")


def test_the_answer_to_what_was_posted_waits_for_its_time(cast, now):
    post = asked(cast, now, **TRIVIA)
    hand.posted(deliveries(post)[0].id, "", cast.author, now)
    assert [d.state for d in deliveries(post)] == ["published", "waiting"]


def test_a_slip_is_asked_again(cast, now):
    row = delivery(asked(cast, now))
    hand.not_posted(row.id, "A slip", cast.author, now)
    hand.ask_again(row.id, cast.author, now)
    db.session.refresh(row)
    assert (row.state, row.sentence) == ("in_hand", None)
    hand.posted(row.id, "", cast.author, now)
    db.session.refresh(row)
    assert row.state == "published"


def test_what_was_not_posted_may_be_left(cast, now):
    row = delivery(asked(cast, now))
    hand.not_posted(row.id, "", cast.author, now)
    schedule.leave_it(row.id, cast.author, now)
    db.session.refresh(row)
    assert row.state == "cancelled"


def test_sent_again_is_a_new_message_with_another_key(cast, network, now):
    post = refused(cast, network, now, words="Hello")
    before = key_of(delivery(post))
    schedule.send_again(delivery(post).id, cast.decider, now + HOUR)
    row = delivery(post)
    assert (row.state, row.due_at, row.try_at, row.attempts) == ("waiting", now + HOUR, now + HOUR, 0)
    assert (row.sentence, row.diagnosis, last_line(row).who) == (None, "", "Approver")
    queue(post, now + HOUR)
    assert publish(row.id, door(network, now + HOUR)) == "published"
    assert [m.text for m in network.posts] == ["Hello"]
    assert before not in {m.key for m in network.posts}


def test_left_is_never_sent(cast, network, now):
    post = refused(cast, network, now)
    schedule.leave_it(delivery(post).id, cast.author, now)
    assert queue(post, now + HOUR) == []
    assert (delivery(post).state, network.posts) == ("cancelled", [])


def test_nothing_is_sent_again_to_a_place_that_was_removed(cast, network, now):
    post = refused(cast, network, now)
    retire(cast.account.id, cast.decider, now)
    with pytest.raises(NotDone, match="was removed, so nothing can go there"):
        schedule.send_again(delivery(post).id, cast.decider, now)


@pytest.mark.parametrize(("verb", "state"), ELSEWHERE)
def test_in_every_other_state_nothing_is_done(cast, now, verb, state):
    row = delivery(approved(cast, now, accounts=[cast.by_hand]))
    with writing() as session:
        session.get_one(Delivery, row.id).state = state
    with pytest.raises(NotDone):
        VERBS[verb][0](row.id, cast.decider, now)
    db.session.refresh(row)
    assert row.state == state
