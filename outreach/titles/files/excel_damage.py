"""What spreadsheets do to ISBNs, undone where the check digit proves it, and named where it does not. Pure.

Excel takes an ISBN for a number: it drops zeros in front ("61020702"), shows twelve digits and more as "9.78044E+12"
and saves what it shows, and groups thousands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from stdnum import ean
from stdnum.exceptions import ValidationError

from outreach.titles.isbn import isbns_in, to_isbn13
from outreach.titles.text import cap, tidy
from outreach.words import Sentence

_READ = 500  # characters of a cell
_SHOWN = 60
_MOST = 20  # ISBNs of a cell

_FORMULA = re.compile(r'=\s*"?([^"]*)"?')
_DECIMALS = re.compile(r"(\d+)[.,]0{1,2}")
_POWER = re.compile(r"(\d(?:[.,]\d+)?)[Ee]\+?(\d{1,2})")
_THOUSANDS = re.compile(r"\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*")
_RUN = re.compile(r"[0-9][0-9\s\u2010-\u2015-]*[0-9Xx]")
_SHORT = re.compile(r"\d{6,8}[\dXx]")
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Repaired:
    """The ISBN of a cell as 13 digits; without one, `sentence` says what is wrong, unless nothing was written."""

    isbn13: str | None
    sentence: Sentence | None = None
    others: tuple[str, ...] = ()  # further ISBNs in the cell, of other bindings


def repair(cell: str) -> Repaired:
    """The ISBN in a cell of a column of ISBNs.

    Only what a check digit confirms is taken. Words that hold no digits ("none", "n/a") are no ISBN and no trouble.
    """
    text = _bare(cell)
    found = _found(text) or _mended(text)
    if found:
        return Repaired(found[0], None, tuple(found[1:_MOST]))
    if len(_DIGIT.findall(text)) < 2:
        return Repaired(None)
    return Repaired(None, _complaint(text))


def _bare(cell: str) -> str:
    """Without what makes Excel take it for text: an apostrophe, ``="…"``; without the decimals of a number."""
    text = tidy(cell[:_READ]).strip("'’`\"")
    if formula := _FORMULA.fullmatch(text):
        text = formula[1].strip("'’")
    decimals = _DECIMALS.fullmatch(text)
    return decimals[1] if decimals else text


def _found(text: str) -> list[str]:
    return list(dict.fromkeys(isbn for run in _RUN.findall(text) for isbn in _of_run(run)))


def _of_run(run: str) -> list[str]:
    """Digits and hyphens between words: as a rule one ISBN or several, but "2 0061020702" holds one as well."""
    one = to_isbn13(run)
    return isbns_in(f"ISBN {run}") or ([one] if one else [])


def _mended(text: str) -> list[str]:
    """Digits that were lost or spread, put right; empty if the check digit does not agree."""
    if power := _POWER.fullmatch(text):
        number = Decimal(f"{power[1].replace(',', '.')}E{power[2]}")
        text = str(int(number)) if number == int(number) and len(power[1]) > int(power[2]) else ""
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"\D", "", text)
    if _SHORT.fullmatch(text):
        text = text.zfill(10)
    elif len(text) == 12 and text.isdecimal() and text[:2] in ("78", "79") and not _is_product(text):
        text = f"9{text}"  # the first digit was not copied
    elif len(text) not in (10, 13):
        return []
    number13 = to_isbn13(text)
    return [number13] if number13 else []


def _is_product(digits: str) -> bool:
    """A valid UPC (12 digits) or other article number."""
    try:
        return bool(ean.validate(digits))
    except ValidationError:
        return False


def _complaint(text: str) -> Sentence:
    shown = cap(text, _SHOWN)
    digits = re.sub(r"[\s\u2010-\u2015-]", "", text)
    if _POWER.fullmatch(text) or (len(digits) in (10, 13) and digits.endswith("00000")):
        return Sentence(
            "Excel has cut this ISBN down to “%(isbn)s”, and its last digits are lost. Format the column as text "
            "before you save the list in Excel, or look the number up in the book and type it in.",
            isbn=shown,
        )
    if digits.isdecimal() and len(digits) in (12, 14) and (_is_product(digits) or len(digits) == 14):
        return Sentence("“%(isbn)s” is the number of a barcode, not an ISBN.", isbn=shown)
    if digits.isdecimal() and len(digits) not in (10, 13):
        return Sentence(
            "“%(isbn)s” has %(count)s digits, and an ISBN has 10 or 13. Look it up in the book and type it in.",
            isbn=shown,
            count=len(digits),
        )
    if re.fullmatch(r"\d{9}[\dXx]|97[89]\d{10}", digits):
        return Sentence(
            "“%(isbn)s” is not quite an ISBN: one of its digits is wrong. Look it up in the book and type it in.",
            isbn=shown,
        )
    return Sentence("“%(isbn)s” is not an ISBN.", isbn=shown)
