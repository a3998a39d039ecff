"""One delivery through publish: each outcome, each gate."""

from datetime import timedelta

import pytest
from factories import approved, deliveries, delivery, queue
from fakes import BUSY, FakeNetwork, door

from outreach.accounts import pause
from outreach.channels.base import Login, Refused, TryLater, Unauthorized
from outreach.channels.guard import Reach
from outreach.channels.practice import Practice
from outreach.db import db, writing
from outreach.models import Account, Delivery, Mail, Post
from outreach.posts import compose
from outreach.posts.publish import publish
from outreach.posts.queries import last_event
from outreach.posts.written import Written
from outreach.words import NotDone, Sentence

SECOND = timedelta(seconds=1)


@pytest.fixture
def network():
    return FakeNetwork()


def go(post, network, now):
    queue(post, now)
    return publish(delivery(post).id, door(network, now))


def test_what_was_approved_is_what_goes_out(cast, network, now):
    post = approved(cast, now, words="Hello")
    assert go(post, network, now) == "published"
    assert [p.text for p in network.posts] == ["Hello"]
    row = delivery(post)
    assert row.remote_url == f"https://fake.example/{network.posts[0].key}"
    assert row.published_at == now
    assert row.attempts == 1


def test_nothing_goes_out_before_its_time(cast, network, now):
    post = approved(cast, now, timing="at", wished_at=now + SECOND)
    assert go(post, network, now) == "not ours"
    assert publish(delivery(post).id, door(network, now + SECOND)) == "published"


def test_a_second_message_for_the_same_delivery_does_nothing(cast, network, now):
    post = approved(cast, now)
    go(post, network, now)
    assert publish(delivery(post).id, door(network, now)) == "not ours"
    assert len(network.sends) == 1


def test_an_edit_after_approval_goes_back_to_review_and_nothing_goes_out(cast, network, now):
    post = approved(cast, now, timing="at", wished_at=now + SECOND)
    queue(post, now)
    changed = Written("news", "Other words", accounts={cast.account.id: ""}, timing="now")
    compose.save(post.id, changed, post.revision, cast.author, now)
    assert db.session.get(Post, post.id).state == "submitted"
    assert publish(delivery(post).id, door(network, now + SECOND)) == "not ours"
    assert network.sends == []


def test_what_differs_from_what_was_approved_is_never_sent(cast, network, now):
    post = approved(cast, now)
    queue(post, now)
    with writing() as session:
        row = session.get_one(Delivery, delivery(post).id)
        row.payload = {**row.payload, "text": "Never approved"}
    assert publish(delivery(post).id, door(network, now)) == "back in review"
    assert network.sends == []
    assert db.session.get_one(Post, post.id, populate_existing=True).state == "submitted"


@pytest.mark.parametrize("what", ["account", "library"])
def test_nothing_goes_out_while_paused(cast, network, now, what):
    post = approved(cast, now)
    queue(post, now)
    if what == "account":
        pause.pause(cast.account.id, cast.decider, now)
    else:
        pause.pause_everything(cast.library.id, cast.decider, now)
    assert publish(delivery(post).id, door(network, now)) == "not ours"
    assert network.sends == []


def test_refused_tells_and_never_tries_again(cast, network, now):
    post = approved(cast, now)
    network.refuses(Refused(Sentence("The picture is too large."), "HTTP 422"))
    assert go(post, network, now) == "refused"
    assert delivery(post).sentence == "The picture is too large."
    assert delivery(post).diagnosis == "HTTP 422"
    told = {m.to for m in db.session.query(Mail).filter(Mail.subject.like("Not published%"))}
    assert told == {"librarian@school.example", "contributor@school.example"}


def test_busy_waits_with_a_growing_pause_and_a_new_key(cast, network, now):
    post = approved(cast, now)
    network.refuses(BUSY)
    network.refuses(BUSY)
    assert go(post, network, now) == "waiting"
    first = delivery(post).try_at
    assert first == now + timedelta(seconds=15)
    assert go(post, network, first) == "waiting"
    assert delivery(post).try_at == first + timedelta(seconds=30)
    assert len({m.key for m in network.sends}) == 2


def test_busy_until_a_time_the_server_gave(cast, network, now):
    post = approved(cast, now)
    network.refuses(TryLater(Sentence("Slow down."), "429", until=now + timedelta(minutes=7)))
    go(post, network, now)
    assert delivery(post).try_at == now + timedelta(minutes=7)


def test_busy_beyond_the_grace_is_too_late_and_asks(cast, network, now):
    post = approved(cast, now)
    network.refuses(TryLater(Sentence("Closed until tomorrow."), "503", until=now + timedelta(hours=9)))
    assert go(post, network, now) == "missed"
    assert "could not be sent in time" in delivery(post).sentence
    assert delivery(post).diagnosis == "503"


def test_a_dead_token_pauses_the_account_once_and_tells_the_manager(cast, network, now):
    first, second = approved(cast, now, words="One"), approved(cast, now, words="Two")
    dead = Unauthorized(Sentence("The server no longer knows us. Connect the account again."), "HTTP 401")
    network.refuses(dead)
    assert go(first, network, now) == "waiting"
    assert go(second, network, now) == "not ours"
    db.session.expire_all()
    account = db.session.get(Account, cast.account.id)
    assert account.paused_because == dead.sentence
    assert [m.to for m in db.session.query(Mail).filter(Mail.subject.like("%connect it again"))] == [
        "librarian@school.example"
    ]


def test_an_error_that_nobody_classified_is_unclear_never_a_retry(cast, network, now):
    post = approved(cast, now)
    network.refuses(RuntimeError("surprise"))
    assert go(post, network, now) == "unclear"
    assert delivery(post).diagnosis == "RuntimeError: surprise"


def test_what_was_cancelled_while_it_was_sent_does_not_wait_again(cast, network, now):
    post = approved(cast, now)
    network.refuses(BUSY)
    queue(post, now)

    class Cancels(FakeNetwork):
        def send(self, message, prepared):
            compose.cancel(post.id, cast.author, now)
            raise BUSY

    assert publish(delivery(post).id, door(Cancels(), now)) == "cancelled"


def test_what_no_longer_fits_is_not_sent_and_not_shortened(cast, network, now):
    post = approved(cast, now, words="x" * 400)
    queue(post, now)
    with writing() as session:
        account = session.get_one(Account, cast.account.id)
        account.limits = {**account.limits, "characters": 300}
    assert publish(delivery(post).id, door(network, now)) == "back in review"
    assert (delivery(post).state, db.session.get_one(Post, post.id).state) == ("cancelled", "submitted")
    assert "100 characters too long" in last_event(db.session(), post.id).note
    assert network.sends == []


def test_what_no_longer_fits_beside_what_is_out_is_refused_there(cast, network, now):
    post = approved(cast, now, words="x" * 400, accounts=[cast.practice, cast.account])
    queue(post, now)
    out, other = deliveries(post)
    assert publish(out.id, door(Practice(Login("", {}, Reach())), now)) == "published"
    with writing() as session:
        account = session.get_one(Account, cast.account.id)
        account.limits = {**account.limits, "characters": 300}
    assert publish(other.id, door(network, now)) == "refused"
    assert db.session.get_one(Post, post.id, populate_existing=True).state == "approved"


def test_later_than_the_grace_is_not_sent(cast, network, now):
    post = approved(cast, now)
    queue(post, now)
    late = now + timedelta(minutes=121)
    assert publish(delivery(post).id, door(network, late)) == "missed"
    assert network.sends == []
    assert "could not be sent in time" in delivery(post).sentence


def test_a_post_that_began_to_go_out_can_no_longer_change(cast, network, now):
    post = approved(cast, now)
    go(post, network, now)
    changed = Written("news", "Other words", accounts={cast.account.id: ""})
    with pytest.raises(NotDone, match="begun to go out"):
        compose.save(post.id, changed, post.revision, cast.author, now)
    assert delivery(post).state == "published"
