"""What counts as announced, and what is news still after a post is out."""

from datetime import timedelta

import pytest
from factories import approved, clock_from, deliveries, queue, write
from fakes import FakeNetwork, door
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import Delivery, Title
from outreach.posts import anew, approve, compose, send
from outreach.posts.publish import publish
from outreach.posts.written import Written
from outreach.titles import rules
from outreach.titles.covers import studio_of
from outreach.titles.pictures import redraw
from outreach.titles.queries import in_drafts, news, would_be_first
from outreach.words import NotDone
from tests.titles.brought import by_feed, parsed, the_title, titles_of

DAY, YEAR = timedelta(days=1), timedelta(days=365)
FIRST, SECOND = "9780061020704", "9780062225733"


def again(row):
    db.session.rollback()
    return db.session.get_one(type(row), row.id, populate_existing=True)


def send_out(post, now):
    for n in queue(post, now):
        publish(n, door(FakeNetwork(), clock_from(now)))


def names_of_news(rule, at):
    return [title.title for title in news(db.session(), again(rule), at)]


def sent(cast, now, titles, **more):
    fields = {"pictures": "none"} | more.pop("fields", {})
    post = approved(cast, now, kind="titles", titles=[title.id for title in titles], fields=fields, **more)
    send_out(post, now)
    return post


def test_a_new_edition_of_what_went_out_a_year_ago_is_news(cast, rule, now):
    by_feed(cast.library, now, parsed("The world almanac", FIRST, author="Janssen, Sarah"))
    sent(cast, now, titles_of(cast.library))
    by_feed(cast.library, now + YEAR, parsed("The world almanac", SECOND, author="Janssen, Sarah"))
    new = titles_of(cast.library)[-1]
    assert (new.announced_at, str(new.warning)) == (None, "Another edition of a title that is in the catalog already.")
    assert names_of_news(rule, now + YEAR + DAY) == ["The world almanac"]
    assert would_be_first(db.session(), new, now + YEAR + DAY)


def test_without_an_author_another_book_of_that_name_was_not_announced(cast, rule, now):
    by_feed(cast.library, now, parsed("Poems", FIRST), parsed("Poems", SECOND))
    one, other = titles_of(cast.library)
    sent(cast, now, [one])
    assert [title.announced_at is None for title in (again(one), again(other))] == [False, True]
    assert names_of_news(rule, now + DAY) == ["Poems"]


def test_what_went_out_for_practice_alone_is_news_still(cast, now):
    """And lies in no draft."""
    rule = rules.add(cast.library, OUTREACH, now)
    by_feed(cast.library, now, parsed("Holes"))
    sent(cast, now, titles_of(cast.library), accounts=[cast.practice])
    assert the_title(cast.library).announced_at is None
    assert names_of_news(rule, now + DAY) == ["Holes"]
    assert in_drafts(db.session(), cast.library.id, now + DAY) == 0


def test_what_was_counted_as_more_comes_again(cast, rule, now):
    long = "A very long title of a book that needs room " * 3
    by_feed(cast.library, now, *(parsed(f"{long}{n}", author=f"Author{n}") for n in range(8)))
    post = sent(cast, now, titles_of(cast.library), fields={"whole": True})
    named = deliveries(post)[0].payload["titles"]
    assert 0 < len(named) < 8
    assert len(names_of_news(rule, now + DAY)) == 8 - len(named)


def test_while_one_place_waits_nothing_of_it_is_news(cast, rule, now):
    by_feed(cast.library, now, parsed("Holes"))
    approved(cast, now, kind="titles", titles=[the_title(cast.library).id], fields={"pictures": "none"})
    assert names_of_news(rule, now + DAY) == []


def test_what_a_place_refused_is_written_anew_with_its_picture(app, cast, rule, now):
    by_feed(cast.library, now, parsed("Holes"), parsed("New kid"))
    studio = studio_of(app.extensions["shop"])
    titles = [title.id for title in titles_of(cast.library)]
    post = write(cast, now, kind="titles", titles=titles, fields={"pictures": "collage"})
    redraw(post.id, studio, now)
    send.for_review(post.id, cast.author, now)
    approve.approve(post.id, again(post).revision, cast.decider, now)
    with writing() as session:
        session.scalars(select(Delivery)).one().state = "refused"
    made = anew.write_anew(deliveries(post)[0].id, cast.author, now)
    redraw(made.id, studio, now)
    assert [bool(row.shape) for row in again(made).media] == [True]
    send.for_review(made.id, cast.author, now)


@pytest.mark.parametrize("why", [{"hidden_at": True}, {"left_out": "older"}, {"left_out": "coming"}])
def test_no_form_brings_a_title_that_stands_aside_into_a_post(cast, now, why):
    by_feed(cast.library, now, parsed("Holes"))
    title = the_title(cast.library)
    with writing() as session:
        for name, value in why.items():
            setattr(session.get_one(Title, title.id), name, now if value is True else value)
    with pytest.raises(NotDone, match="“Holes” is hidden or left out"):
        write(cast, now, kind="titles", titles=[title.id])


def test_what_stood_in_a_post_before_may_stay(cast, now):
    by_feed(cast.library, now, parsed("Holes"))
    title = the_title(cast.library)
    post = write(cast, now, kind="titles", titles=[title.id])
    with writing() as session:
        session.get_one(Title, title.id).left_out = "older"
    words = Written("titles", "Still:", accounts={cast.account.id: ""}, titles=[title.id])
    compose.save(post.id, words, post.revision, cast.author, now)
    assert [row.title_id for row in again(post).titles] == [title.id]
