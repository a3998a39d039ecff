"""From a question that is out to what came of it: its page, the votes, the form that begins with them."""

import html
from datetime import timedelta

import pytest
from clients import signed_in
from factories import approved, deliveries, queue
from fakes import FakeNetwork, door
from form_pages import fields_of
from local_server import LocalServer, Reply

from outreach import clock
from outreach.db import writing
from outreach.models import Account
from outreach.posts.publish import publish

POLL = {"way": "poll", "choices": ["Mornings", "Afternoons"], "days": "1"}


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


@pytest.fixture
def server(app, cast):
    """The server of the place, with a poll that is over."""
    poll = {"expired": True, "expires_at": None, "options": [{"votes_count": 34}, {"votes_count": 17}]}
    with LocalServer(lambda _: Reply(200, {"id": "1", "poll": poll})) as running:
        with writing() as session:
            account = session.get_one(Account, cast.account.id)
            account.server, account.sealed = running.url, app.extensions["shop"].vault.seal({"token": "t"})
        yield running


def asked(cast, now):
    post = approved(cast, now, kind="feedback", words="When shall we open?", fields=POLL)
    queue(post, now)
    publish(deliveries(post)[0].id, door(FakeNetwork(), now))
    return post


def text(answer):
    return html.unescape(answer.get_data(as_text=True))


def test_the_result_is_written_in_and_she_says_what_was_done(ana, cast, server):
    post = asked(cast, clock.now() - timedelta(days=2))
    address = f"/writing/{post.id}/result"
    assert f'href="{address}"' in text(ana.get(f"/posts/{post.id}"))
    page = ana.get(address)
    form = fields_of(text(page), "/posts/new/feedback")
    assert (form["of-way"], form["of-result"]) == (["done"], ["Mornings: 34, Afternoons: 17 (51 votes)"])
    assert (form["words"], form["account"]) == (["When shall we open?"], [str(cast.account.id)])
    assert "Now write what you did." in text(page)


def test_while_people_vote_it_says_until_when_and_nobody_is_asked(ana, cast, server):
    post = asked(cast, clock.now())
    page = text(ana.get(f"/posts/{post.id}"))
    assert "People can vote until" in page
    assert "Say what came of it" not in page
    assert "People can still vote, until" in text(ana.get(f"/writing/{post.id}/result", follow_redirects=True))
    assert server.seen == []


def test_where_nobody_answers_the_form_opens_all_the_same(ana, cast, server):
    post = asked(cast, clock.now() - timedelta(days=2))
    server.answer = lambda _: Reply(503)
    page = text(ana.get(f"/writing/{post.id}/result"))
    assert "We could not read the votes at Fake." in page
    assert fields_of(page, "/posts/new/feedback")["of-result"] == [""]
