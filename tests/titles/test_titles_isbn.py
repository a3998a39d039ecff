from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean, isbn

from outreach.titles.isbn import isbns_in, isbns_labelled, to_isbn13

thirteen = st.builds(
    lambda prefix, rest: prefix + rest + ean.calc_check_digit(prefix + rest),
    st.sampled_from(["978", "979"]),
    st.text("0123456789", min_size=9, max_size=9),
)
ten = thirteen.filter(lambda number: number.startswith("978")).map(lambda number: isbn.to_isbn10(number))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0061020702 (pbk.) :", "9780061020704"),
        ("URN:ISBN:0061020702 (electronic bk.)", "9780061020704"),
        ("978-0-545-93518-0", "9780545935180"),
        ("978 0 545 93518 0", "9780545935180"),
        ("978‐0‐545‐93518‐0", "9780545935180"),
        ("080442957X", "9780804429573"),
        ("0-8044-2957-x (hardcover : alk. paper)", "9780804429573"),
        ("979-3062-79-7", "9789793062792"),  # ten digits that begin like thirteen
        ("'9780061020704", "9780061020704"),
        ("9780061020705", None),
        ("1234567890", None),
        ("00610207021", None),
        ("", None),
    ],
)
def test_one_isbn(text, number):
    assert to_isbn13(text) == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("ISBN:0061020702 (pbk.) | 9780061020704 (pbk.)", ["9780061020704"]),
        ("ISBN 0061020702, 0-8044-2957-X", ["9780061020704", "9780804429573"]),
        ("ISBN-13: 978-0-06-222573-3", ["9780062225733"]),
        ("ISBN-10 0-06-102070-2", ["9780061020704"]),
        ("ISBN\xa09780590353427", ["9780590353427"]),
        ("isbn=978-0-545-93518-0/SC.GIF&client=anytown", ["9780545935180"]),
        ("bookcover.php?id=3b1f&isn=0061020702", ["9780061020704"]),
        ("isbn=/SC.GIF&x=0061020702", []),
        ("call 0061020702 now", []),
        ("basin=0061020702", []),
        ("b 9780062225733, then ISBN 0061020702", ["9780062225733", "9780061020704"]),
        ("59780061020704 97800610207041", []),
        ("pages 277 9780061020704", ["9780061020704"]),
    ],
)
def test_isbns_in_text(text, numbers):
    assert isbns_in(text) == numbers


def test_labelled_leaves_bare_numbers_alone():
    assert isbns_labelled("9780062225733, ISBN 0061020702") == ["9780061020704"]


@given(thirteen)
def test_thirteen_digits_stay_themselves(number):
    assert to_isbn13(number) == number
    assert isbns_in(f"see {number}.") == [number]
    assert to_isbn13(isbn.format(number)) == number


@given(ten)
def test_ten_digits_count_only_with_their_label(number):
    assert to_isbn13(number) == isbn.to_isbn13(number)
    assert isbns_in(f"ISBN {number} (pbk.)") == [isbn.to_isbn13(number)]
    assert isbns_in(f"shelf {number} (pbk.)") == []


@given(st.text())
def test_all_that_is_found_is_valid_and_found_once(text):
    found = isbns_in(text)
    assert len(found) == len(set(found))
    assert all(isbn.is_valid(number) and len(number) == 13 for number in found)


@given(st.text("0123456789Xx-ISBNisbn=:| ()", max_size=300))
def test_the_same_of_text_like_isbns(text):
    assert all(isbn.is_valid(number) for number in [*isbns_in(text), *isbns_labelled(text)])
    assert set(isbns_labelled(text)) <= set(isbns_in(text))
