"""A new library, with what every one needs on its first day: usual times and places to post to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.accounts.connect import add_in
from outreach.db import writing
from outreach.history import record
from outreach.languages import LANGUAGES, spoken
from outreach.models import Closure, Library, Slot
from outreach.people.zones import country_of
from outreach.words import NotDone, Sentence, within

LONGEST_CLOSURE = timedelta(days=366)
GRADES = ("all", "k5", "68", "912")
USUAL = ((0, "09:00", "titles"), (2, "09:00", "trivia"), (3, "12:00", None))
PRACTICE = Sentence("Practice")
PLACES = (("by_hand", "Instagram", "instagram"), ("by_hand", "Facebook", "facebook"))


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
    for network, called, server in (("practice", spoken(PRACTICE, language), ""), *PLACES):
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
    language: str,
    own_approval: bool | None,
    two_approvals: Sequence[str] | None = None,
    guidelines: str | None = None,
    guidelines_link: str | None = None,
    hours: str | None = None,
) -> None:
    """The settings of a library but its zone (`posts.zone`), in the caller's transaction. Raises NotDone."""
    library.name = _named(name)
    library.country = country.strip().upper()[:2]
    library.grades = grades if grades in GRADES else library.grades
    library.language = language if language in LANGUAGES else library.language
    tags = within(" ".join(f"#{tag.lstrip('#')}" for tag in hashtags.split() if tag.strip("#")), 200)
    library.hashtags, library.own_approval = tags, own_approval
    if two_approvals is not None:
        library.two_approvals = list(two_approvals)
    if guidelines is not None:
        library.guidelines = within(guidelines, 10_000)
    if guidelines_link is not None:
        library.guidelines_link = _link(guidelines_link)
    if hours is not None:
        library.hours = _hours(hours)


def _link(typed: str) -> str:
    """`school.org/rules`, as people type it, with its beginning. Raises NotDone for what is no address."""
    link = within(typed, 500)
    if link and "://" not in link:
        link = f"https://{link}"
    if link and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", link, re.IGNORECASE):
        raise NotDone(Sentence("A link begins with https:// – please check it."))
    return link


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


def open_hours(library_id: int, text: str) -> None:
    """As people read them, one line a day. Raises NotDone for what is too long."""
    hours = _hours(text)
    with writing() as session:
        session.get_one(Library, library_id).hours = hours


def _hours(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return within("\n".join(line for line in lines if line), 1_000)


def reopen(closure_id: int) -> None:
    with writing() as session:
        session.delete(session.get_one(Closure, closure_id))
