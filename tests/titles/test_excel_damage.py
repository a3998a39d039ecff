from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean, isbn

from outreach.titles.files.csv_out import neutral
from outreach.titles.files.excel_damage import repair

HOLES = "9780440414803"
thirteen = st.text("0123456789", min_size=9, max_size=9).map(lambda t: f"978{t}{ean.calc_check_digit('978' + t)}")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (HOLES, HOLES),
        (f"{HOLES}.0", HOLES),
        (f"'{HOLES}", HOLES),
        (f'="{HOLES}"', HOLES),
        (f"={HOLES}", HOLES),
        ("9,780,440,414,803", HOLES),
        ("9.780.440.414.803", HOLES),
        ("9 780 440 414 803", HOLES),
        ("978-0-440-41480-3 (pbk.) : $6.99", HOLES),
        ("ISBN-13: 978-0-440-41480-3", HOLES),
        ("v. 2 0061020702", "9780061020704"),
        ("9.780440414803E+12", HOLES),
        ("780440414803", HOLES),
        ("61020702", "9780061020704"),
        ("61020702.0", "9780061020704"),
        ("61,020,702", "9780061020704"),
        ("80442957x", "9780804429573"),
        ("080442957x", "9780804429573"),
    ],
)
def test_what_the_check_digit_proves_is_mended(cell, number):
    assert (repair(cell).isbn13, repair(cell).sentence) == (number, None)


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("9.78044E+12", "as text"),
        ("9,78044E+12", "as text"),
        ("6.1E+07", "as text"),
        ("978044041480", "12 digits"),
        ("61020703", "8 digits"),
        ("9780440414804", "one of its digits is wrong"),
        ("0804429570", "one of its digits is wrong"),
        ("036000291452", "barcode"),
        ("32123001234567", "barcode"),
        ("LCCN 2002-1234", "is not an ISBN"),
    ],
)
def test_what_is_lost_is_named(cell, word):
    assert repair(cell).isbn13 is None
    assert word in (repair(cell).sentence or "")
    assert cell in (repair(cell).sentence or "")


@pytest.mark.parametrize("cell", ["", " ", "none", "n/a", "0", "0.0", "-", "#N/A", "'"])
def test_where_nothing_was_written_nothing_is_wrong(cell):
    assert (repair(cell).isbn13, repair(cell).sentence) == (None, None)


@pytest.mark.parametrize("between", ["; ", " ; ", ", ", " | ", "\n", " (pbk.) ", " hbk. ", "/"])
def test_two_isbns_in_a_cell(between):
    read = repair(f"9780440414803{between}9780439023481 (hbk.)")
    assert (read.isbn13, read.others) == ("9780440414803", ("9780439023481",))


def test_two_forms_of_one_isbn_are_one():
    assert repair("0440414806 9780440414803").others == ()


@given(thirteen)
def test_zeros_that_were_lost_come_back(number):
    ten = isbn.to_isbn10(number)
    lost = ten.lstrip("0")
    assert len(lost) < 7 or repair(lost).isbn13 == number


@given(st.text(alphabet="0123456789Ee+.,- '\"=Xx()", max_size=40))
def test_only_valid_isbns_come_out(cell):
    read = repair(cell)
    assert all(isbn.is_valid(number) and len(number) == 13 for number in (read.isbn13, *read.others) if number)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_no_spreadsheet_calculates_our_cells(cell):
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Holes", "9780440414803", "a=b", "'Salem's Lot", "24/7"])
def test_other_cells_stay_as_they_are(cell):
    assert neutral(cell) == cell
