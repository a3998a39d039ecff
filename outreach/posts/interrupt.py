"""A snow day with one press, and its undo: what was planned moves or waits, and it is written down what went where.

gather (locked) | interrupt_plan.plan | interrupt_apply.apply -> Interruption.moves
Interruption.moves | interrupt_apply.put_back -> the same, each with what became of it
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.holidays import is_closed
from outreach.models import Closure, Delivery, DigestRule, Interruption, Library, Post
from outreach.posts import keepers
from outreach.posts.compose import BEGUN
from outreach.posts.interrupt_apply import apply, as_left, move_rules, put_back
from outreach.posts.interrupt_plan import Days, Due, Planned, plan
from outreach.posts.lifecycle import BEFORE_SENDING, all_locked, not_held
from outreach.posts.queries import pauses, taken_times
from outreach.posts.series_plan import goes_out, moments
from outreach.words import NotDone, Sentence

SNOW_STATES = ("draft", "returned", "submitted", "approved")
PAUSE_STATES = ("submitted", "approved")  # a draft goes nowhere anyway
LONGEST = timedelta(days=31)  # between a question and its answer
SOON = timedelta(days=366)
MOMENTS = 60  # of a repeat looked at: a long closing has no more
SNOW, AWAY = Sentence("Snow day."), Sentence("Somebody is away.")


@dataclass(frozen=True)
class Gathered:
    """The days, all posts that they may concern, and the messages of each: locked, so that no worker claims one."""

    days: Days
    posts: dict[int, Post]
    messages: dict[int, list[Delivery]]


def snow_day(library_id: int, day: date, by: Actor, now: datetime, name: str = "Snow day") -> int:
    """Close the day; what was planned for it moves or waits. Returns the id of the interruption. Raises NotDone."""
    with writing() as session:
        _refuse_day(session.get_one(Library, library_id), day, now)
        found = gather(session, library_id, day, day, SNOW_STATES)
        library = session.get_one(Library, library_id, populate_existing=True, with_for_update=ALONE)
        if _snows(session, library_id, day):
            raise NotDone(Sentence("That is a snow day already. What moved where stands below."))
        closure = Closure(library_id=library_id, first_day=day, last_day=day, name=name, source="snow")
        session.add(closure)
        one = Interruption(library_id=library_id, kind="snow", first_day=day, last_day=day, who=by.name, made_at=now)
        session.add(one)
        session.flush()
        session.expire(library, ["closures"])
        one.closure_id = closure.id
        carry_out(session, one, found, by, now)
        record(session, "library", library_id, "closed", by, now, library_id=library_id)
        return one.id


def _refuse_day(library: Library, day: date, now: datetime) -> None:
    today = clock.today(now, library.timezone)
    if not today <= day <= today + SOON:
        raise NotDone(Sentence("Choose today or a day to come."))


def _snows(session: Session, library_id: int, day: date) -> bool:
    mine = select(Interruption.id).where(
        Interruption.library_id == library_id,
        Interruption.kind == "snow",
        Interruption.first_day == day,
        Interruption.ended_at.is_(None),
    )
    return session.scalar(mine.limit(1)) is not None


def gather(session: Session, library_id: int, first: date, last: date, states: Sequence[str]) -> Gathered:
    library = session.get_one(Library, library_id)
    zone = library.timezone
    begin, end = clock.at_wall(first, "00:00", zone), clock.at_wall(last + timedelta(days=1), "00:00", zone)
    due = select(Delivery.post_id).where(
        Delivery.library_id == library_id,
        Delivery.due_at >= begin,
        Delivery.due_at < end,
        Delivery.state != "cancelled",
    )
    wished = (Post.wished_at >= begin) & (Post.wished_at < end)
    asked = (Post.kind == "trivia") & (Post.wished_at >= begin - LONGEST) & (Post.wished_at < begin)
    here = (Post.library_id == library_id) & Post.state.in_(states) & not_held()
    posts = {post.id: post for post in all_locked(session, here & or_(Post.id.in_(due), wished, asked))}
    days = Days(first, last, zone, lambda day: is_closed(library, day))
    return Gathered(days, posts, messages_locked(session, posts))


def messages_locked(session: Session, posts: dict[int, Post]) -> dict[int, list[Delivery]]:
    """Those of their editions that were not taken back, by post."""
    mine = select(Delivery).where(Delivery.post_id.in_(posts), Delivery.state != "cancelled")
    locked = mine.order_by(Delivery.id).with_for_update(of=Delivery).execution_options(populate_existing=True)
    found: dict[int, list[Delivery]] = {n: [] for n in posts}
    for delivery in session.scalars(locked) if posts else ():
        if delivery.edition == posts[delivery.post_id].edition:
            found[delivery.post_id].append(delivery)
    return found


def carry_out(session: Session, one: Interruption, found: Gathered, by: Actor, now: datetime) -> None:
    """Plan, do, write down. On a snow day what is weekly moves; while somebody is away it waits like the rest."""
    days, posts, messages = found.days, found.posts, found.messages
    weekly_move, why = one.kind == "snow", SNOW if one.kind == "snow" else AWAY
    told = [_planned(post, messages[post.id]) for post in posts.values()]
    taken = taken_times(session, one.library_id, now, None, in_review=True) | _rule_times(session, one.library_id)
    deeds = plan(told, days, taken, weekly_move)
    moves = [apply(session, posts[deed.post_id], messages[deed.post_id], deed, why, by, now) for deed in deeds]
    if weekly_move:
        moves += move_rules(session, one.library_id, days, taken | {deed.to for deed in deeds if deed.to})
    one.moves = moves


def _rule_times(session: Session, library_id: int) -> set[datetime]:
    """When weekly posts will go out that are not written yet."""
    mine = select(DigestRule.next_at).where(DigestRule.library_id == library_id, DigestRule.stopped_at.is_(None))
    return set(session.scalars(mine))


def _planned(post: Post, messages: Sequence[Delivery]) -> Planned:
    weekly = post.digest_rule_id is not None or post.series_id is not None
    if post.state == "approved":
        due = [Due(d.id, d.due_at, d.state in BEFORE_SENDING, d.state in BEGUN, d.stays) for d in messages]
        return Planned(post.id, post.wished_at, weekly, before=_next_one(post), messages=due)
    answer = post.fields.get("answer_at")
    typed = datetime.fromisoformat(str(answer)) if answer else None
    return Planned(post.id, post.wished_at, weekly, post.timing == "slot", typed, _next_one(post))


def _next_one(post: Post) -> datetime | None:
    """When the one after it goes out, of a repeat that goes on; written already, or not."""
    series = post.series
    if series is None or series.stopped_at is not None or post.series_at is None:
        return None
    found = (goes_out(series, moment) for moment in islice(moments(series, post.series_at), MOMENTS))
    return next((at for at in found if at is not None), None)


def undo(interruption_id: int, by: Actor, now: datetime) -> None:
    """Put back what is still where it was put; the rest is left alone and named. Raises NotDone the second time.

    Also "I am back": the days of somebody who was away are over from now on.
    """
    with writing() as session:
        one = _ended(session, interruption_id, now)
        if one.kind == "hand_over":
            keepers.give_back(session, one)
        else:
            _put_all_back(session, one, by, now)
        if one.kind == "snow":
            record(session, "library", one.library_id, "open again", by, now, library_id=one.library_id)
        else:
            record(session, "person", one.person_id or 0, "back", by, now, library_id=one.library_id)


def _put_all_back(session: Session, one: Interruption, by: Actor, now: datetime) -> None:
    posts = _locked(session, [int(move["post"]) for move in one.moves if move.get("post")])
    messages = messages_locked(session, posts)
    library = session.get_one(Library, one.library_id, populate_existing=True, with_for_update=ALONE)
    closure = session.get(Closure, one.closure_id) if one.closure_id else None
    if closure is not None:
        session.delete(closure)
        session.flush()
        session.expire(library, ["closures"])
    still = {
        n for move in one.moves if (n := move.get("post")) and as_left(posts.get(n), messages.get(n, ()), move, one)
    }
    is_taken = _taken(session, library, still, now)
    one.moves = [put_back(session, move, posts, messages, one, is_taken, by, now) for move in one.moves]


def _taken(session: Session, library: Library, still: set[int], now: datetime) -> Callable[[datetime], bool]:
    """Is a moment that of another post by now, or of a day of another snow day or pause?

    One that was planned for a holiday on purpose is back on it.
    """
    others = taken_times(session, library.id, now, still, in_review=True) | _rule_times(session, library.id)
    shut = pauses(session, library.id)

    def is_taken(moment: datetime) -> bool:
        day = clock.today(moment, library.timezone)
        paused = any(first <= day <= last for first, last in shut)
        return moment in others or paused or _snows(session, library.id, day)

    return is_taken


def _ended(session: Session, interruption_id: int, now: datetime) -> Interruption:
    """Whoever comes second finds it ended."""
    mine = update(Interruption).where(Interruption.id == interruption_id, Interruption.ended_at.is_(None))
    first = mine.values(ended_at=now).execution_options(synchronize_session=False)
    if not session.execute(first).rowcount:  # type: ignore[attr-defined]
        raise NotDone(Sentence("That is over already, or was undone. Nothing was changed."))
    return session.get_one(Interruption, interruption_id, populate_existing=True)


def _locked(session: Session, ids: Sequence[int]) -> dict[int, Post]:
    return {post.id: post for post in all_locked(session, Post.id.in_(ids))} if ids else {}
