"""One title: its words corrected, hidden, let in all the same. What a person says here no later fetch undoes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import Library, Post, PostTitle, Title
from outreach.posts.compose import web_address
from outreach.titles import full_text
from outreach.titles.aside import offer, stand_again
from outreach.titles.audience import grade_in
from outreach.titles.shelve import ask_again, note_facets
from outreach.titles.standing import UNMARKED
from outreach.titles.text import tidy
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


def correct(title_id: int, typed: Typed, by: Actor, now: datetime) -> None:
    """Raises NotDone without a title, or for a link that is none."""
    said = {
        field.name: tidy(within(getattr(typed, field.name), LONGEST.get(field.name, 500))) or None
        for field in fields(Typed)
    }
    if said["title"] is None:
        raise NotDone(Sentence("A title cannot be empty."))
    said["link"] = web_address(typed.link) or None
    said["audience"] = said["audience"] or ""  # the one that is never None
    with writing() as session:
        title = session.get_one(Title, title_id, populate_existing=True)
        library = session.get_one(Library, title.library_id, with_for_update=ALONE)  # its choices are noted once
        changed = [name for name, value in said.items() if getattr(title, name) != value]
        for name in changed:
            setattr(title, name, said[name])
        if "audience" in changed:
            title.grade = grade_in(title.audience)
        title.corrected = sorted({*title.corrected, *changed})
        if {"audience", "call_number"} & set(changed):
            session.flush()
            stand_again(session, library, [title.id])
        full_text.change(
            session, title.id, full_text.words_of(title.library_id, title.title, title.subtitle, title.author)
        )
        note_facets(session, title.library_id, [title.format], [title.audience])
        if changed:
            ask_again(session, [title.id])
        _record(session, title, "corrected", by, now)


def _open_posts() -> Select[Any]:
    return select(Post.id).where(Post.state.in_(OPEN))


def hide(title_id: int, by: Actor, now: datetime) -> None:
    """Not offered and not announced any more, and out of posts that nobody approved yet; or again."""
    with writing() as session:
        title = session.get_one(Title, title_id)
        title.hidden_at = None if title.hidden_at else now
        if title.hidden_at:
            ask_again(session, [title.id], OPEN)  # also of a draft: a form that is open would bring it back
            session.execute(
                delete(PostTitle).where(PostTitle.title_id == title.id, PostTitle.post_id.in_(_open_posts()))
            )
        _record(session, title, "hidden" if title.hidden_at else "shown", by, now)


def pick(title_id: int, by: Actor, now: datetime) -> None:
    """The next weekly post begins with it, whatever it was left out for; or it is one among the others again."""
    with writing() as session:
        title = session.get_one(Title, title_id)
        if title.picked_at is None:
            offer(title, now)
            title.picked_at = now
        else:
            title.picked_at = None
        _record(session, title, "picked" if title.picked_at else "unpicked", by, now)


def let_in(title_id: int, by: Actor, now: datetime) -> None:
    """Add anyway: whatever it was left out for, or struck out of a weekly post, it may be announced."""
    with writing() as session:
        title = session.get_one(Title, title_id)
        offer(title, now)
        _record(session, title, "let in", by, now)


def let_in_unmarked(library_id: int, by: Actor, now: datetime) -> None:
    """All that do not say for whom they are: for the readers of this library."""
    with writing() as session:
        for title in session.scalars(select(Title).where(Title.library_id == library_id, Title.left_out == UNMARKED)):
            offer(title, now)
        record(session, "library", library_id, "let in", by, now, library_id=library_id)


def _record(session: Session, title: Title, verb: str, by: Actor, now: datetime) -> None:
    record(session, "title", title.id, verb, by, now, library_id=title.library_id)
