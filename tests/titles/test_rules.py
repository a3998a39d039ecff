"""The weekly post: without review once three were approved as they were; stopped; what it announces, and once."""

from datetime import timedelta

import pytest
from factories import deliveries, draft_due, queue
from fakes import FakeNetwork, door
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import DigestRule, Event, Feed, FeedTitle, Post, Title
from outreach.posts import approve, compose
from outreach.posts.publish import publish
from outreach.posts.written import Written
from outreach.titles import correct, feeds, rules
from outreach.titles.fetch import jitter
from outreach.titles.queries import news, offered
from outreach.words import NotDone, Sentence

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


@pytest.fixture
def feed(cast, now):
    return feeds.add(cast.library, "https://c.example/feed?format=rss", "New books", OUTREACH, now)


def again(row):
    db.session.rollback()
    return db.session.get_one(type(row), row.id, populate_existing=True)


def bring(cast, name, now):
    """A title that is news."""
    with writing() as session:
        made = Title(library_id=cast.library.id, title=name, match_key=name, first_seen_at=now)
        session.add(made)
    return made


def weekly(cast, rule, name):
    """The next weekly post, with one new title in it."""
    now = again(rule).next_at - HOUR
    bring(cast, name, now)
    assert draft_due(now) == 1
    return db.session.scalars(select(Post).order_by(Post.id.desc())).first(), now


def approve_next(cast, rule, name):
    post, now = weekly(cast, rule, name)
    approve.approve(post.id, post.revision, cast.decider, now)


def send(post, now):
    queue(post, now)
    return [publish(d.id, door(FakeNetwork(), now)) for d in deliveries(post)]


def held(feed, cast, now):
    """A feed that was reloaded: what is in it is marked as seen until a person says what it is."""
    with writing() as session:
        row = session.get_one(Feed, feed.id)
        row.held_at, row.sentence = now, Sentence("Was the catalog reloaded?")
        for name, at in (("Old", now - WEEK), ("One", now), ("Two", now)):
            seen = Title(library_id=cast.library.id, title=name, match_key=name, first_seen_at=at, baseline=True)
            session.add(seen)
            session.flush()
            session.add(FeedTitle(feed_id=feed.id, title_id=seen.id, first_seen_at=at))


def test_without_review_is_offered_after_three_and_to_the_district_at_any_time(cast, rule, now):
    for name in ("One", "Two"):
        approve_next(cast, rule, name)
    with pytest.raises(NotDone, match="once three weekly posts were approved as they were"):
        rules.let_go(rule.id, True, cast.decider, now)
    assert again(rule).by_itself is False
    rules.let_go(rule.id, True, cast.decider, now, district=True)
    assert again(rule).by_itself is True


def test_after_three_it_goes_out_without_review(cast, rule, now):
    for name in ("One", "Two", "Three"):
        approve_next(cast, rule, name)
    rules.let_go(rule.id, True, cast.decider, now)
    post, _ = weekly(cast, rule, "Four")
    assert (post.state, post.decided_by_id) == ("approved", None)
    assert [d.due_at for d in deliveries(post)] == [post.wished_at]
    assert send(post, post.wished_at) == ["published"]


def test_with_review_again_is_never_refused(cast, rule, now):
    rules.let_go(rule.id, True, cast.decider, now, district=True)
    rules.let_go(rule.id, False, cast.decider, now)
    assert weekly(cast, rule, "One")[0].state == "submitted"
    said = db.session.scalars(select(Event.verb).where(Event.thing == "digest").order_by(Event.id))
    assert list(said) == ["connected", "without review", "with review"]


def test_an_edit_before_the_approval_begins_the_count_anew(cast, rule):
    for name in ("One", "Two"):
        approve_next(cast, rule, name)
    assert again(rule).unchanged_in_a_row == 2
    post, now = weekly(cast, rule, "Three")
    words = {"words": "Better words", "accounts": {cast.account.id: ""}, "titles": [t.title_id for t in post.titles]}
    better = Written("titles", timing="at", wished_at=post.wished_at, **words)
    post = compose.save(post.id, better, post.revision, cast.decider, now)
    approve.approve(post.id, post.revision, cast.decider, now)
    assert again(rule).unchanged_in_a_row == 0
    approve_next(cast, rule, "Four")
    assert again(rule).unchanged_in_a_row == 1


def test_a_stopped_rule_writes_nothing_until_it_is_started_again(cast, rule, now):
    bring(cast, "One", now)
    due = rule.next_at
    rules.stop(rule.id, cast.decider, now)
    assert draft_due(due - HOUR) == 0
    later = due + 2 * WEEK + HOUR
    rules.stop(rule.id, cast.decider, later, again=True)
    assert (again(rule).stopped_at, again(rule).next_at) == (None, due + 3 * WEEK)  # not what was left out
    assert draft_due(due + 3 * WEEK - HOUR) == 1


def test_a_reloaded_catalog_is_no_news(cast, feed, now):
    held(feed, cast, now)
    feeds.was_reloaded(feed.id, cast.decider, now)
    assert (again(feed).held_at, again(feed).sentence) == (None, None)
    assert news(db.session(), db.session.scalar(select(DigestRule)), now) == []


def test_what_came_with_a_reload_may_be_news_after_all(cast, feed, now):
    held(feed, cast, now)
    feeds.are_new(feed.id, cast.decider, now + HOUR)
    assert again(feed).held_at is None
    assert {t.title for t in news(db.session(), db.session.scalar(select(DigestRule)), now)} == {"One", "Two"}


def test_titles_count_as_announced_when_the_post_is_out_and_not_before(cast, rule):
    post, now = weekly(cast, rule, "One")
    bring(cast, "Another", now)
    approve.approve(post.id, post.revision, cast.decider, now)
    assert [t.announced_at for t in db.session.query(Title)] == [None, None]
    assert send(post, post.wished_at) == ["published"]
    db.session.rollback()
    announced = {t.title: t.announced_at for t in db.session.query(Title)}
    assert announced == {"One": post.wished_at, "Another": None}


def test_a_cancelled_post_gives_its_titles_back(cast, rule):
    post, now = weekly(cast, rule, "One")
    assert news(db.session(), again(rule), now) == []
    compose.cancel(post.id, cast.decider, now)
    assert [t.title for t in news(db.session(), again(rule), now)] == ["One"]


def test_a_hidden_title_is_not_offered_until_it_is_shown_again(cast, rule, now):
    title = bring(cast, "One", now)
    correct.hide(title.id, OUTREACH, now)
    assert news(db.session(), again(rule), now) == offered(db.session(), cast.library.id, []) == []
    correct.hide(title.id, OUTREACH, now)  # pressed twice
    assert news(db.session(), again(rule), now) == []
    correct.show(title.id, OUTREACH, now)
    assert [t.id for t in news(db.session(), again(rule), now)] == [title.id]


def test_the_pause_between_two_checks_differs_by_feed_and_is_the_same_all_day(now):
    pauses = {n: jitter(n, now) for n in range(200)}
    assert all(timedelta(0) <= pause < timedelta(minutes=10) for pause in pauses.values())
    assert pauses == {n: jitter(n, now + 5 * HOUR) for n in pauses}
    assert len(set(pauses.values())) > 100
    assert pauses != {n: jitter(n, now + timedelta(days=1)) for n in pauses}


class TestAnother:
    """A second weekly post beside the first."""

    @pytest.fixture
    def second(self, cast, rule, now):
        return rules.add(cast.library, OUTREACH, now)

    def test_it_writes_nothing_before_somebody_starts_it(self, cast, rule, second, now):
        bring(cast, "Emma", now)
        draft_due(again(rule).next_at - HOUR)
        assert [post.digest_rule_id for post in db.session.scalars(select(Post))] == [rule.id]
        rules.stop(second.id, OUTREACH, now, again=True)
        bring(cast, "Holes", now)
        draft_due(again(second).next_at - HOUR)
        assert {post.digest_rule_id for post in db.session.scalars(select(Post))} == {rule.id, second.id}

    def test_one_that_never_wrote_a_post_is_removed(self, rule, second, now):
        rules.remove(second.id, OUTREACH, now)
        db.session.rollback()
        assert db.session.scalars(select(DigestRule.id)).all() == [rule.id]

    def test_one_that_wrote_a_post_stays(self, cast, rule, second, now):
        post, _ = weekly(cast, rule, "Emma")
        compose.cancel(post.id, cast.decider, now)
        with pytest.raises(NotDone, match="Stop it instead"):
            rules.remove(rule.id, OUTREACH, now)
        assert again(rule).id

    def test_the_only_one_stays(self, rule, now):
        with pytest.raises(NotDone, match="the only one"):
            rules.remove(rule.id, OUTREACH, now)


@pytest.mark.parametrize(
    ("typed", "posted"),
    [
        ("NewBooks, #reading maple", "#NewBooks #reading #maple"),
        ("#a;#b ; c,,d #", "#a #b #c #d"),
        (" , ; # ", ""),
    ],
)
def test_hashtags_are_words_whatever_stands_between_them(typed, posted):
    assert rules.hashtags(typed) == posted == rules.hashtags(posted)
