"""A new library, with what every one needs on its first day: usual times and places to post to."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.accounts.connect import add_in
from outreach.history import record
from outreach.models import Closure, Library, Slot
from outreach.people.zones import country_of
from outreach.words import NotDone, Sentence

GRADES = ("all", "k5", "68", "912")
USUAL = ((0, "09:00", "titles"), (2, "09:00", "trivia"), (3, "12:00", None))
PLACES = (("practice", "Practice", ""), ("by_hand", "Instagram", "instagram"), ("by_hand", "Facebook", "facebook"))


def found(
    session: Session,
    name: str,
    by: Actor,
    now: datetime,
    *,
    timezone: str,
    language: str = "en",
    grades: str = "all",
    practice: bool = False,
) -> Library:
    """Found a library. Raises NotDone for an empty name or an unknown zone."""
    name = " ".join(name.split())[:200]
    if not name:
        raise NotDone(Sentence("Write the name of the library."))
    if not clock.is_zone(timezone):
        raise NotDone(Sentence("There is no time zone called %(zone)s. Write one like America/Chicago.", zone=timezone))
    library = Library(
        slug=_free_slug(session, name),
        name=name,
        timezone=timezone,
        language=language,
        country=country_of(timezone),
        grades=grades if grades in GRADES else "all",
        practice=practice,
        created_at=now,
    )
    session.add(library)
    session.flush()
    session.add_all(Slot(library_id=library.id, weekday=d, clock=c, kind=k) for d, c, k in USUAL)
    for network, called, server in PLACES:
        add_in(session, library, network, called, by, now, server)
    record(session, "library", library.id, "founded", by, now, library_id=library.id)
    session.flush()
    session.refresh(library)
    return library


def slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "library"


def _free_slug(session: Session, name: str) -> str:
    wanted = slug_of(name)
    taken = set(session.scalars(select(Library.slug).where(Library.slug.startswith(wanted))))
    return next(s for s in (wanted, *(f"{wanted}-{n}" for n in range(2, 10_000))) if s not in taken)


def change(
    library: Library,
    *,
    name: str,
    timezone: str,
    country: str,
    grades: str,
    hashtags: str,
    own_approval: bool | None,
) -> None:
    """The settings of a library, in the caller's transaction. Raises NotDone."""
    name = " ".join(name.split())[:200]
    if not name:
        raise NotDone(Sentence("Write the name of the library."))
    if not clock.is_zone(timezone):
        raise NotDone(Sentence("There is no time zone called %(zone)s. Write one like America/Chicago.", zone=timezone))
    library.name, library.timezone, library.country = name, timezone, country.strip().upper()[:2]
    library.grades = grades if grades in GRADES else library.grades
    library.hashtags, library.own_approval = " ".join(hashtags.split())[:200], own_approval


def close(session: Session, library: Library, first: date, last: date, name: str) -> Closure:
    """A stretch of days on which the library is closed. Raises NotDone."""
    if last < first:
        raise NotDone(Sentence("The last day is before the first one."))
    closure = Closure(
        library_id=library.id, first_day=first, last_day=last, name=" ".join(name.split())[:100] or "closed"
    )
    session.add(closure)
    return closure
