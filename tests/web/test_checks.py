"""The district's page, the school's guidelines, and how findings look on a page."""

import re

import pytest
from clients import signed_in
from factories import write
from flask import g, render_template

from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import District, Library
from outreach.people import libraries
from outreach.people.members import person_for
from outreach.posts.checks import CHECKS
from outreach.posts.findings import Mend, Problem
from outreach.web import checks
from outreach.words import Sentence


@pytest.fixture
def admin(app, cast, now):
    with writing() as session:
        person = person_for(session, "district@school.example", "District", now)
        person.district_admin = True
    return signed_in(app, person)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_the_page_shows_every_check_with_our_level(admin):
    page = admin.get("/district/").get_data(as_text=True)
    for check in CHECKS:
        chosen = re.search(rf'<select id="{check.key}".*?<option value="(\w+)" selected>', page, re.DOTALL)
        assert chosen[1] == check.level
    assert "usually:" not in page


def test_what_is_saved_is_shown_again(admin):
    levels = {check.key: check.level for check in CHECKS} | {"emoji": "off"}
    told = admin.post("/district/", data={"words": "contest\nfield trip"} | levels, follow_redirects=True)
    assert "Saved." in text_of(told)
    page = told.get_data(as_text=True)
    assert "contest\nfield trip</textarea>" in page
    assert re.search(r'<select id="emoji".*?<option value="off" selected>', page, re.DOTALL)
    row = db.session.query(District).one()
    assert (row.words, row.levels) == (["contest", "field trip"], {"emoji": "off"})
    assert page.count("usually:") == 1


def test_what_is_too_long_is_kept_on_the_page_and_said(admin):
    told = admin.post("/district/", data={"words": "x" * 101, "emoji": "stop"})
    assert told.status_code == 422
    assert "more than 100 characters" in text_of(told)
    page = told.get_data(as_text=True)
    assert "x" * 101 in page
    assert re.search(r'<select id="emoji".*?<option value="stop" selected>', page, re.DOTALL)


def test_only_a_district_administrator_is_led_there(app, cast, admin):
    assert "/district/" in admin.get("/library/").get_data(as_text=True)
    assert "/district/" not in signed_in(app, cast.librarian).get("/library/").get_data(as_text=True)


def test_with_one_library_the_page_is_shown_once_something_is_decided_there(app, context, now):
    with writing() as session:
        libraries.found(session, "Maple", OUTREACH, now, timezone="UTC")
        person = person_for(session, "district@school.example", "District", now)
        person.district_admin = True
    alone = signed_in(app, person)
    assert "/district/" not in alone.get("/library/").get_data(as_text=True)
    assert alone.get("/district/").status_code == 200
    alone.post("/district/", data={"words": "contest"})
    assert "/district/" in alone.get("/library/").get_data(as_text=True)


def test_a_practice_administrator_decides_nothing_for_real_libraries(app, cast, now):
    with writing() as session:
        person = person_for(session, "p@practice.localhost", "Practice", now, practice=True)
        person.district_admin = True
    assert signed_in(app, person).get("/district/").status_code in (302, 403)


SETTINGS = {"name": "Maple", "timezone": "America/Chicago", "grades": "all"}


def test_the_hours_stand_with_the_library_and_its_own_time_zones_come_first(app, cast):
    client = signed_in(app, cast.librarian)
    client.post("/library/", data=SETTINGS | {"country": "US", "hours": " Monday  8–15 \r\n\r\nFriday 8–12"})
    page = client.get("/library/").get_data(as_text=True)
    assert "Monday 8–15\nFriday 8–12</textarea>" in page
    near = page.partition('<optgroup label="Here">')[2].partition("</optgroup>")[0]
    assert '<option value="America/Chicago" selected>Central Time, Chicago</option>' in near
    assert ">Eastern Time, Indianapolis, Indiana</option>" in near
    assert "Europe/" not in near


@pytest.mark.parametrize(
    ("typed", "kept"), [("school.org/rules", "https://school.org/rules"), ("http://a.org", "http://a.org"), ("", "")]
)
def test_the_guidelines_of_the_school_are_kept(app, cast, typed, kept):
    data = SETTINGS | {"guidelines": " First names only. ", "guidelines_link": typed}
    signed_in(app, cast.librarian).post("/library/", data=data)
    db.session.rollback()
    library = db.session.get(Library, cast.library.id)
    assert (library.guidelines, library.guidelines_link) == ("First names only.", kept)


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "our rules", "https://", "ftp://school.org"])
def test_a_link_that_is_none_is_refused_and_kept_on_the_page(app, cast, typed):
    answer = signed_in(app, cast.librarian).post("/library/", data=SETTINGS | {"guidelines_link": typed})
    assert answer.status_code == 422
    assert typed in answer.get_data(as_text=True)
    db.session.rollback()
    assert db.session.get(Library, cast.library.id).guidelines_link == ""


def rendered(app, cast, template, **values):
    with app.test_request_context("/"):
        g.library = db.session.get(Library, cast.library.id)
        return render_template(template, library=g.library, **values)


def test_the_guidelines_are_shown_where_there_are_some(app, cast):
    assert rendered(app, cast, "posts/_guidelines.html").strip() == ""
    with writing() as session:
        library = session.get_one(Library, cast.library.id)
        library.guidelines, library.guidelines_link = "No <faces>.", "https://school.org/rules"
    page = rendered(app, cast, "posts/_guidelines.html")
    assert "No &lt;faces&gt;." in page
    assert 'href="https://school.org/rules"' in page
    assert "<details" in page


def test_a_finding_is_shown_with_its_button_where_the_words_are_written(app, cast, now):
    mend = Mend("words", Sentence("Write %(tag)s", tag="#BookWeek"), "#BookWeek", '"<#bookweek>')
    found = [Problem(Sentence("Look"), sort="ask"), Problem(Sentence("Hint"), sort="hint", mend=mend, at=now)]
    page = rendered(app, cast, "posts/_checks.html", checks=found, mending=True)
    assert 'data-old="&#34;&lt;#bookweek&gt;"' in page
    assert page.index("Look") < page.index("Hint") < page.index("Write #BookWeek</button>")
    assert "Whoever approves" in page
    assert "<button" not in rendered(app, cast, "posts/_checks.html", checks=found)
    assert rendered(app, cast, "posts/_checks.html", checks=[]).strip() == ""


def test_posts_of_a_page_are_looked_through_together(app, cast, now):
    posts = [write(cast, now, words="Call 555-0142."), write(cast, now, words="#bookweek")]
    with app.test_request_context("/"):
        sorts = [[one.sort for one in found] for found in checks.of_posts(posts)]
    assert sorts == [["ask"], ["hint"]]
    assert checks.of_posts([]) == []
