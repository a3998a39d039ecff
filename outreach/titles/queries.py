"""Named selects over titles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.orm import Session

from outreach.models import Delivery, DigestRule, Feed, FeedRun, FeedTitle, Import, ImportTitle, Post, PostTitle, Title
from outreach.models.titles import NEWS
from outreach.posts.same_book import book_of
from outreach.titles.digest import pick
from outreach.titles.options import Options
from outreach.titles.standing import OFFERED

MOST = 5_000  # news that are counted; more at once are a mistake of a catalog
FORGOTTEN = timedelta(days=7)
# What came last, and of one check or list what stands first in it: catalogs put their newest on top.
NEWEST = (Title.picked_at.is_(None), Title.first_seen_at.desc(), Title.id)


def feeds_of(session: Session, library_id: int) -> list[Feed]:
    return list(session.scalars(select(Feed).where(Feed.library_id == library_id).order_by(Feed.name)))


def feed_at(session: Session, library_id: int, url: str) -> Feed | None:
    return session.scalar(select(Feed).where(Feed.library_id == library_id, Feed.url == url))


def watched(session: Session, library_id: int | None = None) -> list[Feed]:
    """The feeds that nobody stopped, of one library or of all."""
    chosen = select(Feed).where(Feed.stopped_at.is_(None)).order_by(Feed.id)
    return list(session.scalars(chosen if library_id is None else chosen.where(Feed.library_id == library_id)))


def runs_of(session: Session, feed_id: int, most: int = 30) -> list[FeedRun]:
    """Its last checks, the newest first."""
    return list(
        session.scalars(select(FeedRun).where(FeedRun.feed_id == feed_id).order_by(FeedRun.id.desc()).limit(most))
    )


def rules_of(session: Session, library_id: int) -> list[DigestRule]:
    return list(session.scalars(select(DigestRule).where(DigestRule.library_id == library_id).order_by(DigestRule.id)))


def running(session: Session, library_id: int) -> list[DigestRule]:
    return [rule for rule in rules_of(session, library_id) if rule.stopped_at is None]


def takes(rules: Sequence[DigestRule], feed: Feed) -> bool:
    """Does one of these weekly posts take what comes with this feed?"""
    return any(not rule.feed_ids or feed.id in rule.feed_ids for rule in rules)


def offered(session: Session, library_id: int, chosen: list[int], most: int = 60) -> list[Title]:
    """Titles to choose from: those chosen already, then what was not announced, news before the baseline.

    News stand in the order in which a weekly post takes them.
    """
    mine = select(Title).where(Title.library_id == library_id, Title.hidden_at.is_(None), Title.left_out == OFFERED)
    picked = list(session.scalars(mine.where(Title.id.in_(chosen))))
    order = {title_id: n for n, title_id in enumerate(chosen)}
    picked.sort(key=lambda t: order[t.id])
    fresh = mine.where(Title.id.not_in(chosen), Title.announced_at.is_(None))
    return picked + list(session.scalars(fresh.order_by(Title.baseline, *NEWEST).limit(most)))


def news(
    session: Session, rule: DigestRule, now: datetime, most: int = MOST, options: Options | None = None
) -> list[Title]:
    """What a digest may announce, the newest first, what was picked by hand before; its filters are applied."""
    chosen = _taken_by(rule, options or Options.of(rule.options), now).where(text(NEWS))
    books = _books_under_way(session, rule.library_id, now)
    found = session.scalars(chosen.order_by(*NEWEST).limit(most))
    return [title for title in found if book_of(title.match_key) not in books]


def _taken_by(rule: DigestRule, options: Options, now: datetime) -> Select[Title]:
    """What passes its filters and is in no post, be it news or not."""
    chosen = select(Title).where(Title.library_id == rule.library_id, Title.id.not_in(under_way(now)))
    if rule.feed_ids:
        chosen = chosen.where(Title.id.in_(select(FeedTitle.title_id).where(FeedTitle.feed_id.in_(rule.feed_ids))))
    if options.audiences:
        chosen = chosen.where(Title.audience.in_(options.audiences))
    if options.formats:
        chosen = chosen.where(Title.format.in_(options.formats))
    return chosen


def not_announced(session: Session, library_id: int, most: int) -> list[Title]:
    """The news of a library, whatever post they lie in, as a weekly post would take them."""
    mine = select(Title).where(Title.library_id == library_id, text(NEWS))
    return list(session.scalars(mine.order_by(*NEWEST).limit(most)))


def waiting_of_list(session: Session, row: Import, now: datetime) -> list[int]:
    """What a list brought and may be announced beside all that is on its way, in the order of a weekly post."""
    mine = select(Title.id, Title.match_key).join(ImportTitle, ImportTitle.title_id == Title.id)
    waits = mine.where(ImportTitle.import_id == row.id, text(NEWS), Title.id.not_in(under_way(now)))
    books = _books_under_way(session, row.library_id, now)
    return [n for n, key in session.execute(waits.order_by(*NEWEST)) if book_of(key) not in books]


def _books_under_way(session: Session, library_id: int, now: datetime) -> set[str]:
    """Of a book that is on its way, no other format or edition is news beside it."""
    going = select(Title.match_key).where(Title.library_id == library_id, Title.id.in_(under_way(now)))
    return {book for key in session.scalars(going) if (book := book_of(key))}


def under_way(now: datetime) -> Select[Any]:
    """Titles of posts that go out, wait for a word, or are being written: no other one takes them.

    A draft that nobody touched for a week holds nothing back, and nor does what is out: what it named is announced,
    and what it had no room for, or went to practice alone, is news still.
    """
    going = exists(
        select(Delivery.id).where(
            Delivery.post_id == Post.id,
            Delivery.edition == Post.edition,
            Delivery.state.not_in(("cancelled", "not_posted", "published")),
        )
    )
    written = (Post.state == "submitted") | ((Post.state == "approved") & going)
    on_its_way = written | (Post.state.in_(("draft", "returned")) & (Post.updated_at > now - FORGOTTEN))
    return select(PostTitle.title_id).join(Post, Post.id == PostTitle.post_id).where(on_its_way)


def in_posts(session: Session, library_id: int, now: datetime) -> set[int]:
    """Titles of a library that lie in a post which is written or goes out."""
    mine = select(Title.id).where(Title.library_id == library_id, Title.id.in_(under_way(now)))
    return set(session.scalars(mine))


def would_be_first(session: Session, title: Title, now: datetime) -> bool:
    """Would picking it by hand do anything? A weekly post takes it, and no other post tells of it."""
    if title.announced_at or title.hidden_at:
        return False
    if book_of(title.match_key) in _books_under_way(session, title.library_id, now):
        return False
    rules = running(session, title.library_id)
    taken = (_taken_by(rule, Options.of(rule.options), now).where(Title.id == title.id) for rule in rules)
    return any(session.scalar(one) is not None for one in taken)


def untold(session: Session, feed: Feed, now: datetime, most: int = 4) -> list[int]:
    """The newest of what a feed has had all along, one of each name; none once it brought news or a post told of it.

    A feed that is stopped, or of which somebody is asked what its titles are, offers none either.
    """
    if feed.held_at or feed.stopped_at:
        return []
    of_feed = select(Title).where(Title.id.in_(select(FeedTitle.title_id).where(FeedTitle.feed_id == feed.id)))
    came = text(f"({NEWS})") & (Title.first_seen_at > (feed.baseline_at or now))
    told_since = (Title.announced_at >= feed.created_at) | Title.id.in_(
        under_way(now).where(Post.created_at >= feed.created_at)
    )
    if session.scalar(of_feed.where(came | told_since).limit(1)) is not None:
        return []
    silent = (Title.left_out == OFFERED) & Title.baseline & Title.announced_at.is_(None) & Title.hidden_at.is_(None)
    known = session.scalars(of_feed.where(silent).order_by(*NEWEST).limit(10 * most))
    books = _books_under_way(session, feed.library_id, now)
    return list(pick([title for title in known if book_of(title.match_key) not in books], most).ids)


def by_people(session: Session, ids: Sequence[int]) -> bool:
    """Did a person write any word of these titles, or bring one that no feed has?"""
    in_feed = exists().where(FeedTitle.title_id == Title.id)
    mine = select(Title.corrected, in_feed, ImportTitle.import_id, ImportTitle.new, ImportTitle.told)
    rows = session.execute(mine.outerjoin(ImportTitle, ImportTitle.title_id == Title.id).where(Title.id.in_(ids)))
    return any(row.corrected or (row.import_id and (row.new or row.told or not row[1])) for row in rows)


def in_drafts(session: Session, library_id: int, now: datetime) -> int:
    """How many titles that are news lie in posts that nobody sent yet."""
    mine = select(func.count(Title.id)).where(Title.library_id == library_id, text(NEWS), Title.id.in_(under_way(now)))
    return session.scalar(mine) or 0


def last_written(session: Session, rule_id: int) -> datetime | None:
    """When the last weekly post of a rule was written that was not cancelled."""
    mine = select(func.max(Post.created_at)).where(Post.digest_rule_id == rule_id, Post.state != "cancelled")
    return session.scalar(mine)


def waits_for(session: Session, rule_id: int) -> Post | None:
    """Its newest post that is written and not decided."""
    open_ = Post.state.in_(("draft", "submitted", "returned"))
    return session.scalar(select(Post).where(Post.digest_rule_id == rule_id, open_).order_by(Post.id.desc()).limit(1))


def hosts_due(session: Session, now: datetime) -> list[str]:
    due = select(Feed.host).where(Feed.next_check_at <= now, Feed.stopped_at.is_(None)).group_by(Feed.host)
    return list(session.scalars(due.order_by(func.min(Feed.next_check_at)).limit(200)))


def next_due(session: Session, host: str, now: datetime) -> int | None:
    """The feed of a host that has waited longest."""
    due = select(Feed.id).where(Feed.host == host, Feed.next_check_at <= now, Feed.stopped_at.is_(None))
    return session.scalar(due.order_by(Feed.next_check_at, Feed.id).limit(1))
