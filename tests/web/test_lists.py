"""The pages of lists: brought, looked at, answered, read, told; and nobody else's."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from clients import signed_in
from form_pages import fields_of
from open_library import OpenLibraryServer
from sqlalchemy import func, select

from outreach.channels.guard import Reach
from outreach.db import db
from outreach.models import Import, Post, Title
from outreach.titles import reading
from outreach.titles.list_queries import to_read
from outreach.titles.open_library import OpenLibrary

TABLE = (Path(__file__).parents[1] / "data" / "lists" / "titles.csv").read_bytes()
LIGHT, KID = "9780061020704", "9780062225733"


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


@pytest.fixture
def open_library():
    with OpenLibraryServer() as server:
        yield server


@pytest.fixture
def work(open_library, now):
    """A worker's turn."""
    look_up = OpenLibrary(open_library.url, Reach(allow_hosts=("127.0.0.0/8",)), "a@school.example", lambda _: None)

    def turn() -> None:
        for list_id in to_read(db.session(), now):
            reading.read_list(list_id, reading.Desk(look_up, lambda: now))

    return turn


def upload(client, body: bytes = TABLE, name: str = "November.csv"):
    return client.post(
        "/titles/lists/file", data={"file": (io.BytesIO(body), name)}, content_type="multipart/form-data"
    )


def text(answer) -> str:
    return answer.get_data(as_text=True)


def names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Title.title).order_by(Title.id)))


def test_a_file_is_shown_as_it_would_read_and_comes_in_with_one_answer(ana, work):
    page = upload(ana).location
    asked = text(ana.get(page))
    assert "New kid" in asked
    assert "Are these books on your shelves now?" in asked
    assert names() == []
    assert ana.post(f"{page}/answer", data=columns(title=0, author=1, isbn=2) | {"purpose": "new"}).location == page
    work()
    done = text(ana.get(page))
    assert "4 new titles." in done
    assert len(names()) == 4


def columns(**fields: int) -> dict[str, str]:
    """As the form sends them: what is in each column."""
    chosen = {f"column-{n}": field for field, n in fields.items()}
    return {f"column-{n}": "" for n in range(7)} | chosen


def test_another_column_shows_other_titles_before_anything_is_kept(ana):
    page = upload(ana).location
    shown = text(ana.post(f"{page}/preview", data=columns(title=3)))
    assert "FIC PRA" in shown
    assert "The light fantastic" not in shown
    without_script = text(ana.post(f"{page}/answer", data=columns(title=3) | {"purpose": "look"}))
    assert "FIC PRA" in without_script
    assert db.session.scalar(select(Import.state)) == "asked"


def test_no_column_with_titles_keeps_what_was_chosen_and_says_so(ana):
    page = upload(ana).location
    answer = ana.post(f"{page}/answer", data=columns(author=1) | {"purpose": "new"})
    assert answer.status_code == 422
    assert "Say which column has the titles, or the ISBNs." in text(answer)
    assert '<option value="author" selected>' in text(answer)


@pytest.mark.parametrize("column", ["column-x", "column-99999", "column--1", "column-", "column-²", "column-0\0"])
def test_a_column_that_is_none_is_no_error(ana, column):
    page = upload(ana).location
    answer = ana.post(f"{page}/answer", data={column: "title", "purpose": "new"})
    assert answer.status_code == 422


def test_isbns_are_looked_up_and_what_nobody_knows_is_typed(ana, work, open_library):
    open_library.knows(LIGHT, "The light fantastic", "Terry Pratchett")
    page = ana.post("/titles/lists/isbns", data={"isbns": f"{LIGHT}\n{KID}\n9780439023482"}).location
    assert "2 ISBNs to look up." in text(ana.get(page))
    ana.post(f"{page}/answer", data={"purpose": "new"})
    work()
    done = text(ana.get(page))
    assert "1 new title." in done
    assert "1 book was not found" in done
    assert "its last digit does not fit" in done
    refused = ana.post(f"{page}/missing", data={"isbn": KID, "title": " ", "author": "Jerry Craft"})
    assert refused.status_code == 422
    assert "Type the title of the book." in text(refused)
    ana.post(f"{page}/missing", data={"isbn": KID, "title": "New kid", "author": "Craft, Jerry"})
    assert names() == ["The light fantastic", "New kid"]
    assert "not found" not in text(ana.get(page))


@pytest.mark.parametrize(
    ("purpose", "state"), [("new", "reading"), ("coming", "reading"), ("old", "asked"), ("", "asked"), ("x", "asked")]
)
def test_the_two_buttons_of_scanned_isbns_are_the_answer(ana, purpose, state):
    form = text(ana.get("/titles/lists/"))
    assert 'name="purpose" value="new"' in form
    assert 'name="purpose" value="coming"' in form
    page = ana.post("/titles/lists/isbns", data={"isbns": LIGHT, "purpose": purpose}).location
    row = db.session.scalars(select(Import)).one()
    assert (row.state, row.purpose) == (state, purpose if state == "reading" else "")
    assert ("Are these books on your shelves now?" in text(ana.get(page))) == (state == "asked")


def test_what_is_let_in_from_the_list_of_what_is_coming_leads_back_there(ana, work):
    page = upload(ana).location
    ana.post(f"{page}/answer", data=columns(title=0) | {"purpose": "coming"})
    work()
    title_id = db.session.scalar(select(Title.id).order_by(Title.id).limit(1))
    deed = f"/titles/all/{title_id}/let-in"
    asked = fields_of(text(ana.get("/titles/all/?show=coming")), deed)
    assert asked["show"] == ["coming"]
    assert ana.post(deed, data=asked).location == "/titles/all/?show=coming"
    assert ana.post(deed, data={"show": "//elsewhere.example"}).location == f"/titles/all/{title_id}"
    assert deed not in text(ana.get("/titles/all/?show=coming"))


def test_the_page_counts_what_may_be_written_about_and_shows_the_post_that_has_it(ana, work):
    page = upload(ana).location
    ana.post(f"{page}/answer", data=columns(title=0) | {"purpose": "new"})
    work()
    hidden = db.session.scalar(select(Title.id).order_by(Title.id).limit(1))
    ana.post(f"/titles/all/{hidden}/hide")
    assert "3 titles wait to be announced." in text(ana.get(page))
    edit = ana.post(f"{page}/write").location
    post = db.session.scalars(select(Post)).one()
    assert edit == f"/posts/{post.id}/edit"
    assert hidden not in [row.title_id for row in post.titles]
    assert len(post.titles) == 3
    after = text(ana.get(page))
    assert f'href="/posts/{post.id}"' in after
    assert "to be announced." not in after
    assert "Choose at least one title." in text(ana.post(f"{page}/write", follow_redirects=True))


def test_what_was_pasted_and_is_no_list_stays_in_the_box(ana):
    answer = ana.post("/titles/lists/isbns", data={"isbns": "9780439023482 <b>"})
    assert answer.status_code == 422
    assert "9780439023482 &lt;b&gt;</textarea>" in text(answer)


def test_a_list_is_undone_from_its_page(ana, work):
    page = upload(ana).location
    ana.post(f"{page}/answer", data=columns(title=0) | {"purpose": "new"})
    work()
    assert "4 titles are out again." in text(ana.post(f"{page}/undo", follow_redirects=True))
    assert names() == []
    assert "There is nothing to undo." in text(ana.post(f"{page}/undo", follow_redirects=True))


def test_what_was_coming_arrives_with_one_button(ana, work):
    page = upload(ana).location
    ana.post(f"{page}/answer", data=columns(title=0) | {"purpose": "coming"})
    work()
    assert "4 titles wait under “coming”" in text(ana.get(page))
    after = text(ana.post(f"{page}/arrived", follow_redirects=True))
    assert "wait under “coming”" not in after
    assert "4 titles wait to be announced." in after


def test_dropped_it_is_gone(ana):
    page = upload(ana).location
    assert "Nothing of it was kept." in text(ana.post(f"{page}/drop", follow_redirects=True))
    assert ana.get(page).status_code == 404
    assert db.session.scalar(select(func.count(Import.id))) == 0


DEEDS = ("preview", "answer", "drop", "undo", "arrived", "ours", "announce", "missing", "write", "by-hand")


@pytest.mark.parametrize("deed", ["", *DEEDS])
def test_a_list_of_another_library_is_not_there(app, cast, ana, deed):
    page = upload(ana).location
    outsider = signed_in(app, cast.outsider)
    answer = outsider.post(f"{page}/{deed}", data={"purpose": "new"}) if deed else outsider.get(page)
    assert answer.status_code == 404
    assert db.session.scalar(select(Import.state)) == "asked"
