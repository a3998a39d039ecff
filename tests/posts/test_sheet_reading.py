"""Tables of posts and of questions: columns, days, times, choices, as people write them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.posts.sheet_cells import Desk
from outreach.posts.sheet_columns import NAMES, bare, columns_of, header, name_of, neutral
from outreach.posts.sheet_dates import day_first, plain, read_day, read_time, split_time
from outreach.posts.sheet_fields import read_value, said_value
from outreach.posts.sheet_posts import post_rows
from outreach.posts.sheet_questions import question_rows
from outreach.words import NotDone

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "by_day", "day"),
    [
        ("2026-12-01", False, (2026, 12, 1)),
        ("12/1/2026", False, (2026, 12, 1)),
        ("1/12/26", True, (2026, 12, 1)),
        ("1.12.2026", True, (2026, 12, 1)),
        ("Tue 12/1", False, (2026, 12, 1)),
        ("Dec 1, 2026", False, (2026, 12, 1)),
        ("Tuesday, December 1st 2026", False, (2026, 12, 1)),
        ("1 de diciembre de 2026", True, (2026, 12, 1)),
        ("martes 1 de diciembre", True, (2026, 12, 1)),
        ("Mar 3", False, (2027, 3, 3)),
        ("1/3", False, (2027, 1, 3)),
        ("2/30/2026", False, None),
        ("next week", False, None),
        ("13/13/2026", True, None),
        ("", False, None),
    ],
)
def test_days_are_read_as_people_write_them(cell, by_day, day):
    assert read_day(cell, by_day, TODAY) == (date(*day) if day else None)


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("9:00", "09:00"), ("09:00:00", "09:00"), ("9 am", "09:00"), ("9:30 PM", "21:30"), ("12 a.m.", "00:00"),
        ("12 pm", "12:00"), ("14h", "14:00"), ("14h30", "14:30"), ("14.30", "14:30"), ("noon", "12:00"),
        ("9 p. m.", "21:00"), ("25:00", None), ("9", None), ("13 pm", None), ("soon", None),
    ],
)  # fmt: skip
def test_times_are_read_as_people_write_them(cell, time):
    assert read_time(cell) == time


def test_one_cell_may_have_both():
    assert split_time("2026-11-24 09:00") == ("2026-11-24", "09:00")
    assert split_time("11/24/2026 2:30 PM") == ("11/24/2026", "2:30 PM")
    assert split_time("November 24") == ("November 24", "")
    assert split_time("24.11.2026") == ("24.11.2026", "")


@pytest.mark.parametrize(
    ("cells", "usual", "judged"),
    [
        (["3/4/2027", "13/4/2027"], False, (True, True)),
        (["3/4/2027", "4/13/2027"], True, (False, True)),
        (["3/4/2027", "5/6/2027"], True, (True, False)),
        (["3/4/2027", "5/6/2027"], False, (False, False)),
        (["2027-04-13"], False, (False, False)),
    ],
)
def test_day_or_month_first_is_judged_by_the_whole_column(cells, usual, judged):
    assert day_first(cells, usual) == judged


@given(st.dates(date(2025, 1, 1), date(2030, 1, 1)), st.booleans())
def test_a_day_in_any_order_is_read_back(day, by_day):
    numbers = f"{day.day}/{day.month}/{day.year}" if by_day else f"{day.month}/{day.day}/{day.year}"
    assert read_day(numbers, by_day, TODAY) == read_day(day.isoformat(), by_day, TODAY) == day


@given(st.text(max_size=60))
def test_whatever_stands_in_a_cell_is_no_crash(text):
    read_day(text, True, TODAY)
    read_time(text)
    split_time(text)
    assert bare(neutral(text.strip())) == text.strip() or text.strip().startswith(("'", " "))
    assert not neutral(text).lstrip(" ").startswith(("=", "+", "-", "@"))


@given(st.recursive(st.none() | st.booleans() | st.integers(-999, 999) | st.text("ab[{1.\"'-", max_size=8),
                    lambda inner: st.lists(inner, max_size=3)))  # fmt: skip
def test_a_field_in_a_cell_is_read_back(value):
    if value is not None and value != "":
        assert json.dumps(read_value(said_value(value, "UTC"))) == json.dumps(value)


@pytest.mark.parametrize("language", [0, 1])
def test_columns_are_found_by_their_names_in_both_languages(language):
    for field, both in NAMES.items():
        for name in both[language].split("|"):
            found = columns_of([["Words", f" {name.upper()}: "]], needed="words")
            assert field == "words" or found.fields[field] == 1, name


def test_no_name_stands_for_two_columns():
    names = [plain(name) for both in NAMES.values() for names in both for name in names.split("|")]
    assert [name for name in names if names.count(name) > 1] == []


def test_a_heading_above_the_header_is_passed_over():
    columns = columns_of([["Trivia for spring"], [], ["Fecha", "Pregunta", "Opción A"], ["1/2", "¿?", "x"]])
    assert (columns.first, columns.fields) == (3, {"date": 0, "words": 1, "a": 2})
    assert columns_of([["Name", "Street"]]) is None
    assert header("Alt-text:") == "alt text"
    assert name_of("date", "es") == "Fecha"


QUESTIONS = [
    (1, ["Question", "A", "B", "C", "D", "Answer", "Explanation", "Hint"]),
    (2, ["Which is a fish?", "Whale", "Carp", "", "", "B", "Gills.", "Ponds."]),
    (3, ["And this?", "Eel", "", "Bat", "", "c", "", ""]),
    (4, ["By its words?", "Yes", "No", "", "", "no", "", ""]),
    (5, ["By its number?", "Yes", "No", "", "", "2)", "", ""]),
    (6, ["No answer?", "Yes", "No", "", "", "E", "", ""]),
    (7, ["which is  a fish?", "Whale", "Carp", "", "", "B", "", ""]),
]


def test_questions_are_read_with_their_right_choice():
    rows = question_rows(QUESTIONS)
    assert [(r.asked.words, r.asked.right) for r in rows[:4]] == [
        ("Which is a fish?", 1), ("And this?", 1), ("By its words?", 1), ("By its number?", 1),
    ]  # fmt: skip
    assert rows[0].asked.explanation == "Gills."
    assert rows[0].asked.hint == "Ponds."
    assert [str(p) for p in rows[4].problems] == ["Say which choice is the right one."]
    assert rows[5].known
    in_one = question_rows([(1, ["Pregunta", "Opciones", "Respuesta"]), (2, ["¿Cuál?", "Uno | Dos", "dos"])])
    assert (list(in_one[0].asked.choices), in_one[0].asked.right) == (["Uno", "Dos"], 1)
    assert question_rows(QUESTIONS, ["WHICH is a fish?"])[0].known
    with pytest.raises(NotDone, match="called Question"):
        question_rows([(1, ["Title", "Author"])])


def desk(**more) -> Desk:
    return Desk(**{
        "zone": "America/Chicago", "now": NOW, "by_day": False, "places": {"facebook": 1, "maple, main": 2},
        "usual_places": [1], "pictures": {"tent.jpg": 7}, "usual_time": lambda day, kind: "12:00",
        "closed": lambda day: "Thanksgiving" if day == date(2026, 11, 26) else None,
    } | more)  # fmt: skip


def read(header: str, *rows: str, **more):
    table = [(n, line.split("\t")) for n, line in enumerate((header, *rows), 1)]
    return post_rows(table, desk(**more))


def test_a_row_becomes_a_post():
    (row,) = read(
        "Date\tTime\tWords\tLink\tPlaces\tPicture\tAlt text\tWords for Facebook",
        "12/15/2026\t2 pm\tFair today\tschool.org/fair\tFacebook; Maple, main\ttent.jpg\tA tent\tShort",
    ).rows
    assert row.stops == row.hints == []
    w = row.written
    assert (w.kind, w.words, w.link, w.accounts) == (
        "news",
        "Fair today",
        "https://school.org/fair",
        {1: "Short", 2: ""},
    )
    assert (w.media, w.timing, w.wished_at) == ([(7, "A tent")], "at", datetime(2026, 12, 15, 20, tzinfo=UTC))


def test_choices_make_it_trivia():
    (row,) = read("Date\tWords\tA\tB\tAnswer\tHow", "2026-12-15\tWhich?\tYes\tNo\tB\tTell us").rows
    assert row.written.kind == "trivia"
    assert row.written.fields == {"choices": ["Yes", "No"], "right": 1, "how": "Tell us"}


def test_an_event_has_its_own_day_and_time_and_its_name_from_the_words():
    head = "Date\tTime\tKind\tWords\tEvent day\tHora del evento\tEvent place"
    rows = read(head, "2026-12-09\t12:30\tEvent\tAuthor visit\t12/16/2026\t3:30 pm\tRoom 4",
                "2026-12-09\t12:30\tEvent\tTalk\tsoonish\tlate\t").rows  # fmt: skip
    w = rows[0].written
    assert (rows[0].stops, rows[0].hints, w.words) == ([], [], "")
    assert w.fields == {"name": "Author visit", "day": "2026-12-16", "clock": "15:30", "place": "Room 4"}
    assert w.wished_at == datetime(2026, 12, 9, 18, 30, tzinfo=UTC)
    assert ["soonish" in rows[1].stops[0], "late" in rows[1].stops[1]] == [True, True]
    (bare_row,) = read("Date\tKind\tWords", "2026-12-09\tEvent\tAuthor visit\nCome!").rows
    assert (bare_row.written.fields["name"], bare_row.written.words) == ("Author visit", "Come!")
    assert "the columns Event day and Event time" in bare_row.hints[0]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("soonish\tHi\t\t", "“soonish” is no day"),
        ("2026-12-15 99:99\tHi\t\t", "is no day that we understand"),
        ("2026-11-20\tHi\t\t", "has passed"),
        ("2036-11-20\tHi\t\t", "three years away"),
        ("2026-12-15\t\t\t", "no words"),
        ("2026-12-15\tHi\tMySpace\t", "no place called “MySpace”"),
        ("2026-12-15\tHi\t\tpoem", "“poem” is no kind"),
        ("2026-12-15\tHi\t\tnovedades", "comes from the catalog"),
    ],
)
def test_what_stops_a_row_is_said(row, said):
    (found,) = read("Date\tWords\tPlaces\tKind", row).rows
    assert said in " ".join(found.stops)


def test_what_is_only_worth_knowing_stops_nothing():
    rows = read("Date\tWords\tPicture\tShoe size", "11/26/2026\tHi\tcat.png\t42", "\tLater\t\t").rows
    assert [row.stops for row in rows] == [[], []]
    assert [str(h) for h in rows[0].hints] == [
        "The library is closed on that day: Thanksgiving.",
        "The picture “cat.png” is not here: a draft, until you add it.",
    ]  # fmt: skip
    assert "Without a date" in rows[1].hints[0]
    assert read("Words\tShoe size", "Hi\t42").unknown == ["shoe size"]


def test_the_same_row_is_taken_once_and_dates_that_can_be_read_in_two_ways_are_asked_about():
    table = read("Date\tWords", "3/4/2027\tHi", "3/4/2027\tHi")
    assert "The same stands in row 2." in table.rows[1].stops
    assert (table.by_day, table.is_sure) == (False, False)
    assert read("Date\tWords", "3/3/2027\tHi").is_sure
    assert read("Date\tWords", "2027-03-04\tHi").is_sure
    said = post_rows([(1, ["Date", "Words"]), (2, ["3/4/2027", "Hi"])], desk(), by_day=True)
    assert said.rows[0].written.wished_at.month == 4
