"""Two people at the same instant, on PostgreSQL: SQLite has one writer at a time, so there is no race."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from factories import approved, deliveries, delivery, queue, submitted, write
from fakes import FakeNetwork, door
from flask import Flask
from sqlalchemy import func, select

from outreach import mail
from outreach.access import OUTREACH
from outreach.accounts import connect
from outreach.db import db, writing
from outreach.models import Account, Feed, FeedTitle, Library, Mail, Person, Post, Title
from outreach.people import members
from outreach.people.members import remove, set_role
from outreach.posts import approve, compose, hand, schedule
from outreach.posts.publish import publish
from outreach.posts.zone import change_settings
from outreach.titles.feeds import add
from outreach.titles.identity import candidate
from outreach.titles.rss.parse import ParsedTitle
from outreach.titles.store import store
from outreach.words import NotDone

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def at_once(app: Flask, *acts: Callable[[], object]) -> list[Exception | None]:
    """What each act, in a thread of its own, raised."""
    start = Barrier(len(acts))

    def act(verb: Callable[[], object]) -> Exception | None:
        with app.app_context():
            start.wait(10)
            try:
                verb()
            except NotDone as stop:
                return stop
        return None

    db.session.rollback()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


@pytest.mark.parametrize("_round", range(5))
def test_two_managers_who_remove_each_other_leave_one(app, cast, now, _round):
    by, library_id, managers = cast.decider, cast.library.id, (cast.librarian.id, cast.approver.id)
    with writing() as session:
        set_role(
            session, session.get_one(Person, managers[1]), session.get_one(Library, library_id), "manager", by, now
        )

    def out(person_id: int) -> None:
        with writing() as session:
            remove(session, session.get_one(Person, person_id), session.get_one(Library, library_id), by, now)

    raised = at_once(app, *(partial(out, n) for n in managers))
    assert [type(r) for r in raised].count(NotDone) == 1


@pytest.mark.parametrize("_round", range(5))
def test_one_usual_time_goes_to_one_post(app, cast, now, _round):
    by, wished = cast.decider, schedule.next_free(db.session(), cast.library, "news", now)
    posts = [write(cast, now, timing="slot") for _ in range(2)]
    with writing() as session:
        for post in posts:
            row = session.get_one(Post, post.id)
            row.state, row.wished_at = "submitted", wished
    acts = [partial(approve.approve, post.id, post.revision, by, now) for post in posts]
    assert at_once(app, *acts) == [None, None]
    db.session.expire_all()
    assert len({delivery(post).due_at for post in posts}) == 2


@pytest.mark.parametrize("_round", range(5))
def test_one_reason_is_one_letter(app, cast, now, _round):
    def letter() -> None:
        with writing() as session:
            mail.put(session, "ana@school.example", "One", "Words", now, about="reason")

    assert at_once(app, letter, letter, letter) == [None] * 3
    assert db.session.scalar(select(func.count(Mail.id)).where(Mail.about == "reason")) == 1


@pytest.mark.parametrize("_round", range(5))
def test_a_title_that_two_feeds_bring_is_stored_once(app, cast, now, _round):
    sources = [add(cast.library, f"https://catalog.example/{n}.rss", f"Shelf {n}", OUTREACH, now).id for n in range(2)]
    book = ParsedTitle("Waverider", None, "Kazu Kibuishi", ("9780545935180",), None, None, None, None, None)

    def bring(feed_id: int) -> None:
        with writing() as session:
            store(session, session.get_one(Feed, feed_id), [candidate(book)], now)

    assert at_once(app, *(partial(bring, n) for n in sources)) == [None, None]
    assert db.session.scalar(select(func.count(Title.id))) == 1
    assert db.session.scalar(select(func.count(FeedTitle.title_id))) == 2


@pytest.mark.parametrize("_round", range(8))
def test_what_goes_back_to_review_and_what_goes_out_at_one_moment_is_never_both(app, cast, now, _round):
    """One place shrank its limit; the other takes it. Either all of it goes back, or what is out stays out."""
    other = connect.add(cast.library, "practice", "Second", OUTREACH, now, vault=app.extensions["shop"].vault)
    post = approved(cast, now, words="x" * 400, accounts=[cast.account, other])
    queue(post, now)
    with writing() as session:
        session.get_one(Account, cast.account.id).limits = {**cast.account.limits, "characters": 300}
    lent, ids = door(FakeNetwork(), now), [d.id for d in deliveries(post)]
    assert at_once(app, *(partial(publish, n, lent) for n in ids)) == [None, None]
    db.session.expire_all()
    states = {d.state for d in deliveries(post)}
    assert (db.session.get_one(Post, post.id).state, states) in [
        ("submitted", {"cancelled"}),
        ("approved", {"published", "refused"}),
    ]


@pytest.mark.parametrize("_round", range(8))
def test_posted_by_hand_and_cancelled_at_one_moment_wait_for_nobody_for_ever(app, cast, now, _round):
    post = approved(cast, now, accounts=[cast.by_hand])
    queue(post, now)
    publish(deliveries(post)[0].id, door(FakeNetwork(), now))
    asked = deliveries(post)[0].id
    acts = [partial(hand.posted, asked, "", cast.decider, now), partial(compose.cancel, post.id, cast.decider, now)]
    assert {type(e) for e in at_once(app, *acts)} <= {type(None), NotDone}


@pytest.mark.parametrize("_round", range(5))
def test_another_zone_and_an_approval_at_one_moment_agree(app, cast, now, _round):
    at = now + timedelta(days=2)
    post = submitted(cast, now, timing="at", wished_at=at)
    settings = {"name": "Maple", "country": "", "grades": "all", "language": "en", "hashtags": "", "own_approval": None}
    change = partial(change_settings, cast.library.id, "Europe/Berlin", cast.decider, now, **settings)
    raised = at_once(app, change, partial(approve.approve, post.id, post.revision, cast.decider, now))
    assert raised == [None, None]
    db.session.expire_all()
    assert delivery(post).due_at == db.session.get_one(Post, post.id).wished_at


def test_two_who_invite_the_same_person_make_one(app, cast, now):
    invite = partial(members.invite, cast.library.id, "new@school.example", "New", "approver", cast.decider, now)
    at_once(app, invite, invite)
    assert db.session.scalar(select(func.count(Person.id)).where(Person.email == "new@school.example")) == 1
