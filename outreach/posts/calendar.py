"""Posts as the calendar shows them: only the columns and rows that are seen.

A page asks a few times, however many posts there are: for the moments of its days (`moments`), then for what stands
on the tiles of those that are shown (`tiles`), since a month shows a few of each day and says how many more there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import DateTime, Integer, Select, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from outreach.models import Account, Delivery, Library, Placement, Post, PostTitle
from outreach.posts import to_follow
from outreach.posts.lifecycle import UNDECIDED
from outreach.posts.whole import Piece, may_move, shown_as, told_first
from outreach.words import cap

LATELY = 300  # posts that say which kinds are in use
FIRST_WORDS = 80


class Moment(NamedTuple):
    """A post at a time; `part`: 0 for itself, more for a later message of it."""

    post_id: int
    at: datetime
    part: int


@dataclass(frozen=True)
class Wanted:
    """What a person wants to see; empty: everything."""

    place: int | None = None
    kind: str = ""


EVERYTHING = Wanted()


@dataclass(frozen=True)
class Tile:
    post_id: int
    at: datetime | None
    part: int
    kind: str
    words: str
    shown: str  # a name of `shown_as`
    places: tuple[str, ...]
    movable: bool
    approved: bool
    revision: int
    closed: str | None = None  # why the library is closed on its day, if it is and the post is not out


def moments(
    session: Session, library_id: int, first: datetime, last: datetime, wanted: Wanted = EVERYTHING
) -> list[Moment]:
    """When posts of a stretch of time go out, went out, or wish to; by time."""
    both = union_all(_wishes(library_id, first, last, wanted), _goes(library_id, first, last, wanted))
    later = session.execute(_of(to_follow.that_may(library_id, first, last), wanted))
    library = session.get_one(Library, library_id)
    return _by_time([*session.execute(both), *to_follow.within(library, later, first, last)])


def approved_moments(session: Session, library_id: int, first: datetime, last: datetime) -> list[Moment]:
    """Of those alone that were approved."""
    return _by_time(session.execute(_goes(library_id, first, last, EVERYTHING)))


def _by_time(found: Iterable[Any]) -> list[Moment]:
    return sorted((Moment(*row) for row in found), key=lambda m: (m.at, m.post_id))


def _wishes(library_id: int, first: datetime, last: datetime, wanted: Wanted) -> Any:
    wishes: Any = select(Post.id, Post.wished_at, literal(0)).where(
        Post.library_id == library_id, Post.wished_at >= first, Post.wished_at < last, Post.state.in_(UNDECIDED)
    )
    return _of(wishes, wanted)


def _goes(library_id: int, first: datetime, last: datetime, wanted: Wanted) -> Any:
    whole = and_(Post.id == Delivery.post_id, Post.edition == Delivery.edition)
    goes: Any = select(Delivery.post_id, Delivery.due_at, func.min(Delivery.part)).join(Post, whole)
    goes = goes.where(Delivery.library_id == library_id, Delivery.due_at >= first, Delivery.due_at < last)
    left = or_(Post.state == "approved", and_(Post.state == "cancelled", Delivery.state != "cancelled"))
    goes = goes.where(left).group_by(Delivery.post_id, Delivery.due_at)
    if wanted.place:
        goes = goes.where(Delivery.account_id == wanted.place)
    return goes.where(Post.kind == wanted.kind) if wanted.kind else goes


def _of(chosen: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.kind:
        chosen = chosen.where(Post.kind == wanted.kind)
    if wanted.place:
        chosen = chosen.where(exists().where(Placement.post_id == Post.id, Placement.account_id == wanted.place))
    return chosen


def loose(session: Session, library_id: int, before: datetime, wanted: Wanted, most: int) -> list[int]:
    """Drafts without a time, or whose time was before: what is not finished is never out of sight."""
    open_ = select(Post.id).where(
        Post.library_id == library_id,
        or_(Post.wished_at.is_(None), Post.wished_at < before),
        Post.state.in_(UNDECIDED),
    )
    return list(session.scalars(_of(open_, wanted).order_by(Post.updated_at.desc(), Post.id).limit(most)))


def tiles(session: Session, library: Library, shown: Sequence[Moment]) -> dict[Moment, Tile]:
    """What stands on the tiles of these moments."""
    posts = _posts(session, {moment.post_id for moment in shown})
    pieces, places = _pieces(session, posts)
    made = {}
    for moment in shown:
        if post := posts.get(moment.post_id):
            to = tuple(sorted(places[post.id]))
            made[moment] = _tile(moment, post, pieces[post.id], to, library)
    return made


def _tile(moment: Moment, post: Any, mine: list[Piece], places: tuple[str, ...], library: Library) -> Tile:
    words = told_first(post.kind, post.first, post.name or "", post.titles, library.name)
    return Tile(
        post_id=post.id,
        at=moment.at,
        part=moment.part,
        kind=post.kind,
        words=cap(" ".join(words.split()), FIRST_WORDS),
        shown=shown_as(post.state, mine, post.held_at is not None, library.paused_at is not None),
        places=places,
        movable=moment.part == 0 and may_move(post.state, mine),
        approved=post.state == "approved",
        revision=post.revision,
    )


def _posts(session: Session, ids: Iterable[int]) -> dict[int, Any]:
    counted = select(func.count()).where(PostTitle.post_id == Post.id).scalar_subquery()
    titles = case((Post.kind == "titles", counted), else_=0).label("titles")
    first = func.substr(Post.words, 1, 3 * FIRST_WORDS).label("first")
    name = Post.fields["name"].as_string().label("name")
    chosen = select(Post.id, Post.kind, Post.state, Post.held_at, Post.revision, first, name, titles)
    return {row.id: row for row in session.execute(chosen.where(Post.id.in_(set(ids))))}


def _pieces(session: Session, posts: Mapping[int, Any]) -> tuple[dict[int, list[Piece]], dict[int, set[str]]]:
    """The deliveries of what was approved, and the names of the places that each post goes to."""
    pieces, places = defaultdict[int, list[Piece]](list), defaultdict[int, set[str]](set)
    wished = [n for n, post in posts.items() if post.state in UNDECIDED]
    whole = and_(Post.id == Delivery.post_id, Post.edition == Delivery.edition)
    piece = Delivery.id, Delivery.state, Delivery.after_id, Account.network, Delivery.unwanted_at, Delivery.asked_at
    sent: Any = select(Delivery.post_id, Account.name, *piece)
    sent = sent.join(Post, whole).join(Account, Account.id == Delivery.account_id)
    never = literal(None, DateTime(timezone=True))
    to: Any = select(Placement.post_id, Account.name, literal(0), literal(""), literal(None, Integer), literal(""))
    to = to.add_columns(never, never)
    to = to.join(Account, Account.id == Placement.account_id).where(Placement.post_id.in_(wished))
    both = union_all(sent.where(Post.id.in_(set(posts) - set(wished))), to)
    for post_id, place, n, state, after, network, *down in session.execute(both):
        if state:
            pieces[post_id].append(Piece(n, state, after, network == "by_hand", *down))
        if state != "cancelled":
            places[post_id].add(place)
    return pieces, places


def kinds_lately(session: Session, library_id: int) -> set[str]:
    """Between which kinds is there to choose?"""
    mine = select(Post.kind).where(Post.library_id == library_id, Post.wished_at.is_not(None))
    lately = mine.order_by(Post.wished_at.desc()).limit(LATELY).subquery()
    return set(session.scalars(select(lately.c.kind).distinct()))


def kinds_of(session: Session, posts: Iterable[int]) -> set[str]:
    return set(session.scalars(select(Post.kind).where(Post.id.in_(set(posts))).distinct()))
