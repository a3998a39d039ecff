"""The pages of lists: brought, looked at, answered, read, told; and nobody else's."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from clients import signed_in
from form_pages import fields_of
from open_library import OpenLibraryServer
from sqlalchemy import func, select

from outreach.access import OUTREACH
from outreach.channels.guard import Reach
from outreach.db import db, writing
from outreach.models import DigestRule, Import, Post, Title
from outreach.titles import feeds, reading
from outreach.titles.list_queries import to_read
from outreach.titles.open_library import OpenLibrary

LISTS = Path(__file__).parents[1] / "data" / "lists"
TABLE, MARC = (LISTS / "titles.csv").read_bytes(), (LISTS / "titles.mrc").read_bytes()
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
    look_up = OpenLibrary(open_library.url, Reach(allow_hosts=("127.0.0.0/8",)), "a@school.example")

    def turn() -> None:
        for list_id in to_read(db.session(), now):
            reading.read_list(list_id, reading.Desk(look_up, lambda: now, lambda _: None))

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
    refused = ana.post(f"{page}/missing", data={"isbn": KID, "title": " ", "author": "Jerry <Craft>"})
    assert refused.status_code == 422
    assert f"Type the title of the book with the ISBN {KID}." in text(refused)
    assert text(refused).count('value="Jerry &lt;Craft&gt;"') == 1
    ana.post(f"{page}/missing", data={"isbn": KID, "title": "New kid", "author": "Craft, Jerry"})
    assert names() == ["The light fantastic", "New kid"]
    assert "not found" not in text(ana.get(page))


def test_of_many_that_were_not_found_one_button_saves_all_that_are_filled_in(ana, work):
    others = ["9780439023481", "9780141321066"]
    page = ana.post("/titles/lists/isbns", data={"isbns": "\n".join((LIGHT, KID, *others)), "purpose": "new"}).location
    work()
    form = {
        "isbn": [LIGHT, KID, *others],
        "title": ["The light fantastic", "New kid", "", ""],
        "author": ["", "", "", "x"],
    }
    refused = ana.post(f"{page}/missing", data=form)
    assert (refused.status_code, names()) == (422, [])
    assert 'value="New kid"' in text(refused)
    form["author"] = ["", "Jerry Craft", "", ""]
    ana.post(f"{page}/missing", data=form)
    assert names() == ["The light fantastic", "New kid"]
    assert "2 books were not found" in text(ana.get(page))
    assert ana.post(f"{page}/missing", data={"isbn": others, "title": ["", ""], "author": ["", ""]}).status_code == 422


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
    assert ana.post(deed, data=asked).location == "/titles/all/?show=coming"
    assert ana.post(deed, data={"back": "//elsewhere.example"}).location == "/titles/all/"
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


def test_the_page_promises_no_weekly_post_that_takes_the_titles_of_feeds_only(ana, cast, now, work):
    feed = feeds.add(cast.library, "https://c.example/feed?format=rss", "New", OUTREACH, now)
    page = upload(ana).location
    ana.post(f"{page}/answer", data=columns(title=0) | {"purpose": "new"})
    work()
    assert "If you do nothing" in text(ana.get(page))
    with writing() as session:
        session.scalars(select(DigestRule)).one().feed_ids = [feed.id]
    done = text(ana.get(page))
    assert "If you do nothing" not in done
    assert "none of this list" in done


@pytest.mark.parametrize(
    ("only", "is_promised"),
    [({"formats": ["video"]}, False), ({"formats": ["graphic novel"]}, True), ({"audiences": ["Adults"]}, False)],
)
def test_the_page_promises_the_weekly_post_only_if_it_takes_a_title_of_the_list(ana, work, only, is_promised):
    page = upload(ana, MARC, "cart.mrc").location
    ana.post(f"{page}/answer", data={"purpose": "new"})
    with writing() as session:
        session.scalars(select(DigestRule)).one().options = only
    work()
    done = text(ana.get(page))
    assert ("If you do nothing" in done) == is_promised
    assert ("none of this list" in done) != is_promised


def test_of_a_weekly_post_that_was_stopped_the_page_says_so(app, cast, ana, now, work):
    page = upload(ana).location
    ana.post(f"{page}/answer", data=columns(title=0) | {"purpose": "new"})
    work()
    assert "The weekly post is stopped" not in text(ana.get(page))
    with writing() as session:
        session.scalars(select(DigestRule)).one().stopped_at = now
    done = text(ana.get(page))
    assert "The weekly post is stopped: write a post about them." in done
    assert "If you do nothing" not in done
    who_may = signed_in(app, cast.approver)
    assert "The weekly post is stopped: write a post about them, or start it again." in text(who_may.get(page))


def test_what_was_pasted_and_is_no_list_stays_in_the_box(ana):
    answer = ana.post("/titles/lists/isbns", data={"isbns": "9780439023482 <b>"})
    assert answer.status_code == 422
    assert "9780439023482 &lt;b&gt;</textarea>" in text(answer)


@pytest.mark.parametrize("what", ["file", "scanner"])
def test_whoever_does_not_want_to_wait_for_open_library_types_the_titles(ana, work, open_library, what):
    open_library.is_busy()
    if what == "file":
        page = upload(ana, f"Title,ISBN\nHoles,\n,{LIGHT}\n,{KID}\n".encode()).location
        ana.post(f"{page}/answer", data=columns(title=0, isbn=1) | {"purpose": "new"})
    else:
        page = ana.post("/titles/lists/isbns", data={"isbns": f"{LIGHT}\n{KID}", "purpose": "new"}).location
    assert "by-hand" not in text(ana.get(page))
    work()
    waits = text(ana.get(page))
    assert "Open Library was busy (429). We ask again every two minutes, for half an hour." in waits
    assert f'action="{page}/by-hand"' in waits
    ana.post(f"{page}/by-hand")
    assert "2 books could not be looked up" in text(ana.get(page))
    assert "2 books need their title" in text(ana.get("/titles/lists/"))
    open_library.is_well()
    open_library.knows(LIGHT, "The light fantastic", "Terry Pratchett")
    ana.post(f"{page}/again")
    work()
    assert "1 book was not found" in text(ana.get(page))
    assert "The light fantastic" in names()


def test_after_half_an_hour_of_silence_the_page_promises_nothing_more(ana, work, open_library, now):
    open_library.fails()
    page = ana.post("/titles/lists/isbns", data={"isbns": LIGHT, "purpose": "new"}).location
    work()
    with writing() as session:
        row = session.scalars(select(Import)).one()
        row.silent_since, row.leased_until = now - timedelta(minutes=30), None
    work()
    done = text(ana.get(page))
    assert "Open Library was busy (503). We have asked for half an hour: type what is left, or" in done
    assert "We ask again" not in done


def test_an_isbn_that_excel_destroyed_is_typed_on_the_page_of_its_title(ana, work):
    page = upload(ana, b"Title,ISBN\nHoles & more,9.78014E+12\nNew kid,9780062225733\n").location
    ana.post(f"{page}/answer", data=columns(title=0, isbn=1) | {"purpose": "new"})
    work()
    done = text(ana.get(page))
    title, other = db.session.scalars(select(Title).order_by(Title.id))
    address = f"/titles/all/{title.id}"
    assert f'<a href="{address}">Holes &amp; more</a>' in done
    ana.post(address, data={"title": "Something else", "isbn": ""})
    assert f'<a href="{address}">Holes &amp; more</a>' in text(ana.get(page)), "also once it is corrected"
    refused = ana.post(address, data={"title": "Holes & more", "isbn": KID})
    assert refused.status_code == 422
    assert "“New kid” has this ISBN." in text(refused)
    assert f'name="isbn" type="text" value="{KID}"' in text(refused)
    saved = text(ana.post(address, data={"title": "Holes & more", "isbn": "978-0-14-132106-6"}, follow_redirects=True))
    assert "<dd>9780141321066</dd>" in saved
    assert 'name="isbn"' not in text(ana.get(f"/titles/all/{other.id}")), "the list said it"


@pytest.mark.parametrize(
    ("body", "wrong", "more"),
    [
        (MARC + b"99999nam a2200049 i 4500\x1d" * 1_500, "1,500", "500 more have"),
        (b"Title,Author\nHoles,\n" + b",Somebody\n" * 1_003, "1,003", "3 more have"),
        (f"{LIGHT}\n".encode() * 1_002, "1,001", "1 more has"),
    ],
    ids=["records", "rows", "scanned"],
)
def test_of_very_many_wrong_lines_the_page_tells_the_true_number(ana, work, body, wrong, more):
    page = upload(ana, body).location
    ana.post(f"{page}/answer", data=columns(title=0, author=1) | {"purpose": "new"})
    work()
    done = text(ana.get(page))
    assert f"{wrong} lines have something wrong with them" in done
    assert done.count("<li><div><strong>") == 1_000
    assert f"<li>{more} something wrong with " in done


def test_a_list_is_undone_from_its_page(ana, work):
    page = upload(ana).location
    ana.post(f"{page}/answer", data=columns(title=0) | {"purpose": "new"})
    work()
    assert "4 titles were taken out again." in text(ana.post(f"{page}/undo", follow_redirects=True))
    assert names() == []
    assert "There is nothing to undo." in text(ana.post(f"{page}/undo", follow_redirects=True))


def test_a_long_list_is_out_again_in_numbers_that_can_be_read(ana, work):
    page = upload(ana, b"Title,Author\n" + b"".join(b"Title %d,\n" % n for n in range(1_500))).location
    ana.post(f"{page}/answer", data=columns(title=0) | {"purpose": "new"})
    work()
    assert "1,500 titles were taken out again." in text(ana.post(f"{page}/undo", follow_redirects=True))


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


DEEDS = ("preview", "answer", "drop", "undo", "arrived", "ours", "announce", "missing", "again", "write", "by-hand")


@pytest.mark.parametrize("deed", ["", *DEEDS])
def test_a_list_of_another_library_is_not_there(app, cast, ana, deed):
    page = upload(ana).location
    outsider = signed_in(app, cast.outsider)
    answer = outsider.post(f"{page}/{deed}", data={"purpose": "new"}) if deed else outsider.get(page)
    assert answer.status_code == 404
    assert db.session.scalar(select(Import.state)) == "asked"
