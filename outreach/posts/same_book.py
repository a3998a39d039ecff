"""One book in several formats is one line of a list: what is said of it, is said of them all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select, text, update
from sqlalchemy.orm import Session

from outreach.models import Post, Title
from outreach.models.titles import NEWS


def book_of(match_key: str) -> str | None:
    """The same for every format and edition of a book; None without an author: many a book is called "Poems"."""
    name, _, rest = match_key.partition("|")
    author = rest.partition("|")[0]
    return f"{name}|{author}|" if author else None


def other_formats(session: Session, library_id: int, ids: Iterable[int]) -> ColumnElement[bool]:
    """News of a library with the name and author of one of these titles, in whatever format."""
    keys = session.scalars(select(Title.match_key).where(Title.id.in_(list(ids))))
    books = sorted({book for key in keys if (book := book_of(key))})
    if not books:
        return false()
    same = or_(*(Title.match_key.startswith(book, autoescape=True) for book in books))
    return (Title.library_id == library_id) & text(NEWS) & same


def strike(session: Session, post: Post, before: set[int], now: datetime) -> None:
    """What a person takes out of a weekly post, no other one offers again; what she puts back, it may."""
    after = {t.title_id for t in post.titles}
    gone = before - after
    for which, struck in (
        (other_formats(session, post.library_id, gone), now),
        (Title.id.in_(gone), now),
        (Title.id.in_(after), None),
    ):
        change = update(Title).where(which).values(struck_at=struck)
        session.execute(change.execution_options(synchronize_session=False))
