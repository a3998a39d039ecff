"""For whom is a title, and what a library with those readers does with it."""

import pytest
from sqlalchemy import select

from outreach import clock
from outreach.db import db, writing
from outreach.models import DigestRule, Library, Title
from outreach.titles import correct, rules
from outreach.titles.queries import news
from outreach.titles.shelf import Wanted, look
from outreach.titles.standing import FILTER, OFFERED, OLDER, UNMARKED, Readers
from tests.titles.brought import by_feed, by_list, parsed, the_title


@pytest.fixture
def library(cast):
    return cast.library


def for_grades(library, grades, *older_shelves):
    with writing() as session:
        row = session.get_one(Library, library.id)
        row.grades, row.older_shelves = grades, list(older_shelves)


@pytest.fixture
def rule(cast, now):
    rules.add(cast.library, cast.decider, now)
    return db.session.scalar(select(DigestRule))


def offered(rule):
    db.session.rollback()
    return [t.title for t in news(db.session(), rule, clock.now())]


def shown(library, show):
    return [t.title for t in look(db.session(), library, Wanted(show=show)).titles]


@pytest.mark.parametrize(
    ("grades", "grade", "stands"),
    [
        ("k5", -1, OFFERED),
        ("k5", 5, OFFERED),
        ("k5", 6, OLDER),
        ("k5", 13, OLDER),
        ("k5", None, UNMARKED),
        ("68", 0, OFFERED),
        ("68", 8, OFFERED),
        ("68", 9, OLDER),
        ("68", None, OFFERED),
        ("912", 12, OFFERED),
        ("912", 13, OLDER),
        ("912", None, OFFERED),
        ("all", 13, OFFERED),
        ("all", None, OFFERED),
    ],
)
def test_a_grade_stands_against_the_grades_of_the_library(grades, grade, stands):
    assert Readers(grades).left_out(parsed("Holes", grade=grade)) == stands


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ({"audience": "Young adult"}, OLDER),
        ({"audience": "Ages 8-12"}, OFFERED),
        ({"call_number": "FIC YA SAC"}, OLDER),
        ({"call_number": "E SAC"}, UNMARKED),
        ({"audience": "Everybody who reads"}, UNMARKED),  # nothing that we can read
        ({"audience": "   "}, UNMARKED),
        ({"audience": "UG"}, OLDER),  # upper grades
        ({"audience": "MG+"}, OLDER),
        ({"audience": "LG"}, OFFERED),
        ({"audience": "Grades 9-12"}, OLDER),
        ({"grade": 3, "audience": "Young adult"}, OFFERED),  # what the record counts goes before its words
    ],
)
def test_in_an_elementary_library_its_own_words_decide(said, stands):
    assert Readers("k5").left_out(parsed("Holes", **said)) == stands


@pytest.mark.parametrize(
    ("of_feed", "of_title", "stands"),
    [("Grades 3-5", "", OFFERED), ("Young adult", "", OLDER), ("Young adult", "Ages 6-8", OFFERED), ("", "", UNMARKED)],
)
def test_the_audience_of_a_feed_is_that_of_titles_that_say_nothing(of_feed, of_title, stands):
    assert Readers("k5").left_out(parsed("Holes", audience=of_title), of_feed) == stands


@pytest.mark.parametrize(
    ("call_number", "stands"),
    [
        ("YA SAC", OLDER),
        ("FIC YA SAC", OLDER),
        ("ya.sac", OLDER),
        ("TEEN-ROOM 1", OLDER),
        ("YAK 1", OFFERED),
        ("", OFFERED),
    ],
)
def test_shelves_for_older_readers_are_known_by_whole_words(call_number, stands):
    readers = Readers("68", ["YA", "Teen Room"])
    assert readers.left_out(parsed("Holes", call_number=call_number, grade=4)) == stands


def test_a_library_for_everybody_keeps_its_shelves_for_nobody():
    assert Readers("all", ["YA"]).left_out(parsed("Holes", call_number="YA SAC")) == OFFERED


def test_what_is_for_older_readers_is_left_out_and_listed_until_a_person_adds_it(cast, library, rule, now):
    for_grades(library, "k5")
    by_feed(library, now, parsed("Holes", grade=3), parsed("Twilight", grade=9))
    assert offered(rule) == ["Holes"]
    assert shown(library, "older") == ["Twilight"]
    twilight = db.session.scalar(select(Title.id).where(Title.title == "Twilight"))
    correct.let_in(twilight, cast.author, now)
    assert set(offered(rule)) == {"Holes", "Twilight"}
    assert shown(library, "older") == []


def test_what_a_person_added_stays_added(cast, library, rule, now):
    for_grades(library, "k5")
    twilight = parsed("Twilight", grade=9)
    by_feed(library, now, twilight)
    correct.let_in(the_title(library).id, cast.author, now)
    by_feed(library, now, twilight)
    by_list(library, now, twilight)
    assert offered(rule) == ["Twilight"]


def test_an_unmarked_title_waits_in_an_elementary_library_for_one_click(cast, library, rule, now):
    for_grades(library, "k5")
    by_feed(library, now, parsed("Holes"), parsed("Wonder"), parsed("Twilight", grade=9))
    assert (offered(rule), shown(library, "unmarked")) == ([], ["Holes", "Wonder"])
    correct.let_in_unmarked(library.id, cast.author, now)
    assert set(offered(rule)) == {"Holes", "Wonder"}
    assert shown(library, "older") == ["Twilight"]


def test_one_click_of_one_library_lets_nothing_into_another(cast, now):
    for library in (cast.library, cast.other):
        for_grades(library, "k5")
        by_feed(library, now, parsed("Holes"))
    correct.let_in_unmarked(cast.library.id, cast.author, now)
    assert the_title(cast.other).left_out == UNMARKED


def test_a_list_of_what_is_coming_waits_and_a_feed_that_has_it_lets_it_in(library, rule, now):
    by_list(library, now, parsed("Holes", "9780141321066"), purpose="coming")
    assert (offered(rule), shown(library, "coming")) == ([], ["Holes"])
    by_feed(library, now, parsed("Holes", "9780141321066"))
    assert (offered(rule), shown(library, "coming")) == (["Holes"], [])


def test_what_is_coming_stays_out_if_it_is_for_older_readers(library, rule, now):
    for_grades(library, "k5")
    by_list(library, now, parsed("Twilight", "9780316015844"), purpose="coming")
    by_feed(library, now, parsed("Twilight", "9780316015844", grade=9))
    assert (offered(rule), the_title(library).left_out) == ([], OLDER)


def test_what_a_filter_drops_is_not_shown_among_all(library, now):
    by_feed(library, now, parsed("Jigsaw"), parsed("Holes"), without=["jigsaw"])
    assert (shown(library, ""), shown(library, "hidden")) == (["Holes"], ["Jigsaw"])
    assert db.session.scalar(select(Title.left_out).where(Title.title == "Jigsaw")) == FILTER
