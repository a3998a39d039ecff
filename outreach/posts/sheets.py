"""Tables that people bring, of posts or of trivia questions: looked at, then taken in. Posts: `sheet_take.py`.

    bring --> asked --answer--> taking --> done --> back
                |                           ^
                +--take_questions-----------+     drop: (gone)

asked   its rows are kept; a page shows what each would become, and what stands in its way
taking  its posts are written, some at a time; any worker goes on where another ended
done    all are in; of its rows those are kept that were left out, with the reasons
back    its posts that nobody had touched were cancelled: see sheet_back.py
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import db, writing
from outreach.models import Library, Sheet
from outreach.posts import bank
from outreach.posts.sheet_look import look, looked_at
from outreach.posts.sheet_questions import QuestionRow, question_rows
from outreach.words import NotDone, Sentence

MOST_BYTES = 5_000_000
MOST_ROWS = 2_000
FORGOTTEN = timedelta(days=30)
POSTS, QUESTIONS = "posts", "questions"
DRAFT, REVIEW = "draft", "review"
BACK = "back"
Rows = list[tuple[int, list[str]]]
Reader = Callable[[bytes, str], Rows]  # a file's bytes and name -> its rows; raises NotDone


def bring(
    library_id: int, kind: str, name: str, body: bytes, read: Reader, by: Actor, now: datetime
) -> Sheet:  # fmt: skip
    """A file, read where it cannot hurt; nothing of it is taken in yet. Raises NotDone for what is no such table."""
    if not body.strip():
        raise NotDone(Sentence("Choose a file that is not empty."))
    if len(body) > MOST_BYTES:
        raise NotDone(Sentence("This file is larger than 5 MB. Save the table alone, as CSV."))
    rows = read(body, name)
    if len(rows) > MOST_ROWS + 1:
        raise NotDone(Sentence("This table has more than %(most)s rows. Bring it in pieces.", most=MOST_ROWS))
    total = _count(library_id, kind, rows, now)
    if not total:
        raise NotDone(Sentence("There are no rows below the names of the columns."))
    with writing() as session:
        sheet = Sheet(library_id=library_id, person_id=by.person_id, who=by.name, kind=kind, name=name[-200:])
        sheet.state, sheet.rows, sheet.created_at = "asked", [[n, cells] for n, cells in rows], now
        sheet.total = total
        session.add(sheet)
        session.flush()
        return sheet


def _count(library_id: int, kind: str, rows: Rows, now: datetime) -> int:
    """How many rows are looked at. Raises NotDone for what is no such table."""
    if kind == QUESTIONS:
        return len(question_rows(rows))
    session = db.session()
    found = look(session, session.get_one(Library, library_id), rows, now, None)
    session.rollback()
    return len(found.rows)


def questions_of(session: Session, sheet: Sheet) -> list[QuestionRow]:
    waiting = [q.words for q in bank.waiting(session, sheet.library_id)]
    return question_rows([(n, cells) for n, cells in sheet.rows], waiting)


def answer(sheet_id: int, then: str, by_day: bool | None, now: datetime) -> None:
    """Take its posts in, as drafts or for review. Raises NotDone where there is nothing to take."""
    if then not in (DRAFT, REVIEW):
        raise NotDone(Sentence("Say whether they come in as drafts, or for review."))
    _refuse_empty(sheet_id, by_day, now)
    with writing() as session:
        sheet = locked_sheet(session, sheet_id)
        if sheet.state == "asked":  # else the button was pressed twice
            sheet.by_day, sheet.state, sheet.then = by_day, "taking", then


def _refuse_empty(sheet_id: int, by_day: bool | None, now: datetime) -> None:
    """Looked at before anybody has to wait for it."""
    session = db.session()
    sheet = session.get_one(Sheet, sheet_id)
    if sheet.state == "asked" and all(row.stops for row in looked_at(session, sheet, now, by_day).rows):
        raise NotDone(Sentence("No row can be taken in as it is. Change your table, and bring it again."))
    session.rollback()


def take_questions(sheet_id: int, by: Actor, now: datetime) -> int:
    """Its questions into the bank, without those that have something wrong. Returns how many are new."""
    with writing() as session:
        sheet = locked_sheet(session, sheet_id)
        if sheet.state != "asked":
            return sheet.made
        good: Sequence[QuestionRow] = [row for row in questions_of(session, sheet) if not row.problems]
        sheet.made = bank.add_in(session, sheet.library_id, [row.asked for row in good], by, now)
        sheet.state, sheet.rows, sheet.finished_at, sheet.done = "done", [], now, sheet.total
        return sheet.made


def drop(sheet_id: int) -> None:
    """It was the wrong file: nothing of it is kept."""
    with writing() as session:
        sheet = locked_sheet(session, sheet_id)
        if sheet.state == "asked":
            session.delete(sheet)


def forget(now: datetime) -> None:
    """What nobody answered in a month."""
    with writing() as session:
        session.execute(delete(Sheet).where(Sheet.state == "asked", Sheet.created_at < now - FORGOTTEN))


def locked_sheet(session: Session, sheet_id: int) -> Sheet:
    return session.get_one(Sheet, sheet_id, populate_existing=True, with_for_update={"of": Sheet})


def sheets_of(session: Session, library: Library, kind: str) -> list[Sheet]:
    """The newest first."""
    mine = select(Sheet).where(Sheet.library_id == library.id, Sheet.kind == kind)
    return list(session.scalars(mine.order_by(Sheet.id.desc()).limit(10)))
