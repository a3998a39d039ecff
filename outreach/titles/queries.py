"""Named selects over titles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from outreach.models import Delivery, DigestRule, Feed, FeedTitle, Post, PostTitle, Title


def feeds_of(session: Session, library_id: int) -> list[Feed]:
    return list(session.scalars(select(Feed).where(Feed.library_id == library_id).order_by(Feed.name)))


def watched(session: Session, library_id: int | None = None) -> list[Feed]:
    """The feeds that nobody stopped, of one library or of all."""
    chosen = select(Feed).where(Feed.stopped_at.is_(None)).order_by(Feed.id)
    return list(session.scalars(chosen if library_id is None else chosen.where(Feed.library_id == library_id)))


def rules_of(session: Session, library_id: int) -> list[DigestRule]:
    return list(session.scalars(select(DigestRule).where(DigestRule.library_id == library_id).order_by(DigestRule.id)))


def offered(session: Session, library_id: int, chosen: list[int], most: int = 60) -> list[Title]:
    """Titles to choose from: those chosen already, then what was not announced, news before the baseline."""
    mine = select(Title).where(Title.library_id == library_id, Title.hidden_at.is_(None), Title.left_out.is_(False))
    picked = list(session.scalars(mine.where(Title.id.in_(chosen))))
    order = {title_id: n for n, title_id in enumerate(chosen)}
    picked.sort(key=lambda t: order[t.id])
    fresh = mine.where(Title.id.not_in(chosen), Title.announced_at.is_(None))
    return picked + list(
        session.scalars(fresh.order_by(Title.baseline, Title.first_seen_at.desc(), Title.id).limit(most))
    )


def news(session: Session, rule: DigestRule, most: int = 500) -> list[Title]:
    """What a digest may announce: not from the baseline, not announced, not hidden; the newest first."""
    chosen = select(Title).where(
        Title.library_id == rule.library_id,
        Title.baseline.is_(False),
        Title.announced_at.is_(None),
        Title.hidden_at.is_(None),
        Title.left_out.is_(False),
    )
    going = exists(
        select(Delivery.id).where(
            Delivery.post_id == Post.id,
            Delivery.edition == Post.edition,
            Delivery.state.not_in(("cancelled", "not_posted")),
        )
    )
    on_its_way = Post.state.in_(("draft", "submitted", "returned")) | ((Post.state == "approved") & going)
    open_ = select(PostTitle.title_id).join(Post, Post.id == PostTitle.post_id).where(on_its_way)
    chosen = chosen.where(Title.id.not_in(open_))
    if rule.feed_ids:
        chosen = chosen.where(Title.id.in_(select(FeedTitle.title_id).where(FeedTitle.feed_id.in_(rule.feed_ids))))
    return list(session.scalars(chosen.order_by(Title.first_seen_at.desc(), Title.id).limit(most)))


def search(session: Session, library_id: int, words: str, only_new: bool, page: int, size: int = 50) -> list[Title]:
    chosen = select(Title).where(Title.library_id == library_id, Title.left_out.is_(False))
    for word in words.split()[:5]:
        like = f"%{word.replace('%', '').replace('_', '')}%"
        chosen = chosen.where(or_(Title.title.ilike(like), Title.author.ilike(like)))
    if only_new:
        chosen = chosen.where(Title.announced_at.is_(None), Title.baseline.is_(False), Title.hidden_at.is_(None))
    return list(
        session.scalars(chosen.order_by(Title.first_seen_at.desc(), Title.id).offset(page * size).limit(size + 1))
    )


def formats_of(session: Session, library_id: int) -> list[str]:
    """Formats seen so far, for the filter of a feed."""
    seen = select(Title.format).where(Title.library_id == library_id, Title.format.is_not(None)).distinct()
    return sorted(f for f in session.scalars(seen.limit(50)) if f)


def due_feed_ids(session: Session, now: datetime) -> list[int]:
    due = select(Feed.id).where(Feed.next_check_at <= now, Feed.stopped_at.is_(None))
    return list(session.scalars(due.order_by(Feed.next_check_at).limit(100)))
