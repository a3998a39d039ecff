"""Writes the weekly post: a draft in review a school day ahead, or approved at once where that was allowed."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import OUTREACH
from outreach.accounts.limits import stands_apart
from outreach.db import db, writing
from outreach.holidays import is_closed
from outreach.models import DigestRule, Post
from outreach.posts import approve, compose
from outreach.posts.compose import Written
from outreach.posts.queries import accounts_of
from outreach.titles.digest import EARLIEST, pick, written_from
from outreach.titles.queries import news
from outreach.titles.rules import next_at
from outreach.words import NotDone, Sentence

log = logging.getLogger(__name__)


def draft_due(now: datetime) -> int:
    """Every rule whose time is near. Returns how many posts were written."""
    due = select(DigestRule.id).where(DigestRule.next_at <= now + EARLIEST, DigestRule.stopped_at.is_(None))
    ids = list(db.session.scalars(due))
    db.session.rollback()
    return sum(_try(rule_id, now) for rule_id in ids)


def _try(rule_id: int, now: datetime) -> bool:
    """One rule; its trouble is not that of the others."""
    try:
        return draft_one(rule_id, now) is not None
    except Exception:
        log.exception("digest of rule %s", rule_id)
        return False


def draft_one(rule_id: int, now: datetime) -> Post | None:
    """1. claim this week of the rule  2. pick  3. write the post  4. into review (or out by itself)."""
    claimed = _claim(rule_id, now)
    if claimed is None:
        return None
    post, by_itself = claimed
    try:
        approve.submit(post.id, OUTREACH, now)
        if by_itself:
            approve.approve(post.id, post.revision, OUTREACH, now)
    except NotDone as stop:
        log.warning("digest of rule %s stays a draft: %s", rule_id, stop.sentence)
    return post


def _claim(rule_id: int, now: datetime) -> tuple[Post, bool] | None:
    """Writes the post and moves the rule to its next week, both or neither; whoever comes second finds it moved."""
    with writing() as session:
        rule = session.get_one(DigestRule, rule_id, populate_existing=True, with_for_update=True)
        if rule.stopped_at is not None:
            return None
        if is_closed(rule.library, clock.today(rule.next_at, rule.library.timezone)):  # since it was planned
            rule.next_at = next_at(rule.library, rule.weekday, rule.clock, rule.next_at)
        if now < _written_from(rule):
            return None
        at = rule.next_at if rule.next_at > now else next_at(rule.library, rule.weekday, rule.clock, now)
        picked = pick(news(session, rule), rule.most)
        if not picked.ids and rule.next_at > now:
            return None  # something may still come before its time
        rule.next_at = next_at(rule.library, rule.weekday, rule.clock, max(at, now) if picked.ids else now)
        rule.sentence = None if picked.ids else Sentence("Nothing new this week, so there was no post.")
        accounts = digest_accounts(session, rule)
        written = Written(
            kind="titles",
            words=picked.words(rule.words),
            timing="at",
            wished_at=at,
            accounts=dict.fromkeys(accounts, ""),
            titles=picked.ids,
        )
        if not written.titles:
            return None
        return compose.create_in(session, rule.library_id, written, OUTREACH, now, rule.id), rule.by_itself


def _written_from(rule: DigestRule) -> datetime:
    library = rule.library
    return written_from(rule.next_at, library.timezone, lambda day: is_closed(library, day))


def digest_accounts(session: Session, rule: DigestRule) -> list[int]:
    """Where it goes: as chosen, of what is still there; else the usual places."""
    there = accounts_of(session, rule.library_id)
    chosen = [a.id for a in there if a.id in rule.account_ids]
    return chosen or [a.id for a in there if not stands_apart(a)]
