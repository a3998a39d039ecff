"""The usual times of a library: empty places in each week."""

from __future__ import annotations

from outreach.clock import is_clock
from outreach.db import ALONE, writing
from outreach.models import Library, Slot
from outreach.posts.kinds import KINDS
from outreach.words import NotDone, Sentence


def add(library_id: int, weekday: str, time: str, kind: str) -> None:
    """Day ("0" is Monday), time and kind as typed; an empty kind: for any post. Raises NotDone."""
    if weekday not in tuple("0123456") or not is_clock(time) or kind not in ("", *KINDS):
        raise NotDone(Sentence("Choose a day and a time."))
    with writing() as session:
        library = session.get_one(Library, library_id, with_for_update=ALONE)
        if any(slot.weekday == int(weekday) and slot.clock == time for slot in library.slots):
            raise NotDone(Sentence("This usual time is there already."))
        session.add(Slot(library_id=library_id, weekday=int(weekday), clock=time, kind=kind or None))


def remove(slot_id: int) -> None:
    """Posts that wait for it keep their time."""
    with writing() as session:
        session.delete(session.get_one(Slot, slot_id))
