"""Named selects over lists that people brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from outreach.models import DigestRule, Import, ImportTitle, Post, PostTitle, Title
from outreach.titles.files.lists import Trouble
from outreach.titles.lookup import remembered
from outreach.titles.queries import NEWEST, news, waiting_of_list
from outreach.titles.standing import COMING, OFFERED, OLDER, UNMARKED
from outreach.words import Sentence

SHOWN = 20


@dataclass(frozen=True)
class CameWith:
    """The titles of a list, counted by what is to be done about them."""

    first: tuple[Title, ...]  # the first of the new ones
    new: int  # that were not known before
    known: int
    silent: int  # known, never announced and not to be: from a feed's first look, or a whole catalog
    offered: int  # that may be announced, and lie in no post yet
    posts: tuple[Post, ...]  # that have titles of this list
    older: int
    unmarked: int
    coming: int


def lists_of(session: Session, library_id: int, most: int = 10) -> list[Import]:
    mine = select(Import).where(Import.library_id == library_id).options(defer(Import.troubles), defer(Import.look))
    return list(session.scalars(mine.order_by(Import.id.desc()).limit(most)))


def came_with(session: Session, list_id: int, now: datetime) -> CameWith:
    of_list = Title.id.in_(select(ImportTitle.title_id).where(ImportTitle.import_id == list_id))
    rows = session.execute(
        select(ImportTitle.new, Title.left_out, Title.baseline, Title.announced_at.is_(None), func.count())
        .join(Title, Title.id == ImportTitle.title_id)
        .where(ImportTitle.import_id == list_id)
        .group_by(ImportTitle.new, Title.left_out, Title.baseline, Title.announced_at.is_(None))
    ).all()

    def count(wanted: Callable[..., bool]) -> int:
        return sum(n for *what, n in rows if wanted(*what))

    listed = select(ImportTitle.title_id).where(ImportTitle.import_id == list_id)
    with_one = select(PostTitle.post_id).where(PostTitle.title_id.in_(listed))
    in_posts = select(Post).where(Post.id.in_(with_one), Post.state != "cancelled").order_by(Post.id.desc()).limit(5)
    shown = select(Title).where(of_list).order_by(Title.baseline, *NEWEST).limit(SHOWN)
    return CameWith(
        first=tuple(session.scalars(shown)),
        new=count(lambda new, *_: new),
        known=count(lambda new, *_: not new),
        silent=count(lambda new, left, base, open_: not new and base and open_ and left == OFFERED),
        offered=len(waiting_of_list(session, session.get_one(Import, list_id), now)),
        posts=tuple(session.scalars(in_posts)),
        older=count(lambda new, left, *_: left == OLDER),
        unmarked=count(lambda new, left, *_: left == UNMARKED),
        coming=count(lambda new, left, *_: left == COMING),
    )


def taker_of(session: Session, list_id: int, rules: Iterable[DigestRule], now: datetime) -> DigestRule | None:
    """The first of these weekly posts that would take a title of the list."""
    listed = set(session.scalars(select(ImportTitle.title_id).where(ImportTitle.import_id == list_id)))
    return next((rule for rule in rules if any(title.id in listed for title in news(session, rule, now))), None)


def not_asked(session: Session, row: Import, now: datetime) -> int:
    """How many of the ISBNs that are missing no service has said a word about."""
    return len(set(row.missing) - remembered(session, row.missing, now).keys())


def problems_of(row: Import) -> list[Trouble]:
    return [Trouble(number, Sentence.load(said), *more) for number, said, *more in row.troubles]


def to_read(session: Session, now: datetime) -> list[int]:
    """Lists that wait for a worker, or whose worker has died."""
    free = Import.leased_until.is_(None) | (Import.leased_until < now)
    ids = list(session.scalars(select(Import.id).where(Import.state == "reading", free).order_by(Import.id)))
    session.rollback()
    return ids
