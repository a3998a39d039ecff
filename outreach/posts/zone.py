"""A library's settings; with another time zone, everything planned keeps its time on the wall."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import Delivery, DigestRule, Library, Post
from outreach.people.libraries import change
from outreach.words import NotDone, Sentence


def change_settings(library_id: int, zone: str, by: Actor, now: datetime, **settings: Any) -> None:
    """`settings` as `people.libraries.change` takes them. Raises NotDone."""
    if not clock.is_zone(zone):
        raise NotDone(Sentence("There is no time zone called %(zone)s. Write one like America/Chicago.", zone=zone))
    with writing() as session:
        planned = _locked_posts(session, library_id, now)  # posts, then the library, then deliveries: see `locked`
        library = session.get_one(Library, library_id, populate_existing=True, with_for_update=ALONE)
        change(library, **settings)
        if zone != library.timezone:
            _keep_wall_times(session, library, zone, planned, now)
        record(session, "library", library.id, "edited", by, now, library_id=library.id)


def _locked_posts(session: Session, library_id: int, now: datetime) -> list[Post]:
    mine = select(Post).where(
        Post.library_id == library_id, Post.state != "cancelled", or_(Post.wished_at.is_(None), Post.wished_at > now)
    )
    ordered = mine.order_by(Post.id).with_for_update(of=Post, **ALONE)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def _keep_wall_times(session: Session, library: Library, zone: str, planned: list[Post], now: datetime) -> None:
    """ "Thursday 12:00" stays that. What is past, or being sent, stays as it was; so does what would be past then."""
    old, library.timezone = library.timezone, zone

    def moved(moment: datetime) -> datetime:
        there = clock.to_utc(clock.to_local(moment, old).replace(tzinfo=None), zone)
        return there if there > now else moment

    waiting = select(Delivery).where(
        Delivery.library_id == library.id, Delivery.state == "waiting", Delivery.due_at > now
    )
    for delivery in session.scalars(waiting.order_by(Delivery.id).with_for_update()):
        delivery.due_at = delivery.try_at = moved(delivery.due_at)
    for post in planned:
        post.wished_at = moved(post.wished_at) if post.wished_at else None
        if answer := post.fields.get("answer_at"):
            post.fields = {**post.fields, "answer_at": moved(datetime.fromisoformat(str(answer))).isoformat()}
    for rule in session.scalars(select(DigestRule).where(DigestRule.library_id == library.id)):
        rule.next_at = moved(rule.next_at)
