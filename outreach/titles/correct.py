"""One title: its words corrected, hidden, let in all the same. What a person says here no later fetch undoes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import Library, Post, PostTitle, Title
from outreach.posts.written import web_address
from outreach.titles import full_text
from outreach.titles.aside import offer, offer_unmarked, stand_again
from outreach.titles.audience import grade_in
from outreach.titles.shelve import ask_again, note_facets
from outreach.titles.text import tidy
from outreach.titles.typed_isbn import ISBN, read_isbn, take_isbn
from outreach.words import NotDone, Sentence, within

OPEN = ("draft", "submitted", "returned")  # posts that nobody approved yet
LONGEST = {"format": 60, "audience": 100, "call_number": 100, "link": 2_000}  # characters; the others 500


@dataclass(frozen=True)
class Typed:
    """The words of a title as a person typed them."""

    title: str
    subtitle: str = ""
    author: str = ""
    format: str = ""
    audience: str = ""
    call_number: str = ""
    link: str = ""
    isbn: str | None = None  # None: the form has no field for it


def correct(title_id: int, typed: Typed, by: Actor, now: datetime) -> None:
    """Raises NotDone without a title, or for a link or an ISBN that is none, or is another title's."""
    said = _words(typed)
    isbn = None if typed.isbn is None else read_isbn(typed.isbn)
    with writing() as session:
        title, library = _alone(session, title_id)
        changed = [name for name, value in said.items() if getattr(title, name) != value]
        for name in changed:
            setattr(title, name, said[name])
        if "audience" in changed:
            title.grade = grade_in(title.audience)
        if isbn is not None and take_isbn(session, title, isbn):
            changed.append(ISBN)
        title.corrected = sorted({*title.corrected, *changed} - ({ISBN} if isbn == "" else set()))
        if changed:
            _follow(session, library, title, changed)
        _record(session, title, "corrected", by, now)


def _alone(session: Session, title_id: int) -> tuple[Title, Library]:
    """Feeds and other people wait: none overwrites what the other says of a title. Raises NoResultFound."""
    its = select(Title.library_id).where(Title.id == title_id)
    library = session.get_one(Library, session.scalars(its).one(), with_for_update=ALONE)
    return session.get_one(Title, title_id, populate_existing=True), library


def _words(typed: Typed) -> dict[str, str | None]:
    """As they are stored."""
    names = [field.name for field in fields(Typed) if field.name != ISBN]
    said = {name: tidy(within(getattr(typed, name), LONGEST.get(name, 500))) or None for name in names}
    if said["title"] is None:
        raise NotDone(Sentence("A title cannot be empty."))
    return said | {"link": web_address(typed.link) or None, "audience": said["audience"] or ""}  # that is never None


def _follow(session: Session, library: Library, title: Title, changed: Sequence[str]) -> None:
    """What hangs on the words of a title: for whom it is, how it is found, and posts in review with it."""
    session.flush()
    if {"audience", "call_number"} & set(changed):
        stand_again(session, library, [title.id])
    full_text.tell_again(session, library.id, [title.id])
    note_facets(session, library.id, [title.format], [title.audience])
    ask_again(session, [title.id])


def _open_posts() -> Select[Any]:
    return select(Post.id).where(Post.state.in_(OPEN))


def hide(title_id: int, by: Actor, now: datetime) -> None:
    """Not offered and not announced any more, and out of posts that nobody approved yet."""
    with writing() as session:
        title, _ = _alone(session, title_id)
        title.hidden_at = title.hidden_at or now
        ask_again(session, [title.id], OPEN)  # also of a draft: a form that is open would bring it back
        mine = delete(PostTitle).where(PostTitle.title_id == title.id, PostTitle.post_id.in_(_open_posts()))
        session.execute(mine)
        _record(session, title, "hidden", by, now)


def show(title_id: int, by: Actor, now: datetime) -> None:
    """It was hidden, and is offered again; the posts that it was taken out of stay without it."""
    with writing() as session:
        title, _ = _alone(session, title_id)
        title.hidden_at = None
        _record(session, title, "shown", by, now)


def pick(title_id: int, by: Actor, now: datetime) -> None:
    """The next weekly post begins with it, whatever it was left out for."""
    with writing() as session:
        title, _ = _alone(session, title_id)
        offer(title, now)
        title.picked_at = title.picked_at or now
        _record(session, title, "picked", by, now)


def unpick(title_id: int, by: Actor, now: datetime) -> None:
    """It is one among the others again."""
    with writing() as session:
        title, _ = _alone(session, title_id)
        title.picked_at = None
        _record(session, title, "unpicked", by, now)


def let_in(title_id: int, by: Actor, now: datetime) -> None:
    """Add anyway: whatever it was left out for, or struck out of a weekly post, it may be announced."""
    with writing() as session:
        title, _ = _alone(session, title_id)
        offer(title, now)
        _record(session, title, "let in", by, now)


def let_in_unmarked(library_id: int, by: Actor, now: datetime) -> None:
    """All that do not say for whom they are: for the readers of this library."""
    with writing() as session:
        session.get_one(Library, library_id, with_for_update=ALONE)
        offer_unmarked(session, Title.library_id == library_id)
        record(session, "library", library_id, "let in", by, now, library_id=library_id)


def _record(session: Session, title: Title, verb: str, by: Actor, now: datetime) -> None:
    record(session, "title", title.id, verb, by, now, library_id=title.library_id)
