"""A title that is not among the newest is found and joins the post that is being written; nothing typed is lost."""

import io
import re
from datetime import timedelta

import pytest
from clients import signed_in
from form_pages import fields_of
from PIL import Image
from sqlalchemy import select

from outreach.db import db, writing
from outreach.models import Post, Title
from tests.titles.brought import by_feed, by_list, parsed, titles_of

NEW = "/posts/new/titles"


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


@pytest.fixture
def numbers(cast, now):
    """Of each title; "Holes" is older than the sixty that are offered."""
    by_feed(cast.library, now - timedelta(days=90), parsed("Holes", "9780141321066", author="Louis Sachar"))
    by_list(cast.library, now, *(parsed(f"Title {n}") for n in range(70)))
    return {title.title: title.id for title in titles_of(cast.library)}


def set_on(number, **values):
    with writing() as session:
        for name, value in values.items():
            setattr(session.get_one(Title, number), name, value)


def listed(page):
    """The numbers that can be ticked, in the order of the page."""
    return [int(n) for n in re.findall(r'name="title" value="(\d+)"', page)]


def words_in(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.mark.parametrize("typed", ["holes", "Sachar", "978-0-14-132106-6"])
def test_an_older_title_is_found_by_its_words_its_author_and_its_isbn(ana, numbers, typed):
    assert numbers["Holes"] not in listed(ana.get(NEW).get_data(as_text=True))
    found = ana.post("/posts/titles", data={"find": typed}).get_data(as_text=True)
    assert listed(found) == [numbers["Holes"]]


def test_without_a_script_all_that_was_typed_comes_back_with_what_was_found(ana, cast, numbers):
    ticked = [numbers["Title 3"], numbers["Title 1"]]
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(picture, "PNG")
    form = {
        "words": "From the cellar:",
        "link": "https://library.example.org/",
        "account": [str(cast.practice.id)],
        "title": ticked,
        "timing": "at",
        "day": "2026-12-01",
        "clock": "10:15",
        "form_key": "k",
        "find": "holes",
        "then": "find",
        "new_image": (io.BytesIO(picture.getvalue()), "green.png"),
        "new_alt": "A green wall",
    }
    page = ana.post(NEW, data=form).get_data(as_text=True)
    back = fields_of(page, NEW)
    for name in ("words", "link", "account", "timing", "day", "clock", "form_key", "find"):
        assert back[name] == (form[name] if isinstance(form[name], list) else [form[name]]), name
    assert back["title"] == [str(n) for n in ticked]
    assert ["A green wall"] in back.values()
    assert listed(page)[:2] == ticked  # on top, in their order
    assert listed(page)[-1] == numbers["Holes"]
    assert db.session.scalar(select(Post.id)) is None
    ana.post(NEW, data=back | {"title": [*ticked, numbers["Holes"]], "then": "keep"})
    assert [row.title_id for row in db.session.scalars(select(Post)).one().titles] == [*ticked, numbers["Holes"]]


def test_a_post_that_is_changed_is_searched_for_as_well(ana, numbers):
    ana.post(NEW, data={"words": "One:", "title": numbers["Title 3"], "then": "keep"})
    edit = f"/posts/{db.session.scalars(select(Post.id)).one()}/edit"
    typed = fields_of(ana.get(edit).get_data(as_text=True), edit)
    page = ana.post(edit, data=typed | {"words": "Two:", "find": "holes", "then": "find"}).get_data(as_text=True)
    assert fields_of(page, edit)["words"] == ["Two:"]
    assert listed(page)[-1] == numbers["Holes"]
    assert db.session.scalars(select(Post.words)).one() == "One:"


def test_what_is_chosen_already_is_named_and_cannot_be_ticked_twice(ana, numbers):
    found = ana.post("/posts/titles", data={"find": "holes", "title": numbers["Holes"]})
    assert listed(found.get_data(as_text=True)) == []
    assert "Holes – Louis Sachar chosen already" in words_in(found)
    page = ana.post(NEW, data={"find": "title 69", "then": "find"}).get_data(as_text=True)
    assert listed(page).count(numbers["Title 69"]) == 1


def test_what_is_hidden_is_not_found_and_what_is_left_out_says_why(ana, numbers, now):
    set_on(numbers["Holes"], hidden_at=now)
    assert "No title has these words." in words_in(ana.post("/posts/titles", data={"find": "holes"}))
    set_on(numbers["Holes"], hidden_at=None, left_out="older")
    found = ana.post("/posts/titles", data={"find": "holes"})
    assert listed(found.get_data(as_text=True)) == []
    assert "Holes – Louis Sachar left out: for older readers" in words_in(found)


def test_ten_are_shown_and_none_of_another_library(ana, cast, numbers, now):
    by_feed(cast.other, now, parsed("Title of theirs"))
    found = listed(ana.post("/posts/titles", data={"find": "title"}).get_data(as_text=True))
    assert len(found) == 10
    assert set(found) < set(numbers.values())
    assert listed(ana.post("/posts/titles", data={"find": " "}).get_data(as_text=True)) == []


def test_a_library_whose_titles_were_all_announced_can_search_them(ana, cast, numbers, now):
    with writing() as session:
        for title in session.scalars(select(Title)):
            title.announced_at = now
    page = ana.get(NEW)
    assert "No titles yet." not in words_in(page)
    assert "Find a title, author or ISBN" in words_in(page)
    assert "Holes – Louis Sachar announced" in words_in(ana.post("/posts/titles", data={"find": "holes"}))


def test_enter_presses_the_first_button_which_saves_unless_other_words_are_searched(ana, cast, numbers):
    page = ana.get(NEW).get_data(as_text=True)
    assert re.search(r"<button(?! type=\"button\")[^>]*>", page[page.index('class="composer"') :])[0] == (
        '<button class="visually-hidden" name="enter" value="" tabindex="-1" aria-hidden="true">'
    )
    form = {"words": "From the cellar:", "title": [numbers["Title 3"]], "find": "find", "account": [cast.practice.id]}
    searched = ana.post(NEW, data=form | {"enter": ""})
    assert searched.status_code == 200
    assert 'name="enter" value="find"' in searched.get_data(as_text=True)
    assert db.session.scalar(select(Post.id)) is None
    assert ana.post(NEW, data=form | {"enter": "find"}).status_code == 302
    assert db.session.scalars(select(Post.state)).one() == "draft"
    assert ana.post(NEW, data=form | {"find": " ", "enter": "find"}).status_code == 302


def test_enter_searches_beside_the_words_of_a_colleague_who_was_quicker(ana, cast, numbers):
    form = {"words": "New:", "title": [numbers["Title 3"]], "account": [cast.practice.id], "enter": ""}
    ana.post(NEW, data=form)
    edit = f"/posts/{db.session.scalars(select(Post.id)).one()}/edit"
    ana.post(edit, data=form | {"words": "The first was quicker:", "revision": 1})
    stale = ana.post(edit, data=form | {"words": "Mine:", "revision": 1}).get_data(as_text=True)
    first = re.search(r"<button(?! type=\"button\")[^>]*>", stale[stale.index('class="composer"') :])[0]
    assert ('name="enter"' in first, "Keep mine" in stale) == (True, True)
    searched = ana.post(edit, data=form | {"words": "Mine:", "revision": 1, "find": "title 4"})
    assert "Title 4" in words_in(searched)
    assert db.session.scalars(select(Post.words)).one() == "The first was quicker:"


def test_a_list_that_nobody_reads_is_not_saved_and_nothing_of_it_is_lost(ana, cast, numbers):
    form = {"words": "All:", "title": list(numbers.values())[:32], "account": [cast.practice.id]}
    answer = ana.post(NEW, data=form)
    assert answer.status_code == 422
    assert "At most 30 titles go into one post. Untick 2 of these." in words_in(answer)
    assert len(fields_of(answer.get_data(as_text=True), NEW)["title"]) == 32
    assert ana.post(NEW, data=form | {"title": form["title"][:30]}).status_code == 302
