"""Which book is this ISBN? Asked once for every library, remembered, and asked no more than a service allows.

One interface, `LookUp`, with one implementation, `open_library.py`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from outreach.db import db, writing
from outreach.models import Lookup, Turn
from outreach.titles.bulk import chunks
from outreach.titles.rss.parse_child import as_values, title_from
from outreach.titles.title import ParsedTitle

AGAIN_AFTER = timedelta(days=7)  # a book that was not known may have come in
LEAST = 5  # ISBNs: an empty answer about so few is believed
# To wait for a turn: more than all who ask at one time need (eight threads of each process), and with the question
# itself less than a lease. A later one was taken by a clock that was wrong.
LONGEST = timedelta(minutes=4)


class LookUp(Protocol):
    """A service that knows books by their ISBN."""

    name: str  # as people know it
    at_once: int  # ISBNs of one question
    pause: timedelta  # from one question to the next, whoever asks them

    def ask(self, isbns: Sequence[str]) -> Mapping[str, ParsedTitle]:
        """One question: those of the ISBNs (13 digits) that it knows. Raises Unreachable."""


def remembered(session: Session, isbns: Iterable[str], now: datetime) -> dict[str, ParsedTitle | None]:
    """What was asked before, and need not be asked again."""
    found: dict[str, ParsedTitle | None] = {}
    for wanted in chunks(set(isbns)):  # a file may have 50,000, and a question to the database fewer
        rows = session.scalars(select(Lookup).where(Lookup.isbn.in_(wanted)))
        fresh = (row for row in rows if row.found is not None or now - row.asked_at < AGAIN_AFTER)
        found |= {row.isbn: title_from(row.found) if row.found else None for row in fresh}
    return found


def answers(
    look_up: LookUp, isbns: Sequence[str], now: Callable[[], datetime], rest: Callable[[float], None]
) -> Iterator[dict[str, ParsedTitle | None]]:
    """What each question brought, asked when it was our turn, and remembered. Raises Unreachable.

    Of several lists one question each, so that none waits for another's end. After an empty answer, which tells of
    none, its ISBNs are asked for again in halves.
    """
    waiting = deque(isbns[n : n + look_up.at_once] for n in range(0, len(isbns), look_up.at_once))
    while waiting:
        if wait := seconds_to_turn(look_up, now()):
            rest(wait)
        some = waiting.popleft()
        told = remembered(db.session(), some, now())  # another list may have asked meanwhile
        db.session.rollback()
        unknown = [isbn for isbn in some if isbn not in told]
        found = look_up.ask(unknown) if unknown else {}
        if not found and len(unknown) > LEAST:
            waiting.extendleft((unknown[len(unknown) // 2 :], unknown[: len(unknown) // 2]))
        elif unknown:
            told |= _remember({isbn: found.get(isbn) for isbn in unknown}, now())
        yield told


def seconds_to_turn(look_up: LookUp, now: datetime) -> float:
    """The next free moment is ours: every process and machine asks here, so that all keep the pace together."""
    with writing() as session:
        first = _dialect(session).insert(Turn).values(service=look_up.name, free_at=now).on_conflict_do_nothing()
        session.execute(first)
        row = session.get_one(Turn, look_up.name, populate_existing=True, with_for_update=True)
        at = row.free_at if now < row.free_at < now + LONGEST else now
        row.free_at = at + look_up.pause
    return (at - now).total_seconds()


def _remember(found: Mapping[str, ParsedTitle | None], now: datetime) -> Mapping[str, ParsedTitle | None]:
    """Two libraries may ask for one book at one moment: the later answer counts."""
    rows = [
        {"isbn": isbn, "found": as_values(title) if title else None, "asked_at": now}
        for isbn, title in sorted(found.items())
    ]
    with writing() as session:
        told = _dialect(session).insert(Lookup)
        new = {"found": told.excluded.found, "asked_at": told.excluded.asked_at}
        session.execute(told.on_conflict_do_update(index_elements=["isbn"], set_=new), rows)
    return found


def _dialect(session: Session) -> Any:
    return sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
