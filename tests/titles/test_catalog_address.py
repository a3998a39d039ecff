"""Where the public is sent for "…and 14 more": what a first feed tells of the catalog, and what it keeps to itself."""

from datetime import timedelta

import pytest
from factories import deliveries, draft_due
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.db import db
from outreach.models import DigestRule, Library, Post
from outreach.posts import approve
from outreach.titles import feeds
from tests.titles.brought import by_feed, parsed


def catalog_after(cast, now, url):
    feeds.add(cast.library, url, "New", OUTREACH, now)
    db.session.rollback()
    return db.session.get_one(Library, cast.library.id, populate_existing=True).catalog


@pytest.mark.parametrize(
    ("feed", "catalog"),
    [
        ("https://c.example.org/new?format=rss", "https://c.example.org/"),
        ("https://c.example.org:8443/opac/new.xml#top", "https://c.example.org:8443/"),
        ("https://ana:hunter2@c.example.org/new?apikey=hunter2", "https://c.example.org/"),
        ("https://hunter2@c.example.org/hunter2/new", "https://c.example.org/"),
        ("http://127.0.0.1:8080/new", ""),
        ("http://127.1/new", ""),
        ("http://2130706433/new", ""),
        ("http://[::1]/new", ""),
        ("http://10.1.2.3/new", ""),
        ("http://192.168.0.7/new", ""),
        ("http://catalog.local/new", ""),
        ("http://catalog.lan/new", ""),
        ("http://localhost/new", ""),
        ("http://catalog/new", ""),
        ("outreach://practice/catalog.rss", ""),
    ],
)
def test_the_public_is_told_the_host_of_a_feed_and_no_more(cast, now, feed, catalog):
    assert catalog_after(cast, now, feed) == catalog


def test_what_a_person_said_of_the_catalog_stays(cast, now):
    assert catalog_after(cast, now, "https://c.example.org/new") == "https://c.example.org/"
    assert catalog_after(cast, now, "https://d.example.org/new") == "https://c.example.org/"


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ("https://ana:hunter2@c.example.org/new?apikey=hunter2", "…and 2 more: https://c.example.org/"),
        ("http://catalog.local/new?apikey=hunter2", "…and 2 more"),
    ],
)
def test_a_post_that_counts_more_leads_there_or_nowhere(cast, now, feed, said):
    feeds.add(cast.library, feed, "New", OUTREACH, now)
    by_feed(cast.library, now, *(parsed(f"Book {letter}") for letter in "ABCDEF"))
    assert draft_due(db.session.scalar(select(DigestRule.next_at)) - timedelta(hours=1)) == 1
    post = db.session.scalars(select(Post)).one()
    approve.approve(post.id, post.revision, cast.decider, post.created_at)
    for one in deliveries(post):
        assert said in one.payload["text"].splitlines()
        assert "hunter2" not in str(one.payload)
