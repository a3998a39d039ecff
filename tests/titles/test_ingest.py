"""Feeds over real HTTP into the library: baseline, news, reloads, the weekly post."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from factories import draft_due
from local_server import LocalServer, Reply
from sqlalchemy import select

from outreach import clock
from outreach.access import OUTREACH
from outreach.accounts.limits import dump
from outreach.channels.base import Limits
from outreach.channels.guard import Reach
from outreach.db import db, writing
from outreach.models import Account, Delivery, DigestRule, Feed, Mail, Post, Title
from outreach.people import libraries
from outreach.posts import approve, compose, schedule, send
from outreach.posts.written import Written
from outreach.titles import feeds, rules
from outreach.titles.digest import written_from
from outreach.titles.draft import digest_accounts
from outreach.titles.fetch import Known, read
from outreach.titles.ingest import ingest_feed
from outreach.titles.queries import news
from outreach.words import NotDone

SAMPLES = Path(__file__).parents[1] / "data" / "feeds"
LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))
DAY = timedelta(days=1)


class Catalog:
    """A catalog whose feed the test changes."""

    def __init__(self):
        self.reply = Reply(200, b"")
        self.server = LocalServer(lambda request: self.reply)

    def has(self, *numbers, **headers):
        items = "".join(
            f"<item><title>Book number {n} /</title><link>https://c.example/opac-detail.pl?biblionumber={n}</link></item>"
            for n in numbers
        )
        body = f'<rss version="2.0"><channel><title>Catalog</title>{items}</channel></rss>'.encode()
        self.reply = Reply(200, body, {"Content-Type": "application/rss+xml"} | headers)

    def sends(self, name):
        self.reply = Reply(200, (SAMPLES / name).read_bytes(), {"Content-Type": "application/rss+xml"})


@pytest.fixture
def catalog():
    made = Catalog()
    with made.server:
        yield made


@pytest.fixture
def feed(cast, catalog, now):
    return feeds.add(cast.library, f"{catalog.server.url}/feed?format=rss", "New books", OUTREACH, now)


def one_is_new(feed, catalog, now):
    """A baseline and a title more. Returns when the weekly post goes out."""
    catalog.has(1)
    check(feed, now)
    catalog.has(1, 2)
    check(feed, now + timedelta(hours=1))
    return db.session.scalar(select(DigestRule.next_at))


def check(feed, now, config=None):
    feeds.check_now(feed.id, now)
    return ingest_feed(feed.id, LOOPBACK, now, config)


def row(feed):
    db.session.rollback()
    return db.session.get_one(Feed, feed.id, populate_existing=True)


def test_the_first_fetch_is_a_baseline_and_nothing_in_it_is_news(feed, catalog, now):
    catalog.has(1, 2, 3)
    came = check(feed, now)
    assert (came.titles, came.new) == (3, 0)
    assert row(feed).baseline_at == now
    catalog.has(4, 1, 2, 3)
    assert check(feed, now + DAY).new == 1
    assert check(feed, now + 2 * DAY).new == 0


def test_the_same_book_with_another_guid_and_link_is_not_new(feed, catalog, now):
    catalog.sends("evergreen-freshmeat.rss2.xml")
    check(feed, now)
    catalog.sends("evergreen-freshmeat.rss2.day2.xml")
    assert check(feed, now + DAY).new == 0


def test_a_book_from_two_feeds_is_one_title(cast, feed, catalog, now):
    other = feeds.add(cast.library, f"{catalog.server.url}/other", "Other", OUTREACH, now)
    catalog.sends("koha-search.rss.xml")
    check(feed, now)
    before = len(db.session.scalars(select(Title.id)).all())
    check(other, now)
    assert len(db.session.scalars(select(Title.id)).all()) == before


def test_a_reloaded_catalog_is_held_until_a_person_says_what_it_was(cast, feed, catalog, now):
    catalog.has(*range(30))
    check(feed, now)
    catalog.has(*range(100, 160))
    came = check(feed, now + DAY)
    assert came.new == 0
    assert "Was the catalog reloaded?" in came.sentence
    feeds.are_new(feed.id, cast.decider, now + DAY)
    feeds.are_new(feed.id, cast.decider, now + DAY)  # pressed twice
    assert len(db.session.scalars(select(Title.id).where(Title.baseline.is_(False))).all()) == 60
    assert row(feed).held_at is None


def test_filters_leave_out_what_is_not_wanted(cast, feed, catalog, now):
    feeds.change(feed.id, feeds.Typed("Books", "K–5", ["Books"], ["number 2"]), cast.decider, now)
    catalog.has(1, 2, 3)
    assert check(feed, now).titles == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nasty-login-200.html", "sign"),
        ("nasty-json-error.json", "feed"),
        ("nasty-empty.xml", "empty"),
        ("nasty-html-with-feed-link.html", "page"),
    ],
)
def test_what_is_no_feed_is_said_in_words(feed, catalog, now, name, said):
    catalog.sends(name)
    came = check(feed, now)
    assert said in came.sentence.lower()
    assert row(feed).sentence == came.sentence
    assert row(feed).failures == 1


def test_an_unchanged_feed_is_not_read_again(feed, catalog, now):
    catalog.has(1, ETag='"abc"')
    check(feed, now)
    catalog.reply = Reply(304)
    check(feed, now + DAY)
    assert catalog.server.seen[-1].headers["If-None-Match"] == '"abc"'
    assert row(feed).failures == 0


def test_two_checks_at_once_are_one(feed, catalog, now):
    catalog.has(1)
    feeds.check_now(feed.id, now)
    ingest_feed(feed.id, LOOPBACK, now)
    ingest_feed(feed.id, LOOPBACK, now)
    assert len(catalog.server.seen) == 1


def test_a_private_address_is_refused_with_who_can_allow_it(feed, now):
    came = check_guarded(feed, now)
    assert "OUTREACH_ALLOW_HOSTS" in came.sentence


def check_guarded(feed, now):
    feeds.check_now(feed.id, now)
    return ingest_feed(feed.id, Reach(), now)


@pytest.mark.parametrize(
    ("status", "headers", "hours", "stop"),
    [
        (404, {}, 24, False),
        (410, {}, 24, True),
        (401, {}, 24, False),
        (503, {"retry-after": "7200"}, 2, False),
        (429, {"retry-after": "99999999"}, 7 * 24, False),
        (429, {"retry-after": "Wed, 25 Nov 2026 12:00:00 GMT", "date": "Wed, 25 Nov 2026 07:00:00 GMT"}, 5, False),
        (500, {}, 1, False),
        (502, {"retry-after": "junk"}, 1, False),
    ],
)
def test_every_status_has_its_pause_and_its_sentence(status, headers, hours, stop):
    fetched = read(Known("https://c.example"), status, headers, b"", "https://c.example", True)
    assert fetched.again_in == timedelta(hours=hours)
    assert fetched.stop is stop
    assert fetched.sentence


def test_an_address_is_checked_and_kept_once(cast, feed, now):
    with pytest.raises(NotDone, match="begins with https"):
        feeds.add(cast.library, "file:///etc/passwd", "", OUTREACH, now)
    with pytest.raises(NotDone, match="already"):
        feeds.add(cast.library, feed.url, "", OUTREACH, now)


def test_a_key_in_an_address_is_masked():
    assert feeds.masked("https://u:p@c.example/rss?key=abc&x=1") == "https://***@c.example/rss?key=***&x=1"


def test_the_weekly_post_of_a_monday_stands_in_review_on_friday(cast, feed, catalog, now):
    catalog.has(1)
    check(feed, now)
    catalog.has(*range(1, 8))
    check(feed, now + timedelta(hours=1))
    rule = db.session.scalar(select(DigestRule))
    due = rule.next_at
    friday = due - timedelta(days=2, hours=9)  # Monday 9:00 less that is midnight before Saturday
    assert draft_due(friday - timedelta(hours=25)) == 0
    assert draft_due(friday - timedelta(hours=23)) == 1
    assert draft_due(friday) == 0
    post = db.session.scalar(select(Post))
    assert (post.state, post.wished_at, len(post.titles)) == ("submitted", due, 4)
    assert post.author_name == "Outreach"


def test_what_comes_in_the_last_hours_still_makes_the_weekly_post(feed, catalog, now):
    catalog.has(1)
    check(feed, now)
    due = db.session.scalar(select(DigestRule.next_at))
    assert draft_due(due - timedelta(hours=23)) == 0
    catalog.has(1, 2)
    check(feed, due - timedelta(hours=2))
    assert draft_due(due - timedelta(hours=1)) == 1


def test_two_weekly_posts_do_not_announce_the_same_title(cast, feed, catalog, now):
    rules.add(cast.library, OUTREACH, now)
    one_is_new(feed, catalog, now)
    assert draft_due(db.session.scalar(select(DigestRule.next_at))) == 1


def test_volumes_that_share_an_isbn_are_all_seen_at_once(feed, catalog, now):
    def volumes():
        items = "".join(
            f"<item><title>{t}</title><link>https://c.example/{n}</link><dc:identifier>ISBN:9780141321066</dc:identifier></item>"
            for n, t in enumerate(("Winter road", "Summer house"))
        )
        body = f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{items}</channel></rss>'
        catalog.reply = Reply(200, body.encode(), {"Content-Type": "application/rss+xml"})

    volumes()
    check(feed, now)
    catalog.reply = Reply(200, catalog.reply.body + b"\n", catalog.reply.headers)
    assert check(feed, now + DAY).new == 0


def test_trouble_that_is_over_is_no_longer_shown(feed, catalog, now):
    catalog.has(1, ETag='"a"')
    check(feed, now)
    good = catalog.reply
    catalog.reply = Reply(503)
    check(feed, now + DAY)
    assert row(feed).sentence
    catalog.reply = good
    check(feed, now + 2 * DAY)
    assert row(feed).sentence is None


def test_a_week_without_news_has_no_post_and_says_so(feed, catalog, now):
    catalog.has(1)
    check(feed, now)
    rule = db.session.scalar(select(DigestRule))
    draft_due(rule.next_at)
    db.session.rollback()
    assert db.session.scalar(select(Post)) is None
    assert "Nothing new this week" in db.session.scalar(select(DigestRule.sentence))


def test_what_was_announced_is_not_offered_again(cast, feed, catalog, now):
    one_is_new(feed, catalog, now)
    with writing() as session:
        session.execute(Title.__table__.update().values(announced_at=now))
    rule = db.session.scalar(select(DigestRule))
    assert draft_due(rule.next_at) == 0


def test_a_place_that_needs_a_picture_gets_no_weekly_post_unless_chosen(cast, feed):
    with writing() as session:
        session.get_one(Account, cast.account.id).limits = dump(Limits(image_required=True))
    rule = db.session.scalar(select(DigestRule))
    assert cast.account.id not in digest_accounts(db.session(), rule)
    with writing() as session:
        session.get_one(DigestRule, rule.id).account_ids = [cast.account.id]
    assert digest_accounts(db.session(), rule) == [cast.account.id]


def test_over_a_longer_holiday_the_weekly_post_is_written_the_day_before():
    at = datetime(2027, 1, 4, 15, tzinfo=UTC)
    assert written_from(at, "America/Chicago", lambda day: day.month == 12 or day.day < 4) == at - timedelta(hours=33)


@pytest.mark.parametrize("late", [timedelta(minutes=5), timedelta(days=2)])
def test_the_weekly_post_may_be_approved_after_its_time_and_counts_as_unchanged(cast, feed, catalog, now, late):
    due = one_is_new(feed, catalog, now)
    draft_due(due - timedelta(hours=20))
    post = db.session.scalar(select(Post))
    schedule.move(post.id, due + timedelta(minutes=1), cast.decider, now)
    post = db.session.get_one(Post, post.id, populate_existing=True)
    assert approve.approve(post.id, post.revision, cast.decider, due + late) == due + late
    assert db.session.scalar(select(DigestRule.unchanged_in_a_row)) == 1


def test_a_weekly_post_that_was_edited_is_counted_anew(cast, feed, catalog, now):
    due = one_is_new(feed, catalog, now)
    draft_due(due - timedelta(hours=20))
    post = db.session.scalar(select(Post))
    places = {p.account_id: "" for p in post.placements}
    written = Written(
        "titles", "Other words", timing="at", wished_at=due, accounts=places, titles=[post.titles[0].title_id]
    )
    post = compose.save(post.id, written, post.revision, cast.decider, now)
    approve.approve(post.id, post.revision, cast.decider, due - timedelta(hours=1))
    assert db.session.scalar(select(DigestRule.unchanged_in_a_row)) == 0


def test_a_body_that_is_cut_off_is_no_baseline(feed, catalog, now):
    catalog.has(*range(40))
    whole = catalog.reply
    cut = whole.body[: whole.body.index(b"<item><title>Book number 30")]
    catalog.reply = Reply(200, cut, {"Content-Type": "application/rss+xml", "ETag": '"1"'})
    assert check(feed, now).new == 0
    assert db.session.get_one(Feed, feed.id, populate_existing=True).etag is None
    catalog.reply = whole
    assert check(feed, now + DAY).new == 0
    catalog.has(*range(41))
    assert check(feed, now + 2 * DAY).new == 1


def test_a_feed_that_always_ends_early_has_a_baseline_once_nothing_more_comes(feed, catalog, now):
    def early(*numbers):
        catalog.has(*numbers)
        body = catalog.reply.body.replace(b"</channel></rss>", b"<item><title>Half")
        catalog.reply = Reply(200, body, catalog.reply.headers)

    early(1, 2)
    check(feed, now)
    check(feed, now + DAY)
    early(1, 2, 3)
    assert check(feed, now + 2 * DAY).new == 0  # it may come whole yet
    check(feed, now + 8 * DAY)
    early(1, 2, 3, 4)
    assert check(feed, now + 9 * DAY).new == 1


def test_what_a_filter_left_out_is_old_when_the_filter_is_lifted(cast, feed, catalog, now):
    feeds.change(feed.id, feeds.Typed("F", "", [], ["number 7"]), OUTREACH, now)
    catalog.has(*range(1, 31))
    check(feed, now)
    catalog.has(*range(1, 36))
    assert check(feed, now + DAY).new == 5
    feeds.change(feed.id, feeds.Typed("F", "", [], []), OUTREACH, now)
    catalog.has(*range(1, 37))
    assert check(feed, now + 2 * DAY).new == 1


def test_what_one_feed_leaves_out_another_may_bring(cast, feed, catalog, now):
    catalog.has(1)
    check(feed, now)
    feeds.change(feed.id, feeds.Typed("F", "", [], ["number 2"]), OUTREACH, now)
    catalog.has(1, 2)
    assert check(feed, now + DAY).new == 0
    rule = db.session.scalar(select(DigestRule))
    assert news(db.session(), rule, now) == []
    other = feeds.add(cast.library, f"{catalog.server.url}/other?format=rss", "All", OUTREACH, now)
    catalog.has(1)
    check(other, now + DAY)
    catalog.has(1, 2)
    check(other, now + 2 * DAY)
    assert [t.title for t in news(db.session(), rule, now)] == ["Book number 2"]


def test_another_edition_is_new_and_says_so(feed, catalog, now):
    def brings(*books):
        items = "".join(
            f"<item><title>Holes</title><author>Sachar, Louis</author><link>https://c.example/opac-detail.pl?biblionumber={n}</link>"
            f"<dc:identifier>ISBN:{isbn}</dc:identifier></item>"
            for n, isbn in books
        )
        body = f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{items}</channel></rss>'
        catalog.reply = Reply(200, body.encode(), {"Content-Type": "application/rss+xml"})

    brings((1, "9780141321066"))
    check(feed, now)
    brings((1, "9780141321066"), (2, "9780545935180"))
    assert check(feed, now + DAY).new == 1
    newest = db.session.scalars(select(Title).order_by(Title.id.desc())).first()
    assert "Another edition" in newest.warning
    brings((1, "9780141321066"), (2, "9780545935180"), (3, ""))
    assert check(feed, now + 2 * DAY).new == 0


def test_a_reload_is_told_once_and_its_question_stays(cast, feed, catalog, now):
    catalog.has(*range(1, 31))
    check(feed, now)
    catalog.has(*range(101, 131))
    check(feed, now + DAY)
    catalog.has(*range(101, 132))
    check(feed, now + 2 * DAY)
    asked = db.session.get_one(Feed, feed.id, populate_existing=True).sentence
    assert "Was the catalog reloaded?" in asked
    assert [m.to for m in db.session.scalars(select(Mail))] == ["librarian@school.example"]


def test_what_the_library_knew_before_a_reload_is_no_news(cast, feed, catalog, now):
    catalog.has(*range(1, 31))
    check(feed, now)
    other = feeds.add(cast.library, f"{catalog.server.url}/other?format=rss", "Other", OUTREACH, now)
    catalog.has(200)
    check(other, now)
    catalog.has(1, *range(101, 131))
    check(other, now + DAY)
    feeds.are_new(other.id, OUTREACH, now + DAY)
    rule = db.session.scalar(select(DigestRule))
    assert "Book number 1" not in [t.title for t in news(db.session(), rule, now)]
    assert len(news(db.session(), rule, now)) == 30


def test_a_week_without_news_costs_no_other_week(feed, catalog, now):
    catalog.has(1)
    check(feed, now)
    due = db.session.scalar(select(DigestRule.next_at))
    draft_due(due + timedelta(minutes=1))
    assert db.session.scalar(select(DigestRule.next_at)) == due + timedelta(days=7)


def test_a_feed_that_is_removed_silences_no_weekly_post(cast, feed, catalog, now):
    other = feeds.add(cast.library, f"{catalog.server.url}/other?format=rss", "Other", OUTREACH, now)
    with writing() as session:
        session.scalars(select(DigestRule)).one().feed_ids = [feed.id]
    feeds.remove(feed.id, OUTREACH, now)
    catalog.has(1)
    check(other, now)
    catalog.has(1, 2)
    check(other, now + DAY)
    assert len(news(db.session(), db.session.scalar(select(DigestRule)), now)) == 1


def test_nothing_of_a_first_fetch_is_news_though_another_feed_left_it_out(cast, feed, catalog, now):
    catalog.has(1)
    check(feed, now)
    feeds.change(feed.id, feeds.Typed("F", "", [], ["number 2"]), OUTREACH, now)
    catalog.has(1, 2)
    check(feed, now + DAY)
    other = feeds.add(cast.library, f"{catalog.server.url}/other?format=rss", "All", OUTREACH, now)
    check(other, now + 100 * DAY)
    assert news(db.session(), db.session.scalar(select(DigestRule)), now) == []


def test_a_head_without_a_body_is_no_baseline(feed, catalog, now):
    head = b'<rss version="2.0"><channel><title>Catalog</title>'
    catalog.reply = Reply(200, head, {"Content-Type": "application/rss+xml"})
    check(feed, now)
    catalog.has(*range(18))
    assert check(feed, now + DAY).new == 0


def test_of_two_reloads_before_an_answer_none_is_lost(cast, feed, catalog, now):
    catalog.has(1)
    check(feed, now)
    catalog.has(*range(101, 131))
    check(feed, now + DAY)
    catalog.has(*range(101, 201))
    check(feed, now + 2 * DAY)
    feeds.are_new(feed.id, OUTREACH, now + 3 * DAY)
    assert len(news(db.session(), db.session.scalar(select(DigestRule)), now)) == 100


def test_a_weekly_post_that_was_left_gives_its_titles_back(cast, feed, catalog, now):
    one_is_new(feed, catalog, now)
    rule = db.session.scalar(select(DigestRule))
    with writing() as session:
        session.get_one(DigestRule, rule.id).account_ids = [cast.account.id]
    draft_due(rule.next_at - timedelta(hours=20))
    post = db.session.scalar(select(Post))
    approve.approve(post.id, post.revision, cast.decider, now)
    with writing() as session:
        for one in session.scalars(select(Delivery)):
            one.state = "missed"
    for one in db.session.scalars(select(Delivery)).all():
        schedule.leave_it(one.id, cast.decider, now)
    assert [t.title for t in news(db.session(), rule, now)] == ["Book number 2"]


def test_a_closure_that_is_added_later_moves_the_weekly_post(cast, feed, catalog, now):
    due = one_is_new(feed, catalog, now)
    day = clock.today(due, cast.library.timezone)
    libraries.close(cast.library.id, day, day, "Snow")
    assert draft_due(due - timedelta(hours=20)) == 0
    assert db.session.scalar(select(DigestRule.next_at)) == due + timedelta(days=7)


def test_one_weekly_post_counts_once_however_often_it_is_approved(cast, feed, catalog, now):
    due = one_is_new(feed, catalog, now)
    draft_due(due - timedelta(hours=20))
    post = db.session.scalar(select(Post))
    for _ in range(3):
        approve.approve(post.id, post.revision, cast.decider, now)
        compose.withdraw(post.id, cast.decider, now)
        send.for_review(post.id, cast.decider, now)
    assert db.session.scalar(select(DigestRule.unchanged_in_a_row)) == 1


def test_a_feed_with_a_fault_has_its_baseline_at_once(feed, catalog, now):
    catalog.has(1, 2, 3)
    faulty = catalog.reply.body.replace(b"<title>Book number 2 /</title>", b"<title>Book & number 2 <</title>")
    catalog.reply = Reply(200, faulty, catalog.reply.headers)
    check(feed, now)
    assert row(feed).baseline_at == now
