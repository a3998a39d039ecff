"""A feed -> titles of the library.

    fetch (network) | parse_safely (child process) | filter | same as one we know? | store

The first good fetch is the baseline: all of it is marked as seen, nothing is news. Later, what was never seen
is news; unless more than half of the feed (and more than 20 titles) is unknown: that is a reloaded catalog,
and a person says what it is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from outreach.accounts.pause import managers
from outreach.channels.guard import Reach
from outreach.config import Config
from outreach.db import db, writing
from outreach.mail import put
from outreach.models import Feed, FeedTitle, Title, TitleId
from outreach.titles.fetch import Fetched, Known, fetch, jitter
from outreach.titles.identity import Seen, agree, key_of, name_of, same
from outreach.titles.not_a_feed import NotAFeed
from outreach.titles.parse import Parsed, ParsedTitle
from outreach.titles.parse_child import parse_safely
from outreach.titles.queries import due_feed_ids
from outreach.words import Sentence

RELOAD_LEAST = 20
CHUNK = 500
_TITLE, _TITLE_ID, _FEED_TITLE = (cast(Table, model.__table__) for model in (Title, TitleId, FeedTitle))
CHECK_LASTS = timedelta(minutes=10)  # nobody else checks the feed meanwhile

log = logging.getLogger(__name__)


def due_feeds(now: datetime) -> list[int]:
    ids = due_feed_ids(db.session(), now)
    db.session.rollback()
    return ids


@dataclass(frozen=True)
class Came:
    """What one check brought."""

    titles: int = 0
    new: int = 0
    sentence: Sentence | None = None


def ingest_feed(feed_id: int, reach: Reach, now: datetime, config: Config | None = None) -> Came:
    """One check of one feed. Raises nothing that a feed can cause."""
    known = _begin(feed_id, now)
    if known is None:
        return Came()
    fetched = fetch(known, reach, config)
    if fetched.body is None:
        return _finish(feed_id, fetched, None, now)
    try:
        parsed = parse_safely(fetched.body, fetched.content_type, fetched.url, now)
    except NotAFeed as wrong:
        return _finish(
            feed_id, Fetched(sentence=wrong.sentence, diagnosis="not a feed", tell=known.failures >= 2), None, now
        )
    return _finish(feed_id, fetched, parsed, now)


def _begin(feed_id: int, now: datetime) -> Known | None:
    """Take the feed for this check: whoever comes second finds that its time has not come."""
    with writing() as session:
        feed = session.get(Feed, feed_id, populate_existing=True)
        if feed is None or feed.stopped_at is not None or feed.next_check_at > now:
            return None
        feed.next_check_at = now + CHECK_LASTS
        return Known(feed.url, feed.etag, feed.last_modified, feed.body_hash, feed.failures)


def _finish(feed_id: int, fetched: Fetched, parsed: Parsed | None, now: datetime) -> Came:
    with writing() as session:
        feed = session.get_one(Feed, feed_id)
        feed.checked_at = now
        feed.next_check_at = now + fetched.again_in + jitter(feed.id, now)
        if fetched.sentence is not None:
            return _failed(session, feed, fetched, now)
        if feed.failures and feed.held_at is None:
            feed.sentence, feed.diagnosis = None, ""  # the trouble is over
        feed.failures, feed.good_at = 0, now
        feed.etag, feed.last_modified, feed.body_hash = fetched.etag, fetched.last_modified, fetched.body_hash
        if parsed is None:
            return Came()
        feed.sentence, feed.diagnosis = (parsed.warnings[0] if parsed.warnings else None), ""
        return store(session, feed, parsed.titles, now)


def _failed(session: Session, feed: Feed, fetched: Fetched, now: datetime) -> Came:
    feed.failures += 1
    feed.sentence, feed.diagnosis = fetched.sentence, fetched.diagnosis[:2_000]
    feed.stopped_at = now if fetched.stop else None
    if fetched.tell:
        for person in managers(session, feed.library_id):
            put(
                session,
                person.email,
                f"New titles: {feed.name}",
                fetched.sentence or "",
                now,
                about=f"feed-{feed.id}-{fetched.diagnosis}-{now:%Y-%W}-{person.id}",
            )
    return Came(sentence=fetched.sentence)


def store(session: Session, feed: Feed, titles: Sequence[ParsedTitle], now: datetime) -> Came:
    """Put what is unknown into the library, in the caller's transaction."""
    wanted = [t for t in titles if kept(t, feed.formats, feed.without)]
    by_id, by_key = _known(session, feed.library_id, wanted)
    fresh: dict[str, ParsedTitle] = {}  # by match key
    seen: set[int] = set()
    taken: dict[str, str] = {}  # ISBN or record -> match key
    for title in wanted:
        known = same(title, by_id, by_key)
        if known:
            seen.add(known.id)
        elif (key := key_of(title)) not in fresh and not repeats(ids := _ids(title), key, taken):
            taken.update(dict.fromkeys(ids, key))
            fresh[key] = title
    first = feed.baseline_at is None
    reload = not first and len(fresh) > RELOAD_LEAST and len(fresh) > len(wanted) / 2
    new_ids = _insert(session, feed, fresh, baseline=first or reload, now=now)
    _link(session, feed, [*seen, *new_ids], now)
    if first:
        feed.baseline_at = now
    if reload:
        feed.held_at = now
        feed.sentence = Sentence(
            "%(count)s titles are new at once, more than half of the feed. Was the catalog reloaded?", count=len(fresh)
        )
    return Came(len(wanted), 0 if first or reload else len(new_ids), feed.sentence)


def repeats(ids: Sequence[str], key: str, taken: Mapping[str, str]) -> bool:
    """Was it earlier in this feed? Volumes of a set share an ISBN, and are not one title."""
    return any(i in taken and (i.startswith("record:") or agree(name_of(taken[i]), name_of(key))) for i in ids)


def kept(title: ParsedTitle, formats: Sequence[str], without: Sequence[str]) -> bool:
    """The filters of a feed. A title that says no format passes a format filter: most feeds say none."""
    if formats and title.format and title.format.casefold() not in {f.casefold() for f in formats}:
        return False
    name = f"{title.title} {title.subtitle or ''}".casefold()
    return not any(word.casefold() in name for word in without)


def _ids(title: ParsedTitle) -> list[str]:
    return [f"isbn:{isbn}" for isbn in title.isbn13] + ([f"record:{title.record}"] if title.record else [])


def _known(session: Session, library_id: int, titles: Sequence[ParsedTitle]) -> tuple[dict[str, Seen], dict[str, Seen]]:
    """Stored titles that could be among these, by id and by match key."""
    by_id: dict[str, Seen] = {}
    for values in _chunks({i for t in titles for i in _ids(t)}):
        found = (
            select(TitleId.kind, TitleId.value, Title.id, Title.match_key)
            .join(Title, Title.id == TitleId.title_id)
            .where(TitleId.library_id == library_id, TitleId.value.in_([v.split(":", 1)[1] for v in values]))
        )
        by_id |= {f"{kind}:{value}": Seen(n, key) for kind, value, n, key in session.execute(found)}
    by_key: dict[str, Seen] = {}
    for keys in _chunks({key_of(t) for t in titles}):
        named = select(Title.id, Title.match_key).where(Title.library_id == library_id, Title.match_key.in_(keys))
        by_key |= {key: Seen(n, key) for n, key in session.execute(named)}
    return by_id, by_key


def _chunks(values: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(values)
    return (ordered[n : n + CHUNK] for n in range(0, len(ordered), CHUNK))


def _insert(session: Session, feed: Feed, fresh: Mapping[str, ParsedTitle], baseline: bool, now: datetime) -> list[int]:
    """The tables and not the classes: of 10,000 rows each, the ORM's care costs as much as the database."""
    if not fresh:
        return []
    rows = [
        {
            "library_id": feed.library_id,
            "title": t.title,
            "subtitle": t.subtitle,
            "author": t.author,
            "format": t.format,
            "audience": feed.audience,
            "link": t.link,
            "cover": t.cover,
            "match_key": key,
            "first_seen_at": now,
            "baseline": baseline,
        }
        for key, t in fresh.items()
    ]
    ids = {key: n for n, key in session.execute(insert(_TITLE).returning(_TITLE.c.id, _TITLE.c.match_key), rows)}
    known_as = [
        {"library_id": feed.library_id, "title_id": ids[key], "kind": kind, "value": value}
        for key, t in fresh.items()
        for kind, value in (i.split(":", 1) for i in _ids(t))
    ]
    if known_as:
        session.execute(insert(_TITLE_ID), known_as)
    return list(ids.values())


def _link(session: Session, feed: Feed, title_ids: Sequence[int], now: datetime) -> None:
    """Which titles are in this feed, for digests of some feeds only."""
    there = set(session.scalars(select(FeedTitle.title_id).where(FeedTitle.feed_id == feed.id)))
    rows = [
        {"feed_id": feed.id, "title_id": n, "first_seen_at": now} for n in dict.fromkeys(title_ids) if n not in there
    ]
    if rows:
        session.execute(insert(_FEED_TITLE), rows)
