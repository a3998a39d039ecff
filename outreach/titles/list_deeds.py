"""What a person says of the titles of a list that was read: they arrived, they are ours, this one is missing, undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session, selectinload

from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import FeedTitle, Import, ImportTitle, Post, PostTitle, Title
from outreach.titles import full_text
from outreach.titles.aside import are_news, are_there, offer_unmarked, stand_again
from outreach.titles.bulk import chunks
from outreach.titles.clean import clean_author, clean_title
from outreach.titles.identity import candidate
from outreach.titles.imports import NEW, ON_ITS_WAY, locked
from outreach.titles.list_store import end_in, new_of, put_in
from outreach.titles.shelve import IDS, ask_again
from outreach.titles.title import ParsedTitle
from outreach.words import NotDone, Sentence, within


def undo(import_id: int, by: Actor, now: datetime) -> int:
    """Take out what came with this list alone, and in no post yet. Returns how many titles that were."""
    with writing() as session:
        row = locked(session, import_id)
        if row.state not in ("reading", "done"):
            raise NotDone(Sentence("There is nothing to undo."))
        row.state, row.body, row.to_look_up, row.finished_at = "undone", None, [], now
        _lock_titles(session, session.scalars(_of_this_list_alone(import_id)))
        gone = list(session.scalars(_of_this_list_alone(import_id)))  # without what a post took meanwhile
        for some in chunks(gone):
            session.execute(delete(Title).where(Title.id.in_(some)))
        _forget_what_it_told(session, row)
        record(session, "import", row.id, "undone", by, now, library_id=row.library_id)
    return len(gone)


def would_go(session: Session, import_id: int) -> int:
    """How many titles an undo would take out."""
    return session.scalar(select(func.count()).select_from(_of_this_list_alone(import_id).subquery())) or 0


def _lock_titles(session: Session, ids: Iterable[int]) -> None:
    """Whoever puts one of them into a post has done so, or waits."""
    for some in chunks(ids):
        session.execute(select(Title.id).where(Title.id.in_(some)).order_by(Title.id).with_for_update())


def _forget_what_it_told(session: Session, list_: Import) -> None:
    """What it filled in, of titles that stay, is empty again, unless it says something else by now."""
    rows = select(ImportTitle.title_id, ImportTitle.told).where(ImportTitle.import_id == list_.id, ~ImportTitle.new)
    told = {n: said for n, said in session.execute(rows) if said}
    for some in chunks(told):
        for title in session.scalars(select(Title).where(Title.id.in_(some)).options(selectinload(Title.ids))):
            _forget_of(title, told[title.id])
        session.flush()
    full_text.tell_again(session, list_.library_id, told)
    stand_again(session, list_.library, told)
    ask_again(session, told)


def _forget_of(title: Title, told: Mapping[str, Any]) -> None:
    for name, value in told.items():
        if name == IDS:
            known = [(kind, number) for kind, number in value]
            title.ids[:] = [i for i in title.ids if (i.kind, i.value) not in known]
        elif getattr(title, name) == value:
            setattr(title, name, "" if name == "audience" else None)


def _of_this_list_alone(import_id: int) -> Any:
    """What a list brought, this one or one that was undone before, nothing else has, and no person spoke of."""
    mine = select(ImportTitle.title_id).where(ImportTitle.import_id == import_id)
    any_list = ImportTitle.__table__.alias()
    same = any_list.c.title_id == ImportTitle.title_id
    brought = exists().where(same, any_list.c.new)
    in_feed = exists().where(FeedTitle.title_id == ImportTitle.title_id)
    in_list = exists().where(
        same, any_list.c.import_id != import_id, any_list.c.import_id == Import.id, Import.state != "undone"
    )
    in_post = exists(
        select(PostTitle.id)
        .join(Post, Post.id == PostTitle.post_id)
        .where(PostTitle.title_id == ImportTitle.title_id, Post.state != "cancelled")
    )
    theirs = Title.hidden_at.is_not(None) | Title.struck_at.is_not(None) | (func.json_array_length(Title.corrected) > 0)
    touched = exists().where(Title.id == ImportTitle.title_id, theirs)  # or, brought again, it would be offered again
    return mine.where(brought, ~in_feed, ~in_list, ~in_post, ~touched)


def arrived(import_id: int, by: Actor, now: datetime) -> int:
    """The books of a list that was "coming" are there: they may be announced. Returns how many."""
    with writing() as session:
        row = locked(session, import_id)
        if (row.state, row.purpose) != ("done", ON_ITS_WAY):
            return 0
        row.purpose = NEW
        came = are_there(session, row.library, session.scalars(_titles_of(import_id)), now)
        record(session, "import", row.id, "arrived", by, now, library_id=row.library_id)
    return came


def are_ours(import_id: int, by: Actor, now: datetime) -> None:
    """Titles of a list that do not say for whom they are: for the readers of this library."""
    with writing() as session:
        row = locked(session, import_id)
        offer_unmarked(session, Title.id.in_(_titles_of(import_id)))
        record(session, "import", row.id, "are ours", by, now, library_id=row.library_id)


def announce_known(import_id: int, by: Actor, now: datetime) -> None:
    """Titles that we had before, and never announced, are new on the shelves all the same."""
    with writing() as session:
        row = locked(session, import_id)
        if (row.state, row.purpose) != ("done", NEW):
            return
        are_news(session, row.library, session.scalars(_titles_of(import_id)))
        record(session, "import", row.id, "are new", by, now, library_id=row.library_id)


def _titles_of(import_id: int) -> Any:
    return select(ImportTitle.title_id).where(ImportTitle.import_id == import_id)


def type_missing(import_id: int, books: Iterable[tuple[str, str, str]], by: Actor, now: datetime) -> None:
    """Books that no look-up knew, as a person types them: (ISBN, title, author); those left empty stay missing.

    Raises NotDone, and keeps none, where one has an author and no title, or nothing was typed.
    """
    typed = {isbn: _book(isbn, title, author) for isbn, title, author in books if title.strip() or author.strip()}
    if not typed:
        raise NotDone(Sentence("Type the title of a book."))
    with writing() as session:
        row = locked(session, import_id)
        wanted = [candidate(book) for isbn, book in typed.items() if isbn in row.missing]
        if not wanted or row.state != "done":
            return  # typed twice, or the list was undone
        put_in(session, row, wanted, now)
        row.missing = [isbn for isbn in row.missing if isbn not in typed]
        row.new = new_of(session, import_id)
        record(session, "import", row.id, "missing typed", by, now, library_id=row.library_id)


def _book(isbn: str, title: str, author: str) -> ParsedTitle:
    words = clean_title(within(title, 500))
    if not words.title:
        raise NotDone(Sentence("Type the title of the book with the ISBN %(isbn)s.", isbn=isbn))
    return ParsedTitle(
        title=words.title,
        subtitle=words.subtitle,
        author=clean_author(within(author, 300)),
        isbn13=(isbn,),
        format=words.format,
        cover=None,
        link=None,
        record=None,
        added=None,
    )


def look_up_again(import_id: int, by: Actor, now: datetime) -> None:
    """What the service gave no answer to, or nobody waited for."""
    with writing() as session:
        row = locked(session, import_id)
        if row.state != "done" or not row.missing:
            return
        row.state, row.to_look_up, row.missing = "reading", row.missing, []
        row.sentence, row.silent_since, row.leased_until, row.done = None, None, None, row.total - len(row.to_look_up)
        record(session, "import", row.id, "looked up again", by, now, library_id=row.library_id)


def give_up(import_id: int, by: Actor, now: datetime) -> None:
    """Not to wait for the service: a person types what is left."""
    with writing() as session:
        row = locked(session, import_id)
        if row.state == "reading" and row.to_look_up:  # before that its titles are not in
            end_in(session, row, "done", now)
            record(session, "import", row.id, "not waited for", by, now, library_id=row.library_id)
