"""The ISBN of a title as a person types it, where no feed or list told one: Excel destroys them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.models import Title, TitleId
from outreach.titles.files.excel_damage import repair
from outreach.words import NotDone, Sentence, within

ISBN = "isbn"


def isbn_to_type(title: Title) -> str | None:
    """What the field for its ISBN holds: hers, or nothing. None: a feed or a list said it, and it stays."""
    if not (known := _isbns(title)):
        return ""
    return known[0].value if ISBN in title.corrected else None


def _isbns(title: Title) -> list[TitleId]:
    return sorted((i for i in title.ids if i.kind == ISBN), key=lambda known: known.id)


def read_isbn(typed: str) -> str:
    """Thirteen digits, or nothing. Raises NotDone for what is no ISBN."""
    read = repair(within(typed, 500))
    if typed.strip() and read.isbn13 is None:
        raise NotDone(read.sentence or Sentence("This is no ISBN: an ISBN has 10 or 13 digits."))
    return read.isbn13 or ""


def take_isbn(session: Session, title: Title, isbn: str) -> bool:
    """Is it another one than before? Raises NotDone where another title has it, or this one has another by now."""
    if isbn_to_type(title) is None:
        _refuse_another(title, isbn)
        return False
    if isbn_to_type(title) == isbn:
        return False
    its = select(Title).join(TitleId, TitleId.title_id == Title.id)
    same = its.where(TitleId.library_id == title.library_id, TitleId.kind == ISBN, TitleId.value == isbn)
    if other := session.scalar(same.limit(1)):
        raise NotDone(Sentence("“%(title)s” has this ISBN. Look at the number in the book again.", title=other.title))
    hers = next(iter(_isbns(title)), None)
    if hers is None:
        title.ids.append(TitleId(library_id=title.library_id, kind=ISBN, value=isbn))
    elif isbn:
        hers.value = isbn
    else:
        title.ids.remove(hers)
    return True


def _refuse_another(title: Title, isbn: str) -> None:
    """A feed or a list told its ISBN while the form was open."""
    known = [i.value for i in _isbns(title)]
    if isbn and isbn not in known:
        raise NotDone(Sentence("By now its ISBN is known: %(isbn)s. Nothing was saved.", isbn=known[0]))
