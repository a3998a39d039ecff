"""The time zones that a library chooses from: its country's first, then all others, each once and by its name."""

import re

import pytest
from clients import signed_in

from outreach.db import writing
from outreach.models import Library


def zones_on(page):
    """Group -> the zones in it with their words."""
    field = re.search(r'<select id="timezone".*?</select>', page, re.DOTALL)[0]
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', field, re.DOTALL)
    return {name: dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)<', options)) for name, options in groups}


@pytest.fixture
def zones(app, cast):
    return zones_on(signed_in(app, cast.librarian).get("/library/").get_data(as_text=True))


def test_those_of_the_country_come_first_each_with_its_time(zones):
    assert next(iter(zones)) == "Here"
    assert zones["Here"]["America/Chicago"] == "Central Time, Chicago"
    assert zones["Here"]["America/Kentucky/Louisville"] == "Eastern Time, Louisville, Kentucky"
    assert zones["Here"]["America/Indiana/Indianapolis"] == "Eastern Time, Indianapolis, Indiana"


def test_the_others_stand_by_their_country_in_their_continent(zones):
    assert [*zones][1:] == ["Africa", "Americas", "Antarctica", "Asia", "Europe", "Oceania", "UTC"]
    assert zones["Europe"]["Europe/Berlin"] == "Germany, Berlin"
    assert zones["Europe"]["Atlantic/Reykjavik"] == "Iceland, Reykjavik"
    assert zones["Asia"]["Asia/Singapore"] == "Singapore"
    assert not [said for group in zones.values() for said in group.values() if re.search("[/_]", said)]


def test_no_zone_is_there_twice_and_no_older_name_of_one(zones):
    listed = [zone for group in zones.values() for zone in group]
    assert len(listed) == len(set(listed))
    assert not {"US/Central", "America/Louisville", "Asia/Calcutta", "Etc/UTC", "GMT"} & set(listed)


@pytest.mark.parametrize(
    ("older", "newer", "said"), [("US/Central", "America/Chicago", "Central Time, Chicago"), ("Etc/UTC", "UTC", "UTC")]
)
def test_a_library_that_has_an_older_name_keeps_it_instead_of_the_newer_one(app, cast, older, newer, said):
    with writing() as session:
        session.get_one(Library, cast.library.id).timezone = older
    page = signed_in(app, cast.librarian).get("/library/").get_data(as_text=True)
    assert f'<option value="{older}" selected>{said}</option>' in page
    assert not [group for group in zones_on(page).values() if newer in group]
