"""Two who decide at the same instant, on PostgreSQL: SQLite has one writer at a time, so there is no race."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from factories import deliveries, submitted
from smtp_server import SmtpServer
from sqlalchemy import func, select
from test_races import at_once

from outreach import mail
from outreach.access import actor
from outreach.db import db, writing
from outreach.models import Approval, Event, Library, Mail, Post
from outreach.people import links
from outreach.posts import approve, by_mail, compose, morning
from outreach.posts.deciding import content
from outreach.posts.written import Written

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
EIGHT = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def token_for(post, person, now):
    with writing() as session:
        return links.make_review(session, person.id, post.id, content(session.get_one(Post, post.id)), now)


def decided(post):
    """How often, and what is laid out to be sent."""
    verbs = Event.post_id == post.id, Event.thing == "post", Event.verb.in_(("approved", "returned"))
    return db.session.scalar(select(func.count(Event.id)).where(*verbs)), len(deliveries(post))


@pytest.mark.parametrize("_round", range(5))
def test_two_approvers_at_once_approve_once(app, cast, now, _round):
    post = submitted(cast, now)
    acts = [partial(approve.approve, post.id, post.revision, actor(p), now) for p in (cast.approver, cast.librarian)]
    assert at_once(app, *acts).count(None) == 1
    assert decided(post) == (1, 1)


@pytest.mark.parametrize("_round", range(5))
def test_a_link_used_twice_at_once_decides_once(app, cast, now, _round):
    post = submitted(cast, now)
    token = token_for(post, cast.approver, now)
    assert at_once(app, *[partial(by_mail.approve, token, now)] * 3).count(None) == 1
    assert decided(post) == (1, 1)


@pytest.mark.parametrize("_round", range(5))
def test_a_link_and_the_page_at_once_decide_once(app, cast, now, _round):
    post = submitted(cast, now)
    by_link = partial(by_mail.send_back, token_for(post, cast.approver, now), "Which day?", now)
    by_page = partial(approve.approve, post.id, post.revision, actor(cast.librarian), now)
    assert at_once(app, by_link, by_page).count(None) == 1
    assert decided(post)[0] == 1


@pytest.mark.parametrize("_round", range(5))
def test_an_edit_at_the_moment_of_approval_is_never_approved_unseen(app, cast, now, _round):
    post = submitted(cast, now, words="Seen")
    token, revision = token_for(post, cast.approver, now), post.revision
    other = Written("news", "Unseen", accounts={cast.account.id: ""}, timing="now")
    edit = partial(compose.save, post.id, other, revision, cast.author, now)
    at_once(app, partial(by_mail.approve, token, now), edit)
    db.session.expire_all()
    approved = db.session.get_one(Post, post.id).state == "approved"
    live = [d.payload["text"] for d in deliveries(post) if d.state != "cancelled"]
    assert live == (["Seen"] if approved else [])


@pytest.mark.parametrize("_round", range(5))
def test_two_first_words_at_once_are_two_words(app, cast, now, _round):
    with writing() as session:
        session.get_one(Library, cast.library.id).two_approvals = ["news"]
    post = submitted(cast, now)
    acts = [partial(approve.approve, post.id, post.revision, actor(p), now) for p in (cast.approver, cast.librarian)]
    assert at_once(app, *acts) == [None, None]
    assert db.session.scalar(select(func.count(Approval.id))) == 1
    assert decided(post) == (1, 1)


@pytest.mark.parametrize("_round", range(5))
def test_two_workers_send_one_letter_of_the_morning(app, cast, config, now, _round):
    for n in range(3):
        submitted(cast, now, words=f"Later {n}", timing="at", wished_at=now.replace(year=2027))
    office = SmtpServer()
    posting = replace(config, smtp_url=office.url)

    def work():
        morning.gather(EIGHT)
        mail.deliver(posting, EIGHT)

    try:
        assert at_once(app, work, work) == [None, None]
        work()
        told = sorted(letter["To"] for letter in office.letters)
        bodies = [letter.get_body(("plain",)).get_content() for letter in office.letters]
    finally:
        office.shutdown()
        office.server_close()
    assert told == ["approver@school.example", "librarian@school.example"]
    assert all(body.count("Later") == 6 for body in bodies)
    assert db.session.scalar(select(func.count(Mail.id)).where(Mail.sent_at.is_(None))) == 0
