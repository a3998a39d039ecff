"""The rules of the weekly posts: another one, changed, stopped, without review."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.clock import is_clock
from outreach.db import writing
from outreach.history import record
from outreach.holidays import is_closed
from outreach.models import Account, DigestRule, Feed, Library, Post
from outreach.titles.digest import next_time
from outreach.titles.options import Options
from outreach.words import NotDone, Sentence, within

OFFER_AFTER = 3  # digests approved as they were
WORD_NAMES = ("count", "library", "more")
LINE_NAMES = ("title", "author", "format", "audience", "call_number", "link")
NUMBER = re.compile(r"[0-9]{1,9}")
LONGEST = 2_000  # characters of the words above the list
MOST = 30  # titles; a longer list is read by nobody


def add(library: Library, by: Actor, now: datetime) -> DigestRule:
    """Another weekly post, e.g. of other feeds on another day: started once somebody has said what goes into it."""
    with writing() as session:
        rule = _add(session, library, by, now)
        rule.stopped_at = now if len(_of(session, library.id)) > 1 else None
        return rule


def begin(session: Session, library: Library, by: Actor, now: datetime) -> None:
    """With its first feed or list, a library has a weekly post."""
    if not _of(session, library.id):
        _add(session, library, by, now)


def _of(session: Session, library_id: int) -> list[int]:
    return list(session.scalars(select(DigestRule.id).where(DigestRule.library_id == library_id)))


def is_removable(session: Session, rule: DigestRule) -> bool:
    """One that never wrote a post, beside others."""
    wrote = session.scalar(select(Post.id).where(Post.digest_rule_id == rule.id).limit(1))
    return wrote is None and len(_of(session, rule.library_id)) > 1


def remove(rule_id: int, by: Actor, now: datetime) -> None:
    """Raises NotDone for one that has written posts, or is the only one."""
    with writing() as session:
        rule = session.get_one(DigestRule, rule_id, populate_existing=True, with_for_update=True)
        if not is_removable(session, rule):
            raise NotDone(Sentence("This weekly post has written posts already, or is the only one. Stop it instead."))
        record(session, "digest", rule.id, "removed", by, now, library_id=rule.library_id)
        session.delete(rule)


def _add(session: Session, library: Library, by: Actor, now: datetime) -> DigestRule:
    rule = DigestRule(library_id=library.id, next_at=next_at(library, 0, "09:00", now))
    session.add(rule)
    session.flush()
    record(session, "digest", rule.id, "connected", by, now, library_id=library.id)
    return rule


def how_many(text: str) -> int | None:
    """The number of titles as typed; None for what is none."""
    return int(text) if text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MOST else None


def next_at(library: Library, weekday: int, time: str, after: datetime) -> datetime:
    """The next time of a weekly post, on a day that the library is open."""
    return next_time(weekday, time, library.timezone, after, lambda day: is_closed(library, day))


@dataclass(frozen=True)
class Typed:
    """What a person typed for a weekly post: nothing of it is checked yet."""

    weekday: str  # "0" is Monday
    time: str
    most: str
    words: str
    accounts: Sequence[int]
    feeds: Sequence[int]
    options: Options = field(default_factory=Options)


def change(rule_id: int, typed: Typed, by: Actor, now: datetime) -> None:
    """Raises NotDone for what is no day, time or number; places and feeds of others are left out."""
    if typed.weekday not in tuple("0123456") or not is_clock(typed.time):
        raise NotDone(Sentence("Choose a day and a time."))
    if how_many(typed.most) is None:
        raise NotDone(Sentence("Choose between 1 and %(most)s titles.", most=MOST))
    words, options = within(typed.words, LONGEST), _checked(typed.options)
    _known_names(words, WORD_NAMES)
    with writing() as session:
        rule = session.get_one(DigestRule, rule_id)
        before = rule.weekday, rule.clock
        rule.weekday, rule.clock, rule.most = int(typed.weekday), typed.time, int(typed.most)
        ours = set(_own(session, Account, rule.library_id, [int(n) for n in options.words_for if NUMBER.fullmatch(n)]))
        words_for = {n: text for n, text in options.words_for.items() if NUMBER.fullmatch(n) and int(n) in ours}
        rule.words, rule.options = words, replace(options, words_for=words_for).stored()
        rule.account_ids = _own(session, Account, rule.library_id, typed.accounts)
        rule.feed_ids = _own(session, Feed, rule.library_id, typed.feeds)
        if before != (rule.weekday, rule.clock):
            rule.next_at = next_at(rule.library, rule.weekday, rule.clock, max(now, _written_for(session, rule)))
        record(session, "digest", rule.id, "edited", by, now, library_id=rule.library_id)


def _checked(options: Options) -> Options:
    """Raises NotDone for what is too long to be meant."""
    for text in (options.line, options.more_words, options.tags, *options.words_for.values()):
        within(text, LONGEST)
    for text, known in ((options.line, LINE_NAMES), (options.more_words, ("more", "catalog"))):
        _known_names(text, known)
    for text in options.words_for.values():
        _known_names(text, WORD_NAMES)
    if options.line and "{title}" not in options.line:
        raise NotDone(Sentence("A line needs {title} in it: there the title stands."))
    return Options.of(replace(options, tags=hashtags(options.tags)).stored())


def hashtags(typed: str) -> str:
    """As they are posted: "NewBooks, #reading" is "#NewBooks #reading"."""
    bare = (word.strip("#") for word in re.split(r"[\s,;]+", typed))
    return " ".join(f"#{word}" for word in bare if word)


def _known_names(text: str, known: Sequence[str]) -> None:
    """Raises NotDone for a {name} that stands for nothing: it would go out as it is."""
    for name in re.findall(r"\{([^{}]*)\}", text):
        if name not in known:
            names, wrong = ", ".join("{" + each + "}" for each in known), "{" + name + "}"
            raise NotDone(Sentence("%(name)s stands for nothing. Here these do: %(names)s.", name=wrong, names=names))


def _written_for(session: Session, rule: DigestRule) -> datetime:
    """Up to when its posts are written already: one week has one."""
    mine = (Post.digest_rule_id == rule.id) & (Post.state != "cancelled") & (Post.wished_at < rule.next_at)
    last = select(func.max(Post.wished_at)).where(mine)
    return session.scalar(last) or rule.library.created_at


def _own(session: Session, model: Any, library_id: int, ids: Sequence[int]) -> list[int]:
    found = set(session.scalars(select(model.id).where(model.library_id == library_id, model.id.in_(ids))))
    return [n for n in ids if n in found]


def stop(rule_id: int, by: Actor, now: datetime, *, again: bool = False) -> None:
    """No weekly post from now on; or `again`, from the next time on."""
    with writing() as session:
        rule = session.get_one(DigestRule, rule_id)
        rule.stopped_at = None if again else rule.stopped_at or now
        rule.next_at = next_at(rule.library, rule.weekday, rule.clock, max(now, _written_for(session, rule)))
        said = "stopped" if rule.stopped_at else "resumed"
        record(session, "digest", rule.id, said, by, now, library_id=rule.library_id)


def let_go(rule_id: int, by_itself: bool, by: Actor, now: datetime, district: bool = False) -> None:
    """A manager says: without review from now on (or: with review again). A district administrator may at any time."""
    with writing() as session:
        rule = session.get_one(DigestRule, rule_id)
        if by_itself and not district and rule.unchanged_in_a_row < OFFER_AFTER:
            raise NotDone(Sentence("That is offered once three weekly posts were approved as they were."))
        rule.by_itself = by_itself
        said = "without review" if by_itself else "with review"
        record(session, "digest", rule.id, said, by, now, library_id=rule.library_id)
