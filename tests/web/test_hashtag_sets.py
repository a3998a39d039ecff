"""Hashtags that were used together are offered again, the newest first; picked, they stand in the post."""

import re

import pytest
from clients import signed_in
from form_pages import fields_of

from outreach.db import db
from outreach.models import Library, Post
from outreach.posts.hashtag_sets import MOST


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


def send(client, cast, hashtags="", then="review", **more):
    data = {"words": "Hello", "account": [str(cast.practice.id)], "timing": "now", "hashtags": hashtags, "then": then}
    client.post("/posts/new/news", data=data | more)


def sets(cast):
    db.session.expire_all()
    return db.session.get_one(Library, cast.library.id).hashtag_sets


def last():
    db.session.expire_all()
    return db.session.query(Post).order_by(Post.id.desc()).first().fields.get("hashtags")


def offered(client, address="/posts/new/news"):
    return re.findall(r'name="set" value="([^"]+)"', client.get(address).get_data(as_text=True))


def test_what_was_sent_is_offered_the_newest_first_and_a_draft_is_none(cast, ana):
    send(ana, cast, "BookWeek #Reading")
    send(ana, cast, "#Chess")
    send(ana, cast, "#HalfTy", then="keep")
    send(ana, cast, "#reading #bookweek")  # the same, as written last
    assert sets(cast) == offered(ana) == ["#reading #bookweek", "#Chess"]
    for number in range(MOST + 2):
        send(ana, cast, f"#Tag{number}")
    assert sets(cast) == [f"#Tag{number}" for number in range(MOST + 1, 1, -1)]


def test_who_schedules_her_own_keeps_them_too(app, cast):
    librarian = signed_in(app, cast.librarian)
    cast.library.own_approval = True
    db.session.commit()
    send(librarian, cast, "#Mine", then="schedule", sure="1")
    assert sets(cast) == ["#Mine"]


def test_a_set_that_is_picked_stands_in_the_post_beside_what_is_typed(cast, ana):
    send(ana, cast, "#BookWeek #Reading")
    send(ana, cast, "#reading #Poems", then="keep", set="#BookWeek #Reading")
    assert last() == "#reading #Poems #BookWeek"
    address = f"/posts/{db.session.query(Post.id).order_by(Post.id.desc()).first().id}/edit"
    assert fields_of(ana.get(address).get_data(as_text=True), address)["hashtags"] == ["#reading #Poems #BookWeek"]
    assert offered(ana, address) == []  # it is in the field


def test_a_set_can_be_forgotten(cast, ana):
    send(ana, cast, "#BookWeek")
    send(ana, cast, "#Chess")
    send(ana, cast, then="keep", forget_set=["#BookWeek", "#Unknown"])
    assert offered(ana) == ["#Chess"]
