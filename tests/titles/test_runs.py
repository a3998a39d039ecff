"""Running feeds: what is kept of each check, when a feed stops itself, and one request per host at a time."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from clients import signed_in
from local_server import LocalServer, Reply
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.channels.guard import Reach
from outreach.db import db, writing
from outreach.models import Feed, FeedRun, Mail
from outreach.titles import feeds
from outreach.titles.fetch import DAY, HOUR, jitter
from outreach.titles.ingest import CHECK_LASTS, RUNS_KEPT, due_hosts, ingest_feed, ingest_host
from outreach.titles.queries import runs_of

LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))
RSS = {"Content-Type": "application/rss+xml"}


def rss(*numbers):
    link = "https://c.example/opac-detail.pl?biblionumber="
    items = "".join(f"<item><title>Book number {n}</title><link>{link}{n}</link></item>" for n in numbers)
    return Reply(200, f'<rss version="2.0"><channel><title>C</title>{items}</channel></rss>'.encode(), RSS)


class Catalog:
    """Answers as the test says; counts how many it is asked for at once."""

    def __init__(self):
        self.reply, self.slow, self.at_once, self.most = rss(1), 0.0, 0, 0
        self._lock = threading.Lock()
        self.server = LocalServer(self._answer)

    def _answer(self, _request):
        with self._lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        time.sleep(self.slow)
        with self._lock:
            self.at_once -= 1
        return self.reply


@pytest.fixture
def catalog():
    made = Catalog()
    with made.server:
        yield made


def add(cast, catalog, now, name="New books"):
    return feeds.add(cast.library, f"{catalog.server.url}/{name.replace(' ', '-')}", name, OUTREACH, now).id


@pytest.fixture
def feed_id(cast, catalog, now):
    return add(cast, catalog, now)


def check(feed_id, now):
    with writing() as session:
        session.get_one(Feed, feed_id).next_check_at = now
    return ingest_feed(feed_id, LOOPBACK, now)


def row(feed_id):
    db.session.rollback()
    return db.session.get_one(Feed, feed_id, populate_existing=True)


def runs(feed_id):
    db.session.rollback()
    return runs_of(db.session(), feed_id, 100)


def letters():
    db.session.rollback()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def test_each_check_leaves_a_line_with_what_it_brought_or_why_it_failed(feed_id, catalog, now):
    for reply in (rss(1, 2), rss(1, 2), rss(1, 2, 3), Reply(503), Reply(200, b"", RSS), rss(*range(100, 160))):
        catalog.reply = reply
        check(feed_id, now)
        now += DAY
    lines = [(run.outcome, run.titles, run.new, run.diagnosis) for run in reversed(runs(feed_id))]
    assert lines == [
        ("read", 2, 0, ""),
        ("unchanged", 0, 0, ""),
        ("read", 3, 1, ""),
        ("failed", 0, 0, "HTTP 503"),
        ("failed", 0, 0, "not a feed"),
        ("held", 60, 0, ""),
    ]
    assert "busy" in runs(feed_id)[2].sentence
    assert "Was the catalog reloaded?" in runs(feed_id)[0].sentence


def test_the_last_thirty_are_kept_of_each_feed(cast, feed_id, catalog, now):
    other = add(cast, catalog, now, "Others")
    check(other, now)
    for n in range(RUNS_KEPT + 5):
        catalog.reply = rss(*range(n + 1))
        check(feed_id, now + n * HOUR)
    assert len(runs(feed_id)) == RUNS_KEPT == 30
    assert [run.at for run in runs(feed_id)] == [now + n * HOUR for n in range(RUNS_KEPT + 4, 4, -1)]
    assert len(runs(other)) == 1


def test_the_lines_of_a_feed_that_is_taken_away_go_with_it(cast, feed_id, catalog, now):
    check(feed_id, now)
    feeds.remove(feed_id, cast.decider, now)
    assert db.session.scalars(select(FeedRun)).all() == []


def test_a_feed_that_failed_for_a_week_stops_itself_and_tells_each_manager_once(cast, feed_id, catalog, now):
    catalog.reply = Reply(500)
    for days in range(7):
        check(feed_id, now + days * DAY)
    assert (row(feed_id).stopped_at, letters()) == (None, [])
    check(feed_id, now + 7 * DAY)
    stopped = row(feed_id)
    assert stopped.stopped_at == now + 7 * DAY
    assert "failed for a week" in stopped.sentence
    assert "fault of its own" in stopped.sentence
    assert [letter.to for letter in letters()] == [cast.librarian.email]
    ingest_feed(feed_id, LOOPBACK, now + 30 * DAY)
    assert due_hosts(now + 30 * DAY) == []
    assert len(letters()) == 1


def test_a_good_day_within_the_week_begins_the_count_anew(feed_id, catalog, now):
    for days in range(13):
        catalog.reply = rss(1) if days == 6 else Reply(500)
        check(feed_id, now + days * DAY)
    assert row(feed_id).stopped_at is None


def test_a_feed_that_stopped_itself_can_be_asked_again(cast, feed_id, catalog, now):
    catalog.reply = Reply(500)
    for days in range(8):
        check(feed_id, now + days * DAY)
    feeds.check_now(feed_id, now + 9 * DAY)
    catalog.reply = rss(1)
    ingest_feed(feed_id, LOOPBACK, now + 9 * DAY)
    asked = row(feed_id)
    assert (asked.stopped_at, asked.failures, asked.sentence) == (None, 0, None)


def test_a_feed_asked_again_by_a_person_is_not_given_up_at_its_first_failure(feed_id, catalog, now):
    """She has repaired something; the next hour may show it."""
    catalog.reply = Reply(500)
    for days in range(8):
        check(feed_id, now + days * DAY)
    feeds.check_now(feed_id, now + 9 * DAY)
    ingest_feed(feed_id, LOOPBACK, now + 9 * DAY)
    assert row(feed_id).stopped_at is None


ASKS = "a feed of the catalog asks for you"


@pytest.mark.parametrize("pages", [True])
def test_a_feed_that_was_given_up_needs_somebody_and_has_a_new_week_once_it_is_checked(
    app, cast, feed_id, catalog, now, pages
):
    manager = signed_in(app, cast.librarian)
    assert ASKS not in manager.get("/").get_data(as_text=True)
    catalog.reply = Reply(500)
    for days in range(8):
        check(feed_id, now + days * DAY)
    assert row(feed_id).stopped_at is not None
    assert ASKS in manager.get("/").get_data(as_text=True)
    assert ASKS not in signed_in(app, cast.contributor).get("/").get_data(as_text=True)  # who can do nothing about it
    assert manager.post(f"/titles/feeds/{feed_id}/check").status_code == 302
    assert row(feed_id).stopped_at is None
    for days in range(20, 27):
        check(feed_id, now + days * DAY)
    assert row(feed_id).stopped_at is None
    check(feed_id, now + 27 * DAY)
    assert row(feed_id).stopped_at == now + 27 * DAY


@pytest.mark.parametrize("pages", [True])
def test_a_feed_that_a_person_stopped_needs_nobody(app, cast, feed_id, catalog, now, pages):
    catalog.reply = Reply(500)
    check(feed_id, now)
    manager = signed_in(app, cast.librarian)
    assert ASKS in manager.get("/").get_data(as_text=True)
    feeds.stop(feed_id, cast.decider, now)
    assert ASKS not in manager.get("/").get_data(as_text=True)


def test_a_feed_that_is_gone_for_good_stops_at_once(cast, feed_id, catalog, now):
    catalog.reply = Reply(410)
    check(feed_id, now)
    assert row(feed_id).stopped_at == now
    assert [letter.to for letter in letters()] == [cast.librarian.email]


def workers(app, count, work):
    """So many at one moment, each with a session of its own, as threads of a worker or workers of their own have."""
    gate, failed = threading.Barrier(count), []

    def one(n):
        try:
            with app.app_context():
                gate.wait(10)
                work(n)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


def test_two_workers_ask_one_host_for_one_feed_at_a_time(app, cast, catalog, now):
    """The second finds the host taken and goes; nobody waits, nobody asks twice."""
    catalog.slow = 0.3
    ids = [add(cast, catalog, now, name) for name in ("One", "Two")]
    db.session.remove()
    workers(app, 2, lambda n: ingest_feed(ids[n], LOOPBACK, now))
    assert (catalog.most, len(catalog.server.seen)) == (1, 1)
    assert sorted(bool(row(n).checked_at) for n in ids) == [False, True]


def test_two_workers_told_of_one_host_ask_each_of_its_feeds_once(app, cast, catalog, now):
    catalog.slow = 0.1
    ids = [add(cast, catalog, now, f"Feed {n}") for n in range(4)]
    host = row(ids[0]).host
    db.session.remove()
    for _ in range(3):  # beat tells again and again
        workers(app, 2, lambda n: ingest_host(host, LOOPBACK, _ticking(now)))
    assert catalog.most == 1
    assert set(Counter(request.path for request in catalog.server.seen).values()) == {1}
    assert all(row(n).checked_at for n in ids)


def _ticking(now):
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def test_hosts_do_not_wait_for_each_other(app, cast, catalog, now):
    catalog.slow = 0.5
    other = LocalServer(catalog._answer, host="127.0.0.2")
    with other:
        ids = [add(cast, catalog, now), feeds.add(cast.library, f"{other.url}/x", "X", OUTREACH, now).id]
        db.session.remove()
        workers(app, 2, lambda n: ingest_feed(ids[n], LOOPBACK, now))
        assert catalog.most == 2


def test_a_dead_checker_frees_its_host_after_ten_minutes(cast, feed_id, catalog, now):
    from outreach.titles.ingest import _begin

    other = add(cast, catalog, now, "Other")
    assert _begin(feed_id, now) is not None  # and then its process is killed
    ingest_feed(other, LOOPBACK, now + CHECK_LASTS - timedelta(seconds=1))
    assert catalog.server.seen == []
    ingest_feed(other, LOOPBACK, now + CHECK_LASTS)
    ingest_feed(feed_id, LOOPBACK, now + CHECK_LASTS)
    assert [request.path for request in catalog.server.seen] == ["/Other", "/New-books"]


def test_while_a_host_is_taken_its_other_feeds_do_not_keep_a_worker_busy(cast, feed_id, catalog, now):
    """Each turn of a loop that cannot begin would be a query in a row, for minutes."""
    from outreach.titles.ingest import _begin

    add(cast, catalog, now, "Other")
    host = row(feed_id).host
    assert _begin(feed_id, now) is not None
    looked = []

    def clock():
        looked.append(1)
        return now + timedelta(seconds=len(looked))

    ingest_host(host, LOOPBACK, clock)
    assert len(looked) < 10
    assert catalog.server.seen == []


def test_a_thousand_daily_feeds_that_began_together_spread_over_hours(now):
    """Each day by up to four hours more: after the first they hardly meet."""
    for day in range(3):
        moments = sorted((now + DAY + jitter(n, now + day * DAY, DAY)) for n in range(1_000))
        assert moments[-1] - moments[0] > timedelta(hours=3)
        minutes = Counter(int((m - now).total_seconds() // 60) for m in moments)
        assert max(minutes.values()) <= 20
    assert all(timedelta(0) <= jitter(n, now, HOUR) <= HOUR / 6 for n in range(1_000))


def test_jitter_is_another_one_each_day(now):
    assert len({jitter(1, now + n * DAY, DAY) for n in range(30)}) == 30
