"""Writes the weekly post: a draft in review a school day ahead, or approved at once where that was allowed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import OUTREACH
from outreach.accounts.limits import stands_apart
from outreach.db import ALONE, db, writing
from outreach.holidays import is_closed
from outreach.languages import spoken
from outreach.models import DigestRule, Library, Post
from outreach.posts import approve, compose, send
from outreach.posts.away import left_out
from outreach.posts.lifecycle import UNDECIDED, locked, move_post
from outreach.posts.queries import accounts_of
from outreach.posts.written import Written
from outreach.titles.covers import Studio
from outreach.titles.digest import DEFAULT_WORDS, EARLIEST, Picked, lapses_at, pick, written_from
from outreach.titles.options import Options
from outreach.titles.pictures import redraw
from outreach.titles.queries import by_people, in_drafts, last_written, news, waits_for
from outreach.titles.rules import next_at
from outreach.words import NotDone, Sentence, several

MOST_BY_ITSELF = 60  # titles of one week: more are looked at by a person first
BY_PEOPLE = Sentence("A person brought or changed some of its titles, so it waits for your word this time.")
LAPSED = Sentence("Nobody approved it by Friday, so it lapsed. Its titles come again.")

log = logging.getLogger(__name__)


def draft_due(now: datetime, studio: Studio) -> int:
    """Every rule whose time is near. Returns how many posts were written."""
    lapsed = lapse_due(now)
    due = select(DigestRule.id).where(DigestRule.next_at <= now + EARLIEST, DigestRule.stopped_at.is_(None))
    ids = list(db.session.scalars(due))
    db.session.rollback()
    written = sum(_try(rule_id, now, studio) for rule_id in ids)
    for rule_id in lapsed:  # said beside the one that was written at once in its place
        _say(rule_id, LAPSED)
    return written


def _say(rule_id: int, sentence: Sentence) -> None:
    with writing() as session:
        rule = session.get_one(DigestRule, rule_id, populate_existing=True)
        rule.sentence = rule.sentence or sentence


def lapse_due(now: datetime) -> list[int]:
    """What nobody approved by Friday is no news any more: its titles come with the next one. Returns the rules."""
    waiting = Post.state.in_(UNDECIDED) & Post.digest_rule_id.is_not(None)
    late = list(db.session.scalars(select(Post).where(waiting, Post.wished_at <= now)))
    ids = [(p.id, p.digest_rule_id) for p in late if p.wished_at and now >= lapses_at(p.wished_at, p.library.timezone)]
    db.session.rollback()
    return [rule_id for post_id, rule_id in ids if rule_id is not None and _lapse(post_id, now)]


def _lapse(post_id: int, now: datetime) -> bool:
    """False where somebody approved it at the last moment."""
    with writing() as session:
        post = locked(session, post_id)
        waits = post.state in UNDECIDED and post.wished_at is not None
        waits = waits and now >= lapses_at(post.wished_at or now, post.library.timezone)  # nobody moved it meanwhile
        if waits:
            move_post(session, post, "cancelled", OUTREACH, now, LAPSED)
    return waits


def _try(rule_id: int, now: datetime, studio: Studio) -> bool:
    """One rule; its trouble is not that of the others."""
    try:
        return draft_one(rule_id, now, studio) is not None
    except Exception:
        log.exception("digest of rule %s", rule_id)
        return False


def draft_one(rule_id: int, now: datetime, studio: Studio) -> Post | None:
    """1. claim this week of the rule  2. pick  3. write the post  4. draw  5. into review (or out by itself)."""
    if not _is_time(rule_id, now) or (claimed := _claim(rule_id, now)) is None:
        return None
    post, by_itself = claimed
    revision = post.revision  # of our own words: who changes them meanwhile sends them for review
    try:
        _into_review(post.id, studio, now)
        if by_itself and by_people(db.session(), [row.title_id for row in post.titles]):
            _say(rule_id, BY_PEOPLE)  # since they were picked
        elif by_itself:
            approve.approve(post.id, revision, OUTREACH, now)
    except NotDone as stop:
        _held(rule_id, stop.sentence)
    except Exception:  # of a picture or a disk: the post is there, and a person is told
        log.exception("digest of rule %s", rule_id)
        _held(rule_id, Sentence("Its picture could not be drawn. Open it and save it once more."))
    return post


def _into_review(post_id: int, studio: Studio, now: datetime) -> None:
    """Once more where a feed told more of a title while its picture was drawn. Raises NotDone."""
    redraw(post_id, studio, now)
    try:
        send.for_review(post_id, OUTREACH, now)
    except NotDone:
        redraw(post_id, studio, now)
        send.for_review(post_id, OUTREACH, now)


def _held(rule_id: int, why: Sentence) -> None:
    log.warning("digest of rule %s is held: %s", rule_id, why)
    with writing() as session:
        session.get_one(DigestRule, rule_id).sentence = Sentence("It waits for you: %(why)s", why=why)


def _is_time(rule_id: int, now: datetime) -> bool:
    """Looked at before anybody is made to wait: every rule is near its time for a week."""
    rule = db.session().get_one(DigestRule, rule_id)
    near = now >= _written_from(rule) or _falls_out(db.session(), rule)
    db.session.rollback()
    return near


def _claim(rule_id: int, now: datetime) -> tuple[Post, bool] | None:
    """Writes the post and moves the rule to its next week, both or neither; whoever comes second finds it moved."""
    with writing() as session:
        library_id = session.get_one(DigestRule, rule_id).library_id
        session.get_one(Library, library_id, with_for_update=ALONE)  # two weekly posts share no title
        rule = session.get_one(DigestRule, rule_id, populate_existing=True, with_for_update=True)
        if rule.stopped_at is not None:
            return None
        if _falls_out(session, rule):  # since it was planned
            rule.next_at = next_at(rule.library, rule.weekday, rule.clock, rule.next_at)
        if now < _written_from(rule):
            return None
        at = rule.next_at if rule.next_at > now else next_at(rule.library, rule.weekday, rule.clock, now)
        if waits_for(session, rule.id) is not None and rule.next_at > now:
            return None  # last week's waits for a word still: it comes first, or lapses
        picked = picked_for(session, rule, now)
        if not picked.fresh and rule.next_at > now:
            return None  # something may still come before its time
        rule.next_at = next_at(rule.library, rule.weekday, rule.clock, max(at, now) if picked.fresh else now)
        rule.sentence = _told(session, rule, picked, now)
        if not picked.fresh:
            return None
        written = _written(session, rule, picked, at)
        post = compose.create_in(session, rule.library_id, written, OUTREACH, now, rule.id)
        return post, rule.by_itself and _asks(session, picked) is None


def _falls_out(session: Session, rule: DigestRule) -> bool:
    """Is the library closed then, or everything planned held since somebody is away?"""
    day = clock.today(rule.next_at, rule.library.timezone)
    return is_closed(rule.library, day) or left_out(session, rule.library_id, day)


def _told(session: Session, rule: DigestRule, picked: Picked, now: datetime) -> Sentence | None:
    """What the pages say of this week: why there is no post, or why it waits for a word."""
    if picked.fresh:
        return _asks(session, picked) if rule.by_itself else None
    if held := in_drafts(session, rule.library_id, now):
        return several(
            held,
            "Nothing else is new: %(count)s new title is in a post that is not sent yet.",
            "Nothing else is new: %(count)s new titles are in posts that are not sent yet.",
        )
    return Sentence("Nothing new this week, so there was no post.")


def _asks(session: Session, picked: Picked) -> Sentence | None:
    """Why a weekly post that goes out by itself waits for a word this time."""
    count = picked.more + len(picked.ids)
    if count > MOST_BY_ITSELF:
        return Sentence("%(count)s titles came at once, so it waits for your word this time.", count=count)
    if by_people(session, picked.ids):
        return BY_PEOPLE
    return None


def _written(session: Session, rule: DigestRule, picked: Picked, at: datetime) -> Written:
    return Written(
        kind="titles",
        words=words_of(rule),
        fields=Options.of(rule.options).fields(picked.more, rule.library.catalog),
        timing="at",
        wished_at=at,
        accounts=words_for(rule, digest_accounts(session, rule)),
        titles=picked.ids,
    )


def picked_for(session: Session, rule: DigestRule, now: datetime) -> Picked:
    """What it would list if it were written now."""
    order = Options.of(rule.options).order
    return pick(news(session, rule, now), rule.most, order, last_written(session, rule.id))


def words_of(rule: DigestRule) -> str:
    return rule.words.strip() or spoken(DEFAULT_WORDS, rule.library.language)


def words_for(rule: DigestRule, accounts: Sequence[int]) -> dict[int, str]:
    """Account -> its own words, if it has any."""
    own = Options.of(rule.options).words_for
    return {n: own.get(str(n), "") for n in accounts}


def _written_from(rule: DigestRule) -> datetime:
    library = rule.library
    return written_from(rule.next_at, library.timezone, lambda day: is_closed(library, day))


def digest_accounts(session: Session, rule: DigestRule) -> list[int]:
    """Where it goes: as chosen, of what is still there; else the usual places."""
    there = accounts_of(session, rule.library_id)
    chosen = [a.id for a in there if a.id in rule.account_ids]
    return chosen or [a.id for a in there if not stands_apart(a)]
