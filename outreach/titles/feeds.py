"""A library's feeds: add one, check it now, stop it; say what a catalog reload was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import DigestRule, Feed, FeedTitle, Library, Title
from outreach.titles import rules
from outreach.titles.aside import are_news
from outreach.titles.links import host_of, web_link
from outreach.titles.standing import FILTER
from outreach.words import NotDone, Sentence, within

MOST_FORMATS, LONGEST_FORMAT = 200, 60
SECRET = re.compile(r"(?i)((?:key|token|apikey|api_key|password|passwd|pwd|secret|auth)=)[^&#]+")


def masked(url: str) -> str:
    """An address without the keys it may hold, for pages and logs."""
    return re.sub(r"//[^/@]*@", "//***@", SECRET.sub(r"\1***", url))


def add(library: Library, url: str, name: str, by: Actor, now: datetime, audience: str = "") -> Feed:
    """Subscribe to a catalog search. The first one brings the weekly post with it. Checked within a minute."""
    url, name = url.strip(), within(" ".join(name.split()), 100)
    _refuse_no_address(url)
    with writing() as session:
        if session.scalar(select(Feed.id).where(Feed.library_id == library.id, Feed.url == url)):
            raise NotDone(Sentence("You have this feed already. Nothing of it was changed."))
        feed = Feed(
            library_id=library.id,
            url=url,
            host=host_of(url),
            name=name or name_of(url),
            audience=audience[:50],
            next_check_at=now,
            created_at=now,
        )
        session.add(feed)
        if not library.catalog:
            session.get_one(Library, library.id).catalog = _catalog_at(url)
        rules.begin(session, library, by, now)
        record(session, "feed", feed.id, "connected", by, now, library_id=library.id)
    return feed


def name_of(url: str) -> str:
    """For a feed that tells no name: where it is."""
    return host_of(url).removeprefix("www.")


def _refuse_no_address(url: str) -> None:
    """Raises NotDone for what cannot be the address of a feed."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https", "outreach") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an address in them, a port beyond 65535
        whole = False
    if not whole or not url.isprintable() or " " in url:
        raise NotDone(Sentence("Paste the whole address of the feed, without spaces: it begins with https://"))
    if len(url) > 2_000:
        raise NotDone(Sentence("This address is too long to be right."))


def _catalog_at(feed: str) -> str:
    """Where the public is sent for "…and 14 more": the host of the feed and no more, since the rest may hold a key."""
    try:
        parts = urlsplit(feed)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return web_link("", f"{parts.scheme}://{parts.hostname}{port}/") or ""  # nothing of the school's own network


def check_now(feed_id: int, now: datetime) -> None:
    with writing() as session:
        feed = session.get_one(Feed, feed_id)
        if feed.stopped_at is not None:
            feed.failing_since = None  # somebody has repaired something: it has a week again
        feed.next_check_at, feed.stopped_at = now, None


def stop(feed_id: int, by: Actor, now: datetime) -> None:
    with writing() as session:
        feed = session.get_one(Feed, feed_id)
        feed.stopped_at, feed.failing_since = now, None
        record(session, "feed", feed.id, "stopped", by, now, library_id=feed.library_id)


def remove(feed_id: int, by: Actor, now: datetime) -> None:
    """Not checked any more, and out of the list. Its titles stay: what was seen once is never new again."""
    with writing() as session:
        feed = session.get_one(Feed, feed_id)
        record(session, "feed", feed.id, "removed", by, now, library_id=feed.library_id)
        for rule in session.scalars(select(DigestRule).where(DigestRule.library_id == feed.library_id)):
            if rule.feed_ids == [feed_id]:  # an empty list means every feed: nobody said that of all these
                rule.by_itself = False
                rule.sentence = Sentence("Its feed was removed. It takes titles of all feeds now, after review.")
            rule.feed_ids = [n for n in rule.feed_ids if n != feed_id]
        session.execute(delete(FeedTitle).where(FeedTitle.feed_id == feed_id))
        session.delete(feed)


@dataclass(frozen=True)
class Typed:
    """What a person says of a feed."""

    name: str = ""
    audience: str = ""
    formats: Sequence[str] = ()  # only these; none: all
    without: Sequence[str] = ()  # nothing with these words in its title
    licensed_covers: bool = False


def change(feed_id: int, typed: Typed, by: Actor, now: datetime) -> None:
    """The name and filters of a feed. Raises NotDone for what is too long."""
    with writing() as session:
        feed = session.get_one(Feed, feed_id)
        feed.name = within(" ".join(typed.name.split()), 100) or feed.name
        feed.audience = within(typed.audience, 50)
        feed.licensed_covers = typed.licensed_covers
        filters = feed.formats, feed.without
        feed.formats = [f.strip()[:LONGEST_FORMAT] for f in typed.formats if f.strip()][:MOST_FORMATS]
        feed.without = [w.strip()[:50] for w in typed.without if w.strip()][:50]
        if filters != (feed.formats, feed.without):
            _old_already(session, feed.id)
        record(session, "feed", feed.id, "edited", by, now, library_id=feed.library_id)


def _old_already(session: Session, feed_id: int) -> None:
    """What its filters left out so far was seen then: with other filters it is no news."""
    mine = select(FeedTitle.title_id).where(FeedTitle.feed_id == feed_id)
    old = update(Title).where(Title.id.in_(mine), Title.left_out == FILTER).values(baseline=True)
    session.execute(old.execution_options(synchronize_session=False))


def was_reloaded(feed_id: int, by: Actor, now: datetime) -> None:
    """These are no news: the catalog was reloaded. They stay marked as seen."""
    with writing() as session:
        feed = session.get_one(Feed, feed_id)
        feed.held_at = feed.sentence = None
        record(session, "feed", feed.id, "reloaded", by, now, library_id=feed.library_id)


def are_new(feed_id: int, by: Actor, now: datetime) -> None:
    """These really are new. They may be announced."""
    with writing() as session:
        feed = session.get_one(Feed, feed_id, populate_existing=True, with_for_update=ALONE)
        if feed.held_at is None:  # it was said before, or there is nothing to say
            return
        then = select(FeedTitle.title_id).where(FeedTitle.feed_id == feed.id, FeedTitle.first_seen_at >= feed.held_at)
        new = Title.first_seen_at >= feed.held_at  # what another feed had brought before is old
        are_news(session, feed.library, list(session.scalars(select(Title.id).where(Title.id.in_(then), new))))
        feed.held_at = feed.sentence = None
        record(session, "feed", feed.id, "are new", by, now, library_id=feed.library_id)
