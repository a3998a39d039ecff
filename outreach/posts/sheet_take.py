"""The posts of a table, written some at a time, so that a page can follow and nobody waits long for the database."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import db, writing
from outreach.history import record
from outreach.mail import put
from outreach.models import Post, Sheet
from outreach.posts.approve import submit_in
from outreach.posts.many import create_many
from outreach.posts.review_letter import asked
from outreach.posts.sheet_done import kept
from outreach.posts.sheet_look import looked_at, taken
from outreach.posts.sheet_posts import THERE, PostRow
from outreach.posts.sheets import REVIEW
from outreach.posts.tell import is_soon
from outreach.words import NotDone, Sentence

AT_ONCE = 50  # posts of one transaction
LEASE = timedelta(minutes=3)  # after that, whoever wrote them has died
LOST = Sentence("This row could not be taken in. Write it by hand.")
UNREAD = Sentence("This table could not be taken in to its end. What is in stays: bring the table again for the rest.")

log = logging.getLogger(__name__)


def to_take(session: Session, now: datetime) -> list[int]:
    free = Sheet.leased_until.is_(None) | (Sheet.leased_until < now)
    return list(session.scalars(select(Sheet.id).where(Sheet.state == "taking", free).order_by(Sheet.id)))


def take(sheet_id: int, now: datetime) -> None:
    """All that is left of it, by one worker at a time; where that one dies, another goes on."""
    if not _leased(sheet_id, now):
        return
    try:
        session = db.session()
        sheet = session.get_one(Sheet, sheet_id)
        rows = list(looked_at(session, sheet, now, sheet.by_day).rows)
        session.rollback()
        while take_some(sheet_id, rows, now):
            pass
    except OperationalError:
        raise  # the database is busy or away: the lease ends, and it has another turn
    except Exception:
        log.exception("sheet %s", sheet_id)
        _give_up(sheet_id, now)


def _leased(sheet_id: int, now: datetime) -> bool:
    with writing() as session:
        sheet = session.get(Sheet, sheet_id, populate_existing=True, with_for_update={"of": Sheet})
        if sheet is None or sheet.state != "taking" or (sheet.leased_until and sheet.leased_until >= now):
            return False
        sheet.leased_until = now + LEASE
        return True


def _give_up(sheet_id: int, now: datetime) -> None:
    db.session.rollback()
    with writing() as session:
        sheet = session.get_one(Sheet, sheet_id, populate_existing=True, with_for_update={"of": Sheet})
        sheet.sentence = UNREAD
        _end(session, sheet, [], Actor(sheet.person_id, sheet.who), now)


def take_some(sheet_id: int, rows: list[PostRow], now: datetime) -> bool:
    """The next ones; False: that was all. Where one of them cannot be written, it alone is left out."""
    try:
        return _take(sheet_id, rows, AT_ONCE, now)
    except OperationalError:
        raise
    except Exception:
        log.exception("sheet %s", sheet_id)
        db.session.rollback()
    goes_on = True
    for _ in range(AT_ONCE):
        goes_on = goes_on and _take_one(sheet_id, rows, now)
    return goes_on


def _take_one(sheet_id: int, rows: list[PostRow], now: datetime) -> bool:
    try:
        return _take(sheet_id, rows, 1, now)
    except OperationalError:
        raise
    except Exception:
        db.session.rollback()
        return _take(sheet_id, rows, 1, now, leave_out=True)


def _take(sheet_id: int, rows: list[PostRow], most: int, now: datetime, leave_out: bool = False) -> bool:
    with writing() as session:
        sheet = session.get(Sheet, sheet_id, populate_existing=True, with_for_update={"of": Sheet})
        if sheet is None or sheet.state != "taking":
            return False
        by, some = Actor(sheet.person_id, sheet.who), rows[sheet.done : sheet.done + most]
        if not leave_out:
            _write(session, sheet, some, by, now)
        sheet.done = min(len(rows), sheet.done + most)
        if sheet.done < len(rows):
            return True
        _end(session, sheet, rows, by, now)
    return False


def _write(session: Session, sheet: Sheet, rows: list[PostRow], by: Actor, now: datetime) -> None:
    """What stops a row is on the page already, and it is left out; so is what came with another file meanwhile."""
    good = {row.key: row.written for row in rows if not row.stops}
    lacking = {row.key for row in rows if row.lacks}
    known = taken(session, sheet.library_id, list(good))
    mine = Post.library_id == sheet.library_id, Post.form_key.in_(good)
    gone = update(Post).where(*mine, Post.state == "cancelled").values(form_key=None)
    session.execute(gone.execution_options(synchronize_session=False))
    new = [(key, written) for key, written in good.items() if key not in known]
    made = create_many(session, sheet, new, by, now)
    sheet.made += len(made)
    for post in made if sheet.then == REVIEW else ():
        if post.form_key in lacking or not _submitted(session, post, by, now):
            sheet.waits += 1


def _submitted(session: Session, post: Post, by: Actor, now: datetime) -> bool:
    try:
        submit_in(session, post, by, now)
    except NotDone:
        return False
    return True


def _end(session: Session, sheet: Sheet, rows: list[PostRow], by: Actor, now: datetime) -> None:
    mine = set(session.scalars(select(Post.form_key).where(Post.sheet_id == sheet.id)))  # they look "there already"
    left = [row for row in rows if row.key not in mine]  # to whoever goes on where another worker ended
    there = taken(session, sheet.library_id, [row.key for row in left])
    told = [row if row.stops else replace(row, stops=[THERE if row.key in there else LOST]) for row in left]
    sheet.state, sheet.rows, sheet.finished_at, sheet.leased_until = "done", kept(told), now, None
    record(session, "library", sheet.library_id, "term", by, now, library_id=sheet.library_id)
    if sheet.then == REVIEW:
        _ask_once(session, sheet, now)


def _ask_once(session: Session, sheet: Sheet, now: datetime) -> None:
    """One letter for all of them, where the first cannot wait for the one of the morning."""
    waits = Post.sheet_id == sheet.id, Post.state == "submitted"
    first = session.scalar(select(Post).where(*waits).order_by(Post.wished_at).limit(1))
    if first is None or not is_soon(first, now):
        return
    told = Sentence("%(who)s brought posts from a table. The first of them go out soon.", who=sheet.who or "Outreach")
    for person in asked(session, first):
        if person.id != sheet.person_id:
            subject, about = Sentence("Posts wait for your review"), f"term-{sheet.id}-{person.id}"
            put(session, person.email, subject, told, now, about, "/review/")
