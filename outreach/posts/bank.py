"""The bank: trivia questions that wait for their turn. A post takes the next one; a cancelled post gives it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.accounts.pause import managers
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.mail import put
from outreach.models import Delivery, Library, Post, Question, Series
from outreach.posts.lifecycle import BEFORE_SENDING
from outreach.posts.tell import next_morning
from outreach.words import NotDone, Sentence, several, within

FEW = 3  # questions left: the managers are told
MOST = 1_000  # of one library
MOST_CHOICES = 4
QUESTION = ("choices", "right", "explanation", "hint")  # fields of a post that are its question's
DRY = Sentence("The bank of questions is empty. Add questions, and it goes on by itself.")


@dataclass(frozen=True)
class Asked:
    """A question as it was written."""

    words: str
    choices: Sequence[str]
    right: int | None  # from 0
    explanation: str = ""
    hint: str = ""


def question_problems(asked: Asked) -> list[Sentence]:
    """What it lacks, the most basic first. Pure."""
    found = []
    choices = [choice.casefold() for choice in asked.choices]
    if not asked.words:
        found.append(Sentence("Write the question."))
    if len(choices) < 2:
        found.append(Sentence("Give at least two choices."))
    elif len(choices) > MOST_CHOICES:
        found.append(Sentence("Give at most %(most)s choices.", most=MOST_CHOICES))
    elif len(set(choices)) < len(choices):
        found.append(Sentence("Two choices are the same. Change one of them."))
    if asked.right is None or not 0 <= asked.right < len(choices):
        found.append(Sentence("Say which choice is the right one."))
    return found


def add(library_id: int, asked: Sequence[Asked], by: Actor, now: datetime) -> int:
    """Behind those that are there, in their order; one that waits already is left out. Returns how many are new."""
    for one in asked:
        for text in (one.words, *one.choices, one.explanation, one.hint):
            within(text, 2_000)
        if problems := question_problems(one):
            raise NotDone(problems[0])
    with writing() as session:
        return add_in(session, library_id, asked, by, now)


def add_in(session: Session, library_id: int, asked: Sequence[Asked], by: Actor, now: datetime) -> int:
    session.get_one(Library, library_id, with_for_update=ALONE)  # two lists at once have one order
    there = {same_words(q.words) for q in waiting(session, library_id)}
    last = select(func.max(Question.position)).where(Question.library_id == library_id)
    position, new = session.scalar(last) or 0, 0
    for one in asked:
        if same_words(one.words) in there:
            continue
        if len(there) >= MOST:
            raise NotDone(Sentence("The bank holds %(most)s questions at most.", most=MOST))
        there.add(same_words(one.words))
        new += 1
        session.add(
            Question(
                library_id=library_id,
                position=position + new,
                words=one.words,
                choices=list(one.choices),
                right=one.right,
                explanation=one.explanation,
                hint=one.hint,
                created_at=now,
            )
        )
    record(session, "library", library_id, "questions", by, now, library_id=library_id)
    return new


def same_words(words: str) -> str:
    return " ".join(words.casefold().split())


def waiting(session: Session, library_id: int, most: int | None = None) -> list[Question]:
    """In their order."""
    mine = select(Question).where(Question.library_id == library_id, Question.used_at.is_(None))
    return list(session.scalars(mine.order_by(Question.position, Question.id).limit(most)))


def used(session: Session, library_id: int, most: int | None = None) -> list[Question]:
    """The latest first."""
    mine = select(Question).where(Question.library_id == library_id, Question.used_at.is_not(None))
    return list(session.scalars(mine.order_by(Question.used_at.desc(), Question.id).limit(most)))


class AskedBy(NamedTuple):
    id: int  # of the post
    wished_at: datetime | None


def used_in(session: Session, asked: Sequence[Question]) -> dict[int, AskedBy]:
    """Question -> the last post that asks it."""
    mine = select(Post.question_id, Post.id, Post.wished_at).where(Post.question_id.in_([q.id for q in asked]))
    return {n: AskedBy(post_id, at) for n, post_id, at in session.execute(mine.order_by(Post.id)) if n is not None}


def next_question(session: Session, library: Library) -> Question | None:
    """Whose turn it is, for a new post; `draw` claims it."""
    return next(iter(waiting(session, library.id, 1)), None)


def left(session: Session, library_id: int) -> int:
    return _count(session, library_id, Question.used_at.is_(None))


def gone(session: Session, library_id: int) -> int:
    """How many were used."""
    return _count(session, library_id, Question.used_at.is_not(None))


def _count(session: Session, library_id: int, those: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(Question.id)).where(Question.library_id == library_id, those)) or 0


def runs_dry(session: Session, library_id: int) -> int | None:
    """How many questions are left, where a repeat draws from the bank and that is few; None: nothing to say."""
    drawing = select(Series.id).where(
        Series.library_id == library_id, Series.draws, Series.stopped_at.is_(None), Series.next_at.is_not(None)
    )
    if session.scalar(drawing.limit(1)) is None:
        return None
    rest = left(session, library_id)
    return rest if rest <= FEW else None


def draw(session: Session, library: Library, now: datetime) -> Question | None:
    """The next one, claimed in the caller's transaction; None: the bank is empty. Its managers are told before that."""
    while (question := next_question(session, library)) is not None:
        if _claim(session, question.id, now):  # or somebody else took it at this moment
            session.refresh(question)
            _tell(session, library, now)
            return question
    return None


def _claim(session: Session, question_id: int, now: datetime) -> bool:
    mine = update(Question).where(Question.id == question_id, Question.used_at.is_(None)).values(used_at=now)
    taken = session.execute(mine.execution_options(synchronize_session=False))
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _tell(session: Session, library: Library, now: datetime) -> None:
    """Once for each filling of the bank and number that is left."""
    rest = left(session, library.id)
    if rest > FEW:
        return
    last = session.scalar(select(func.max(Question.id)).where(Question.library_id == library.id))
    told = (
        several(
            rest,
            "%(count)s trivia question is left in the bank. Add questions, so that your trivia goes on.",
            "%(count)s trivia questions are left in the bank. Add questions, so that your trivia goes on.",
        )
        if rest
        else DRY
    )
    morning = next_morning(library, now)
    for person in managers(session, library.id):
        about = f"bank-{library.id}-{last}-{rest}-{person.id}"
        put(
            session,
            person.email,
            Sentence("Your trivia questions run out"),
            told,
            now,
            about,
            "/trivia/",
            morning=morning,
        )


def follow(session: Session, post: Post, now: datetime) -> None:
    """A trivia post was written over: it asks what it says now, and what it asked before has its turn again."""
    question = session.get(Question, post.question_id) if post.question_id else None
    if question is not None and same_words(question.words) != same_words(post.words):
        give_back(session, post)
    note_asked(session, post, now)


def note_asked(session: Session, post: Post, now: datetime) -> None:
    """A trivia post that was just written asks a question that waits, word for word: that one has had its turn."""
    if post.kind != "trivia" or post.question_id is not None or not post.words.strip():
        return
    mine = select(Question.id, Question.words).where(
        Question.library_id == post.library_id, Question.used_at.is_(None)
    )  # fmt: skip
    told = same_words(post.words)
    for question_id, words in session.execute(mine.order_by(Question.position, Question.id)).all():
        if same_words(words) == told and _claim(session, question_id, now):
            post.question_id = question_id
            return


def give_back(session: Session, post: Post) -> None:
    """A post that does not ask it after all: it is that question's turn again. What somebody saw stays used."""
    if post.question_id is None:
        return
    seen = select(Delivery.id).where(
        Delivery.post_id == post.id, Delivery.state.not_in((*BEFORE_SENDING, "cancelled", "missed", "refused"))
    )
    if session.scalar(seen.limit(1)) is None:
        question = session.get(Question, post.question_id)
        post.question_id = None
        if question is not None:
            question.used_at = None


def written_by(question: Question, fields: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """(words, fields) of a post that asks it; `fields`: of the post it is put into, e.g. how to answer."""
    mine = {"choices": list(question.choices), "right": question.right, "explanation": question.explanation}
    kept = {name: value for name, value in fields.items() if name not in QUESTION}
    return question.words, kept | mine | ({"hint": question.hint} if question.hint else {})


def up(question_id: int, first: bool = False) -> None:
    """Before the one that stands before it; `first`: before all others."""
    with writing() as session:
        question = session.get_one(Question, question_id)
        session.get_one(Library, question.library_id, with_for_update=ALONE)
        row = waiting(session, question.library_id)
        at = next((n for n, q in enumerate(row) if q.id == question_id), 0)
        if at:
            row.insert(0 if first else at - 1, row.pop(at))
            for position, one in enumerate(row, 1):
                one.position = position


def remove(question_id: int) -> None:
    """Posts that ask it stay as they are."""
    with writing() as session:
        session.delete(session.get_one(Question, question_id))
