from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outreach.titles.audience import grade_in, grade_of_008, grade_of_note, is_shelved_for_older, lowest_grade


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("Ages 8-12", 3),
        ("Ages 8-12.", 3),
        ("For ages 8 to 12", 3),
        ("Aged 5", 0),
        ("ages: 3-5", -1),
        ("Age 14+", 9),
        ("Ages 6 months-3 years", -1),
        ("6-18 months", -1),
        ("8 and up", 3),
        ("12 & up.", 7),
        ("18+", 13),
        ("10-14 years", 5),
        ("12 yrs and over", 7),
        ("9 year olds", 4),
        ("not for children under 3", -1),
        ("Not suitable for anybody under the age of 15", 10),
        ("Grades 3-5", 3),
        ("Grade 10", 10),
        ("Grade K", 0),
        ("Gr. 7 up", 7),
        ("gr 4-6", 4),
        ("Grades K-3", 0),
        ("3rd-5th grade", 3),
        ("Reading level: 4.5", 4),
        ("RL 2", 2),
        ("K-3", 0),
        ("K–12", 0),
        ("K & up", 0),
        ("K+", 0),
        ("Pre-K", -1),
        ("PreK-2", -1),
        ("Preschool", -1),
        ("Preschool-grade 2", -1),
        ("Kindergarten", 0),
        ("Lower elementary", 0),
        ("Upper elementary", 3),
        ("Elementary (grades 3-5)", 3),
        ("Middle grades", 4),
        ("Middle school", 6),
        ("Junior high", 7),
        ("Junior high school", 7),
        ("High school", 9),
        ("YA", 7),
        ("FIC YA PRA", 7),
        ("Young adult", 7),
        ("Young Adults / Adult", 7),
        ("Teen", 7),
        ("Teens & adults", 7),
        ("Preteen", 4),
        ("Juvenile", 0),
        ("Children", 0),
        ("Children's books, ages 10-12", 5),
        ("Picture book", -1),
        ("Easy", 0),
        ("Adult", 13),
        ("General adult", 13),
        ("ADULTS ONLY", 13),
        ("Adolescent", 9),
        ("Pre-adolescent", 4),
        ("Year 7", 6),
        ("Years 7-9", 6),
        ("Year 1", 0),
        ("Key stage 3", 6),
        ("KS2", 2),
    ],
)
def test_what_a_text_says(text, grade):
    assert grade_in(text) == grade
    assert grade_in(text.upper()) == grade


@pytest.mark.parametrize(
    "text",
    [
        *("", "Yankee", "A tale of adultery", "thirteen days", "uneasy", "General", "All ages", "3.1", "8-12", "2009"),
        *("Year 2009", "K", "JK Rowling", "K-pop", "not for adults", "Not suitable for children", "750L", "Grade 47"),
        *("Mayan", "FIC PRA", "741.5 CRA", "Stage 3", "Villages 8", "upgrade 3", "Ages 999"),
    ],
)
def test_what_names_no_grade(text):
    assert grade_in(text) is None


def test_who_is_denied_says_nothing_beside_who_is_meant():
    assert grade_in("Teens. Not for children.") == 7


@pytest.mark.parametrize(
    ("text", "indicator", "grade"),
    [
        ("3.1", "0", 3),
        ("K.5", "0", 0),
        ("RL: 4.2", "0", 4),
        ("012+.", "1", 7),
        ("8-12", "1", 3),
        ("Ages 8-12.", "1", 3),
        ("Grades 3-5", "1", 3),
        ("7 & up.", "2", 7),
        ("K-3", "2", 0),
        ("PK-2", "2", -1),
        ("5-8", "2", 5),
        ("Preschool", "2", -1),
        ("8 and up", " ", 3),
        ("8-12", " ", None),
        ("Young adult", "8", 7),
        ("750L", "8", None),
        ("Grades 3-5, vision impaired", "3", None),
        ("Highly motivated teens", "4", None),
        ("47", "2", None),
    ],
)
def test_a_bare_number_is_what_the_indicator_says(text, indicator, grade):
    assert grade_of_note(text, indicator) == grade


@pytest.mark.parametrize(
    ("code", "grade"),
    [*zip("abcdej", (-1, 0, 4, 9, 13, 0), strict=True), *((code, None) for code in ("f", "g", "|", " ", "", "é"))],
)
def test_the_code_of_008(code, grade):
    assert grade_of_008(code) == grade


@pytest.mark.parametrize(
    ("notes", "code", "call_number", "grade"),
    [
        ([("0", "3.1"), ("1", "12+")], "j", None, 7),  # an easy text about what is not for the small
        ([("0", "3.1")], "d", None, 9),
        ([("0", "3.1")], "g", "YA FIC", 7),
        ([("0", "3.1")], "g", "FIC PRA", 3),
        ([("1", "8-12"), ("2", "3-7")], "e", None, 3),
        ([(" ", "750L")], "j", None, 0),
        ([], "|", None, None),
    ],
)
def test_interest_counts_before_the_code_and_the_code_before_the_reading_level(notes, code, call_number, grade):
    assert lowest_grade(notes, code, call_number) == grade


@pytest.mark.parametrize(
    ("call_number", "prefixes", "older"),
    [
        ("YA FIC PRA", ["YA"], True),
        ("ya fic pra", ["YA"], True),
        ("FIC YA PRA", ["YA"], True),
        ("FIC-YA/PRA", ["FIC YA"], True),
        ("HS 512 ABC", ["YA", "HS"], True),
        ("PB HS 512", ["HS"], True),
        ("FIC YAN", ["YA"], False),
        ("YANKEE", ["YA"], False),
        ("FIC PRA", ["FIC YA"], False),
        ("S FIC PRA", ["S"], True),
        ("FIC S", ["S"], False),  # a cutter
        ("FIC PRA", ["", "  ", "--"], False),
        ("", ["YA"], False),
        ("FIC YA", [], False),
    ],
)
def test_shelved_for_older(call_number, prefixes, older):
    assert is_shelved_for_older(call_number, prefixes) is older


@given(st.text(alphabet="0123456789 -+.kKyYaAgGrR²٣é", max_size=30) | st.text(max_size=60), st.sampled_from("0123 8é"))
@example("²+", "1")
@example("grade ²", "0")
def test_any_text_gives_a_grade_or_none(text, indicator):
    for grade in (grade_in(text), grade_of_note(text, indicator)):
        assert grade is None or -1 <= grade <= 13
