"""Posts that will be written by themselves: the weekly ones, and what repeats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from outreach.holidays import is_closed
from outreach.models import DigestRule, Library, Post, Question, Series
from outreach.posts.calendar import Wanted
from outreach.titles.digest import written_from
from outreach.words import cap


@dataclass(frozen=True)
class Coming:
    at: datetime  # when it would go out
    written_at: datetime | None  # when it is written; None: not known
    kind: str
    words: str = ""
    rule_id: int | None = None  # of a weekly post
    series_id: int | None = None  # of a repeat
    post_id: int | None = None  # the last post of the repeat
    dry: bool = False  # trivia, and there is no question left for it


def to_come(session: Session, library: Library, first: datetime, last: datetime, wanted: Wanted) -> list[Coming]:
    """By time."""
    nothing = literal(None, Integer)
    weekly: Any = select(literal(""), DigestRule.id, DigestRule.next_at, DigestRule.account_ids, nothing, nothing)
    newest = select(func.max(Post.id)).where(Post.series_id == Series.id).scalar_subquery()
    waits = select(func.count(Question.id)).where(Question.library_id == library.id, Question.used_at.is_(None))
    left = case((Series.draws, waits.scalar_subquery()))
    repeats: Any = select(Series.kind, Series.id, Series.next_at, Series.written, newest, left)
    due = union_all(_due(weekly, DigestRule, library.id, first, last), _due(repeats, Series, library.id, first, last))
    made = (_coming(library, wanted.place, *row) for row in session.execute(due))
    return sorted((one for one in made if one and wanted.kind in ("", one.kind)), key=lambda one: one.at)


def _due(chosen: Any, model: type[DigestRule] | type[Series], library_id: int, first: datetime, last: datetime) -> Any:
    chosen = chosen.where(model.library_id == library_id, model.stopped_at.is_(None))
    return chosen.where(model.next_at >= first, model.next_at < last)


def _coming(
    library: Library,
    place: int | None,
    kind: str,
    n: int,
    at: datetime,
    kept: Any,
    post_id: int | None,
    left: int | None,
) -> Coming | None:
    """None: not to that place. `kept` is the places of a weekly post (none: all), or what a repeat writes.

    `left`: how many questions there are for what draws them; the one it was begun with is not asked again.
    """
    if not kind:
        written_at = written_from(at, library.timezone, lambda day: is_closed(library, day))
        return None if place and kept and place not in kept else Coming(at, written_at, "titles", rule_id=n)
    if place and str(place) not in kept.get("accounts", {}):
        return None
    words = "" if left is not None else cap(str(kept.get("words", "")), 80)
    return Coming(at, None, kind, words, series_id=n, post_id=post_id, dry=left == 0)
