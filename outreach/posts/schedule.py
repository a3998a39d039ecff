"""When a post goes out: at a time, at the next usual time, now; moved; tried again."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.channels import about
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.holidays import is_closed
from outreach.models import Delivery, Library, Post, Slot
from outreach.posts.lifecycle import BEFORE_SENDING, another_key, followers, locked, move_delivery
from outreach.posts.queries import Pause, pauses, taken_times
from outreach.posts.seen import MOVING, seen
from outreach.words import NotDone, Sentence

LOOK_AHEAD = 200  # usual times looked at: years of a weekly slot
A_MOMENT = timedelta(minutes=2)  # a form may take that long: a time just gone by is "now"
FAR = timedelta(days=3 * 366)
TOO_EARLY = Sentence("Left out: its time had passed before the post got another one.")
WAITS = Sentence("It waits for another time: choose one.")


def usual_times(
    library: Library, slots: Iterable[Slot], after: datetime, pauses: Sequence[Pause] = ()
) -> Iterable[datetime]:
    """All moments of some slots, soonest first, without the days the library is closed or everything waits."""
    streams = [clock.weekly(slot.weekday, slot.clock, library.timezone, after) for slot in slots]
    moments = islice(merge(*streams), LOOK_AHEAD)
    return (m for m in moments if _is_open(library, clock.today(m, library.timezone), pauses))


def _is_open(library: Library, day: date, pauses: Sequence[Pause]) -> bool:
    return not is_closed(library, day) and not any(first <= day <= last for first, last in pauses)


def next_free(
    session: Session, library: Library, kind: str, now: datetime, but: int | None = None, in_review: bool = True
) -> datetime | None:
    """The next usual time for this kind that no other post has; None without usual times."""
    taken = taken_times(session, library.id, now, but, in_review)
    return free_time(library, kind, now, taken, pauses(session, library.id))


def free_time(
    library: Library, kind: str, now: datetime, taken: Container[datetime], pauses: Sequence[Pause]
) -> datetime | None:
    slots = [slot for slot in library.slots if slot.kind in (kind, None)]
    return next((m for m in usual_times(library, slots, now, pauses) if m not in taken), None)


def decide_time(session: Session, post: Post, now: datetime) -> datetime:
    """The time at which a post that is approved now goes out. Raises NotDone where a person must choose.

    One that waits for another time does not get the one it had.
    """
    if post.timing == "now":
        return now
    if post.timing == "slot":
        session.get_one(Library, post.library_id, with_for_update=ALONE)  # one usual time, one post
        wished = None if post.held_at else post.wished_at
        taken = taken_times(session, post.library_id, now, post.id, in_review=False)
        if wished and wished > now and wished not in taken:
            return wished
        free = next_free(session, post.library, post.kind, now, post.id, in_review=False)
        if free is None:
            raise NotDone(Sentence("There is no usual time to use. Choose a day and a time."))
        return free
    if post.held_at is not None:
        raise NotDone(WAITS)
    if post.wished_at is None:
        raise NotDone(Sentence("Choose a day and a time."))
    return now if goes_at_once(post, now) else check_time(post.wished_at, now)


def goes_at_once(post: Post, now: datetime) -> bool:
    """Does it go out as soon as it is approved? The weekly post too, once its time has passed: it is as good later."""
    late = post.wished_at is not None and post.wished_at <= now
    return post.timing == "now" or (post.digest_rule_id is not None and late)


def check_time(at: datetime, now: datetime) -> datetime:
    if at < now - A_MOMENT:
        raise NotDone(Sentence("That time has passed. Choose a later one, or publish now."))
    if at > now + FAR:
        raise NotDone(Sentence("That is more than three years away. Check the year."))
    return at


def move(post_id: int, at: datetime, by: Actor, now: datetime, on_page: int | None = None, decides: bool = True) -> int:
    """Another time for a post: its later messages keep their distance. Needs no new approval. Returns its revision.

    `on_page`: the revision that stood there; raises Stale where it is another one by now. `decides`: may `by`
    move what is approved? It may bring back what was too late.
    """
    with writing() as session:
        post = locked(session, post_id) if on_page is None else seen(session, post_id, on_page, MOVING)
        if post.state == "approved" and not decides:
            raise NotDone(Sentence("This post is approved. Ask somebody who approves posts to move it."))
        move_in(session, post, at, by, now)
        return post.revision


def move_in(session: Session, post: Post, at: datetime, by: Actor, now: datetime) -> None:
    """The same in the caller's transaction; the post is locked. What waited for another time has one then."""
    if post.state == "cancelled":
        raise NotDone(Sentence("This post was cancelled. Duplicate it to use its words again."))
    check_time(at, now)
    if post.state == "approved":
        _move_deliveries(session, post, at, by, now)
    carry_answer(post, at)
    post.wished_at, post.timing, post.updated_at, post.held_at = at, "at", now, None
    post.revision += 1
    record(session, "post", post.id, "moved", by, now, library_id=post.library_id, post_id=post.id)


def carry_answer(post: Post, at: datetime) -> None:
    """The time that was typed for its answer keeps its distance, before the post is at `at`."""
    answer = post.fields.get("answer_at")
    if answer and post.wished_at:
        there = clock.carried(datetime.fromisoformat(str(answer)), post.wished_at, at, post.library.timezone)
        post.fields = {**post.fields, "answer_at": there.isoformat()}


def _move_deliveries(session: Session, post: Post, at: datetime, by: Actor, now: datetime) -> None:
    mine = select(Delivery).where(Delivery.post_id == post.id, Delivery.edition == post.edition)
    living = [d for d in session.scalars(mine.with_for_update()) if d.state != "cancelled"]
    deliveries = [d for d in living if not d.stays]
    if any(d.state not in ("waiting", "queued", "missed") for d in deliveries):
        raise NotDone(Sentence("This post has begun to go out, so its time can no longer change."))
    _leave_out_reminders(session, [d for d in living if d.stays and d.state in BEFORE_SENDING], at, by, now)
    old, zone = min((d.due_at for d in deliveries), default=at), post.library.timezone
    for delivery in deliveries:
        due = clock.carried(delivery.due_at, old, at, zone)
        if delivery.state != "waiting":
            move_delivery(session, delivery, "waiting", by, now, due_at=due, try_at=due, sentence=None)
        else:
            delivery.due_at = delivery.try_at = due


def _leave_out_reminders(
    session: Session, reminders: Sequence[Delivery], at: datetime, by: Actor, now: datetime
) -> None:
    """One whose time passed while the post waited is of no use; one to come never goes out before the post itself."""
    if any(now < d.due_at <= at for d in reminders):
        raise NotDone(Sentence("A reminder of it goes out before that. Choose an earlier time, or change the event."))
    for reminder in reminders:
        if reminder.due_at <= now:
            move_delivery(session, reminder, "cancelled", by, now, TOO_EARLY)


def send_again(delivery_id: int, by: Actor, now: datetime) -> None:
    """A person says: send it now (after it was refused, or its time had passed)."""
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id)
        if delivery.state not in ("refused", "missed"):
            raise NotDone(Sentence("There is nothing to send again here."))
        if delivery.post.held_at is not None:
            raise NotDone(WAITS)
        if delivery.account.retired_at:
            raise NotDone(Sentence("%(place)s was removed, so nothing can go there.", place=delivery.account.name))
        send_now(session, delivery, by, now, diagnosis="", attempts=0)


def send_now(session: Session, delivery: Delivery, by: Actor, now: datetime, **values: Any) -> None:
    """What a person says is not out goes out now, as a new message: with another key, and its answer put off.

    Where the key keeps a second copy out for ever it stays, and what she overlooked does no harm.
    """
    put_off_followers(session, delivery, now)
    kept = delivery.state == "unclear" and about(delivery.account.network).keyed
    values |= {"due_at": now, "try_at": now, "sentence": None} | ({} if kept else another_key(delivery))
    move_delivery(session, delivery, "waiting", by, now, **values)


def put_off_followers(session: Session, delivery: Delivery, now: datetime) -> None:
    """An answer keeps its distance from a question that goes out later than it should have."""
    late = now - delivery.due_at
    for follower in followers(session, delivery) if late > timedelta(0) else []:
        follower.due_at = follower.try_at = follower.due_at + late


def leave_it(delivery_id: int, by: Actor, now: datetime) -> None:
    """A person says: it need not go out any more."""
    with writing() as session:
        delivery = session.get_one(Delivery, delivery_id)
        if delivery.state not in ("refused", "missed", "not_posted"):
            raise NotDone(Sentence("There is nothing to leave here."))
        for follower in followers(session, delivery):
            move_delivery(session, follower, "cancelled", by, now)
        move_delivery(session, delivery, "cancelled", by, now)
