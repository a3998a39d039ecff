"""Which book is this ISBN? Asked once for every library, remembered, and asked no more than a service allows.

One interface, `LookUp`, with one implementation, `open_library.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from outreach.db import writing
from outreach.models import Lookup
from outreach.titles.rss.parse_child import as_values, title_from
from outreach.titles.shelve import chunks
from outreach.titles.title import ParsedTitle

AGAIN_AFTER = timedelta(days=7)  # a book that was not known may have come in


class LookUp(Protocol):
    """A service that knows books by their ISBN."""

    name: str  # as people know it
    at_once: int  # ISBNs of one question
    pause: float  # seconds between two questions

    def turn(self) -> AbstractContextManager[None]:
        """For one question: a pause apart from the last one, whichever list of this process asked it."""

    def ask(self, isbns: Sequence[str]) -> Mapping[str, ParsedTitle]:
        """Those of the ISBNs (13 digits) that it knows. Raises Unreachable."""


def remembered(session: Session, isbns: Iterable[str], now: datetime) -> dict[str, ParsedTitle | None]:
    """What was asked before, and need not be asked again."""
    found: dict[str, ParsedTitle | None] = {}
    for wanted in chunks(set(isbns)):  # a file may have 50,000, and a question to the database fewer
        rows = session.scalars(select(Lookup).where(Lookup.isbn.in_(wanted)))
        fresh = (row for row in rows if row.found is not None or now - row.asked_at < AGAIN_AFTER)
        found |= {row.isbn: title_from(row.found) if row.found else None for row in fresh}
    return found


def ask(look_up: LookUp, isbns: Sequence[str], now: datetime) -> dict[str, ParsedTitle | None]:
    """One question, remembered. Raises Unreachable."""
    found = look_up.ask(isbns)
    answers = {isbn: found.get(isbn) for isbn in isbns}
    rows = [
        {"isbn": isbn, "found": as_values(title) if title else None, "asked_at": now}
        for isbn, title in sorted(answers.items())
    ]
    with writing() as session:
        _remember(session, rows)
    return answers


def _remember(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Two libraries may ask for one book at one moment: the later answer counts."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    told = dialect.insert(Lookup)
    new = {"found": told.excluded.found, "asked_at": told.excluded.asked_at}
    session.execute(told.on_conflict_do_update(index_elements=["isbn"], set_=new), rows)


def questions(look_up: LookUp, isbns: Sequence[str]) -> Iterable[list[str]]:
    """The ISBNs in as many questions as it takes; each waits for its `turn`."""
    return (list(isbns[n : n + look_up.at_once]) for n in range(0, len(isbns), look_up.at_once))
