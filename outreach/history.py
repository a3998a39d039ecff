"""History: who did what to which thing, from which state to which."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.models import Event
from outreach.words import Sentence

_EVENT = cast(Table, Event.__table__)


def record(
    session: Session,
    thing: str,
    thing_id: int,
    verb: str,
    by: Actor,
    now: datetime,
    *,
    library_id: int | None,
    post_id: int | None = None,
    states: tuple[str | None, str | None] = (None, None),
    note: Sentence | None = None,
) -> None:
    """One line of history. The table and not the class: every publication writes one."""
    line = {
        "library_id": library_id,
        "post_id": post_id,
        "thing": thing,
        "thing_id": thing_id,
        "verb": verb,
        "old": states[0],
        "new": states[1],
        "who_id": by.person_id,
        "who": by.name,
        "at": now,
        "note": note,
    }
    session.execute(insert(_EVENT), line)
