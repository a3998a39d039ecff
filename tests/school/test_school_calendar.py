"""The school's calendar: brought as a file or read from its address; what counts as closed is remembered."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from certificates import Authority
from cryptography.fernet import Fernet
from local_server import LocalServer, Reply
from test_ical import ical

from outreach.access import OUTREACH
from outreach.channels.guard import Reach
from outreach.db import db
from outreach.models import Closure, Library
from outreach.people import libraries
from outreach.school import calendar
from outreach.titles import child
from outreach.vault import Vault
from outreach.words import NotDone

BREAK = "UID:b\nSUMMARY:Winter break\nDTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20270104"
PICTURES = "UID:p\nSUMMARY:Picture day\nDTSTART;VALUE=DATE:20261202"
CONCERT = "UID:c\nSUMMARY:Holiday concert\nDTSTART;VALUE=DATE:20261210"


def closed(cast):
    db.session.expire_all()
    rows = db.session.query(Closure).filter_by(library_id=cast.library.id).order_by(Closure.first_day)
    return [(c.name, c.source) for c in rows]


def bring(cast, now, *events):
    calendar.bring_file(cast.library, ical(*events), OUTREACH, now)


def test_a_file_closes_the_days_whose_names_say_so(cast, now):
    bring(cast, now, BREAK, PICTURES, CONCERT)
    assert closed(cast) == [("Winter break", "calendar")]
    library = db.session.get_one(Library, cast.library.id)
    assert library.calendar_sentence == "1 event of the calendar counts as closed."


def test_what_a_person_ticked_holds_for_the_next_reading_even_under_another_name(cast, now):
    bring(cast, now, BREAK, PICTURES)
    calendar.choose(cast.library.id, {"Picture day"}, OUTREACH, now)
    assert closed(cast) == [("Picture day", "calendar")]
    renamed, next_year = PICTURES.replace("Picture day", "Photos"), BREAK.replace("UID:b", "UID:other")
    bring(cast, now, renamed, next_year)
    assert closed(cast) == [("Photos", "calendar")]


def test_days_that_were_typed_stay_when_the_calendar_changes_or_goes(cast, now):
    libraries.close(cast.library.id, now.date(), now.date(), "Inventory")
    bring(cast, now, BREAK)
    bring(cast, now, PICTURES)
    assert closed(cast) == [("Inventory", "typed")]
    bring(cast, now, BREAK)
    calendar.forget(cast.library.id, OUTREACH, now)
    assert closed(cast) == [("Inventory", "typed")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "ends in .ics"),
        (b"Dear Sir", "This is no calendar"),
        (b"<html>", "shows a page"),
        (b"x" * (calendar.MOST_BYTES + 1), "larger than 5 MB"),
    ],
)
def test_what_is_no_calendar_is_said_and_nothing_is_lost(cast, now, body, says):
    bring(cast, now, BREAK)
    with pytest.raises(NotDone, match=says):
        calendar.bring_file(cast.library, body, OUTREACH, now)
    assert closed(cast) == [("Winter break", "calendar")]


VAULT = Vault([Fernet.generate_key().decode()])


class School:
    """An https server that hands out a calendar, or does not."""

    def __init__(self, folder):
        authority = Authority(folder)
        self.reply = Reply(body=ical(BREAK))
        self.server = LocalServer(lambda _request: self.reply, authority.server("127.0.0.1"))
        self.reach = Reach(allow_hosts=("127.0.0.0/8",), ca_file=authority.file)

    @property
    def url(self):
        return f"{self.server.url}/private-5ecret/basic.ics"


@pytest.fixture
def school(tmp_path):
    made = School(tmp_path)
    with made.server:
        yield made


def test_an_address_is_read_at_once_and_again_after_a_week(cast, now, school):
    calendar.add_address(cast.library, school.url.replace("https:", "webcal:"), school.reach, VAULT, OUTREACH, now)
    assert closed(cast) == [("Winter break", "calendar")]
    assert calendar.to_read(now + timedelta(days=6)) == []
    week = now + timedelta(days=7)
    assert calendar.to_read(week) == [cast.library.id]
    school.reply = Reply(body=ical(BREAK, "SUMMARY:No school\nDTSTART;VALUE=DATE:20261211"))
    calendar.read_again(cast.library.id, school.reach, VAULT, week)
    assert closed(cast) == [("No school", "calendar"), ("Winter break", "calendar")]
    assert calendar.to_read(week) == []


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(404), "no calendar at this address"),
        (Reply(403), "asks for a sign-in"),
        (Reply(500), "could not be read now."),
        (Reply(body=b"<html>Calendar"), "shows a page"),
    ],
)
def test_what_went_wrong_is_a_sentence_and_the_days_stay(cast, now, school, reply, says):
    calendar.add_address(cast.library, school.url, school.reach, VAULT, OUTREACH, now)
    school.reply = reply
    calendar.read_again(cast.library.id, school.reach, VAULT, now)
    library = db.session.get_one(Library, cast.library.id, populate_existing=True)
    assert says in library.calendar_sentence
    assert "5ecret" not in library.calendar_sentence
    assert closed(cast) == [("Winter break", "calendar")]
    with pytest.raises(NotDone, match=says):
        calendar.add_address(cast.library, school.url, school.reach, VAULT, OUTREACH, now)


@pytest.mark.parametrize(
    "address", ["", "calendar", "http://school.example/a.ics", "https://", "https://a b", "https://["]
)
def test_what_is_no_whole_address_is_refused(cast, now, address):
    with pytest.raises(NotDone, match="Paste the whole address"):
        calendar.add_address(cast.library, address, Reach(), VAULT, OUTREACH, now)


def test_an_address_inside_the_school_is_not_asked(cast, now, school):
    with pytest.raises(NotDone):
        calendar.add_address(cast.library, school.url, Reach(), VAULT, OUTREACH, now)
    assert school.server.seen == []


def test_a_file_takes_the_place_of_an_address(cast, now, school):
    calendar.add_address(cast.library, school.url, school.reach, VAULT, OUTREACH, now)
    bring(cast, now, PICTURES)
    assert calendar.to_read(now + timedelta(days=30)) == []
    assert closed(cast) == []


def test_an_address_that_is_taken_away_while_it_is_read_stays_away(app, cast, now, school):
    calendar.add_address(cast.library, school.url, school.reach, VAULT, OUTREACH, now)
    library_id = cast.library.id

    def answer(_request):
        with app.app_context():
            calendar.forget(library_id, OUTREACH, now)
        return Reply(body=ical(BREAK))

    school.server.answer = answer
    calendar.read_again(library_id, school.reach, VAULT, now)
    assert closed(cast) == []


def test_the_address_of_a_calendar_lies_sealed(cast, now, school):
    calendar.add_address(cast.library, school.url, school.reach, VAULT, OUTREACH, now)
    assert "5ecret" not in db.session.get_one(Library, cast.library.id, populate_existing=True).calendar_url
    calendar.read_again(cast.library.id, school.reach, Vault([Fernet.generate_key().decode()]), now)
    assert "Paste it again" in db.session.get_one(Library, cast.library.id, populate_existing=True).calendar_sentence


def test_tomorrow_is_promised_only_where_we_ask_again(cast, now, school):
    school.reply = Reply(500)
    with pytest.raises(NotDone, match="Try again in an hour"):
        calendar.add_address(cast.library, school.url, school.reach, VAULT, OUTREACH, now)
    school.reply = Reply(body=ical(BREAK))
    calendar.add_address(cast.library, school.url, school.reach, VAULT, OUTREACH, now)
    school.reply = Reply(500)
    calendar.read_again(cast.library.id, school.reach, VAULT, now)
    assert "tomorrow" in db.session.get_one(Library, cast.library.id, populate_existing=True).calendar_sentence


def test_a_calendar_of_a_hundred_thousand_days_becomes_few_closures(cast, now):
    rule = "DTSTART;VALUE=DATE:2026112{0}\nRRULE:FREQ=DAILY"
    bring(cast, now, *(f"SUMMARY:Closed {n}\n{rule.format(n % 9)}" for n in range(100)))
    library = db.session.get_one(Library, cast.library.id, populate_existing=True)
    assert sum(len(event["days"]) for event in library.calendar_events) <= 3_000
    assert len(library.closures) <= 400


def test_whoever_waits_at_a_page_is_told_when_all_readers_are_busy(cast, now, monkeypatch):
    monkeypatch.setattr(calendar, "PATIENCE", 0.01)
    with ExitStack() as all_of_them:
        for _ in range(4):
            all_of_them.enter_context(child._AT_ONCE)
        with pytest.raises(NotDone, match="Try again in a minute"):
            bring(cast, now, BREAK)
    bring(cast, now, BREAK)
