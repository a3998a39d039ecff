"""Titles that are ticked on the page of all titles: kept over its pages and searches until a post is written."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from clients import signed_in
from form_pages import fields_of
from sqlalchemy import select

from outreach.db import db, writing
from outreach.models import Membership, Person, Post, Title
from tests.titles.brought import by_feed, parsed, titles_of

ALL = "/titles/all/"


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


@pytest.fixture
def ids(cast, now):
    """Of sixty titles of one feed, in its order."""
    by_feed(cast.library, now, *(parsed(f"Title {n}") for n in range(60)))
    return [title.id for title in titles_of(cast.library)]


def page_of(client, **asked):
    return client.get(ALL, query_string=asked).get_data(as_text=True)


def ticked(page):
    """What its form would send as titles."""
    return [
        int(n)
        for n in re.findall(r'<input type="checkbox" name="title" value="(\d+)" form="search"[^>]* checked', page)
    ]


def test_what_was_ticked_is_sent_again_by_every_page_and_search(ana, ids):
    chosen = [ids[0], ids[59]]  # the last one is on the first page
    for asked in ({}, {"before": ids[10]}, {"q": "title 7"}, {"q": "nothing like it"}, {"show": "coming"}):
        page = page_of(ana, title=chosen, **asked)
        assert sorted(ticked(page)) == chosen, asked
        assert "2 chosen:" in page


def test_one_that_is_on_another_page_has_its_name_in_the_bar(ana, ids):
    assert "<span>Title 0</span></label>" in page_of(ana, title=ids[0])
    assert "<span>Title 59</span></label>" not in page_of(ana, title=ids[59])


def test_all_that_were_chosen_are_in_the_post_as_the_page_has_them(ana, ids):
    edit = ana.post(f"{ALL}write", data={"title": [ids[0], ids[59], ids[0], ids[5]]}).location
    post = db.session.scalars(select(Post)).one()
    assert edit == f"/posts/{post.id}/edit"
    assert [row.title_id for row in post.titles] == [ids[0], ids[5], ids[59]]


def test_thirty_are_kept_and_it_is_said_how_many_are_not(ana, ids):
    page = page_of(ana, title=ids[:40], before=1)
    assert len(ticked(page)) == 30
    assert "At most 30 titles go into one post: the oldest 10 were left out." in page
    page = page_of(ana, title=ids[:30], before=1)
    assert len(ticked(page)) == 30
    assert "left out." not in page


def written(client, chosen):
    """The page that follows."""
    return client.post(f"{ALL}write", data={"title": chosen}, follow_redirects=True).get_data(as_text=True)


def test_a_post_about_more_than_thirty_says_how_many_are_left_out(ana, ids):
    assert "At most 30 titles go into one post: the oldest one was left out." in written(ana, ids[:31])
    assert "At most 30 titles go into one post: the oldest 30 were left out." in written(ana, ids)
    assert {len(post.titles) for post in db.session.scalars(select(Post))} == {30}
    assert "left out." not in written(ana, ids[:30])


def test_titles_that_were_hidden_or_left_out_or_are_gone_by_now_are_told_of(ana, ids, now):
    with writing() as session:
        session.get_one(Title, ids[0]).hidden_at = now
        session.get_one(Title, ids[1]).left_out = "older"
    gone = max(ids) + 1
    said = "2 titles were hidden or left out meanwhile, and are not chosen any more."
    page = written(ana, [*ids[:4], gone])
    assert said in page
    assert "1 title is gone: its list was undone." in page
    assert said in page_of(ana, title=[*ids[:4], gone])
    assert "1 title was hidden or left out meanwhile, and is not chosen any more." in written(ana, [ids[0], ids[5]])


def test_what_cannot_be_in_a_post_is_not_chosen(ana, cast, ids, now):
    by_feed(cast.other, now, parsed("Theirs"))
    with writing() as session:
        session.get_one(Title, ids[0]).hidden_at = now
        session.get_one(Title, ids[1]).left_out = "older"
    theirs = titles_of(cast.other)[0].id
    page = page_of(ana, title=[ids[0], ids[1], theirs, "²", "999999999999", -1], show="hidden")
    assert ticked(page) == []
    assert "Theirs" not in page
    assert ana.post(f"{ALL}write", data={"title": [theirs, ids[5]]}).status_code == 404
    assert db.session.scalar(select(Post.id)) is None


def test_the_table_is_of_what_is_shown(ana, ids):
    address = re.search(r'href="(/titles/all/titles\.csv[^"]*)"', page_of(ana, title=ids[0], q="title", before=ids[5]))
    assert address[1] == "/titles/all/titles.csv?q=title"


def test_a_title_that_is_let_in_leads_back_with_what_was_chosen(ana, ids):
    with writing() as session:
        session.get_one(Title, ids[0]).left_out = "coming"
    deed = f"{ALL}{ids[0]}/let-in"
    form = fields_of(page_of(ana, show="coming", title=[ids[5], ids[9]]), deed)
    assert ana.post(deed, data=form).location == f"{ALL}?show=coming&title={ids[5]}&title={ids[9]}"


def test_a_title_that_is_let_in_leads_back_to_the_same_list(ana, ids):
    with writing() as session:
        for number in ids[:3]:
            session.get_one(Title, number).left_out = "coming"
    deed = f"{ALL}{ids[0]}/let-in"
    asked = {"q": "title", "show": "coming", "week": "2026-W48", "before": str(ids[2])}
    form = fields_of(page_of(ana, **asked, title=ids[5], other="no"), deed)
    answer = ana.post(deed, data=form)
    back = urlsplit(answer.location)
    assert (back.netloc, back.path) == ("", ALL)
    assert parse_qs(back.query) == {name: [value] for name, value in asked.items()} | {"title": [str(ids[5])]}


@pytest.mark.parametrize("back", ["//evil.example?show=new", "https://evil.example", "show=coming&next=//evil", "%"])
def test_whatever_is_sent_as_the_list_leads_to_no_other_place(ana, ids, back):
    with writing() as session:
        session.get_one(Title, ids[0]).left_out = "coming"
    location = ana.post(f"{ALL}{ids[0]}/let-in", data={"back": back}).location
    assert location in (ALL, f"{ALL}?show=coming", f"{ALL}{ids[0]}")


def test_the_form_of_a_post_tells_its_library_as_every_other_form_does(app, cast, ana, ids):
    with writing() as session:
        person = session.get_one(Person, cast.contributor.id)
        session.add(Membership(person_id=person.id, library_id=cast.other.id, role="contributor"))
    ana.post(f"/library/switch/{cast.library.id}")
    address = unescape(re.search(r'formaction="([^"]+)"', page_of(ana))[1])
    ana.post(f"/library/switch/{cast.other.id}")
    edit = ana.post(address, data={"title": ids[5]}).location
    assert edit == f"/posts/{db.session.scalars(select(Post.id)).one()}/edit"
    assert f"library_id={cast.library.id}" in address


def test_a_list_of_books_that_are_not_all_new_does_not_say_that_they_are(ana, ids):
    words = {}
    with writing() as session:
        for number in ids[:3]:
            session.get_one(Title, number).baseline = False
    for name, chosen in (("new", ids[:2]), ("list", ids[2:4])):
        ana.post(f"{ALL}write", data={"title": chosen})
        words[name] = db.session.scalars(select(Post.words).order_by(Post.id.desc())).first()
    assert words == {"new": "New on our shelves this week:", "list": "Books from our shelves:"}
