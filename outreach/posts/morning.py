"""At 8:00 of a school day, one letter to each person whom something waits for: made from what is so at that moment."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach import clock
from outreach.db import db, writing
from outreach.mail import put
from outreach.models import Account, Correction, Delivery, Heartbeat, Library, Mail, Post
from outreach.posts.asking import of_library
from outreach.posts.correction_letters import ask_for_a_look
from outreach.posts.lifecycle import BEFORE_SENDING, in_its_turn, is_clear
from outreach.posts.queries import last_event, people_of
from outreach.posts.review_letter import asked, lay
from outreach.posts.tell import MORNING, author_or_managers, in_charge, is_school_day, lay_by_hand, lay_sent_back
from outreach.posts.watch import beat_in
from outreach.posts.wording import from_payload
from outreach.words import Sentence, cap

MOST = 100  # of one library, of one sort
RECENT = timedelta(days=14)
REMINDED = timedelta(days=7)

log = logging.getLogger(__name__)


def gather(now: datetime) -> None:
    """Lay the letters of every library whose morning has come, once a day. Two workers lay each of them once."""
    for library_id in _due(now):
        try:
            if _has_school(library_id, now):
                _lay_all(library_id, now)
            with writing() as session:
                beat_in(session, f"morning-{library_id}", now)
        except Exception:
            log.exception("the morning of library %s", library_id)


def _has_school(library_id: int, now: datetime) -> bool:
    answer = is_school_day(db.session().get_one(Library, library_id), now)
    db.session.rollback()
    return answer


def _due(now: datetime) -> list[int]:
    name = "morning-" + cast(Library.id, String)
    found = select(Library.id, Library.timezone, Heartbeat.at).outerjoin(Heartbeat, Heartbeat.name == name)
    rows = db.session.execute(found.where(Library.practice.is_(False))).all()
    db.session.rollback()
    return [library_id for library_id, zone, last in rows if _is_morning(zone, last, now)]


def _is_morning(zone: str, last: datetime | None, now: datetime) -> bool:
    begins = clock.at_wall(clock.today(now, zone), MORNING, zone)
    return now >= begins and (last is None or last < begins)


def _lay_all(library_id: int, now: datetime) -> None:
    """Post by post, so that nobody waits long for the one that writes; the day comes last, beside what is there."""
    session = db.session()
    reviewed = select(Post.id).where(Post.library_id == library_id, Post.state == "submitted")
    in_review = session.scalars(reviewed.order_by(Post.wished_at, Post.id).limit(MOST)).all()
    returned = select(Post.id).where(
        Post.library_id == library_id, Post.state == "returned", Post.updated_at > now - RECENT
    )  # fmt: skip
    sent_back = session.scalars(returned.order_by(Post.id).limit(MOST)).all()
    yesterday = Correction.written_at < now - timedelta(hours=12)  # who was just told is not told again
    mine = select(Correction.id).where(Correction.library_id == library_id, Correction.decision == "", yesterday)
    corrected = session.scalars(mine.order_by(Correction.id).limit(MOST)).all()
    asked_for = [d.id for d in _today(session, session.get_one(Library, library_id), now, in_its_turn()) if _by_hand(d)]
    asked_for += _overdue(session, library_id, now)
    session.rollback()
    letters: tuple[tuple[Callable[[Session, int, datetime], None], Sequence[int]], ...] = (
        (_in_review, in_review), (_corrected, corrected), (_sent_back, sent_back), (_hand, asked_for),
        (_day, [library_id]),
    )  # fmt: skip
    for lay_one, ids in letters:
        for number in ids:
            _write_one(lay_one, number, now)


def _write_one(lay_one: Callable[[Session, int, datetime], None], number: int, now: datetime) -> None:
    try:
        with writing() as session:
            lay_one(session, number, now)
    except IntegrityError:
        log.info("another worker was first with %s", number)
    except Exception:  # the trouble of one is not that of the others
        log.exception("a letter of the morning about %s", number)


def _in_review(session: Session, post_id: int, now: datetime) -> None:
    post = session.get(Post, post_id)
    if post is None or post.state != "submitted":
        return
    lay(session, post, asked(session, post), now, gather=True)


def _corrected(session: Session, correction_id: int, now: datetime) -> None:
    correction = session.get(Correction, correction_id)
    if correction is not None and not correction.decision:
        ask_for_a_look(session, correction.post, correction, now, morning=now)


def _sent_back(session: Session, post_id: int, now: datetime) -> None:
    post = session.get(Post, post_id)
    if post is None or post.state != "returned":
        return
    last = last_event(session, post.id)
    for person in author_or_managers(session, post):
        if last is None or person.id != last.who_id:
            lay_sent_back(session, post, person, last.who if last else "", now, morning=now)


def _hand(session: Session, delivery_id: int, now: datetime) -> None:
    delivery = session.get_one(Delivery, delivery_id)
    for person in in_charge(session, delivery):
        lay_by_hand(session, delivery, person, now, morning=now)


def _overdue(session: Session, library_id: int, now: datetime) -> Sequence[int]:
    """What a person was asked to post on an earlier day and said nothing of; for a week, then it only stands there."""
    library = session.get_one(Library, library_id)
    today = clock.at_wall(clock.today(now, library.timezone), "00:00", library.timezone)
    mine = select(Delivery.id).where(
        of_library(library_id), Delivery.state == "in_hand", Delivery.due_at.between(now - REMINDED, today)
    )
    return session.scalars(mine.order_by(Delivery.due_at, Delivery.id).limit(MOST)).all()


def _by_hand(delivery: Delivery) -> bool:
    return delivery.account.network == "by_hand"


def _day(session: Session, library_id: int, now: datetime) -> None:
    library = session.get_one(Library, library_id)
    if today := _today(session, library, now):
        _tell_the_day(session, library, today, now)


def _today(session: Session, library: Library, now: datetime, *which: ColumnElement[bool]) -> list[Delivery]:
    """What is still to go out on this day, and nothing holds it up; its turn may come after another one's."""
    end = clock.at_wall(clock.today(now, library.timezone) + timedelta(days=1), "00:00", library.timezone)
    mine = select(Delivery).join(Account).where(
        Delivery.library_id == library.id, Delivery.state.in_(BEFORE_SENDING), Delivery.due_at.between(now, end)
    ).where(is_clear(), *which)  # fmt: skip
    return list(session.scalars(mine.order_by(Delivery.due_at, Delivery.id).limit(MOST)))


def _tell_the_day(session: Session, library: Library, today: list[Delivery], now: datetime) -> None:
    """Beside what needs them; a letter about this alone would be one too many."""
    waits = select(Mail.to).where(Mail.gather, Mail.sent_at.is_(None), Mail.try_at <= now).distinct()
    addresses = set(session.scalars(waits))
    day: date = clock.today(now, library.timezone)
    lines = "\n".join(_line(delivery, library.timezone) for delivery in today)
    for person in people_of(session, library.id):
        if person.email in addresses:
            about = f"today-{library.id}-{day}-{person.id}"
            put(session, person.email, Sentence("Goes out today"), lines, now, about, morning=now)


def _line(delivery: Delivery, zone: str) -> str:
    words = " ".join(from_payload(delivery.payload).text.split())
    return f"{clock.to_local(delivery.due_at, zone):%H:%M} {delivery.account.name}: {cap(words, 80)}"
