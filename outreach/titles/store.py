"""What a check of a feed brought, into the library: the baseline, the filters, for whom, the reloaded catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from outreach.models import Feed, FeedTitle
from outreach.titles.aside import let_in
from outreach.titles.bulk import TITLE, chunks
from outreach.titles.identity import Candidate
from outreach.titles.shelve import shelve, sort_out
from outreach.titles.standing import FILTER, OFFERED, OLDER, UNMARKED, Readers
from outreach.words import Sentence

RELOAD_LEAST = 20
PATIENCE = timedelta(days=7)  # a feed that has ended too early for so long has no more
_FEED_TITLE = cast(Table, FeedTitle.__table__)


@dataclass(frozen=True)
class Came:
    """What one check brought."""

    titles: int = 0
    new: int = 0
    sentence: Sentence | None = None


def store(
    session: Session, feed: Feed, candidates: Sequence[Candidate], now: datetime, *, complete: bool = True
) -> Came:
    """Put what is unknown into the library, in the caller's transaction.

    All of it is marked as seen, also what the filters leave out: otherwise lifting a filter would announce old books.
    `complete`: False for a body that was cut off, of which more is old than was seen.
    """
    known = sort_out(session, feed.library_id, candidates)
    passing = {c.key for c in candidates if kept(c, feed.formats, feed.without)}
    new = [one for one in known.fresh.values() if one.key in passing]
    first = feed.baseline_at is None
    reload = not first and len(new) > RELOAD_LEAST and len(new) > len(passing) / 2
    readers = Readers(feed.library.grades, feed.library.older_shelves)

    def left_out(one: Candidate) -> str:
        old = first or reload
        return readers.left_out(one.title, feed.audience, baseline=old) if one.key in passing else FILTER

    shelved = shelve(
        session,
        feed.library_id,
        known,
        now,
        left_out=left_out,
        baseline=first or reload,
        audience=feed.audience,
        feed_id=feed.id,
    )
    passed = [n for n, one in known.seen.items() if one.key in passing]
    let_in(session, feed.library, passed, now, baseline=first or reload, audience=feed.audience)
    if feed.audience.strip():
        _wait_no_more(session, known.seen, left_out)
    _link(session, feed, [*shelved.seen, *shelved.fresh], now)
    if first and (complete or (not known.fresh and now - feed.created_at > PATIENCE)):
        feed.baseline_at = now
    if reload:
        feed.held_at = feed.held_at or now  # of several at once none is lost
        feed.sentence = Sentence(
            "%(count)s titles are new at once, more than half of the feed. Was the catalog reloaded?", count=len(new)
        )
    return Came(len(passing), 0 if first or reload else len(new), feed.sentence)


def kept(candidate: Candidate, formats: Sequence[str], without: Sequence[str]) -> bool:
    """The filters of a feed. A title that says no format passes a format filter: most feeds say none."""
    title = candidate.title
    if formats and title.format and title.format.casefold() not in {f.casefold() for f in formats}:
        return False
    if not without:
        return True
    name = f"{title.title} {title.subtitle or ''}".casefold()
    return not any(word.casefold() in name for word in without)


def _wait_no_more(session: Session, seen: Mapping[int, Candidate], left_out: Callable[[Candidate], str]) -> None:
    """Who subscribed to this feed said for whom its titles are, also those that another source brought unmarked."""
    for reason in (OFFERED, OLDER):
        for some in chunks(n for n, one in seen.items() if left_out(one) == reason):
            waits = update(TITLE).where(TITLE.c.id.in_(some), TITLE.c.left_out == UNMARKED)
            session.execute(waits.values(left_out=reason))


def _link(session: Session, feed: Feed, title_ids: Sequence[int], now: datetime) -> None:
    """Which titles are in this feed, for digests of some feeds only."""
    for some in chunks(title_ids):
        mine = select(FeedTitle.title_id).where(FeedTitle.feed_id == feed.id, FeedTitle.title_id.in_(some))
        there = set(session.scalars(mine))
        rows = [{"feed_id": feed.id, "title_id": n, "first_seen_at": now} for n in some if n not in there]
        if rows:
            session.execute(insert(_FEED_TITLE), rows)
