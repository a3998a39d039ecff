"""Lists of ISBNs, pasted and scanned: what is one, what is none and why, and what must not be kept."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.titles.files.isbn_list import (
    A_MAGAZINE,
    A_PRODUCT,
    MOST,
    NO_NUMBER,
    OWN_LABEL,
    REPEATED,
    WRONG_DIGIT,
    read_isbns,
)
from outreach.titles.files.lists import MOST_TROUBLES
from outreach.titles.isbn import to_isbn13
from outreach.words import NotDone

SAMPLE = (Path(__file__).parents[1] / "data" / "lists" / "isbns.txt").read_text("utf-8")
LIGHT, KID, GAMES = "9780061020704", "9780062225733", "9780439023481"
PATRON = "21234000010064"


def isbns(text: str) -> list[str]:
    return [isbn for _, isbn in read_isbns(text).isbns]


def reason(line: str) -> str:
    (trouble,) = read_isbns(line).troubles
    return trouble.sentence


def adds_up(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def with_check(twelve: str) -> str:
    return twelve + str(-adds_up(twelve, (1, 3) * 6) % 10)


def as_ten(isbn13: str) -> str:
    rest = -adds_up(isbn13[3:12], tuple(range(10, 1, -1))) % 11
    return isbn13[3:12] + ("X" if rest == 10 else str(rest))


NINE = st.from_regex("[0-9]{9}", fullmatch=True)
ISBN = st.builds(lambda start, rest: with_check(start + rest), st.sampled_from(["978", "979"]), NINE)


def test_the_sample_six_are_good_one_of_them_twice_and_three_are_rejected_by_name():
    read = read_isbns(SAMPLE)
    assert read.isbns == (
        (2, LIGHT),
        (3, KID),
        (3, "9780064404990"),
        (4, "9780804429573"),
        (5, GAMES),
    )
    assert [(trouble.number, trouble.sentence) for trouble in read.troubles] == [
        (5, REPEATED),
        (6, "This is no ISBN: an ISBN has 10 or 13 digits, this has 12."),
        (7, WRONG_DIGIT),
        (8, OWN_LABEL),
    ]
    assert [trouble.text for trouble in read.troubles[1:]] == [
        "978043902348 (one digit short)",
        "9780439023482 (bad check digit)",
        "31234567890123 (a barcode)",
    ]
    assert read.total == 8


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param(f"]E0{LIGHT}", [LIGHT], id="with the name of its kind"),
        pytest.param(f"]E0{LIGHT}\n]E0{KID}\n", [LIGHT, KID], id="each with the name of its kind"),
        pytest.param(f"A{LIGHT}", [LIGHT], id="with a letter of the vendor"),
        pytest.param(f"{LIGHT}50799", [LIGHT], id="with the price"),
        pytest.param(f"{LIGHT} 50799", [LIGHT], id="with the price apart"),
        pytest.param(f"]E3{LIGHT}50799", [LIGHT], id="with its kind and the price"),
        pytest.param(f"{LIGHT}05", [LIGHT], id="with two more digits"),
        pytest.param(LIGHT + KID, [LIGHT, KID], id="two without an Enter"),
        pytest.param(f"{LIGHT} {KID}", [LIGHT, KID], id="spaces between"),
        pytest.param(f"{LIGHT}\t{KID}\t", [LIGHT, KID], id="Tab and not Enter"),
        pytest.param(f"{LIGHT};{KID}|{GAMES}", [LIGHT, KID, GAMES], id="semicolon and bar"),
        pytest.param(f"{LIGHT}\r\n{KID}\r\n", [LIGHT, KID], id="lines of Windows"),
        pytest.param(f"{LIGHT}\r{KID}", [LIGHT, KID], id="lines of old Macs"),
        pytest.param(f"\0{LIGHT}\0\n\0", [LIGHT], id="NULs around"),
        pytest.param(f"9780061\x00020704\n{KID}", [LIGHT, KID], id="NULs within"),
        pytest.param("\N{BYTE ORDER MARK}" + LIGHT, [LIGHT], id="byte order mark"),
        pytest.param("0-8044-2957-x", ["9780804429573"], id="small x"),
        pytest.param("978–0–06–222573–3", [KID], id="dashes"),
        pytest.param("978 0 06 222573 3", [KID], id="spaced"),
        pytest.param("ISBN-13: 978-0-06-222573-3 (hbk.) $12.99", [KID], id="out of a record"),
        pytest.param(f"3 {LIGHT}", [LIGHT], id="a number of copies before it"),
        pytest.param(f"{LIGHT} 1", [LIGHT], id="a number of copies behind it"),
    ],
)
def test_scanners_and_people_write_them_in_many_ways(typed, found):
    assert isbns(typed) == found


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("9780061020705", WRONG_DIGIT),
        ("0061020703", WRONG_DIGIT),
        ("]E09780061020705", WRONG_DIGIT),
        ("31234000010064", OWN_LABEL),
        ("3 1234 00001 0064", OWN_LABEL),
        (PATRON, OWN_LABEL),
        ("036000291452", A_PRODUCT),
        ("0036000291452", A_PRODUCT),
        ("9771234567003", A_MAGAZINE),
        ("977123456700312", A_MAGAZINE),
        ("12345678", "This is no ISBN: an ISBN has 10 or 13 digits, this has 8."),
        ("978006102070550799", "This is no ISBN: an ISBN has 10 or 13 digits, this has 18."),
        ("9780061020705" + KID, "This is no ISBN: an ISBN has 10 or 13 digits, this has 26."),
        ("The light fantastic", NO_NUMBER),
    ],
)
def test_a_line_that_is_left_out_says_why(line, why):
    assert isbns(f"{GAMES}\n{line}") == [GAMES]
    assert reason(f"{GAMES}\n{line}") == why


@pytest.mark.parametrize(
    "line",
    [
        PATRON,
        f"{PATRON} (Ana)",
        f"A{PATRON}B",
        f"]A0{PATRON}",
        "2 1234 00001 0064",
        "21234-00001-0064",
        f"{GAMES} {PATRON}",
        f"{GAMES}\t{PATRON}",
        "P 12345",
        "P12345",
    ],
)
def test_of_a_patrons_label_no_digit_is_kept(line):
    """It says who borrows; a list of books is stored, and shown to colleagues."""
    read = read_isbns(f"{GAMES}\n{line}")
    (trouble,) = read.troubles
    digits = "".join(filter(str.isdecimal, trouble.text.replace(GAMES, "")))
    assert len(digits) < 4, trouble.text


def test_an_items_label_is_shown_so_that_it_can_be_found_on_the_pile():
    (trouble,) = read_isbns("31234000010064").troubles
    assert trouble.text == "31234000010064"


REPORT = """\
Title/Copy List                               11/24/2026   Page 1
Maple Street School Library

Call Number   Title / Author                               Barcode         Status
FIC PRA       The light fantastic / Pratchett, Terry       31234000010064  Available
              ISBN: 0-06-102070-2 (pbk.)   LCCN 12345678
741.5 CRA     New kid / Craft, Jerry                       31234000010072  Checked Out  1
              ISBN: 978-0-06-222573-3 (hbk.)  $21.99
E 123         No number here                               31234000010080  Available
Total: 3 titles, 3 copies
"""


def test_isbns_are_found_in_the_text_of_a_report():
    assert read_isbns(REPORT).isbns == ((6, LIGHT), (8, KID))


@given(st.integers(4, 60).filter(lambda n: n not in (10, 13)), st.data())
def test_no_isbn_is_looked_for_within_a_longer_number(length, data):
    digits = data.draw(st.from_regex(f"[0-9]{{{length}}}", fullmatch=True))
    glued = {digits[:13], digits[13:]} if length in (15, 18, 26) else set()
    assert set(isbns(digits)) <= glued


@given(ISBN, st.from_regex("[0-9]{1,9}", fullmatch=True))
def test_an_isbn_within_a_longer_number_is_none_but_for_a_price(isbn, more):
    assert isbns(more + isbn) in ([], [more + isbn[:13 - len(more)]], [to_isbn13(more + isbn)])  # fmt: skip
    assert isbns(isbn + more) == ([isbn] if len(more) in (2, 5) else [])


@given(st.from_regex("[23][0-9]{12}", fullmatch=True))
def test_no_ten_digits_of_a_label_that_is_written_in_groups_are_an_isbn(thirteen):
    total = sum(int(d) for d in thirteen[1::2]) + sum(sum(divmod(2 * int(d), 10)) for d in thirteen[::2])
    label = thirteen + str(-total % 10)
    for at in ((1, 5, 10), (5, 10), (1, 5, 13), (5, 13)):
        cuts = [0, *at, 14]
        assert isbns(" ".join(label[a:b] for a, b in pairwise(cuts))) == []


@given(st.lists(ISBN, min_size=1, max_size=30, unique=True), st.sampled_from(["\n", "\t", ", ", " ", ";", "\r\n"]))
def test_all_are_found_once_in_their_order_whatever_is_between_them(some, between):
    assert isbns(between.join(some)) == some
    again = read_isbns(between.join([*some, *some]))
    assert [isbn for _, isbn in again.isbns] == some
    assert {trouble.sentence for trouble in again.troubles} == {REPEATED}


@given(ISBN.filter(lambda isbn: isbn.startswith("978")))
def test_ten_and_thirteen_digits_are_one_book(isbn):
    read = read_isbns(f"{as_ten(isbn)}\n{isbn}")
    assert (read.isbns, [trouble.sentence for trouble in read.troubles]) == (((1, isbn),), [REPEATED])


@given(st.text(max_size=300))
def test_whatever_is_pasted_each_line_is_an_isbn_or_has_its_reason(text):
    read = read_isbns(text)
    named = {number for number, _ in read.isbns} | {trouble.number for trouble in read.troubles}
    assert len(named) >= read.total - 1  # a heading needs no reason
    assert all(trouble.sentence for trouble in read.troubles)


def test_a_heading_is_no_isbn_that_went_wrong_and_a_word_further_down_is():
    read = read_isbns(f"New books for Monday:\n{LIGHT}\nand these\n{KID}")
    assert [(trouble.number, trouble.text) for trouble in read.troubles] == [(3, "and these")]


def many(count: int) -> list[str]:
    return [with_check(f"9781{n:08d}") for n in range(count)]


def test_as_many_as_are_looked_up_in_minutes_and_no_more():
    assert len(isbns("\n".join(many(MOST)))) == MOST
    with pytest.raises(NotDone, match=f"These are {MOST + 1} ISBNs. Paste at most {MOST} at once."):
        read_isbns("\n".join(many(MOST + 1)))


def test_a_hundred_thousand_lines_are_refused_in_seconds():
    began = time.monotonic()
    with pytest.raises(NotDone, match="These are 100000 ISBNs"):
        read_isbns("\n".join(many(100_000)))
    assert time.monotonic() - began < 20


def test_of_a_hundred_thousand_lines_that_are_wrong_a_thousand_are_named():
    read = read_isbns("\n".join([LIGHT, *["9780061020705"] * 100_000]))
    assert read.isbns == ((1, LIGHT),)
    assert (len(read.troubles), read.more) == (MOST_TROUBLES, 99_000)


@pytest.mark.parametrize(
    "line",
    [
        "9" * 1_000_000,
        "1 " * 500_000,
        "978-" * 250_000,
        "9780061020704" * 77_000,
        "isbn " * 200_000,
        "isbn(" * 200_000,
        "]E0" * 333_000,
        "P1 " * 333_000,
        "2" + " 1" * 500_000,
        "\0" * 1_000_000,
        "x" * 1_000_000,
    ],
    ids=lambda line: repr(line[:8]),
)
def test_a_line_of_a_megabyte_costs_little(line):
    began = time.monotonic()
    read = read_isbns(f"{GAMES}\n{line}")
    assert time.monotonic() - began < 10
    assert read.isbns[0] == (1, GAMES)
    assert all(len(trouble.text) <= 80 for trouble in read.troubles)


def test_more_than_anybody_types_is_refused_at_once():
    with pytest.raises(NotDone, match="This list is too long"):
        read_isbns("\n" * 6_000_000)
