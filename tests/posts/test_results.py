"""What came of a question: the votes of its places together, and the post that tells of them."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from factories import an_account, approved, deliveries, queue
from fakes import FakeNetwork, door

from outreach.channels.base import Tally, TryLater
from outreach.db import db, writing
from outreach.models import Post
from outreach.posts import results
from outreach.posts.hand import posted
from outreach.posts.publish import publish
from outreach.posts.results import Result
from outreach.vault import Unsealable
from outreach.words import Sentence

CHOICES = ["Audio books", "Graphic novels"]
POLL = {"way": "poll", "choices": CHOICES, "days": "1"}


@pytest.fixture
def network(cast):
    return FakeNetwork(pool=db.engine.pool)


@pytest.fixture
def second(cast, now):
    with writing() as session:
        account = an_account(cast.library, "Second", "https://two.example", now)
        session.add(account)
    return account


def asked(cast, network, now, fields=POLL, **more):
    """A question that is out."""
    post = approved(cast, now, kind="feedback", words="What do we buy?", fields=fields, **more)
    queue(post, now)
    for one in deliveries(post):
        publish(one.id, door(network, now))
    return db.session.get_one(Post, post.id, populate_existing=True)


def count(post, network, now):
    def opened(account):
        """Each place has its own door, and the next tally."""
        return replace(network, tallies=[network.tallies.pop(0)] if network.tallies else [])

    return results.count(post, opened, now + timedelta(days=2))


def test_the_votes_of_all_places_are_added(cast, network, second, now):
    post = asked(cast, network, now, accounts=[cast.account, second])
    network.tallies = [Tally((3, 8)), Tally((2, 4))]
    found = count(post, network, now)
    assert found.votes == (("Audio books", 5), ("Graphic novels", 12))
    assert [(place, [count for _, count in votes]) for place, votes in found.places] == [
        ("Fake", [3, 8]), ("Second", [2, 4])
    ]  # fmt: skip
    written = results.said(post, found)
    assert (written.words, written.accounts) == ("What do we buy?", {cast.account.id: "", second.id: ""})
    assert written.fields == {"way": "done", "result": "Graphic novels: 12, Audio books: 5 (17 votes)"}
    assert results.what_to_do(found) == "The votes are filled in. Now write what you did."


def test_slow_places_are_asked_at_the_same_time(cast, network, second, now, monkeypatch):
    post = asked(cast, network, now, accounts=[cast.account, second])
    both = Barrier(2, timeout=10)  # broken, and so no vote, where one waits for the other

    def slow(place, remote_id):
        both.wait()
        return Tally((1, 2))

    monkeypatch.setattr(FakeNetwork, "tally", slow)
    assert count(post, network, now).votes == (("Audio books", 2), ("Graphic novels", 4))


def test_a_place_that_does_not_answer_is_named_and_so_is_one_that_has_no_polls(cast, network, second, now):
    post = asked(cast, network, now, accounts=[cast.account, second, cast.by_hand])
    by_hand = next(d for d in deliveries(post) if d.account_id == cast.by_hand.id)
    posted(by_hand.id, "", cast.author, now)
    post = db.session.get_one(Post, post.id, populate_existing=True)
    network.tallies = [Tally((1, 0)), TryLater(Sentence("Later."))]
    found = count(post, network, now)
    assert (found.votes, found.unread, found.elsewhere) == (
        (("Audio books", 1), ("Graphic novels", 0)), ("Second",), ("Facebook",)
    )  # fmt: skip
    assert "at Second, Facebook" in results.what_to_do(found)


def locked(account):
    raise Unsealable


@pytest.mark.parametrize("tally", [None, Tally(()), Tally((1, 2, 3)), TryLater(Sentence("Later."))])
def test_what_cannot_be_read_is_written_by_hand(cast, network, now, tally):
    post = asked(cast, network, now)
    network.tallies = [tally]
    found = count(post, network, now)
    assert found == Result(unread=("Fake",)) == results.count(post, locked, now)
    assert results.said(post, found).fields == {"way": "done"}
    assert "write the result by hand" in results.what_to_do(found)


def test_a_poll_without_a_vote_has_no_result(cast, network, now):
    post = asked(cast, network, now)
    network.tallies = [Tally((0, 0))]
    found = count(post, network, now)
    assert "result" not in results.said(post, found).fields
    assert "Nobody voted" in results.what_to_do(found)


def test_people_vote_until_its_last_place_ends_as_we_know_and_as_the_server_says(cast, network, now):
    post = asked(cast, network, now)
    assert results.open_until(post, now + timedelta(hours=1)) == now + timedelta(days=1)
    assert results.open_until(post, now + timedelta(days=1)) is None
    later = now + timedelta(days=3)
    network.tallies = [Tally((0, 1), later)]
    assert count(post, network, now).open_until == later


def test_only_a_question_that_is_out_has_a_result(cast, network, now):
    assert results.has_result(asked(cast, network, now))
    assert results.has_result(asked(cast, network, now, {"way": "link"}, link="https://forms.example/1"))
    told = {"way": "done", "result": "Mornings", "done": "We open early."}
    assert not results.has_result(asked(cast, network, now, told))
    assert not results.has_result(approved(cast, now, kind="feedback", words="What do we buy?", fields=POLL))


def test_it_is_said_in_both_languages_of_the_post(cast, network, now):
    second = {"language": "es", "words": "¿Qué compramos?", "fields": {"how": "Diga"}}
    post = asked(cast, network, now, POLL | {"hashtags": "#Books"}, second=second)
    network.tallies = [Tally((0, 1_234))]
    written = results.said(post, count(post, network, now))
    assert written.fields["hashtags"] == "#Books"
    assert written.fields["result"] == "Graphic novels: 1,234, Audio books: 0 (1,234 votes)"
    assert written.second == {
        "language": "es", "words": "¿Qué compramos?",
        "fields": {"result": "Graphic novels: 1.234, Audio books: 0 (1.234 votos)"},
    }  # fmt: skip
