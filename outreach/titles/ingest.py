"""A feed -> titles of the library.

    fetch (network) | parse_safely (child process) | filter | same as one we know? | store

The first good fetch is the baseline: all of it is marked as seen, nothing is news. Later, what was never seen
is news; unless more than half of the feed (and more than 20 titles) is unknown: that is a reloaded catalog,
and a person says what it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.accounts.pause import managers
from outreach.channels.guard import Reach
from outreach.config import Config
from outreach.db import db, writing
from outreach.mail import put
from outreach.models import Feed, FeedRun, Library
from outreach.posts.tell import next_morning
from outreach.titles.fetch import Fetched, Known, fetch, jitter
from outreach.titles.identity import candidate
from outreach.titles.queries import hosts_due, next_due
from outreach.titles.rss.not_a_feed import NotAFeed
from outreach.titles.rss.parse import CUT_OFF, Parsed
from outreach.titles.rss.parse_child import parse_safely
from outreach.titles.store import Came, store
from outreach.words import Sentence

CHECK_LASTS = timedelta(minutes=10)  # nobody else checks the feed meanwhile, nor another one of its host
AT_A_STRETCH = timedelta(minutes=4)
GIVE_UP = timedelta(days=7)  # of failing
RUNS_KEPT = 30

log = logging.getLogger(__name__)


def due_hosts(now: datetime) -> list[str]:
    """Hosts that have a feed whose time has come."""
    hosts = hosts_due(db.session(), now)
    db.session.rollback()
    return hosts


def ingest_host(host: str, reach: Reach, now: Callable[[], datetime], config: Config | None = None) -> list[Came]:
    """The due feeds of one host, one after the other: it is somebody else's server. For minutes at most."""
    came, ends_at = [], now() + AT_A_STRETCH
    while (moment := now()) < ends_at and (feed_id := next_due(db.session(), host, moment)) is not None:
        db.session.rollback()
        if (checked := _check(feed_id, reach, moment, config)) is None:
            break  # somebody else asks this host; beat tells of it again
        came.append(checked)
    db.session.rollback()
    return came


def ingest_feed(feed_id: int, reach: Reach, now: datetime, config: Config | None = None) -> Came:
    """One check of one feed. Raises nothing that a feed can cause."""
    return _check(feed_id, reach, now, config) or Came()


def _check(feed_id: int, reach: Reach, now: datetime, config: Config | None) -> Came | None:
    """None: it is not its time, or its host is being asked."""
    known = _begin(feed_id, now)
    if known is None:
        return None
    fetched = fetch(known, reach, config)
    if fetched.body is None:
        return _finish(feed_id, fetched, None, now)
    try:
        parsed = parse_safely(fetched.body, fetched.content_type, fetched.url, now)
    except NotAFeed as wrong:
        told = Fetched(sentence=_with_feed(wrong), diagnosis="not a feed", tell=known.failures >= 2)
        return _finish(feed_id, told, None, now)
    return _finish(feed_id, fetched, parsed, now)


def _with_feed(wrong: NotAFeed) -> Sentence:
    """A page that names its feed: say which."""
    if not wrong.feed_link:
        return wrong.sentence
    return Sentence(
        "This address is a page, not a feed. The page names this feed: %(feed)s – add it instead.", feed=wrong.feed_link
    )


def _begin(feed_id: int, now: datetime) -> Known | None:
    """Take the feed for this check: whoever comes second finds that its time has not come, or its host taken."""
    with writing() as session:
        feed = session.get(Feed, feed_id, populate_existing=True)
        if feed is None or _is_asked(session, feed, now) or feed.stopped_at is not None or feed.next_check_at > now:
            return None
        feed.next_check_at = feed.busy_until = now + CHECK_LASTS
        return Known(feed.url, feed.etag, feed.last_modified, feed.body_hash, feed.failures)


def _is_asked(session: Session, feed: Feed, now: datetime) -> bool:
    """Is another feed of its host being asked right now? All are locked, it too: what is read then is the last word."""
    same_host = select(Feed).where(Feed.host == feed.host).order_by(Feed.id).with_for_update(key_share=True)
    feeds = session.scalars(same_host.execution_options(populate_existing=True)).all()
    return any(one.id != feed.id and one.busy_until is not None and one.busy_until > now for one in feeds)


def _finish(feed_id: int, fetched: Fetched, parsed: Parsed | None, now: datetime) -> Came:
    candidates = [candidate(title) for title in parsed.titles] if parsed else []  # before anybody has to wait for us
    with writing() as session:
        feed = session.get(Feed, feed_id, populate_existing=True, with_for_update=True)
        if feed is None:
            return Came()  # somebody took it away meanwhile
        feed.checked_at, feed.busy_until = now, None
        feed.next_check_at = now + fetched.again_in + jitter(feed.id, now, fetched.again_in)
        if fetched.sentence is not None:
            _note(session, feed, "failed", Came(sentence=fetched.sentence), fetched.diagnosis, now)
            return _failed(session, feed, fetched, now)
        feed.failing_since = None
        if feed.failures and feed.held_at is None:
            feed.sentence, feed.diagnosis = None, ""  # the trouble is over
        feed.failures, feed.good_at = 0, now
        complete = fetched.complete and (parsed is None or CUT_OFF not in parsed.warnings)
        _remember(feed, fetched if complete else Fetched())
        if parsed is None:
            _note(session, feed, "unchanged", Came(), "", now)
            return Came()
        if feed.held_at is None:  # a question that is open stays
            feed.sentence, feed.diagnosis = (parsed.warnings[0] if parsed.warnings else None), ""
        came = store(session, feed, candidates, now, complete=complete)
        if feed.held_at == now:
            _tell(session, feed, feed.sentence, "reload", now)
        _note(session, feed, "held" if feed.held_at == now else "read", came, "", now)
        return came


def _note(session: Session, feed: Feed, outcome: str, came: Came, diagnosis: str, now: datetime) -> None:
    """A line for the page of the feed; the last thirty are kept."""
    session.add(
        FeedRun(
            feed_id=feed.id,
            at=now,
            outcome=outcome,
            titles=came.titles,
            new=came.new,
            sentence=came.sentence,
            diagnosis=diagnosis[:500],
        )
    )
    oldest = (
        select(FeedRun.id).where(FeedRun.feed_id == feed.id).order_by(FeedRun.id.desc()).offset(RUNS_KEPT - 1).limit(1)
    )
    if (last := session.scalar(oldest)) is not None:
        session.execute(delete(FeedRun).where(FeedRun.feed_id == feed.id, FeedRun.id < last))


def _remember(feed: Feed, fetched: Fetched) -> None:
    """What to ask with next time; nothing of a body that was cut off, or the rest would never come."""
    feed.etag, feed.last_modified, feed.body_hash = fetched.etag, fetched.last_modified, fetched.body_hash


def _failed(session: Session, feed: Feed, fetched: Fetched, now: datetime) -> Came:
    feed.failures += 1
    feed.failing_since = feed.failing_since or now
    given_up = now - feed.failing_since >= GIVE_UP
    feed.sentence, feed.diagnosis = fetched.sentence, fetched.diagnosis[:2_000]
    if given_up:
        feed.sentence = Sentence(
            "It has failed for a week, so we stopped asking. The last time: %(why)s", why=fetched.sentence or ""
        )
    feed.stopped_at = now if fetched.stop or given_up else None
    if fetched.tell or given_up:
        _tell(session, feed, feed.sentence, "given up" if given_up else fetched.diagnosis, now)
    return Came(sentence=feed.sentence)


def _tell(session: Session, feed: Feed, sentence: Sentence | None, reason: str, now: datetime) -> None:
    """Each manager, once a week for one reason, in the letter of the morning."""
    morning = next_morning(session.get_one(Library, feed.library_id), now)
    subject = Sentence("New titles: %(feed)s", feed=feed.name)
    for person in managers(session, feed.library_id):
        about = f"feed-{feed.id}-{reason}-{now:%Y-%W}-{person.id}"
        put(session, person.email, subject, sentence or "", now, about=about, path="/titles/", morning=morning)
