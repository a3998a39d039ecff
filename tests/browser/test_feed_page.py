"""The page of a feed that is being checked follows it, and takes nothing away from under somebody's hands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from outreach import clock
from outreach.db import writing
from outreach.models import Feed, Library


@pytest.fixture
def unchecked(practice):
    """A feed whose first check is still to come."""
    now = clock.now()
    with practice.inside(), writing() as session:
        library = session.scalars(select(Library.id)).one()
        url, due = f"https://c.example/{now.timestamp()}", now + timedelta(days=1)
        common = {"url": url, "host": "c.example", "next_check_at": due, "created_at": now}
        feed = Feed(library_id=library, name="New books", **common)
        session.add(feed)
        session.flush()
        number = feed.id
    yield number
    with practice.inside(), writing() as session:
        session.delete(session.get_one(Feed, number))


def check(practice, number):
    with practice.inside(), writing() as session:
        session.get_one(Feed, number).checked_at = clock.now()


def test_it_shows_the_first_check_by_itself(as_, practice, unchecked):
    page = as_("librarian", f"/titles/feeds/{unchecked}")
    expect(page.get_by_text("It is checked within a minute.")).to_be_visible()
    check(practice, unchecked)
    expect(page.locator(".lead")).to_contain_text("Checked today")


def test_what_is_typed_meanwhile_stays(as_, practice, unchecked):
    page = as_("librarian", f"/titles/feeds/{unchecked}")
    page.get_by_text("Change…").click()
    with page.expect_response(lambda answer: answer.url.endswith(f"/feeds/{unchecked}")):
        check(practice, unchecked)
    page.get_by_label("Name").fill("Picture books")
    page.get_by_text("Change…").click()
    page.wait_for_timeout(3_000)  # it asks every one and a half seconds
    expect(page.locator("#name")).to_have_value("Picture books")
    page.get_by_text("Change…").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Picture books")).to_be_visible()
    expect(page.locator(".lead")).to_contain_text("Checked today")
