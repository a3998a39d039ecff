"""What nobody knows is looked at first; never twice, never lost."""

from datetime import timedelta

import pytest
from factories import approved, delivery, queue
from fakes import FakeNetwork, door

from outreach.access import OUTREACH
from outreach.accounts import pause
from outreach.channels.base import TryLater
from outreach.db import db, writing
from outreach.models import Delivery, Mail
from outreach.posts import reconcile
from outreach.posts.lifecycle import move_delivery
from outreach.posts.publish import publish
from outreach.words import NotDone, Sentence

MINUTE = timedelta(minutes=1)


@pytest.fixture
def network():
    return FakeNetwork()


def unclear(cast, network, now, stored):
    post = approved(cast, now, words="Only once")
    network.goes_silent_after_storing() if stored else network.goes_silent_without_storing()
    queue(post, now)
    assert publish(delivery(post).id, door(network, now)) == "unclear"
    return post


def round_(network, now):
    """One beat of reconcile, with its looks."""
    looked = []
    reconcile.settle(now, lambda delivery_id: looked.append(reconcile.look_at(delivery_id, door(network, now))))
    return looked


def test_stored_then_silent_is_found_and_not_sent_again(cast, network, now):
    post = unclear(cast, network, now, stored=True)
    assert round_(network, now + timedelta(seconds=10)) == []  # the server may still be working
    assert round_(network, now + timedelta(seconds=30)) == ["published"]
    assert delivery(post).remote_id
    assert len(network.posts) == 1


def test_absent_twice_is_sent_once_more_with_the_same_key(cast, network, now):
    post = unclear(cast, network, now, stored=False)
    assert round_(network, now + timedelta(seconds=30)) == ["unclear"]
    assert round_(network, now + timedelta(seconds=60)) == []  # two readings a minute apart
    later = now + timedelta(seconds=95)
    assert round_(network, later) == ["waiting"]
    queue(post, later)
    assert publish(delivery(post).id, door(network, later)) == "published"
    assert len({m.key for m in network.sends}) == 1
    assert len(network.posts) == 1


def test_absent_after_that_is_asked_and_nothing_is_sent_until_the_answer(cast, network, now):
    post = unclear(cast, network, now, stored=False)
    network.goes_silent_without_storing()
    moment = now
    for _ in range(40):
        moment += timedelta(seconds=20)
        round_(network, moment)
        if queue(post, moment):
            publish(delivery(post).id, door(network, moment))
    row = delivery(post)
    assert (row.state, row.asked_at is not None, len(network.sends)) == ("unclear", True, 2)
    assert "Until you answer" in row.sentence


def test_a_server_that_cannot_be_read_asks_a_person_after_a_quarter_of_an_hour(cast, network, now):
    post = unclear(cast, network, now, stored=True)
    network.cannot_be_read(TryLater(Sentence("Down."), "503"))
    round_(network, now + 5 * MINUTE)
    assert delivery(post).asked_at is None
    round_(network, now + 20 * MINUTE)
    assert delivery(post).asked_at is not None


def asked(cast, network, now, stored):
    """Nobody could look for a quarter of an hour, so a person is asked."""
    post = unclear(cast, network, now, stored)
    network.cannot_be_read(TryLater(Sentence("Down."), "503"))
    round_(network, now + 20 * MINUTE)
    network.unreadable = None
    return post


def test_nobody_settles_it_before_we_have_looked(cast, network, now):
    post = unclear(cast, network, now, stored=True)
    with pytest.raises(NotDone, match="still looking"):
        reconcile.it_is_not_there(delivery(post).id, cast.decider, now)
    assert delivery(post).state == "unclear"


def test_who_is_asked_is_told_by_mail_too(cast, network, now):
    asked(cast, network, now, stored=True)
    assert {m.to for m in db.session.query(Mail).filter(Mail.subject.like("Is it there?%"))} == {
        "librarian@school.example",
        "contributor@school.example",
    }


def test_an_address_that_is_none_is_refused(cast, network, now):
    post = asked(cast, network, now, stored=True)
    with pytest.raises(NotDone, match="https://"):
        reconcile.it_is_there(delivery(post).id, "javascript:alert(1)", cast.decider, now)


def test_a_person_sees_it(cast, network, now):
    post = asked(cast, network, now, stored=True)
    reconcile.it_is_there(delivery(post).id, "https://fake.example/9", cast.decider, now)
    assert (delivery(post).state, delivery(post).remote_url) == ("published", "https://fake.example/9")


def test_a_person_does_not_see_it_so_it_is_sent_again(cast, network, now):
    post = asked(cast, network, now, stored=False)
    later = now + 21 * MINUTE
    reconcile.it_is_not_there(delivery(post).id, cast.decider, later)
    queue(post, later)
    assert publish(delivery(post).id, door(network, later)) == "published"
    assert len(network.posts) == 1
    with pytest.raises(NotDone):
        reconcile.it_is_there(delivery(post).id, "", cast.decider, now)


def sending(cast, now, begun):
    """A worker died: the row as it was committed before the call."""
    post = approved(cast, now)
    queue(post, now)
    with writing() as session:
        row = session.get_one(Delivery, delivery(post).id)
        values = {"send_started_at": now if begun else None, "lease_until": now + MINUTE}
        assert move_delivery(session, row, "sending", OUTREACH, now, **values)
    return post


def test_killed_before_the_send_goes_back_to_waiting_without_a_look(cast, network, now):
    post = sending(cast, now, begun=False)
    assert round_(network, now + timedelta(seconds=50)) == []  # its lease holds
    round_(network, now + timedelta(seconds=70))
    assert delivery(post).state == "waiting"


def test_killed_while_sending_is_looked_at(cast, network, now):
    post = sending(cast, now, begun=True)
    assert round_(network, now + timedelta(seconds=70)) == ["unclear"]
    assert round_(network, now + timedelta(seconds=140)) == ["waiting"]
    assert delivery(post).state == "waiting"


def test_one_that_may_not_go_any_more_was_never_attempted_and_waits_again(cast, network, now):
    post = approved(cast, now)
    queue(post, now)
    pause.pause(cast.account.id, cast.decider, now)
    round_(network, now + timedelta(seconds=30))
    assert delivery(post).state == "queued"
    round_(network, now + timedelta(seconds=90))
    assert delivery(post).state == "waiting"


def test_one_that_waits_for_a_busy_worker_keeps_its_place(cast, network, now):
    """Put back to wait, it would count as late, and ten thousand at once would go out one every fifteen seconds."""
    post = approved(cast, now)
    queue(post, now)
    round_(network, now + timedelta(seconds=90))
    assert delivery(post).state == "queued"


def test_a_late_writer_may_say_that_it_is_out(cast, network, now):
    """A worker that was overtaken by the lease comes back with the address."""
    post = sending(cast, now, begun=True)
    round_(network, now + timedelta(seconds=70))
    from outreach.channels.base import Sent
    from outreach.channels.exchange import Heard
    from outreach.posts.job import job_of
    from outreach.posts.publish import _write

    job, sent = job_of(delivery(post)), Sent("7", "https://fake.example/7")
    assert _write(job, sent, now + 2 * MINUTE, now, Heard()) == "published"


def test_two_reconcilers_look_once(cast, network, now):
    unclear(cast, network, now, stored=False)
    at = now + timedelta(seconds=30)
    looked: list[int] = []
    reconcile.settle(at, looked.append)
    reconcile.settle(at, looked.append)
    assert len(looked) == 1


def test_the_same_words_posted_a_moment_before_are_not_taken_for_this_one(cast, network, now):
    twin = approved(cast, now, words="Only once")
    queue(twin, now)
    assert publish(delivery(twin).id, door(network, now)) == "published"
    post = unclear(cast, network, now, stored=False)
    assert round_(network, now + timedelta(seconds=30)) == ["unclear"]
    assert round_(network, now + timedelta(seconds=100)) == ["waiting"]
    assert delivery(post).remote_id is None
