"""Files for a calendar: read back by a library that reads such files."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from outreach.posts.drafts import Draft
from outreach.posts.ics import event_file, reminder_file

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
FIELDS = {"name": "An author visits, at last", "day": "2026-12-03", "clock": "15:30", "place": "Library; 2nd floor"}


def event(**more):
    draft = Draft(**{"kind": "event", "words": "She reads.\nCome!", "fields": FIELDS, "zone": "America/Chicago"} | more)
    made = event_file(draft, "event-7@maple", NOON, 3)
    return Calendar.from_ical(made).walk("VEVENT")[0]


def test_an_event_with_all_that_is_known_of_it():
    told = event(link="https://library.example/visit", fields=FIELDS | {"until": "16:30"})
    assert (told["UID"], told["SUMMARY"], told["LOCATION"]) == ("event-7@maple", FIELDS["name"], FIELDS["place"])
    assert (told["DESCRIPTION"], told["URL"]) == ("She reads.\nCome!", "https://library.example/visit")
    assert told["DTSTART"].params["TZID"] == "America/Chicago"
    assert told["DTSTART"].dt == datetime(2026, 12, 3, 21, 30, tzinfo=UTC)
    assert told["DTEND"].dt - told["DTSTART"].dt == timedelta(hours=1)


def test_after_midnight_is_the_next_day():
    told = event(fields=FIELDS | {"clock": "22:00", "until": "01:00"})
    assert told["DTEND"].dt - told["DTSTART"].dt == timedelta(hours=3)


def test_the_zone_is_in_the_file():
    draft = Draft("event", "", fields=FIELDS, zone="Europe/Berlin")
    assert b"BEGIN:VTIMEZONE" in event_file(draft, "x", NOON, 1)


def test_without_a_day_there_is_no_file():
    assert event_file(Draft("event", "Soon", fields={"name": "Something"}), "x", NOON, 1) is None


def test_a_reminder_rings_with_the_words():
    made = reminder_file(
        "r-1@maple", NOON, "America/Chicago", "Post on Facebook", "Hello", "https://o.example/d/1", NOON
    )
    told = Calendar.from_ical(made).walk("VEVENT")[0]
    assert told["DTSTART"].dt == NOON
    assert "Hello" in told["DESCRIPTION"]
    assert "https://o.example/d/1" in told["DESCRIPTION"]
    assert told.walk("VALARM")[0]["TRIGGER"].dt == timedelta(0)
