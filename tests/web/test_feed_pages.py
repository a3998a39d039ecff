"""A feed from its page: what it had all along becomes a post at once; added twice; named; many formats."""

import re
from datetime import timedelta

import pytest
from clients import signed_in
from form_pages import fields_of
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import DigestRule, Feed, Post, Title
from outreach.titles import feeds
from tests.titles.brought import by_feed, parsed, titles_of

HOUR = timedelta(hours=1)
OFFER = "Write a post about the newest 4"


@pytest.fixture
def decider(app, cast):
    return signed_in(app, cast.approver)


@pytest.fixture
def page(cast, now):
    """Of a feed that was checked once: six books, one of them on paper and to listen to."""
    books = [parsed("Up", author="Jo Lee", format=kind) for kind in ("book", "audiobook")]
    books += [parsed(f"Book {n}") for n in range(4)]
    by_feed(cast.library, now, *books, baseline_at=None)
    with writing() as session:
        feed = session.scalars(select(Feed)).one()
        feed.baseline_at = now
        return f"/titles/feeds/{feed.id}"


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_what_a_feed_had_all_along_is_offered_as_a_post(decider, page):
    assert "counts as known" in text(decider.get(page))
    assert OFFER in text(decider.get(page))
    edit = decider.post(f"{page}/write").location
    post = db.session.scalars(select(Post)).one()
    assert edit == f"/posts/{post.id}/edit"
    assert [row.title.title for row in post.titles] == ["Up", "Book 0", "Book 1", "Book 2"]
    assert OFFER not in text(decider.get(page))  # the post is there
    assert "Choose at least one title." in text(decider.post(f"{page}/write", follow_redirects=True))


def test_it_is_offered_no_more_once_something_came_or_was_announced(decider, cast, page, now):
    with writing() as session:
        session.get_one(Title, titles_of(cast.library)[3].id).announced_at = now
    assert OFFER not in text(decider.get(page))
    with writing() as session:
        session.get_one(Title, titles_of(cast.library)[3].id).announced_at = None
    assert OFFER in text(decider.get(page))
    with writing() as session:  # long before there was this feed: by a list
        session.get_one(Title, titles_of(cast.library)[3].id).announced_at = now - HOUR
    assert OFFER in text(decider.get(page))
    by_feed(cast.library, now + HOUR, parsed("Brand new"))
    assert OFFER not in text(decider.get(page))


@pytest.mark.parametrize("why", ["held_at", "stopped_at"])
def test_a_feed_that_asks_something_or_is_stopped_offers_no_post(decider, page, now, why):
    with writing() as session:
        setattr(session.scalars(select(Feed)).one(), why, now)
    shown = text(decider.get(page))
    assert OFFER not in shown
    assert "All that it has now" not in shown
    assert "Choose at least one title." in text(decider.post(f"{page}/write", follow_redirects=True))


def test_the_weekly_post_is_told_of_only_where_one_takes_the_feed(decider, cast, page, now):
    told = "the weekly post begins with what comes next"
    with writing() as session:
        feed_id = session.scalars(select(Feed.id)).one()
        other = DigestRule(library_id=cast.library.id, next_at=now, feed_ids=[feed_id + 1])
        session.add(other)
    shown = text(decider.get(page))
    assert told not in shown
    assert OFFER in shown
    for values in ({"feed_ids": [feed_id + 1, feed_id]}, {"feed_ids": []}):
        with writing() as session:
            session.get_one(DigestRule, other.id).feed_ids = values["feed_ids"]
        assert told in text(decider.get(page)), values
    with writing() as session:
        session.get_one(DigestRule, other.id).stopped_at = now
    assert told not in text(decider.get(page))


def test_a_feed_that_was_not_checked_yet_offers_nothing_and_is_followed(decider, cast, now):
    feed = feeds.add(cast.library, "https://c.example/rss", "", OUTREACH, now)
    shown = decider.get(f"/titles/feeds/{feed.id}").get_data(as_text=True)
    assert "data-refresh" in shown
    assert "Write a post" not in shown


def test_a_feed_that_the_library_has_leads_to_its_page(decider, cast, now):
    url = "https://c.example/feed?format=rss"
    first = decider.post("/titles/feeds", data={"url": url, "name": "New books"}).location
    assert first == f"/titles/feeds/{db.session.scalars(select(Feed.id)).one()}"
    again = decider.post("/titles/feeds", data={"url": f" {url}", "name": "Mine", "audience": "Year 7"})
    assert again.location == first
    assert "You have this feed already. Nothing of it was changed." in text(decider.get(first))
    assert db.session.scalars(select(Feed.name)).one() == "New books"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.catalog.example.org/cgi-bin/koha/opac-search.pl?format=rss", "catalog.example.org"),
        ("https://ana:secret@opac.example.org:8443/rss", "opac.example.org:8443"),
    ],
)
def test_a_feed_without_a_name_is_called_after_its_catalog(cast, now, url, name):
    assert feeds.add(cast.library, url, " ", OUTREACH, now).name == name


def test_a_refused_address_is_said_on_a_page_about_it(decider, cast):
    answer = decider.post("/titles/feeds", data={"url": "not an address"})
    assert answer.status_code == 422
    assert "<h1>It was not added</h1>" in answer.get_data(as_text=True)
    assert 'value="not an address"' in answer.get_data(as_text=True)


def test_of_many_formats_the_usual_ones_are_shown_and_none_that_is_ticked_is_lost(decider, cast, page, now):
    kinds = [parsed(f"{kind} {n}", format=f"kind {kind:03}") for kind in range(50) for n in range(1 + (kind < 30))]
    by_feed(cast.library, now, *kinds, name="All")
    rare = [f"kind {n:03}" for n in range(31, 50)] + ["a format that nothing has any more"]
    with writing() as session:
        session.scalars(select(Feed).where(Feed.name == "New books")).one().formats = rare
    shown = decider.get(page).get_data(as_text=True)
    offered = re.findall(r'name="format" value="([^"]+)"', shown)
    assert set(offered) == {f"kind {n:03}" for n in range(30)} | set(rare)
    form = fields_of(shown, page)
    assert sorted(form["format"]) == sorted(rare)
    form["format"] = offered
    decider.post(page, data=form)
    assert sorted(db.session.scalar(select(Feed.formats).where(Feed.name == "New books"))) == sorted(offered)


def test_a_weekly_post_offers_the_usual_formats_and_audiences_and_loses_none_that_is_ticked(decider, cast, page, now):
    kinds = [(kind, n) for kind in range(50) for n in range(1 + (kind >= 20))]
    books = [parsed(f"{kind} {n}", format=f"kind {kind:03}") for kind, n in kinds]
    by_feed(cast.library, now, *books, name="All")
    for kind, n in kinds:
        by_feed(cast.library, now, parsed(f"For {kind} {n}"), name=f"{kind}", audience=f"Year {kind:03}")
    rare = [f"{n:03}" for n in range(20)] + ["999"]
    chosen = {"formats": [f"kind {n}" for n in rare], "audiences": [f"Year {n}" for n in rare]}
    with writing() as session:
        rule = DigestRule(library_id=cast.library.id, next_at=now, options=chosen)
        session.add(rule)
    address = f"/titles/weekly/{rule.id}"
    shown = decider.get("/titles/").get_data(as_text=True)
    for name, word in (("format", "kind"), ("audience", "Year")):
        offered = re.findall(rf'name="{name}" value="([^"]+)"', shown)
        assert set(offered) == {f"{word} {n:03}" for n in range(50)} | {f"{word} 999"}, name
        assert fields_of(shown, address)[name] == sorted(chosen[f"{name}s"])
