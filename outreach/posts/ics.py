"""Files for a calendar (RFC 5545): the event a post tells of, the time of a message that a person posts. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from outreach import clock
from outreach.posts.dated import begins, ends
from outreach.posts.drafts import Draft
from outreach.posts.trivia import field

MAKER = "-//Outreach//Library posts//EN"
A_WHILE = timedelta(minutes=15)  # that posting by hand takes


def event_file(draft: Draft, uid: str, changed: datetime, revision: int) -> bytes | None:
    """None where its day or time is not known yet. `uid` stays the same, so that a second import replaces the first."""
    start, end = begins(draft), ends(draft)
    if start is None:
        return None
    event = _event(uid, field(draft, "name"), draft.words, changed)
    event.add("sequence", revision)
    event.add("dtstart", clock.to_local(start, draft.zone))
    if end is not None:
        event.add("dtend", clock.to_local(end, draft.zone))
    if place := field(draft, "place"):
        event.add("location", place)
    if draft.link:
        event.add("url", draft.link)
    return _file(event)


def reminder_file(uid: str, at: datetime, zone: str, summary: str, words: str, address: str, now: datetime) -> bytes:
    """Rings at `at`, with the words to post and the address of the page that helps."""
    event = _event(uid, summary, f"{words}\n\n{address}", now)
    event.add("dtstart", clock.to_local(at, zone))
    event.add("duration", A_WHILE)
    event.add("url", address)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    return _file(event)


def _event(uid: str, summary: str, description: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("summary", summary)
    if description.strip():
        event.add("description", description.strip())
    return event


def _file(event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    made: bytes = calendar.to_ical()
    return made
