"""Named selects over titles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.orm import Session

from outreach.models import Delivery, DigestRule, Feed, FeedRun, FeedTitle, ImportTitle, Post, PostTitle, Title
from outreach.models.titles import NEWS
from outreach.titles.options import Options
from outreach.titles.standing import OFFERED

MOST = 5_000  # news that are counted; more at once are a mistake of a catalog
FORGOTTEN = timedelta(days=7)


def feeds_of(session: Session, library_id: int) -> list[Feed]:
    return list(session.scalars(select(Feed).where(Feed.library_id == library_id).order_by(Feed.name)))


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


def offered(session: Session, library_id: int, chosen: list[int], most: int = 60) -> list[Title]:
    """Titles to choose from: those chosen already, then what was not announced, news before the baseline."""
    mine = select(Title).where(Title.library_id == library_id, Title.hidden_at.is_(None), Title.left_out == OFFERED)
    picked = list(session.scalars(mine.where(Title.id.in_(chosen))))
    order = {title_id: n for n, title_id in enumerate(chosen)}
    picked.sort(key=lambda t: order[t.id])
    fresh = mine.where(Title.id.not_in(chosen), Title.announced_at.is_(None))
    return picked + list(
        session.scalars(fresh.order_by(Title.baseline, Title.first_seen_at.desc(), Title.id).limit(most))
    )


def news(
    session: Session, rule: DigestRule, now: datetime, most: int = MOST, options: Options | None = None
) -> list[Title]:
    """What a digest may announce, the newest first, what was picked by hand before; its filters are applied."""
    options = options or Options.of(rule.options)
    chosen = select(Title).where(Title.library_id == rule.library_id, text(NEWS), Title.id.not_in(under_way(now)))
    if rule.feed_ids:
        chosen = chosen.where(Title.id.in_(select(FeedTitle.title_id).where(FeedTitle.feed_id.in_(rule.feed_ids))))
    if options.audiences:
        chosen = chosen.where(Title.audience.in_(options.audiences))
    if options.formats:
        chosen = chosen.where(Title.format.in_(options.formats))
    newest = (Title.picked_at.is_(None), Title.first_seen_at.desc(), Title.id)
    return list(session.scalars(chosen.order_by(*newest).limit(most)))


def under_way(now: datetime) -> Select[Any]:
    """Titles of posts that go out, wait for a word, or are being written: no other one takes them.

    A draft that nobody touched for a week holds nothing back.
    """
    going = exists(
        select(Delivery.id).where(
            Delivery.post_id == Post.id,
            Delivery.edition == Post.edition,
            Delivery.state.not_in(("cancelled", "not_posted")),
        )
    )
    written = (Post.state == "submitted") | ((Post.state == "approved") & going)
    on_its_way = written | (Post.state.in_(("draft", "returned")) & (Post.updated_at > now - FORGOTTEN))
    return select(PostTitle.title_id).join(Post, Post.id == PostTitle.post_id).where(on_its_way)


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
