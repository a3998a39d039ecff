"""For whom is it after all? Titles that stand aside, or are news, and of which something more becomes known."""

import pytest
from clients import signed_in
from sqlalchemy import select
from titles_desk import csv

from outreach.db import db, writing
from outreach.models import Feed, Library, Title
from outreach.titles import aside, catalog, correct, feeds, list_deeds
from outreach.titles.standing import COMING, OFFERED, OLDER, UNMARKED
from tests.titles.brought import by_feed, by_list, parsed, the_title, titles_of

ISBN = "9780141321066"


@pytest.fixture
def library(cast):
    return cast.library


@pytest.fixture
def elementary(library):
    with writing() as session:
        session.get_one(Library, library.id).grades = "k5"
    return library


def stands(library):
    return {title.title: title.left_out for title in titles_of(library)}


def number_of(name):
    return db.session.scalar(select(Title.id).where(Title.title == name))


def as_it_stands(title, **changed):
    return correct.Typed(**{"title": title.title, "audience": title.audience} | changed)


@pytest.mark.parametrize("later", [by_feed, by_list])
@pytest.mark.parametrize(
    ("said", "left_out"),
    [
        ({"audience": "Young adult"}, OLDER),
        ({"grade": 9}, OLDER),
        ({"call_number": "YA SAC"}, OLDER),
        ({"audience": "Ages 6-8"}, OFFERED),
        ({"grade": 2}, OFFERED),
        ({"audience": "Everybody"}, UNMARKED),
    ],
)
def test_a_later_source_says_for_whom_it_is(elementary, now, later, said, left_out):
    by_feed(elementary, now, parsed("Holes", ISBN))
    assert the_title(elementary).left_out == UNMARKED
    later(elementary, now, parsed("Holes", ISBN, **said))
    assert the_title(elementary).left_out == left_out


@pytest.mark.parametrize(
    ("said", "audience", "left_out"),
    [({"grade": 1}, "", OFFERED), ({}, "", UNMARKED), ({}, "For our readers", OFFERED), ({}, "Adults", OLDER)],
)
def test_of_what_was_coming_and_is_there_the_vendor_says_for_whom_it_is_or_else_the_feed(
    elementary, now, said, audience, left_out
):
    by_list(elementary, now, parsed("Holes", ISBN, **said), purpose="coming")
    by_feed(elementary, now, parsed("Holes", ISBN), audience=audience)
    assert the_title(elementary).left_out == left_out


def test_what_was_offered_and_turns_out_to_be_for_older_readers_is_left_out(elementary, now):
    by_feed(elementary, now, parsed("Twilight", ISBN), audience="For everybody")
    assert the_title(elementary).left_out == OFFERED
    by_list(elementary, now, parsed("Twilight", ISBN, grade=9))
    assert the_title(elementary).left_out == OLDER


def test_what_was_announced_stays_as_it_is(elementary, now):
    by_feed(elementary, now, parsed("Holes", ISBN), audience="For everybody", name="Told")
    with writing() as session:
        session.get_one(Title, the_title(elementary).id).announced_at = now
    by_list(elementary, now, parsed("Holes", ISBN, grade=9))
    assert the_title(elementary).left_out == OFFERED


@pytest.mark.parametrize(
    ("came", "corrected", "left_out"),
    [
        ({}, {"audience": "Ages 6-8"}, OFFERED),
        ({}, {"audience": "Young adult"}, OLDER),
        ({"audience": "Young adult"}, {"audience": "Grades 3-5"}, OFFERED),
        ({"audience": "Grades 3-5"}, {"audience": "Young adult"}, OLDER),
        ({"audience": "Grades 3-5"}, {"audience": ""}, UNMARKED),
        ({"audience": "Grades 3-5"}, {"audience": "Grades 3-5", "author": "Louis Sachar"}, OFFERED),
    ],
)
def test_a_person_corrects_for_whom_it_is(cast, elementary, now, came, corrected, left_out):
    by_feed(elementary, now, parsed("Holes", **came))
    title = the_title(elementary)
    correct.correct(title.id, as_it_stands(title, **corrected), cast.author, now)
    assert the_title(elementary).left_out == left_out


def test_add_anyway_outlives_whatever_becomes_known(cast, elementary, now):
    by_feed(elementary, now, parsed("Twilight", ISBN))
    correct.let_in(the_title(elementary).id, cast.author, now)
    by_list(elementary, now, parsed("Twilight", ISBN, audience="Young adult"))
    catalog.readers_changed(elementary.id)
    title = the_title(elementary)
    correct.correct(title.id, as_it_stands(title, audience="Adults"), cast.author, now)
    assert the_title(elementary).left_out == OFFERED


def some_of_each(library, now):
    """News, announced, from before, coming, and in a feed that says for whom."""
    by_feed(library, now, parsed("Frog", grade=1), parsed("Twilight", grade=9), parsed("Holes"))
    by_feed(library, now, parsed("Out", grade=9), name="Out")
    by_feed(library, now, parsed("Old"), name="Old", baseline_at=None)
    by_feed(library, now, parsed("Told"), name="Told", audience="All our readers")
    by_list(library, now, parsed("Way", grade=9), purpose="coming")
    with writing() as session:
        session.get_one(Title, number_of("Out")).announced_at = now


ALL_GRADES = {"Frog": OFFERED, "Twilight": OFFERED, "Holes": OFFERED, "Out": OFFERED, "Old": OFFERED, "Told": OFFERED}
IN_K5 = ALL_GRADES | {"Twilight": OLDER, "Holes": UNMARKED}


@pytest.mark.parametrize("pages", [True])
def test_other_grades_of_the_library_decide_anew_what_is_news_and_nothing_that_was_announced(
    app, cast, library, now, pages
):
    some_of_each(library, now)
    manager = signed_in(app, cast.librarian)
    for grades, expected in (("all", ALL_GRADES), ("k5", IN_K5), ("912", ALL_GRADES), ("k5", IN_K5)):
        data = {"name": "Maple Street", "timezone": "America/Chicago", "country": "US", "grades": grades}
        assert manager.post("/library/", data=data).status_code == 302
        assert stands(library) == expected | {"Way": COMING}


def test_other_shelves_for_older_readers_decide_anew_what_is_news_and_nothing_that_was_announced(cast, library, now):
    with writing() as session:
        session.get_one(Library, library.id).grades = "68"
    by_feed(library, now, parsed("Here", call_number="FIC HER"), parsed("There", call_number="TOP SHELF 1"))
    by_feed(library, now, parsed("Out", call_number="TOP SHELF 2"), name="Out")
    with writing() as session:
        session.get_one(Title, number_of("Out")).announced_at = now
    for shelves, there in (("Top shelf, HS", OLDER), ("HS", OFFERED)):
        typed = catalog.Typed(older_shelves=shelves, colour="#1f6f54")
        catalog.change(library.id, typed, cast.decider, now)
        assert stands(library) == {"Here": OFFERED, "There": there, "Out": OFFERED}


@pytest.mark.parametrize("audience", ["For all our readers", "Grades K-5"])
def test_what_stands_in_a_feed_with_an_audience_is_not_asked_for(elementary, now, audience):
    by_feed(elementary, now, parsed("Holes", ISBN), audience=audience)
    catalog.readers_changed(elementary.id)
    by_list(elementary, now, parsed("Holes", ISBN, call_number="FIC SAC"))
    assert the_title(elementary).left_out == OFFERED


@pytest.mark.parametrize(
    ("cell", "left_out"),
    [
        ("Everybody", UNMARKED),
        ("", UNMARKED),
        ("UG", OLDER),
        ("MG+", OLDER),
        ("9-12", OLDER),
        ("Grades 9-12", OLDER),
        ("3-5", OFFERED),
        ("K-2", OFFERED),
        ("LG", OFFERED),
        ("MG", OFFERED),
    ],
)
def test_a_column_that_a_person_calls_for_whom_is_read_so(desk, elementary, cell, left_out):
    made = desk.file(csv(f"Holes,{cell}", header="Title,Shown to"))
    desk.answer(made, columns={"title": 0, "audience": 1})
    desk.work()
    assert the_title(elementary).left_out == left_out


def test_what_arrives_is_asked_for_whom_it_is_and_once_more_when_that_is_known(cast, desk, elementary):
    list_id = desk.bring(csv("Holes,,", "Twilight,,"), "coming")
    list_deeds.arrived(list_id, desk.cast.author, desk.now)
    assert stands(elementary) == {"Holes": UNMARKED, "Twilight": UNMARKED}
    by_feed(elementary, desk.now, parsed("Holes", grade=3), parsed("Twilight", grade=9))
    assert stands(elementary) == {"Holes": OFFERED, "Twilight": OLDER}


@pytest.mark.parametrize(("audience", "left_out"), [("", UNMARKED), ("All our readers", OFFERED), ("Teens", OLDER)])
def test_what_came_with_a_reload_and_is_new_after_all_is_asked_then(cast, elementary, now, audience, left_out):
    by_feed(elementary, now, parsed("Before", grade=1), audience=audience)
    by_feed(elementary, now, *(parsed(f"Book {n}") for n in range(30)))
    feed = db.session.scalars(select(Feed)).one()
    assert feed.held_at == now
    feeds.are_new(feed.id, cast.decider, now)
    assert stands(elementary) == {"Before": OFFERED} | {f"Book {n}": left_out for n in range(30)}


@pytest.mark.parametrize(
    ("audience", "left_out"), [("All our readers", OFFERED), ("Grades K-5", OFFERED), ("Teens", OLDER), ("", UNMARKED)]
)
def test_what_waits_and_then_stands_in_a_feed_with_an_audience_waits_no_more(elementary, now, audience, left_out):
    by_feed(elementary, now, parsed("Holes", ISBN))
    assert the_title(elementary).left_out == UNMARKED
    by_feed(elementary, now, parsed("Holes", ISBN), name="Told", audience=audience)
    assert the_title(elementary).left_out == left_out


def test_a_list_of_more_titles_than_one_statement_takes_arrives(library, now):
    """psycopg sends at most 65,535 values with a statement, and a list has up to 50,000 titles."""
    by_feed(library, now, parsed("Holes"))
    with writing() as session:
        title = session.get_one(Title, number_of("Holes"))
        title.left_out, title.baseline = COMING, True
        session.flush()
        aside.are_news(session, session.get_one(Library, library.id), range(1, 70_000))
    found = the_title(library)
    assert (found.left_out, found.baseline) == (OFFERED, False)
