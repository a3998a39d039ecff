"""The page of archives: last month unless another is chosen, a file that is sent, a line of who made it."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from clients import signed_in
from factories import approved, delivery, queue
from fakes import FakeNetwork, door

from outreach import clock
from outreach.posts.publish import publish


@pytest.fixture
def manager(app, cast):
    return signed_in(app, cast.librarian)


@pytest.fixture
def out(cast):
    """Something that went out just now."""
    at = clock.now()
    post = approved(cast, at, words="Open at lunch.")
    queue(post, at)
    publish(delivery(post).id, door(FakeNetwork(), at))
    return clock.today(at, cast.library.timezone)


def test_the_form_asks_for_last_month_and_for_every_place_but_practice(cast, manager):
    page = manager.get("/archive/").get_data(as_text=True)
    first = clock.today(clock.now(), cast.library.timezone).replace(day=1)
    last = first - timedelta(days=1)
    assert f'name="first" value="{last.replace(day=1)}"' in page
    assert f'name="last" value="{last}"' in page
    assert f'value="{cast.account.id}" checked' in page
    assert f'value="{cast.practice.id}"' in page
    assert f'value="{cast.practice.id}" checked' not in page


def test_the_file_is_sent_with_its_size_and_then_its_line_is_there(cast, manager, out):
    form = {"first": out.isoformat(), "last": out.isoformat(), "place": [cast.account.id, cast.by_hand.id]}
    answer = manager.post("/archive/", data=form)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"].endswith(f"{cast.library.slug}-{out}-{out}.zip")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    with ZipFile(io.BytesIO(answer.data)) as opened:
        assert b"Open at lunch." in opened.read("index.html")
    page = manager.get("/archive/").get_data(as_text=True)
    assert f"{out} to {out}" in page
    assert "Librarian" in page


def test_nothing_in_those_days_is_said_and_what_was_typed_stays(cast, manager):
    form = {"first": "2020-01-01", "last": "2020-01-31", "place": cast.account.id}
    answer = manager.post("/archive/", data=form)
    assert answer.status_code == 422
    assert "Nothing went out" in answer.get_data(as_text=True)
    assert 'value="2020-01-31"' in answer.get_data(as_text=True)
    assert manager.post("/archive/", data=form | {"place": []}).status_code == 422


def test_a_place_of_another_library_is_none_of_hers(app, cast, out):
    form = {"first": out.isoformat(), "last": out.isoformat(), "place": cast.account.id}
    assert signed_in(app, cast.outsider).post("/archive/", data=form).status_code == 422


@pytest.mark.parametrize("form", [{}, {"first": "soon", "last": "2026-01-01"}])
def test_days_that_are_none_lead_back(manager, form):
    assert manager.post("/archive/", data=form).headers["Location"] == "/archive/"


def test_the_tab_is_for_managers(app, cast, manager):
    assert b'href="/archive/"' in manager.get("/library/").data
    assert b'href="/archive/"' not in signed_in(app, cast.approver).get("/calendar/").data
