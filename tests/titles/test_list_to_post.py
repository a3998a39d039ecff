"""The story of a list: brought, read, drafted on Friday with a picture, approved, out on two places, and old news."""

import html
import io
from datetime import timedelta

import pytest
import requests
from clients import signed_in
from factories import deliveries
from form_pages import fields_of
from mastodon_server import TOKEN, MastodonServer
from PIL import Image
from sqlalchemy import select
from titles_desk import csv

from outreach import clock
from outreach.access import actor
from outreach.accounts.connect import add
from outreach.accounts.open import make_channel
from outreach.channels.base import Login
from outreach.db import db
from outreach.drawing.collage import SHAPES
from outreach.models import DigestRule, Import, Post, Title
from outreach.posts import approve, dispatch
from outreach.posts.publish import publish
from outreach.titles import imports, list_deeds, rules, write
from outreach.titles.covers import studio_of
from outreach.titles.draft import draft_due
from outreach.titles.list_queries import came_with, to_read
from outreach.titles.reading import desk_of, read_list
from outreach.words import NotDone

LIST = """\
Report of new items;;
Title;Author;ISBN
The Wild Robot /;"Brown, Peter, 1979- author.";9780316381994
Front desk;"Yang, Kelly";9781338157796
Nuestra América;"Martí, José, 1853-1895";9788437604947
New kid;"Craft, Jerry";9780062691194
""".encode("cp1252")
LISTED = {"The Wild Robot", "Front desk", "Nuestra América", "New kid"}
MINUTE, WEEK = timedelta(minutes=1), timedelta(weeks=1)


@pytest.fixture(scope="module")
def mastodon_server():
    with MastodonServer() as server:
        yield server


@pytest.fixture
def pages():
    return True


@pytest.fixture
def shop(app):
    return app.extensions["shop"]


@pytest.fixture
def undone(desk):
    """Ids of titles as a form that was open meanwhile has them: one stays, two are gone."""
    desk.bring(csv("Holes,,"))
    second = desk.bring(csv("New kid,,", "Front desk,,"))
    ids = [title.id for title in desk.titles()]
    desk.undo(second)
    return ids


def test_a_form_with_titles_that_were_undone_meanwhile_says_how_many_are_gone(app, cast, desk, undone):
    stays, *gone = undone
    ana = signed_in(app, cast.contributor)
    form = {"words": "New: {titles}", "then": "keep", "timing": "slot", "form_key": "once"}
    refused = ana.post("/posts/new/titles", data=form | {"title": [stays, *gone]})
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "2 titles of this post are gone: their list was undone." in page
    one = ana.post("/posts/new/titles", data=form | {"title": [stays, gone[0]]})
    assert "A title of this post is gone: its list was undone." in one.get_data(as_text=True)
    assert db.session.scalar(select(Post.id)) is None
    again = ana.post("/posts/new/titles", data=fields_of(page, "/posts/new/titles") | {"then": "keep"})
    assert again.status_code == 302, "what is gone is not in the form any more"
    assert [row.title_id for row in db.session.scalars(select(Post)).one().titles] == [stays]


def test_a_post_about_ticked_titles_of_which_some_are_gone_is_about_the_others_and_says_so(app, cast, desk, undone):
    stays, *gone = undone
    ana = signed_in(app, cast.contributor)
    answer = ana.post("/titles/all/write", data={"title": [stays, *gone]}, follow_redirects=True)
    assert "2 titles are gone: their list was undone." in answer.get_data(as_text=True)
    assert [row.title_id for row in db.session.scalars(select(Post)).one().titles] == [stays]


@pytest.fixture
def mastodon(cast, shop, mastodon_server, now):
    """A place on a real server, connected as a person does it."""
    said = make_channel("mastodon", Login(mastodon_server.url, {"token": TOKEN}, shop.reach)).check()
    secrets = {"token": TOKEN}
    by = actor(cast.librarian)
    return add(
        cast.library,
        "mastodon",
        "Our Mastodon",
        by,
        now,
        server=mastodon_server.url,
        secrets=secrets,
        identity=said,
        vault=shop.vault,
    )


def bring(cast, shop, now, purpose=imports.NEW):
    """A person brings the file and says what it is; the worker reads it."""
    brought = imports.bring_file(cast.library, "new items.csv", LIST, cast.author, now)
    imports.answer(brought.id, purpose, brought.columns, cast.author, now)
    assert to_read(db.session(), now) == [brought.id]
    read_list(brought.id, desk_of(shop, lambda: now))
    return again(brought)


def again(row):
    db.session.rollback()
    return db.session.get_one(type(row), row.id, populate_existing=True)


def the_rule():
    db.session.rollback()
    return db.session.scalars(select(DigestRule)).one()


def work(shop, now):
    """What beat and workers do in a minute."""
    told = []
    dispatch.dispatch_due(now, lambda ids, _moment: told.extend(ids))
    return [publish(n, shop.door_at(now)) for n in told]


def status_of(server, delivery):
    answer = requests.get(f"{server.url}/api/v1/statuses/{delivery.remote_id}", timeout=5)
    answer.raise_for_status()
    return answer.json()


def test_from_a_list_to_the_shelves_of_two_places(app, cast, shop, mastodon, mastodon_server, now):
    brought = bring(cast, shop, now)
    assert (brought.state, brought.new, brought.troubles) == ("done", 4, [])
    assert came_with(db.session(), brought.id, now).offered == 4

    rule = the_rule()  # there is one from the first list on
    places = [cast.practice.id, mastodon.id]
    rules.change(rule.id, rules.Typed("0", "09:00", "4", "", places, []), cast.decider, now)
    monday = the_rule().next_at
    assert f"{clock.to_local(monday, 'America/Chicago'):%A %H:%M}" == "Monday 09:00"
    friday = clock.at_wall(clock.today(monday, "America/Chicago") - timedelta(days=3), "00:00", "America/Chicago")
    assert draft_due(friday - MINUTE, studio_of(shop)) == 0
    assert draft_due(friday, studio_of(shop)) == 1

    post = db.session.scalars(select(Post)).one()
    assert (post.state, post.wished_at) == ("submitted", monday)
    assert {row.title.title for row in post.titles} == LISTED
    (picture,) = post.media
    assert picture.shape == "wide"
    assert all(name in picture.alt for name in LISTED)
    assert "Brown, Peter" not in picture.alt  # as people say it, not as catalogs do

    assert work(shop, monday) == []  # nobody has approved it
    approve.approve(post.id, post.revision, cast.decider, monday - MINUTE)
    assert db.session.scalars(select(Title.announced_at)).all() == [None] * 4
    assert sorted(work(shop, monday)) == ["published", "published"]
    assert db.session.scalars(select(Title.announced_at)).all() == [monday] * 4

    on_practice, on_mastodon = sorted(deliveries(post), key=lambda d: d.account_id == mastodon.id)
    timeline = signed_in(app, cast.contributor).get(f"/practice/{cast.practice.id}").get_data(as_text=True)
    assert on_practice.account_id == cast.practice.id
    assert html.escape(picture.alt, quote=False) in timeline.replace("&#39;", "'")
    assert "• The Wild Robot – Peter Brown" in html.unescape(timeline)

    status = status_of(mastodon_server, on_mastodon)
    (attached,) = status["media_attachments"]
    assert attached["description"] == picture.alt
    assert all(name in html.unescape(status["content"]) for name in LISTED)
    sent = requests.get(attached["url"], timeout=5)
    with Image.open(io.BytesIO(sent.content)) as image:
        assert image.size == SHAPES["wide"]

    assert draft_due(the_rule().next_at, studio_of(shop)) == 0  # a week later
    assert the_rule().sentence == "Nothing new this week, so there was no post."
    assert the_rule().next_at == monday + 2 * WEEK


def test_the_same_list_in_half_a_year_is_no_news(cast, shop, now):
    bring(cast, shop, now)
    later = bring(cast, shop, now + 26 * WEEK)
    assert (later.new, db.session.query(Title).count(), db.session.query(Import).count()) == (0, 4, 2)


def test_what_is_on_its_way_is_announced_when_it_is_there(cast, shop, now):
    coming = bring(cast, shop, now, imports.ON_ITS_WAY)
    first = the_rule().next_at
    assert draft_due(first, studio_of(shop)) == 0
    list_deeds.arrived(coming.id, cast.author, first)
    assert draft_due(the_rule().next_at, studio_of(shop)) == 1


def test_a_post_about_a_list_is_written_at_once_with_its_picture(cast, shop, now):
    brought = bring(cast, shop, now)
    post = write.about_list(brought.id, studio_of(shop), cast.author, now)
    assert {row.title.title for row in again(post).titles} == LISTED
    assert {m.shape for m in post.media} == {"square"}  # as Facebook likes it
    with pytest.raises(NotDone, match="at least one title"):
        write.about(cast.library, [], studio_of(shop), cast.author, now)


def test_a_list_that_is_undone_is_in_no_weekly_post(cast, shop, now):
    brought = bring(cast, shop, now)
    assert list_deeds.undo(brought.id, cast.author, now) == 4
    assert draft_due(the_rule().next_at, studio_of(shop)) == 0
