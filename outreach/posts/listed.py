"""All posts by date, a page at a time: what comes first, then what has no time yet, then what is past.

A page begins behind a `Mark` (keyset), never at a number of rows. Words, kind and place are looked for among the next
`WINDOW` posts only: in a library of many years the reader is asked whether to look further back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session

from outreach.models import Delivery, Placement, Post
from outreach.posts.asking import FAILED, Who, begun_by, looks_after, of_library
from outreach.posts.calendar import EVERYTHING, Wanted

PAGE, WINDOW, MOST_WORDS, MOST_ASKING = 50, 5_000, 6, 200
COMING, UNTIMED, PAST = 0, 1, 2
Found = tuple[int, int, datetime | None]  # phase, post, time
_KEY: tuple[Any, ...] = (Post.id, Post.wished_at)
SHOWS: dict[str, tuple[str, ...]] = {"hand": ("in_hand",), "unsure": ("unclear",), "failed": FAILED}


@dataclass(frozen=True)
class Mark:
    """The last post that was looked at."""

    phase: int
    at: datetime | None
    post_id: int

    def __str__(self) -> str:
        return f"{self.phase}_{self.at.isoformat() if self.at else ''}_{self.post_id}"


@dataclass(frozen=True)
class Asked:
    wanted: Wanted = EVERYTHING
    words: str = ""
    show: str = ""  # held, returned, draft, or one of SHOWS
    who: Who | None = None  # whose drafts are asked for, and what they post by hand

    @property
    def is_narrow(self) -> bool:
        return bool(self.words.strip() or self.wanted.kind or self.wanted.place)


@dataclass(frozen=True)
class Listed:
    rows: list[Found]
    more: Mark | None  # behind which there may be more
    looked: bool = False  # the window ended before the page was full


def listed(session: Session, library_id: int, now: datetime, asked: Asked, after: Mark | None = None) -> Listed:
    if asked.show:
        return Listed(_asking(session, library_id, now, asked), None)
    rows: list[Found] = []
    for phase in range(after.phase if after else COMING, PAST + 1):
        chosen = _phase(library_id, now, phase, after if after and after.phase == phase else None)
        found = session.execute(_narrowed(chosen, phase, asked, PAGE + 1 - len(rows))).all()
        rows += [(phase, n, at) for n, at in found]
        if len(rows) > PAGE:
            rows = rows[:PAGE]
            return Listed(rows, Mark(rows[-1][0], rows[-1][2], rows[-1][1]))
        if asked.is_narrow and (end := session.execute(chosen.offset(WINDOW - 1).limit(1)).first()):
            return Listed(rows, Mark(phase, end[1], end[0]), looked=True)
    return Listed(rows, None)


def _asking(session: Session, library_id: int, now: datetime, asked: Asked) -> list[Found]:
    """The few posts that ask for a person, found by what they ask, on one page."""
    mine: Any = select(Post.id).where(Post.library_id == library_id)
    if asked.show == "held":
        mine = mine.where(Post.held_at.is_not(None), Post.state != "cancelled")
    elif asked.show == "returned":
        mine = mine.where(Post.state == "returned")
    elif asked.show == "draft" and asked.who:
        mine = mine.where(*begun_by(library_id, asked.who, now))
    else:
        mine = select(Delivery.post_id).where(of_library(library_id), Delivery.state.in_(SHOWS[asked.show])).distinct()
        if asked.show == "hand" and asked.who:
            mine = mine.join(Post).where(looks_after(library_id, asked.who))
    few = set(session.scalars(mine.limit(MOST_ASKING)))
    rows = session.execute(select(*_KEY).where(Post.id.in_(few), *_conditions(asked))).all()
    timed = sorted((at, n) for n, at in rows if at)
    coming = [(COMING, n, at) for at, n in timed if at >= now]
    past = [(PAST, n, at) for at, n in reversed(timed) if at < now]
    return [*coming, *((UNTIMED, n, None) for n, at in rows if not at), *past]


def _phase(library_id: int, now: datetime, phase: int, after: Mark | None) -> Select[Any]:
    chosen: Select[Any] = select(*_KEY).where(Post.library_id == library_id)
    if phase == UNTIMED:
        chosen = chosen.where(Post.wished_at.is_(None)).order_by(Post.id.desc())
        return chosen.where(Post.id < after.post_id) if after else chosen
    if phase == COMING:
        chosen = chosen.where(Post.wished_at >= now).order_by(Post.wished_at, Post.id)
        if after:
            chosen = chosen.where(Post.wished_at >= after.at, (Post.wished_at > after.at) | (Post.id > after.post_id))
        return chosen
    chosen = chosen.where(Post.wished_at < now).order_by(Post.wished_at.desc(), Post.id.desc())
    if after:
        chosen = chosen.where(Post.wished_at <= after.at, (Post.wished_at < after.at) | (Post.id < after.post_id))
    return chosen


def _narrowed(chosen: Select[Any], phase: int, asked: Asked, most: int) -> Select[Any]:
    if not asked.is_narrow:
        return chosen.limit(most)
    near = chosen.limit(WINDOW).subquery()
    order = (near.c.wished_at, near.c.id) if phase == COMING else (near.c.wished_at.desc(), near.c.id.desc())
    found = select(near.c.id, near.c.wished_at).join(Post, Post.id == near.c.id).where(*_conditions(asked))
    return found.order_by(*order).limit(most)


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    found = [Post.words.icontains(word, autoescape=True) for word in asked.words.split()[:MOST_WORDS]]
    if asked.wanted.kind:
        found.append(Post.kind == asked.wanted.kind)
    if place := asked.wanted.place:
        found.append(exists().where(and_(Placement.post_id == Post.id, Placement.account_id == place)))
    return found


def mark(text: str) -> Mark | None:
    """Of an address; None for what is none.

    >>> mark("1__7")
    Mark(phase=1, at=None, post_id=7)
    """
    try:
        phase, at, post_id = text.split("_")
        made = Mark(int(phase), datetime.fromisoformat(at) if at else None, int(post_id))
    except ValueError:
        return None
    fits = made.phase in (COMING, UNTIMED, PAST) and 0 <= made.post_id < 2**31
    timed = made.at is None if made.phase == UNTIMED else made.at is not None and made.at.tzinfo is not None
    return made if fits and timed else None
