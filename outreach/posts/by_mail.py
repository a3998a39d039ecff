"""Decide from the letter, without a password: the link acts as the person it was sent to, once, on what it showed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor, actor, may
from outreach.db import db, writing
from outreach.models import Event, OneTimeLink, Person, Post
from outreach.people import links
from outreach.posts.approve import approve_in, send_back_in
from outreach.posts.deciding import content, first_words, is_late
from outreach.posts.lifecycle import locked
from outreach.posts.seen import DECIDING, Stale
from outreach.words import NotDone, Sentence, within

BY_MAIL = Sentence("by e-mail")
CHANGED = Sentence("This post was changed since the letter was sent. Sign in, look at it again, and decide there.")
OVER = Sentence("Its time has passed. Sign in and say when it goes out.")


@dataclass(frozen=True)
class Asked:
    """What a link leads to, as long as it may decide."""

    post: Post
    person: Person


def look(token: str, now: datetime) -> Asked:
    """Without using it: mail scanners open links. Raises NotDone, with who decided where somebody did."""
    link = links.known(token, "review")
    return _asked(db.session(), link, db.session().get_one(Post, link.post_id), now)


def approve(token: str, now: datetime, accepted: bool = False, revision: int | None = None) -> datetime | None:
    """`revision`: that the page of the link showed. Raises Stale where it is another one by now.

    Returns when it goes out; None where one more person has to approve it.
    """
    with writing() as session:
        asked, by = _take(session, token, now, revision)
        if is_late(asked.post, now):
            raise NotDone(OVER)
        return approve_in(session, asked.post, by, now, accepted, BY_MAIL)


def send_back(token: str, note: str, now: datetime, revision: int | None = None) -> None:
    note = within(note, 2_000)
    with writing() as session:
        asked, by = _take(session, token, now, revision)
        send_back_in(session, asked.post, note, by, now, Sentence("%(note)s (by e-mail)", note=note))


def _take(session: Session, token: str, now: datetime, revision: int | None) -> tuple[Asked, Actor]:
    """Use the link up; a verb that then does nothing gives it back, since its transaction is undone."""
    link = links.known(token, "review")
    asked = _asked(session, link, locked(session, link.post_id or 0), now)
    if revision not in (None, asked.post.revision):
        raise Stale(DECIDING)  # e.g. its time: the same words, so the link itself still decides
    links.spend(session, link, now)
    return asked, actor(asked.person)


def _asked(session: Session, link: OneTimeLink, post: Post, now: datetime) -> Asked:
    person = session.get_one(Person, link.person_id)
    if not person.active or not may(person, "decide", post.library):
        raise NotDone(Sentence("You do not approve posts there any more, so this link does nothing."))
    if post.state != "submitted":
        raise NotDone(_decided(session, post))
    if any(word.person_id == person.id for word in first_words(session, post)):
        raise NotDone(Sentence("You have approved it already. One more person has to."))
    if link.digest is not None and content(post) != link.digest:
        raise NotDone(CHANGED)
    links.refuse_spent(link, now)
    return Asked(post, person)


def _decided(session: Session, post: Post) -> Sentence:
    """By whom: the second of two who have a link each is told."""
    mine = select(Event).where(Event.post_id == post.id, Event.thing == "post", Event.new == post.state)
    last = session.scalar(mine.order_by(Event.id.desc()).limit(1))
    who = last.who if last else ""
    if post.state == "approved":
        return Sentence("%(who)s has approved it already. There is nothing left to do.", who=who)
    if post.state == "returned":
        return Sentence("%(who)s has sent it back already. There is nothing left to do.", who=who)
    return Sentence("%(who)s took it out of review. There is nothing left to do.", who=who)
