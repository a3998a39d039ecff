"""A table that was taken in is taken back: its posts that nobody has touched since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from outreach import mail
from outreach.access import Actor
from outreach.db import db, writing
from outreach.history import record
from outreach.models import Approval, Mail, Post, Sheet
from outreach.posts.lifecycle import all_locked, move_post
from outreach.posts.review_letter import forget_letters
from outreach.posts.sheet_take import AT_ONCE
from outreach.posts.sheets import BACK, locked_sheet
from outreach.words import NotDone, Sentence

WHY = Sentence("The table that it came with was taken back.")


@dataclass(frozen=True)
class Parts:
    """The posts of a table: how many would go, and why the others stay."""

    free: int
    changed: int
    decided: int  # approved, by one of two at least, or sent back


def parts(session: Session, sheet: Sheet) -> Parts:
    there = select(func.count(Post.id)).where(Post.sheet_id == sheet.id, Post.state != "cancelled")
    free, decided, everything = (
        session.scalar(one) or 0 for one in (there.where(_untouched()), there.where(_decided()), there)
    )
    return Parts(free, everything - free - decided, decided)


def _untouched() -> ColumnElement[bool]:
    waits = Post.state.in_(("draft", "submitted")), Post.revision == 1, Post.series_id.is_(None)
    return and_(*waits, ~_decided())


def _decided() -> ColumnElement[bool]:
    one_of_two = select(Approval.id).where(Approval.post_id == Post.id).exists()
    return or_(Post.decided_revision.is_not(None), one_of_two)


def take_back(sheet_id: int, by: Actor, now: datetime) -> tuple[int, Parts]:
    """Returns how many were cancelled, and what stays. Where a worker died over it, what is left goes once more.

    Raises NotDone where nothing of it is in.
    """
    _begin(sheet_id, by, now)
    session = db.session()
    mine = select(Post.id).where(Post.sheet_id == sheet_id, _untouched()).order_by(Post.id)
    ids = list(session.scalars(mine))
    session.rollback()
    taken = sum(_take_some(ids[at : at + AT_ONCE], by, now) for at in range(0, len(ids), AT_ONCE))
    return taken, _end(sheet_id, now)


def _begin(sheet_id: int, by: Actor, now: datetime) -> None:
    """From here on nothing of it is written any more."""
    with writing() as session:
        sheet = locked_sheet(session, sheet_id)
        if sheet.state == "taking":
            raise NotDone(Sentence("This table is still being taken in. Wait until that is done."))
        if sheet.state not in ("done", BACK) or (sheet.state == BACK and not parts(session, sheet).free):
            raise NotDone(Sentence("This table was taken back before."))
        if sheet.state != BACK:
            record(session, "library", sheet.library_id, "term_back", by, now, library_id=sheet.library_id)
        sheet.state, sheet.sentence = BACK, None


def _take_some(ids: list[int], by: Actor, now: datetime) -> int:
    """Those that are still untouched once nobody else has them."""
    with writing() as session:
        all_locked(session, Post.id.in_(ids))
        some = list(session.scalars(select(Post).where(Post.id.in_(ids), _untouched())))
        for post in some:
            if post.state == "submitted":
                forget_letters(session, post, now)
            move_post(session, post, "cancelled", by, now, WHY)
    return len(some)


def _end(sheet_id: int, now: datetime) -> Parts:
    with writing() as session:
        sheet = locked_sheet(session, sheet_id)
        left = parts(session, sheet)
        if left == Parts(0, 0, 0):  # nobody has to look at them any more
            letters = select(Mail.about).where(Mail.about.startswith(f"term-{sheet.id}-"))
            mail.forget(session, [about for about in session.scalars(letters) if about], now)
    return left
