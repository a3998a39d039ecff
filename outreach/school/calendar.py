"""The school's calendar: a file, or an address that is read once a week; which of its events mean "closed".

bytes | child (ical) | remember what was ticked before | Library.calendar_events | the ticked ones -> closures
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import OUTREACH, Actor
from outreach.channels.guard import Reach
from outreach.channels.http import Unreachable, get
from outreach.db import ALONE, db, writing
from outreach.history import record
from outreach.models import Closure, Library
from outreach.school.names import means_closed
from outreach.titles.child import PATIENCE, Damaged, TooMuch, safely
from outreach.titles.fetch import refuse_private
from outreach.vault import Unsealable, Vault
from outreach.words import NotDone, Sentence, several

MOST_BYTES = 5_000_000
BACK, AHEAD = timedelta(days=31), timedelta(days=730)
EVERY = timedelta(days=6, hours=12)  # asked at night: once a week
SECONDS = 30
MOST_STRETCHES = 400  # each day that a page shows is looked up in them

NO_CALENDAR = Sentence("This is no calendar. In your calendar, choose “Export”: the file ends in .ics.")
A_PAGE = Sentence(
    "This address shows a page and not the calendar itself. Look in its settings for “address in iCal format”; "
    "it ends in .ics."
)
NOT_NOW = Sentence("The calendar could not be read now. Try again in an hour.")
TOMORROW = Sentence("The calendar could not be read now. We ask again tomorrow.")
SEALED = Sentence("The address of the calendar cannot be read any more. Paste it again.")
TOO_LARGE = Sentence("This calendar is larger than 5 MB. Export the coming school year alone.")
DAMAGED = Sentence("This calendar is damaged, or too much to read. Export it once more.")
TROUBLES = {"page": A_PAGE, "no calendar": NO_CALENDAR, "damaged": DAMAGED}
Event = dict[str, Any]  # uid, name, days: [[first, last], …], closed


def bring_file(library: Library, body: bytes, by: Actor, now: datetime) -> None:
    """Takes the place of what was read before, and of an address. Raises NotDone."""
    if not body:
        raise NotDone(Sentence("Choose a file that ends in .ics."))
    events = events_in(body, clock.today(now, library.timezone), PATIENCE)
    with writing() as session:
        session.get_one(Library, library.id).calendar_url = ""
        keep(session, library.id, events, now, by)


def add_address(library: Library, address: str, reach: Reach, vault: Vault, by: Actor, now: datetime) -> None:
    """Read at once, so that a wrong one is said now. It may hold a key, so it is sealed. Raises NotDone."""
    url = whole(address)
    refuse_private(url, reach)
    events = events_in(fetched(url, reach), clock.today(now, library.timezone), PATIENCE)
    with writing() as session:
        session.get_one(Library, library.id).calendar_url = vault.seal({"url": url})
        keep(session, library.id, events, now, by)


def whole(address: str) -> str:
    """As it was pasted: calendars say webcal:// for https://. Raises NotDone for what is no address."""
    url = address.strip()
    if url.lower().startswith("webcal:"):
        url = "https:" + url[len("webcal:") :]
    try:
        parts = urlsplit(url)
        fine = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or not url.isprintable() or " " in url or len(url) > 2_000:
        raise NotDone(Sentence("Paste the whole address of the calendar, without spaces: it begins with https://"))
    return url


def fetched(url: str, reach: Reach) -> bytes:
    """The body. Raises NotDone for everything else; the address may hold a key, so no sentence has it."""
    try:
        answer = get(reach, url, headers={"Accept": "text/calendar, */*;q=0.5"}, max_bytes=MOST_BYTES, deadline=SECONDS)
    except Unreachable as error:
        raise NotDone(error.sentence) from error
    if answer.status in (401, 403):
        raise NotDone(Sentence("The calendar asks for a sign-in. Make it public, or use its secret address."))
    if answer.status in (404, 410):
        raise NotDone(Sentence("There is no calendar at this address (any more). Check the address."))
    if answer.status != 200:
        raise NotDone(NOT_NOW)
    if not answer.complete:
        raise NotDone(TOO_LARGE)
    return answer.body


def events_in(body: bytes, today: date, patience: float | None = None) -> list[Event]:
    """Read in a child process. Raises NotDone."""
    if len(body) > MOST_BYTES:
        raise NotDone(TOO_LARGE)
    window = {"first": (today - BACK).isoformat(), "last": (today + AHEAD).isoformat()}
    try:
        said = safely("calendar", window, body, patience)
    except (TooMuch, Damaged) as stop:
        raise NotDone(DAMAGED) from stop
    if "trouble" in said:
        raise NotDone(TROUBLES[said["trouble"]])
    return list(said["events"])


def keep(session: Session, library_id: int, events: list[Event], now: datetime, by: Actor = OUTREACH) -> None:
    """What was ticked or not before stays so: by its uid, else by its name; else its name says."""
    library = session.get_one(Library, library_id, populate_existing=True, with_for_update=ALONE)
    before = library.calendar_events or []
    by_uid = {event["uid"]: bool(event["closed"]) for event in before}
    by_name = {event["name"]: bool(event["closed"]) for event in before}
    for event in events:
        named = by_name.get(event["name"], means_closed(event["name"]))
        event["closed"] = by_uid.get(event["uid"], named)
    library.calendar_read_at = now
    library.calendar_sentence = several(
        sum(event["closed"] for event in events),
        "%(count)s event of the calendar counts as closed.",
        "%(count)s events of the calendar count as closed.",
    )
    _close(session, library, events, now)
    record(session, "library", library.id, "calendar", by, now, library_id=library.id)


def choose(library_id: int, names: Collection[str], by: Actor, now: datetime) -> None:
    """Events with these names count as closed, and no others."""
    with writing() as session:
        library = session.get_one(Library, library_id, populate_existing=True, with_for_update=ALONE)
        _close(session, library, [e | {"closed": e["name"] in names} for e in library.calendar_events or []], now)
        record(session, "library", library.id, "calendar", by, now, library_id=library.id)


def _close(session: Session, library: Library, events: list[Event], now: datetime) -> None:
    """The closures of the days that a calendar is read for; those before stay as they were."""
    library.calendar_events = events
    since = clock.today(now, library.timezone) - BACK
    mine = (Closure.library_id == library.id) & (Closure.source == "calendar")
    session.execute(delete(Closure).where(mine, Closure.last_day >= since))
    for first, last, name, uid in stretches(events)[:MOST_STRETCHES]:
        stretch = {"first_day": date.fromisoformat(first), "last_day": date.fromisoformat(last)}
        session.add(Closure(library_id=library.id, **stretch, name=name, source="calendar", uid=uid))
    session.flush()
    session.expire(library, ["closures"])


def stretches(events: list[Event]) -> list[tuple[str, str, str, str]]:
    """First and last day, name and uid of what counts as closed, by day; what lies within another is left out."""
    told = [(first, last, e["name"], e["uid"]) for e in events if e["closed"] for first, last in e["days"]]
    made: list[tuple[str, str, str, str]] = []
    for one in sorted(told, key=lambda s: (s[0], -int(s[1].replace("-", "")))):
        if not made or one[1] > made[-1][1]:
            made.append(one)
    return made


def forget(library_id: int, by: Actor, now: datetime) -> None:
    """No calendar any more, and none of its days to come."""
    with writing() as session:
        library = session.get_one(Library, library_id, populate_existing=True, with_for_update=ALONE)
        library.calendar_url, library.calendar_read_at, library.calendar_sentence = "", None, None
        _close(session, library, [], now)
        record(session, "library", library.id, "calendar", by, now, library_id=library.id)


def to_read(now: datetime) -> list[int]:
    """Libraries whose calendar has an address and was not read well for a week."""
    old = or_(Library.calendar_read_at.is_(None), Library.calendar_read_at < now - EVERY)
    ids = list(db.session.scalars(select(Library.id).where(Library.calendar_url != "", old)))
    db.session.rollback()
    return ids


def read_again(library_id: int, reach: Reach, vault: Vault, now: datetime) -> None:
    """For the timetable. What went wrong is a sentence on the page; the days that were known stay."""
    library = db.session.get_one(Library, library_id)
    sealed, today = library.calendar_url, clock.today(now, library.timezone)
    db.session.rollback()  # gives the connection back: none is held during the call
    try:
        events = events_in(fetched(_opened(sealed, vault), reach), today)
    except NotDone as stop:
        with writing() as session:
            said = TOMORROW if stop.sentence == NOT_NOW else stop.sentence
            session.get_one(Library, library_id).calendar_sentence = said
        return
    with writing() as session:
        if session.get_one(Library, library_id).calendar_url == sealed:  # nobody took it away meanwhile
            keep(session, library_id, events, now)


def _opened(sealed: str, vault: Vault) -> str:
    try:
        return vault.open(sealed)["url"]
    except Unsealable as stop:
        raise NotDone(SEALED) from stop
