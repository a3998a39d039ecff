"""What was tried, in words for everybody; what was said, for support, without a secret."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from clients import signed_in
from factories import approved, delivery, queue
from mastodon_server import TOKEN, MastodonServer

from outreach import clock
from outreach.db import db, writing
from outreach.models import Account, Delivery
from outreach.posts.attempts import attempts_of, forget_exchanges
from outreach.posts.publish import publish


@pytest.fixture(scope="module")
def server():
    with MastodonServer() as started:
        yield started


@pytest.fixture
def environ(environ):
    return environ | {"OUTREACH_ALLOW_HOSTS": "127.0.0.0/8"}


@pytest.fixture
def sent(app, cast, server, now):
    with writing() as session:
        account = session.get_one(Account, cast.account.id)
        account.server, account.sealed = server.url, app.extensions["shop"].vault.seal({"token": TOKEN})
    post = approved(cast, now)
    queue(post, now)
    publish(delivery(post).id, app.extensions["shop"].door_at(now))
    assert delivery(post).state == "published", delivery(post).diagnosis
    return delivery(post)


def test_a_send_is_told_in_words_and_with_what_was_said(app, cast, sent):
    page = signed_in(app, cast.librarian).get(f"/deliveries/{sent.id}/log").get_data(as_text=True)
    assert "it is out" in page
    assert "POST 127.0.0.1/api/v1/statuses → 200" in page
    assert TOKEN not in page
    assert f"/deliveries/{sent.id}/log" in signed_in(app, cast.librarian).get(f"/posts/{sent.post_id}").text


def test_who_is_no_manager_reads_the_words_alone(app, cast, sent):
    page = signed_in(app, cast.contributor).get(f"/deliveries/{sent.id}/log").get_data(as_text=True)
    assert "it is out" in page
    assert "/api/v1/statuses" not in page


def test_it_is_saved_for_support_without_a_secret(app, cast, sent):
    answer = signed_in(app, cast.librarian).get(f"/deliveries/{sent.id}/log.json")
    told = json.loads(answer.data)
    assert [a["outcome"] for a in told["attempts"]] == ["published"]
    assert told["attempts"][0]["exchange"][0]["status"] == 200
    assert TOKEN not in answer.text
    assert not re.search(r"Bearer (?!•••)", answer.text)


def test_what_was_said_is_forgotten_after_a_month_and_the_words_stay(app, cast, sent, now):
    from datetime import timedelta

    with writing() as session:
        forget_exchanges(session, now + timedelta(days=29))
    assert attempts_of(db.session(), sent.id)[0].exchange
    with writing() as session:
        forget_exchanges(session, now + timedelta(days=31))
    (tried,) = attempts_of(db.session(), sent.id)
    assert (tried.exchange, tried.outcome) == ([], "published")


def test_what_is_out_for_a_while_is_shown_once_more_by_who_decides(app, cast, sent):
    with writing() as session:
        session.get_one(Delivery, sent.id).published_at = clock.now() - timedelta(days=1)
    approver, address = signed_in(app, cast.approver), f"/posts/{sent.post_id}"
    assert "Show it once more" in approver.get(address).text
    assert "Show it once more" not in signed_in(app, cast.contributor).get(address).text
    said = approver.post(f"/deliveries/{sent.id}/boost", follow_redirects=True).text
    assert "It is shown there once more." in said
    assert "Show it once more" not in said
    assert "showed it once more" in said
    assert "shown once more" in approver.get(f"/deliveries/{sent.id}/log").text
    again = approver.post(f"/deliveries/{sent.id}/boost", follow_redirects=True).text
    assert "It was shown there once more already." in again
