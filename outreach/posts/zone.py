"""A library's settings; with another time zone, everything planned keeps its time on the wall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import Delivery, DigestRule, Interruption, Library, Post, Series
from outreach.people.libraries import change
from outreach.posts.compose import has_begun, take_back
from outreach.posts.interrupt_apply import Move
from outreach.posts.kinds import KINDS
from outreach.posts.lifecycle import all_locked, move_post
from outreach.posts.review_letter import ask_for_review
from outreach.words import NotDone, Sentence

OTHER_ZONE = Sentence("The library has another time zone, and the words say when it begins. Please look once more.")


def change_settings(library_id: int, zone: str, by: Actor, now: datetime, **settings: Any) -> None:
    """`settings` as `people.libraries.change` takes them. Raises NotDone."""
    if not clock.is_zone(zone):
        raise NotDone(Sentence("There is no time zone called %(zone)s. Write one like America/Chicago.", zone=zone))
    with writing() as session:
        planned = _locked(session, library_id, now)  # before the library: see `lifecycle.locked`
        library = session.get_one(Library, library_id, populate_existing=True, with_for_update=ALONE)
        change(library, **settings)
        if zone != library.timezone:
            _keep_wall_times(session, library, zone, planned, now)
            _look_again(session, planned.posts, by, now)
        record(session, "library", library.id, "edited", by, now, library_id=library.id)


@dataclass(frozen=True)
class Planned:
    """What of a library has a time that is still to come, and the days that moved some of it."""

    interruptions: Sequence[Interruption]
    posts: Sequence[Post]
    messages: Sequence[Delivery]


def _locked(session: Session, library_id: int, now: datetime) -> Planned:
    open_ones = select(Interruption).where(Interruption.library_id == library_id, Interruption.ended_at.is_(None))
    interruptions = session.scalars(open_ones.order_by(Interruption.id).with_for_update()).all()
    to_come = or_(Post.wished_at.is_(None), Post.wished_at > now)
    posts = all_locked(session, (Post.library_id == library_id) & (Post.state != "cancelled") & to_come)
    waiting = select(Delivery).where(
        Delivery.library_id == library_id, Delivery.state == "waiting", Delivery.due_at > now
    )
    messages = session.scalars(waiting.order_by(Delivery.id).with_for_update(of=Delivery)).all()
    return Planned(interruptions, posts, messages)


def _keep_wall_times(session: Session, library: Library, zone: str, planned: Planned, now: datetime) -> None:
    """ "Thursday 12:00" stays that. What is past, or being sent, stays as it was; so does what would be past then."""
    old, library.timezone = library.timezone, zone

    def moved(moment: datetime) -> datetime:
        there = clock.to_utc(clock.to_local(moment, old).replace(tzinfo=None), zone)
        return there if there > now else moment

    for delivery in planned.messages:
        delivery.due_at = delivery.try_at = moved(delivery.due_at)
    for one in planned.interruptions:
        one.moves = [_moved_line(move, moved) for move in one.moves]
    for post in planned.posts:
        post.wished_at = moved(post.wished_at) if post.wished_at else None
        post.series_at = moved(post.series_at) if post.series_at else None
        if answer := post.fields.get("answer_at"):
            post.fields = {**post.fields, "answer_at": moved(datetime.fromisoformat(str(answer))).isoformat()}
    for rule in session.scalars(select(DigestRule).where(DigestRule.library_id == library.id)):
        rule.next_at = moved(rule.next_at)
    for series in session.scalars(select(Series).where(Series.library_id == library.id)):
        series.made_until = moved(series.made_until) if series.made_until else None
        series.next_at = moved(series.next_at) if series.next_at else None


def _moved_line(move: Move, moved: Callable[[datetime], datetime]) -> Move:
    """The times of a line of an interruption, so that its undo knows them again."""

    def later(text: str | None) -> str | None:
        return moved(datetime.fromisoformat(text)).isoformat() if text else None

    times: Move = {name: later(move[name]) for name in ("from", "to") if name in move}
    if "messages" in move:
        times["messages"] = [[n, later(since), later(to)] for n, since, to in move["messages"]]
    if move.get("answer"):
        times["answer"] = [later(text) for text in move["answer"]]
    return move | times


def _look_again(session: Session, posts: Sequence[Post], by: Actor, now: datetime) -> None:
    """Approved words that say when something begins say the old zone: they are looked at once more."""
    for post in posts:
        names = {field.name for field in KINDS[post.kind].fields}
        if post.state != "approved" or not names >= {"day", "clock"} or has_begun(session, post):
            continue
        take_back(session, post, by, now)
        post.revision += 1
        move_post(session, post, "submitted", by, now, OTHER_ZONE)
        ask_for_review(session, post, by, now)
