"""A new library, with what every one needs on its first day: usual times and places to post to."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.accounts.connect import add_in
from outreach.db import writing
from outreach.history import record
from outreach.models import Closure, Library, Slot
from outreach.people.zones import country_of
from outreach.words import NotDone, Sentence, within

LONGEST_CLOSURE = timedelta(days=366)
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
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
    name = _named(name)
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
    country: str,
    grades: str,
    hashtags: str,
    own_approval: bool | None,
) -> None:
    """The settings of a library but its zone (`posts.zone`), in the caller's transaction. Raises NotDone."""
    library.name = _named(name)
    library.country = country.strip().upper()[:2]
    library.grades = grades if grades in GRADES else library.grades
    tags = within(" ".join(f"#{tag.lstrip('#')}" for tag in hashtags.split() if tag.strip("#")), 200)
    library.hashtags, library.own_approval = tags, own_approval


def _named(name: str) -> str:
    name = within(" ".join(name.split()), 200)
    if not name:
        raise NotDone(Sentence("Write the name of the library."))
    return name


def close(library_id: int, first: date, last: date, name: str) -> None:
    """A stretch of days on which the library is closed. Raises NotDone."""
    if not 2000 <= first.year <= 2100:
        raise NotDone(Sentence("Check the year of the first day."))
    if last < first:
        raise NotDone(Sentence("The last day is before the first one."))
    if last - first > LONGEST_CLOSURE:
        raise NotDone(Sentence("That is longer than a year. Check the year of the last day."))
    name = within(" ".join(name.split()), 100) or "closed"
    with writing() as session:
        session.add(Closure(library_id=library_id, first_day=first, last_day=last, name=name))


def reopen(closure_id: int) -> None:
    with writing() as session:
        session.delete(session.get_one(Closure, closure_id))
