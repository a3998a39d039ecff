"""What asks for a person, counted, and what goes out next: all that the top of the week says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, true, union_all
from sqlalchemy.orm import Session, aliased

from outreach.models import Account, Change, Correction, Delivery, Membership, Person, Post
from outreach.posts.deciding import too_late
from outreach.posts.lifecycle import may_go_out, stands_unwanted

FAILED = ("refused", "missed")
LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Some:
    """How many there are, and the first of them."""

    count: int = 0
    first: int = 0


@dataclass(frozen=True)
class Asking:
    by_hand: Some  # deliveries that this person is asked to post
    unsure: Some  # deliveries
    failed: Some  # posts
    returned: Some  # posts of this person
    begun: Some  # drafts of this person, that they wrote lately and did not finish
    undeleted: Some  # messages that shall go, and a person must delete them; the first of their posts
    unchanged: Some  # messages that were corrected, and a person must change them there; the first of their posts
    corrections: Some  # posts whose correction was sent back to this person
    late: int  # in review, and their time has passed
    held: int  # posts

    def __bool__(self) -> bool:
        some = self.by_hand, self.unsure, self.returned, self.undeleted, self.unchanged, self.corrections, self.begun
        return bool(any(one.count for one in some) or self.held)


@dataclass(frozen=True)
class Next:
    at: datetime
    place: str
    post_id: int
    network: str
    mine: bool  # is this person asked to post it by hand?


@dataclass(frozen=True)
class Who:
    """For whom it is counted."""

    person_id: int
    settles: bool = True  # may they say whether a message is there? Who may not is not asked
    manages: bool = False  # they post by hand what nobody else of the library looks after


def asking(session: Session, library_id: int, who: Who, now: datetime) -> Asking:
    open_ = select(Delivery.state, func.count(Delivery.id), func.min(Delivery.id)).join(Post)
    open_ = open_.where(
        of_library(library_id),
        (Delivery.state == "unclear") | ((Delivery.state == "in_hand") & looks_after(library_id, who)),
    )
    found = {state: Some(count, first) for state, count, first in session.execute(open_.group_by(Delivery.state))}
    wrong = select(func.count(Delivery.post_id.distinct()), func.min(Delivery.post_id)).where(
        of_library(library_id), Delivery.state.in_(FAILED)
    )
    mine = Post.library_id == library_id
    back = select(func.count(Post.id), func.min(Post.id)).where(
        mine, Post.state == "returned", _owner(library_id).in_([who.person_id])
    )
    begun = select(func.count(Post.id), func.min(Post.id)).where(*begun_by(library_id, who, now))
    held = select(func.count(Post.id)).where(mine, Post.held_at.is_not(None), Post.state != "cancelled")
    late = select(func.count(Post.id)).where(too_late(library_id, now))
    stands = select(func.count(Delivery.id), func.min(Delivery.post_id)).where(
        of_library(library_id), stands_unwanted()
    )
    failed, returned, unwanted, drafts = wrong.subquery(), back.subquery(), stands.subquery(), begun.subquery()
    by_hand, corrected = _to_change(library_id).subquery(), _sent_back(library_id, who).subquery()
    counted = held.scalar_subquery(), late.scalar_subquery()
    row: Any = session.execute(
        select(*failed.c, *returned.c, *unwanted.c, *drafts.c, *by_hand.c, *corrected.c, *counted)
        .join_from(failed, returned, true())
        .join(unwanted, true())
        .join(drafts, true())
        .join(by_hand, true())
        .join(corrected, true())
    ).one()  # fmt: skip
    return Asking(
        by_hand=found.get("in_hand", Some()),
        unsure=found.get("unclear", Some()) if who.settles else Some(),
        failed=Some(row[0], row[1] or 0),
        returned=Some(row[2], row[3] or 0),
        undeleted=Some(row[4], row[5] or 0),
        begun=Some(row[6], row[7] or 0),
        unchanged=Some(row[8], row[9] or 0),
        corrections=Some(row[10], row[11] or 0),
        held=row[12],
        late=row[13],
    )


def _to_change(library_id: int) -> Select[int, int | None]:
    mine = select(func.count(Delivery.id), func.min(Delivery.post_id)).join(Change)
    return mine.where(Delivery.library_id == library_id, asked_to_change())


def asked_to_change() -> ColumnElement[bool]:
    """Of a delivery with its change: it was corrected, where only a person can."""
    return Change.ended_at.is_(None) & Change.asked_at.is_not(None) & (Delivery.state == "published")


def _sent_back(library_id: int, who: Who) -> Select[int, int | None]:
    """Corrections of this person, or of somebody who left; another one of the same post has taken its place."""
    newer = aliased(Correction)
    here = _here(library_id)
    owner = case((Correction.author_id.in_(here), Correction.author_id), else_=_owner(library_id))
    mine = _is(owner, who) & (Correction.decision == "returned")
    another = select(newer.id).where(newer.post_id == Correction.post_id, newer.id > Correction.id).exists()
    stands = (Post.library_id == library_id) & (Post.state == "approved")
    return select(func.count(Correction.id), func.min(Correction.post_id)).join(Post).where(mine, stands, ~another)


def _owner(library_id: int, post: Any = Post) -> ColumnElement[int | None]:
    """Who looks after a post, as long as they are here. See `tell.author_or_managers`."""
    here = _here(library_id)
    return case((post.keeper_id.in_(here), post.keeper_id), (post.author_id.in_(here), post.author_id))


def _here(library_id: int) -> Select[int]:
    return select(Membership.person_id).join(Person).where(Membership.library_id == library_id, Person.active)


def looks_after(library_id: int, who: Who, post: Any = Post) -> ColumnElement[bool]:
    """Of a delivery with its post, see `tell.in_charge`: what nobody else looks after the managers do."""
    owner = case((Delivery.keeper_id.in_(_here(library_id)), Delivery.keeper_id), else_=_owner(library_id, post))
    return _is(owner, who)


def _is(owner: ColumnElement[int | None], who: Who) -> ColumnElement[bool]:
    return owner.in_([who.person_id]) | owner.is_(None) if who.manages else owner.in_([who.person_id])


def begun_by(library_id: int, who: Who, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Drafts that she wrote lately and did not finish; many come at once with a table or a repeat, and are none."""
    hers = Post.library_id == library_id, Post.state == "draft", _owner(library_id).in_([who.person_id])
    return (*hers, Post.updated_at > now - LATELY, Post.sheet_id.is_(None), Post.series_id.is_(None))


def of_library(library_id: int) -> ColumnElement[bool]:
    """By its places: there is an index of place and state, and none of library and state."""
    return Delivery.account_id.in_(select(Account.id).where(Account.library_id == library_id))


def next_out(session: Session, library_id: int, who: Who) -> Next | None:
    """By state, each in the order of its index: the first that may go out is found without looking at the others."""
    post = aliased(Post)  # another one than that which `may_go_out` asks about
    theirs = looks_after(library_id, who, post).label("theirs")
    mine: Any = select(Delivery.try_at, Account.name, Delivery.post_id, Account.network, theirs)
    mine = mine.join(Account, Account.id == Delivery.account_id).join(post, post.id == Delivery.post_id)
    mine = mine.where(Account.library_id == library_id, may_go_out()).order_by(Delivery.try_at).limit(1)
    first = [mine.where(Delivery.state == state).subquery() for state in ("queued", "waiting")]
    rows = session.execute(union_all(*(select(one) for one in first))).all()
    return Next(*min(rows)) if rows else None
