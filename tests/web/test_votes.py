"""The votes of a poll that is out: counted when a person looks, of all places together and of each."""

import html
import re
from datetime import timedelta

import pytest
from clients import signed_in
from factories import an_account, approved, deliveries, queue
from fakes import FakeNetwork, door
from local_server import LocalServer, Reply

from outreach import clock
from outreach.db import writing
from outreach.models import Account
from outreach.posts.publish import publish


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


def polled(*votes, over=True):
    ends = None if over else (clock.now() + timedelta(hours=5)).isoformat()
    options = [{"votes_count": count} for count in votes]
    return Reply(200, {"id": "1", "poll": {"expired": over, "expires_at": ends, "options": options}})


@pytest.fixture
def servers(app, cast, now):
    """Two places on two servers."""
    with LocalServer(lambda _: polled(2, 9)) as one, LocalServer(lambda _: polled(1, 0)) as two:
        with writing() as session:
            second = an_account(cast.library, "Second", two.url, now)
            session.add(second)
            for account, server in ((session.get_one(Account, cast.account.id), one), (second, two)):
                account.server, account.sealed = server.url, app.extensions["shop"].vault.seal({"token": "t"})
        yield one, two, [cast.account, second]


def asked(cast, places, now=None, kind="trivia", **fields):
    now = now or clock.now() - timedelta(days=4)
    fields = fields or {"choices": ["Verne", "Wells"], "right": 1}
    at = {"wished_at": now + timedelta(minutes=1), "timing": "at"}
    post = approved(cast, now, kind=kind, words="Who wrote The Time Machine?", fields=fields, accounts=places, **at)
    later = now + timedelta(minutes=2)
    queue(post, later)
    for one in deliveries(post):
        publish(one.id, door(FakeNetwork(), later))
    return post


def words_of(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def test_how_many_were_right_is_told_of_all_places_and_of_each(ana, cast, servers):
    one, two, places = servers
    post = asked(cast, places)
    assert f'href="/posts/{post.id}/votes"' in ana.get(f"/posts/{post.id}").text
    assert one.seen + two.seen == []
    page = words_of(ana.get(f"/posts/{post.id}/votes"))
    assert "12 answered, 9 of them right. Nobody can vote any more." in page
    assert "Verne 3 votes Wells right 9 votes" in page
    assert "Fake Wells: 9, Verne: 2 (11 votes) Second Verne: 1, Wells: 0 (1 vote)" in page


def test_a_place_that_does_not_answer_is_named(ana, cast, servers):
    _, two, places = servers
    post = asked(cast, places)
    two.answer = lambda _: Reply(503)
    page = words_of(ana.get(f"/posts/{post.id}/votes"))
    assert "11 answered, 9 of them right." in page
    assert "We could not read the votes at Second." in page
    assert "At each place" not in page


def test_while_people_vote_it_says_until_when(ana, cast, servers):
    one, _, places = servers
    one.answer = lambda _: polled(0, 1, over=False)
    page = words_of(ana.get(f"/posts/{asked(cast, places[:1]).id}/votes"))
    assert "1 answered, 1 of them right. People can vote until" in page


def test_that_nobody_has_answered_yet_is_said(ana, cast, servers):
    one, _, places = servers
    one.answer = lambda _: polled(0, 0, over=False)
    page = words_of(ana.get(f"/posts/{asked(cast, places[:1]).id}/votes"))
    assert "Nobody has answered yet. People can vote until" in page


def test_a_question_without_a_right_choice_has_none(ana, cast, servers):
    poll = {"way": "poll", "choices": ["Mornings", "Afternoons"], "days": "1"}
    page = words_of(ana.get(f"/posts/{asked(cast, servers[2][:1], kind='feedback', **poll).id}/votes"))
    assert "11 answered. Nobody can vote any more." in page
    assert "of them right" not in page


def test_a_post_without_a_poll_has_no_votes(ana, cast, now):
    post = approved(cast, now)
    assert "/votes" not in ana.get(f"/posts/{post.id}").text
    assert ana.get(f"/posts/{post.id}/votes").headers["Location"] == f"/posts/{post.id}"
