"""Taking down: everywhere at once, by anybody of the library; tried until it is certain, or a person is told where."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from factories import approved, deliveries, delivery, queue
from fakes import FakeNetwork, door
from sqlalchemy import select

from outreach.accounts import pause
from outreach.accounts.retire import retire
from outreach.channels.base import Refused, TryLater, Unauthorized, Unclear
from outreach.db import db, writing
from outreach.models import Account, Delivery, Event, Library, Mail, Post
from outreach.posts import compose, hand, reconcile, take_down
from outreach.posts.errands import GIVE_UP, LEASE, TELL_AGAIN
from outreach.posts.lifecycle import DELIVERY_MOVES, stands_unwanted
from outreach.posts.publish import publish
from outreach.posts.queries import timeline
from outreach.posts.remove import due, remove
from outreach.web.shown import delivery_shown, post_shown
from outreach.words import NotDone, Sentence

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TRIVIA = {"kind": "trivia", "words": "Which?", "fields": {"choices": ["A", "B"], "right": 1}}


@pytest.fixture
def network():
    return FakeNetwork()


def out(cast, network, now, **more):
    """A post that is out at each of its places."""
    post = approved(cast, now, **more)
    for n in range(len({d.part for d in deliveries(post)})):  # each a second after the one before it
        queue(post, now + n * SECOND)
        for one in deliveries(post):
            publish(one.id, door(network, now + n * SECOND))
            if one.account.network == "by_hand" and delivery_of(one.id).state == "in_hand":
                hand.posted(one.id, "https://facebook.example/1", cast.author, now)
    return post


def thread(cast, network, now):
    """A question and its answer, both out."""
    fields = TRIVIA["fields"] | {"answer_at": (now + SECOND).isoformat()}
    return out(cast, network, now, **TRIVIA | {"fields": fields})


def delivery_of(delivery_id):
    return db.session.get_one(Delivery, delivery_id, populate_existing=True)


def states(post):
    return [d.state for d in deliveries(post)]


def work(network, now):
    """What workers do until nothing is left for this moment; the states they found."""
    seen = []
    while ids := due(now):
        seen += [remove(delivery_id, door(network, now)) for delivery_id in ids]
    return seen


def shown(post):
    return post_shown(db.session.get_one(Post, post.id, populate_existing=True))


def unwanted():
    return list(db.session.scalars(select(Delivery).where(stands_unwanted())))


def letters():
    return [m.subject for m in db.session.scalars(select(Mail).order_by(Mail.id))]


def test_it_goes_from_every_place_and_what_is_by_hand_a_person_is_asked_to_delete(cast, network, now):
    post = out(cast, network, now, accounts=[cast.account, cast.practice, cast.by_hand])
    take_down.take_down(post.id, cast.author, now)
    assert timeline(db.session(), cast.practice.id) == []
    assert sorted(work(network, now)) == ["removed", "removed", "with a person"]
    assert network.posts == []
    by_hand = next(d for d in deliveries(post) if d.account_id == cast.by_hand.id)
    assert by_hand.sentence == "Please delete it there: https://facebook.example/1"
    assert (delivery_shown(by_hand), shown(post)) == (post_shown("delete"), post_shown("delete"))
    assert unwanted() == [by_hand]
    assert "Please delete a post on Facebook" in letters()

    take_down.gone(by_hand.id, cast.author, now)
    assert states(post) == ["removed"] * 3
    assert (unwanted(), shown(post)) == ([], post_shown("removed"))


def test_what_is_not_out_yet_never_goes_out(cast, network, now):
    post = approved(cast, now, **TRIVIA)
    queue(post, now)
    publish(deliveries(post)[0].id, door(network, now))
    take_down.take_down(post.id, cast.author, now)
    work(network, now)
    assert states(post) == ["removed", "cancelled"]
    assert queue(post, now + timedelta(days=9)) == []


def test_the_managers_read_of_it_in_the_morning_and_the_history_says_who(cast, network, now):
    post = out(cast, network, now)
    take_down.take_down(post.id, cast.author, now)
    letter = db.session.scalars(select(Mail).where(Mail.subject == "A post was taken down")).one()
    assert (letter.to, letter.gather) == (cast.librarian.email, True)
    assert "Contributor took down this post: The library is open." in letter.body
    line = db.session.scalars(select(Event).where(Event.verb == "take_down")).one()
    assert line.who == "Contributor"


def test_a_thread_goes_the_last_message_first(cast, network, now):
    post = thread(cast, network, now)
    ids = [d.remote_id for d in deliveries(post)]
    assert len(ids) == 2
    take_down.take_down(post.id, cast.author, now)
    work(network, now)
    assert network.removals == ids[::-1]
    assert network.posts == []


def test_a_message_that_does_not_go_at_once_keeps_the_others_of_its_thread_not_waiting(cast, network, now):
    post = thread(cast, network, now)
    take_down.take_down(post.id, cast.author, now)
    network.keeps(TryLater(Sentence("Busy."), "HTTP 503"))
    work(network, now)
    assert states(post) == ["removed"] * (len(deliveries(post)) - 1) + ["removing"]
    assert work(network, now + MINUTE) == ["removed"]


@pytest.mark.parametrize("error", [TryLater, Unclear])
def test_what_nobody_knows_is_tried_again_until_it_is_certain(cast, network, now, error):
    post = out(cast, network, now)
    take_down.take_down(post.id, cast.author, now)
    network.keeps(error(Sentence("It did not say."), "HTTP 503"))
    assert work(network, now) == ["removing"]
    assert (delivery(post).sentence, shown(post)) == ("It did not say.", post_shown("removing"))
    assert due(now + SECOND) == []
    assert work(network, now + MINUTE) == ["removed"]
    assert delivery(post).sentence is None


def test_a_server_that_says_until_when_is_left_alone_until_then(cast, network, now):
    post = out(cast, network, now)
    take_down.take_down(post.id, cast.author, now)
    network.keeps(TryLater(Sentence("Wait."), "HTTP 429", now + 20 * MINUTE))
    work(network, now)
    assert work(network, now + 19 * MINUTE) == []
    assert work(network, now + 20 * MINUTE) == ["removed"]


def test_after_an_hour_a_person_is_told_where_it_still_stands(cast, network, now):
    post, moment = out(cast, network, now), now
    take_down.take_down(post.id, cast.author, now)
    while delivery(post).state == "removing":
        network.keeps(TryLater(Sentence("It does not answer."), "HTTP 503"))
        work(network, moment)
        moment += MINUTE
    assert moment - now <= GIVE_UP + MINUTE
    row = delivery(post)
    assert row.state == "published"
    assert "Please delete it yourself: https://fake.example/" in row.sentence
    assert (unwanted(), shown(post)) == ([row], post_shown("stands"))
    assert "Not taken down: Fake" in letters()


def test_what_is_refused_is_named_with_its_address_and_can_be_tried_again(cast, network, now):
    post = out(cast, network, now)
    take_down.take_down(post.id, cast.author, now)
    network.keeps(Refused(Sentence("Fake did not let us."), "HTTP 422"))
    assert work(network, now) == ["published"]
    assert f"Please delete it yourself: {delivery(post).remote_url}" in delivery(post).sentence
    take_down.take_down(post.id, cast.decider, now + MINUTE)
    assert work(network, now + MINUTE) == ["removed"]


def test_an_account_that_came_loose_is_paused_and_a_person_is_told(cast, network, now):
    post = out(cast, network, now)
    take_down.take_down(post.id, cast.author, now)
    network.keeps(Unauthorized(Sentence("Fake does not know us."), "HTTP 401"))
    assert work(network, now) == ["published"]
    assert db.session.get_one(Account, cast.account.id, populate_existing=True).paused_because
    assert unwanted() == [delivery(post)]


@pytest.mark.parametrize("verb", [take_down.gone, take_down.leave_up])
def test_a_person_settles_what_we_could_not(cast, network, now, verb):
    post = out(cast, network, now)
    take_down.take_down(post.id, cast.author, now)
    network.keeps(Refused(Sentence("No."), "HTTP 422"))
    work(network, now)
    verb(delivery(post).id, cast.author, now)
    assert states(post) == ["removed" if verb is take_down.gone else "published"]
    assert unwanted() == []
    assert delivery(post).sentence is None


def test_what_is_by_hand_may_stay_after_all(cast, network, now):
    post = out(cast, network, now, accounts=[cast.by_hand])
    take_down.take_down(post.id, cast.author, now)
    work(network, now)
    take_down.leave_up(delivery(post).id, cast.author, now)
    assert (states(post), unwanted(), due(now + MINUTE)) == (["published"], [], [])


@pytest.mark.parametrize("what", ["account", "library"])
def test_no_pause_keeps_it_waiting(cast, network, now, what):
    post = out(cast, network, now)
    with writing() as session:
        row = session.get_one(Account, cast.account.id) if what == "account" else None
        (row or session.get_one(Library, cast.library.id)).paused_at = now
    take_down.take_down(post.id, cast.author, now)
    assert work(network, now) == ["removed"]


def test_at_a_place_that_was_removed_a_person_is_asked(cast, network, now):
    post = out(cast, network, now)
    retire(cast.account.id, cast.decider, now)
    take_down.take_down(post.id, cast.author, now)
    assert work(network, now) == ["with a person"]
    assert network.removals == []
    assert delivery(post).remote_url in delivery(post).sentence


def test_twice_is_once_and_there_must_be_something_to_take_down(cast, network, now):
    post = out(cast, network, now)
    take_down.take_down(post.id, cast.author, now)
    with pytest.raises(NotDone, match="being taken down already"):
        take_down.take_down(post.id, cast.decider, now)
    work(network, now)
    waits = approved(cast, now, timing="at", wished_at=now + timedelta(days=1))
    for nothing in (post, waits):
        with pytest.raises(NotDone, match="nothing to take down"):
            take_down.take_down(nothing.id, cast.author, now)
    assert states(waits) == ["waiting"]


def test_a_cancelled_post_of_which_something_is_out_is_taken_down_too(cast, network, now):
    post = approved(cast, now, **TRIVIA)
    queue(post, now)
    publish(deliveries(post)[0].id, door(network, now))
    compose.cancel(post.id, cast.author, now)
    take_down.take_down(post.id, cast.author, now)
    assert work(network, now) == ["removed"]


def test_cancel_leads_to_the_button(cast, network, now):
    post = out(cast, network, now)
    with pytest.raises(NotDone, match="Take it down"):
        compose.cancel(post.id, cast.author, now)


# While it is being sent


@pytest.mark.parametrize("stored", [True, False])
def test_asked_for_while_it_is_being_sent_it_goes_as_soon_as_it_is_out(cast, network, now, stored):
    post = approved(cast, now)
    queue(post, now)

    class Slow(FakeNetwork):
        def send(self, message, prepared):
            take_down.take_down(post.id, cast.author, now)
            db.session.rollback()
            if not stored:
                raise Refused(Sentence("Too long."), "HTTP 422")
            return super().send(message, prepared)

    slow = Slow()
    publish(delivery(post).id, door(slow, now))
    assert states(post) == ["removing" if stored else "cancelled"]
    work(slow, now + SECOND)
    assert states(post) == ["removed" if stored else "cancelled"]
    assert slow.posts == []


@pytest.mark.parametrize("error", [TryLater, Unauthorized])
def test_what_did_not_go_out_then_never_will(cast, network, now, error):
    post = approved(cast, now)
    queue(post, now)

    class Slow(FakeNetwork):
        def send(self, message, prepared):
            take_down.take_down(post.id, cast.author, now)
            db.session.rollback()
            raise error(Sentence("Not now."), "HTTP 4xx")

    publish(delivery(post).id, door(Slow(), now))
    assert states(post) == ["cancelled"]


def test_what_a_person_would_have_to_post_by_hand_is_asked_of_nobody(cast, now):
    post = approved(cast, now, accounts=[cast.by_hand])
    queue(post, now)
    with writing() as session:
        session.get_one(Delivery, delivery(post).id).unwanted_at = now
    publish(delivery(post).id, door(FakeNetwork(), now))
    assert states(post) == ["cancelled"]
    assert letters() == []


@pytest.mark.parametrize("stored", [True, False])
def test_what_nobody_knows_is_looked_for_and_then_goes(cast, network, now, stored):
    post = approved(cast, now)
    network.goes_silent_after_storing() if stored else network.goes_silent_without_storing()
    queue(post, now)
    publish(delivery(post).id, door(network, now))
    take_down.take_down(post.id, cast.author, now)
    assert (states(post), shown(post)) == (["unclear"], post_shown("removing"))
    moment = now
    for _ in range(10):
        moment += 20 * SECOND
        reconcile.settle(moment, lambda n, at=moment: reconcile.look_at(n, door(network, at)))
        work(network, moment)
    assert states(post) == ["removed" if stored else "cancelled"]
    assert (network.posts, len(network.sends)) == ([], 1)


# Workers


def test_a_killed_worker_loses_nothing(cast, network, now):
    """Killed after the claim: its lease runs out, and another one does it."""
    post = out(cast, network, now)
    take_down.take_down(post.id, cast.author, now)

    class Killed(Exception):
        pass

    class Dies(FakeNetwork):
        def take_down(self, remote_id):
            raise KeyboardInterrupt

    (one,) = due(now)
    with pytest.raises(KeyboardInterrupt):
        remove(one, door(Dies(), now))
    assert due(now + LEASE) == []
    assert remove(one, door(network, now + SECOND)) == "not ours"
    assert work(network, now + LEASE + TELL_AGAIN) == ["removed"]


def test_a_message_that_vanished_is_told_again(cast, network, now):
    post = out(cast, network, now)
    take_down.take_down(post.id, cast.author, now)
    assert due(now) == [delivery(post).id]
    assert due(now + SECOND) == []
    assert due(now + TELL_AGAIN + SECOND) == [delivery(post).id]


def test_a_worker_that_stood_still_adds_that_it_is_gone_and_never_that_it_failed(cast, network, now):
    post = out(cast, network, now)
    take_down.take_down(post.id, cast.author, now)

    class Slow(FakeNetwork):
        def __init__(self, then: Callable[[], None]):
            super().__init__()
            self.then = then

        def take_down(self, remote_id):
            self.then()
            db.session.rollback()
            raise Refused(Sentence("Late and wrong."), "HTTP 422")

    (one,) = due(now)
    later = now + LEASE + SECOND
    assert remove(one, door(Slow(lambda: remove(one, door(network, later))), now)) == "removed"


@pytest.mark.parametrize("verb", [take_down.gone, take_down.leave_up])
@pytest.mark.parametrize("state", sorted(DELIVERY_MOVES))
def test_nothing_is_settled_that_nobody_was_asked(cast, now, verb, state):
    row = delivery(approved(cast, now))
    with writing() as session:
        session.get_one(Delivery, row.id).state = state
    with pytest.raises(NotDone, match="settled already"):
        verb(row.id, cast.author, now)
    assert delivery_of(row.id).state == state


def test_pausing_is_not_taking_down(cast, network, now):
    post = out(cast, network, now)
    pause.pause_everything(cast.library.id, cast.author, now)
    assert (states(post), due(now)) == (["published"], [])
