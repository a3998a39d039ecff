"""iCal: which events are whole days, when they repeat, and what is too much."""

from datetime import date

import pytest

from outreach.school import ical as ical_reader
from outreach.school.ical import answer
from outreach.school.names import means_closed

HEAD = {"first": "2026-11-01", "last": "2028-11-01"}


def ical(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//school//EN"]
    for number, event in enumerate(events):
        uid = [] if "UID:" in event else [f"UID:{number}@school"]
        lines += ["BEGIN:VEVENT", *uid, *event.split("\n"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def days(*events):
    return [(e["name"], e["days"]) for e in answer(HEAD, ical(*events))["events"]]


def test_a_break_ends_the_day_before_its_end():
    told = "SUMMARY:Winter break\nDTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20270104"
    assert days(told) == [("Winter break", [["2026-12-21", "2027-01-03"]])]


def test_signs_that_no_database_keeps_are_none_of_a_name():
    (event,) = answer(HEAD, ical("UID:a\0b\nSUMMARY:No\0 school\nDTSTART;VALUE=DATE:20261203"))["events"]
    assert (event["uid"], event["name"]) == ("ab", "No school")


def test_one_day_without_an_end_and_with_a_duration():
    one = "SUMMARY:Day off\nDTSTART;VALUE=DATE:20261127"
    three = "SUMMARY:Break\nDTSTART;VALUE=DATE:20261207\nDURATION:P3D"
    assert days(one, three) == [
        ("Day off", [["2026-11-27", "2026-11-27"]]),
        ("Break", [["2026-12-07", "2026-12-09"]]),
    ]


def test_what_has_a_time_of_day_is_no_closed_day_unless_it_is_from_midnight_to_midnight():
    meeting = "SUMMARY:Closed meeting\nDTSTART:20261201T140000Z\nDTEND:20261201T150000Z"
    outlook = "SUMMARY:No school\nDTSTART:20261202T000000\nDTEND:20261203T000000"
    assert days(meeting, outlook) == [("No school", [["2026-12-02", "2026-12-02"]])]


def test_a_repeat_comes_on_its_days_without_those_taken_out_and_with_those_moved():
    weekly = (
        "UID:w\nSUMMARY:Early release\nDTSTART;VALUE=DATE:20261202\n"
        "RRULE:FREQ=WEEKLY;UNTIL=20261223T235959Z\nEXDATE;VALUE=DATE:20261209"
    )
    moved = "UID:w\nSUMMARY:Early release\nRECURRENCE-ID;VALUE=DATE:20261216\nDTSTART;VALUE=DATE:20261217"
    found = [first for _, stretches in days(weekly, moved) for first, _ in stretches]
    assert found == ["2026-12-02", "2026-12-23", "2026-12-17"]


def test_a_yearly_day_since_long_ago_is_found_in_the_two_years():
    told = "SUMMARY:Founders day\nDTSTART;VALUE=DATE:19500302\nRRULE:FREQ=YEARLY"
    assert [d[0] for d in days(told)[0][1]] == ["2027-03-02", "2028-03-02"]


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:Cancelled\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20261202",
        "SUMMARY:Long ago\nDTSTART;VALUE=DATE:20200101",
        "SUMMARY:School year\nDTSTART;VALUE=DATE:20260801\nDTEND;VALUE=DATE:20270601",
        "SUMMARY:Every second\nDTSTART;VALUE=DATE:20261202\nRRULE:FREQ=SECONDLY",
        "SUMMARY:Never on\nDTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY;INTERVAL=0",
        "SUMMARY:Very old\nDTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY;COUNT=900000",
        "SUMMARY:No start",
        "DTSTART;VALUE=DATE:20261202",
    ],
)
def test_what_is_no_day_of_these_years_is_left_out(event):
    assert days(event, "SUMMARY:Kept\nDTSTART;VALUE=DATE:20261203") == [("Kept", [["2026-12-03", "2026-12-03"]])]


def test_a_repeat_without_end_is_cut_and_not_counted_from_its_beginning(monkeypatch):
    monkeypatch.setattr(ical_reader, "SECONDS", 1)
    told = "SUMMARY:Daily {}\nDTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY"
    assert {len(found) for _, found in days(*map(told.format, range(9)))} == {200}
    since = "SUMMARY:Odd weeks\nDTSTART;VALUE=DATE:{}\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"
    assert days(since.format("19270104"))[0] == days(since.format("20260106"))[0]
    monkeypatch.setattr(ical_reader, "SECONDS", -1)
    assert answer(HEAD, ical(told)) == {"trouble": "damaged"}


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (b"", "no calendar"),
        (b"\x00\xff\xfe" * 100, "no calendar"),
        (b"<!doctype html><html><title>Calendar", "page"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR", "damaged"),
    ],
)
def test_what_is_no_calendar_is_told_apart(body, trouble):
    assert answer(HEAD, body) == {"trouble": trouble}


@pytest.mark.parametrize(
    ("name", "closed"),
    [
        ("Thanksgiving Break", True),
        ("NO SCHOOL - Teacher Workday", True),
        ("Día festivo", True),
        ("Vacaciones de invierno", True),
        ("Sin clases", True),
        ("Holiday Concert", False),
        ("Back from break", False),
        ("Picture day", False),
        ("Pancake breakfast", False),
        ("First day of school", False),
    ],
)
def test_names_that_mean_closed(name, closed):
    assert means_closed(name) == closed


def test_days_are_dates():
    (event,) = answer(HEAD, ical("SUMMARY:A\nDTSTART;VALUE=DATE:20261203"))["events"]
    assert date.fromisoformat(event["days"][0][0]) == date(2026, 12, 3)
