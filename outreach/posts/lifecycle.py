"""The two state tables, and the only functions that write a state.

Posts
    draft       being written. Comes from compose, or back from a withdrawal. A crash changes nothing.
    submitted   waits for an approver. Comes from draft or returned. Saving it again keeps it here.
    returned    sent back with a note. Its author edits and submits again.
    approved    its messages are frozen and lie in deliveries. An edit takes it back to submitted, and so does a
                limit of a server that shrank before anything went out.
    cancelled   will not go out. Its history stays.

Deliveries
    waiting     has a time. Dispatch takes it out when it is due soon. A crash changes nothing.
    queued      a worker was told. Never attempted: if the message is lost, dispatch tells again.
    sending     claimed, with a lease. `send_started_at` empty: nothing left this machine, reconcile puts it
                back to waiting. Filled: it may be out, reconcile makes it unclear.
    unclear     nobody knows whether it went out. Only reconcile, or a person, takes it out, after looking.
    in_hand     a person was asked to post it. Also from published, by hand: she said so by mistake.
    published   it is out. Where a person asked to take it down and we could not, `unwanted_at` and a sentence stay.
    removing    a person asked to take it down. A worker does (remove.py), under a lease: if it is killed, another
                one does, and a second time does no harm. Where only a person can, `asked_at` says one was asked.
    removed     it is not there any more. The end.
    refused     the network will not take it. A person edits and tries again, or leaves it.
    missed      its time passed by more than the library's grace; a person says whether it still goes.
    not_posted  a person said it was not posted, and why.
    cancelled   taken back before it went out. The end, unless a person was asked to post it and was just doing so
                (`unwanted_at` says so): what they posted is taken down.

A move is a guarded UPDATE: it happens only if the row still is in the state it is moved from, and (for the
way to the network) only if what is sent is what was approved. Whoever gets False lost the race.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, Update, bindparam, case, exists, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from outreach.access import Actor
from outreach.db import ALONE
from outreach.history import record
from outreach.models import Account, Delivery, Library, Post
from outreach.words import Sentence

POST_MOVES: dict[str, frozenset[str]] = {
    "draft": frozenset({"submitted", "cancelled"}),
    "submitted": frozenset({"approved", "returned", "draft", "cancelled"}),
    "returned": frozenset({"submitted", "cancelled"}),
    "approved": frozenset({"submitted", "draft", "cancelled"}),
    "cancelled": frozenset(),
}

DELIVERY_MOVES: dict[str, frozenset[str]] = {
    "waiting": frozenset({"queued", "missed", "cancelled"}),
    "queued": frozenset({"sending", "waiting", "missed", "refused", "cancelled"}),
    "sending": frozenset({"published", "in_hand", "refused", "waiting", "unclear", "missed", "cancelled"}),
    "unclear": frozenset({"published", "waiting", "missed", "cancelled"}),
    "in_hand": frozenset({"published", "not_posted", "cancelled"}),
    "published": frozenset({"removing", "removed", "in_hand"}),
    "removing": frozenset({"removed", "published"}),
    "removed": frozenset(),
    "refused": frozenset({"waiting", "cancelled"}),
    "missed": frozenset({"waiting", "cancelled"}),
    "not_posted": frozenset({"in_hand", "cancelled"}),
    "cancelled": frozenset({"published"}),
}

UNDECIDED = ("draft", "submitted", "returned")  # nobody has approved it
BEFORE_SENDING = ("waiting", "queued")
OPEN_ENDED = ("refused", "missed", "unclear", "not_posted", "in_hand")  # these ask for a person
# no line of history; that somebody asked to take it down is a line of the post
ROUTINE = {("waiting", "queued"), ("queued", "sending"), ("queued", "waiting"), ("published", "removing")}
CALLED = {
    ("removing", "published"): "not_removed",
    ("published", "in_hand"): "not_yet",
}  # in the history; else by the new state


_DELIVERY = cast(Table, Delivery.__table__)


class WrongMove(Exception):
    """The program asked for a move that the table does not have."""


def locked(session: Session, post_id: int) -> Post:
    """The post as it is now, and nobody else's until the end of the transaction. Every verb of a post begins here.

    First an interruption, then posts, then their deliveries, then the library, then its rules and series: in this
    order, or two verbs wait for each other for ever. Its key stays free: a line of history that points to it waits for
    nobody.
    """
    return session.get_one(Post, post_id, populate_existing=True, with_for_update={"of": Post, **ALONE})


def all_locked(session: Session, which: ColumnElement[bool]) -> list[Post]:
    """Some posts at once, in the order of their ids: two verbs that want the same ones do not cross."""
    chosen = select(Post).where(which).order_by(Post.id).with_for_update(of=Post, **ALONE)
    return list(session.scalars(chosen.execution_options(populate_existing=True)))


def deliveries_locked(session: Session, post: Post) -> list[Delivery]:
    """All deliveries of a post that is `locked`: no worker claims one meanwhile."""
    mine = select(Delivery).where(Delivery.post_id == post.id).order_by(Delivery.id).with_for_update(of=Delivery)
    return list(session.scalars(mine.execution_options(populate_existing=True)))


def move_post(
    session: Session, post: Post, new: str, by: Actor, now: datetime, note: Sentence | None = None, verb: str = ""
) -> None:
    """Move a post that is `locked`, and write it into its history (as `verb`, where the state says too little).

    >>> sorted(POST_MOVES["returned"])
    ['cancelled', 'submitted']
    """
    old = post.state
    if new not in POST_MOVES[old]:
        raise WrongMove(f"post {old} -> {new}")
    session.flush()
    change = update(Post).where(Post.id == post.id, Post.state == old).values(state=new, updated_at=now)
    moved = session.execute(change.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
    if not moved:
        raise WrongMove(f"post {post.id} was not locked")
    session.refresh(post, ["state", "updated_at"])
    record(
        session,
        "post",
        post.id,
        verb or new,
        by,
        now,
        library_id=post.library_id,
        post_id=post.id,
        states=(old, new),
        note=note,
    )


def move_delivery(
    session: Session,
    delivery: Delivery,
    new: str,
    by: Actor,
    now: datetime,
    note: Sentence | None = None,
    **values: Any,
) -> bool:
    """Move a delivery, with other columns in the same UPDATE. False: the guard did not hold.

    The way to the network (queued, sending) also asks that the post is approved, unchanged since, and that
    neither the account nor the library is paused; sending, that it is due (never early) and that no other
    attempt came between. What comes back from the network to wait, while its post was taken back, is cancelled.
    """
    old = delivery.state
    if new == "waiting" and old in ("sending", "unclear", "queued") and not _still_wanted(session, delivery):
        new = "cancelled"
    if new not in DELIVERY_MOVES[old]:
        raise WrongMove(f"delivery {old} -> {new}")
    session.flush()
    seen = {"the_id": delivery.id, "the_attempts": delivery.attempts, "the_digest": delivery.digest, "the_moment": now}
    moved = session.execute(_guarded(old, new), {**seen, "state": new, **values}).rowcount  # type: ignore[attr-defined]
    if not moved:
        return False
    session.expire(delivery, list(values))
    set_committed_value(delivery, "state", new)  # as the guard proved; saves reading it again
    if (old, new) not in ROUTINE:
        record(
            session,
            "delivery",
            delivery.id,
            CALLED.get((old, new), new),
            by,
            now,
            library_id=delivery.library_id,
            post_id=delivery.post_id,
            states=(old, new),
            note=note,
        )
    return True


def another_key(delivery: Delivery) -> dict[str, Any]:
    """For `move_delivery`, where nothing went out under the old one. The moment belongs to the key."""
    return {"key_round": delivery.key_round + 1, "begun_at": None}


def begin_removing(session: Session, delivery: Delivery, by: Actor, now: datetime) -> bool:
    """A person wants it gone: from here on it is a worker's, see remove.py."""
    afresh: dict[str, Any] = dict.fromkeys(("queued_at", "lease_until", "asked_at", "sentence"))
    return move_delivery(
        session, delivery, "removing", by, now, unwanted_at=now, try_at=now, attempts=0, diagnosis="", **afresh
    )


def stands_unwanted() -> ColumnElement[bool]:
    """It shall go, and only a person can do it: it is a place by hand, or the network did not let us."""
    removing, out = Delivery.state == "removing", Delivery.state == "published"
    # no OR of states: SQLite would look for all that were ever published instead of the few that shall go
    return Delivery.unwanted_at.is_not(None) & case((removing, Delivery.asked_at.is_not(None)), else_=out)


def _still_wanted(session: Session, delivery: Delivery) -> bool:
    wanted = select(Post.id).where(
        Post.id == delivery.post_id, Post.state == "approved", Post.edition == delivery.edition
    )
    return session.scalar(wanted) is not None


def followers(session: Session, delivery: Delivery) -> list[Delivery]:
    """The waiting messages that answer this one, and those that answer them."""
    found: list[Delivery] = []
    ids = [delivery.id]
    while ids:
        fresh = session.scalars(select(Delivery).where(Delivery.after_id.in_(ids), Delivery.state == "waiting")).all()
        found += fresh
        ids = [d.id for d in fresh]
    return found


@cache  # building a statement takes longer than running it; the values of a move are its parameters
def _guarded(old: str, new: str) -> Update:
    columns = _DELIVERY.c
    # By its id alone: coalesce keeps PostgreSQL from the index by state, which it takes for as short while its
    # statistics do not know yet that thousands have just been queued (measured: 25 ms instead of 0.3).
    wanted = [columns.id == bindparam("the_id"), func.coalesce(columns.state, "") == old]
    if new in ("queued", "sending"):
        wanted.append(may_go_out())
    if new == "sending":
        wanted += [columns.try_at <= bindparam("the_moment"), columns.attempts == bindparam("the_attempts")]
        wanted.append(columns.digest == bindparam("the_digest"))  # nobody corrected it since it was read
    return update(_DELIVERY).where(*wanted)


def queue_all(session: Session, ids: list[int], now: datetime) -> list[int]:
    """waiting -> queued for many at once; returns those that were ours to take."""
    if not ids:
        return []
    change = update(Delivery).where(Delivery.id.in_(ids), Delivery.state == "waiting", may_go_out())
    taken = session.scalars(
        change.values(state="queued", queued_at=now).returning(Delivery.id),
        execution_options={"synchronize_session": False},
    )
    return list(taken)


@cache  # building it takes as long as running it
def may_go_out() -> ColumnElement[bool]:
    """The gate: nothing holds it up, and it is in its turn."""
    return is_clear() & in_its_turn()


@cache
def is_clear() -> ColumnElement[bool]:
    """Of the edition that is approved, not held, nothing paused around it; its turn may still have to come."""
    approved = exists(
        select(Post.id).where(
            Post.id == Delivery.post_id,
            Post.state == "approved",
            Post.edition == Delivery.edition,
            not_held(),
        )
    )
    account = exists(
        select(Account.id)
        .join(Library, Library.id == Account.library_id)
        .where(Account.id == Delivery.account_id, Account.paused_at.is_(None), Library.paused_at.is_(None))
    )
    return approved & account


def not_held() -> ColumnElement[bool]:
    """Of a post: it has a time. One that waits for another goes nowhere, and keeps no moment from anybody."""
    return Post.held_at.is_(None)


def in_its_turn() -> ColumnElement[bool]:
    """A message that answers another waits until that one is out."""
    earlier = Delivery.__table__.alias("earlier")
    out = exists(select(earlier.c.id).where(earlier.c.id == Delivery.after_id, earlier.c.state == "published"))
    return Delivery.after_id.is_(None) | out
