"""One book in several formats is one line of a list: what is said of it, is said of them all."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, false, or_, select, text
from sqlalchemy.orm import Session

from outreach.models import Title
from outreach.models.titles import NEWS


def other_formats(session: Session, library_id: int, ids: Iterable[int]) -> ColumnElement[bool]:
    """News of a library with the name and author of one of these titles, in whatever format."""
    keys = session.scalars(select(Title.match_key).where(Title.id.in_(list(ids))))
    names = {key.rpartition("|")[0] + "|" for key in keys}
    if not names:
        return false()
    same = or_(*(Title.match_key.startswith(name, autoescape=True) for name in sorted(names)))
    return (Title.library_id == library_id) & text(NEWS) & same
