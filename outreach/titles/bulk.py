"""Many rows of titles at once: of 50,000 in one transaction, the ORM's care costs ten times what the database does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from outreach.models import Title

CHUNK = 500
T = TypeVar("T", int, str)
TITLE = cast(Table, Title.__table__)


def chunks(values: Iterable[T]) -> Iterable[list[T]]:
    """In their order, some hundred at a time: a statement takes no more values than a database allows."""
    ordered = sorted(values)
    return (ordered[n : n + CHUNK] for n in range(0, len(ordered), CHUNK))


def change(session: Session, ids: Iterable[int], **values: Any) -> None:
    """The same for all of them, past what the session has loaded."""
    for some in chunks(ids):
        session.execute(update(TITLE).where(TITLE.c.id.in_(some)).values(**values))


def change_each(session: Session, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Of each title something of its own; one statement for all that change in the same columns."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for n, new in values.items():
        row = {"of_title": n} | {f"new_{name}": value for name, value in new.items()}
        alike.setdefault(tuple(sorted(new)), []).append(row)
    for names, rows in alike.items():
        mine = update(TITLE).where(TITLE.c.id == bindparam("of_title"))
        session.execute(mine.values({name: bindparam(f"new_{name}") for name in names}), rows)
