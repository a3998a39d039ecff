"""A list of ISBNs as it was pasted or scanned: one a line, or several. Pure.

A scanner types the code and Enter. On older American paperbacks it may add the five digits of the price (EAN-5), and
a library's own label (14 digits) is no ISBN: each line that is left out says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach.titles.isbn import isbns_in, to_isbn13
from outreach.titles.lists import Trouble
from outreach.titles.text import cap, tidy
from outreach.words import NotDone, Sentence

MOST = 2_000  # ISBNs of one list: looked up fifty a second, that is a minute
MOST_CHARACTERS = 5_000_000
_SPLIT = re.compile(r"[;,\t|]+")
_DIGIT = re.compile(r"[0-9]")

REPEATED = Sentence("This ISBN is in the list already.")
WRONG_DIGIT = Sentence("This is no ISBN: its last digit does not fit the others. Look at the number again.")
_OTHER_LENGTH = "This is no ISBN: an ISBN has 10 or 13 digits, this has %(count)s."
NO_NUMBER = Sentence("There is no ISBN in this line.")
OWN_LABEL = Sentence("This looks like the library's own label. Scan the code that the publisher printed on the cover.")
A_PRODUCT = Sentence("This is a product code and no ISBN. Look for the ISBN inside the cover.")


@dataclass(frozen=True)
class Isbns:
    isbns: tuple[tuple[int, str], ...]  # (line, 13 digits), each once
    troubles: tuple[Trouble, ...]
    total: int  # lines with something in them


def read_isbns(text: str) -> Isbns:
    """Raises NotDone for what is longer than anybody types: nothing is cut in silence."""
    if len(text) > MOST_CHARACTERS:
        raise NotDone(Sentence("This list is too long. Paste at most %(most)s ISBNs at once.", most=MOST))
    lines = [(n, line) for n, raw in enumerate(text.splitlines(), 1) if (line := tidy(raw))]
    found: dict[str, int] = {}
    troubles: list[Trouble] = []
    for number, line in lines:
        for isbn in (good := _isbns_of(line)):
            if isbn in found:
                troubles.append(Trouble(number, REPEATED, cap(line, 80)))
            found.setdefault(isbn, number)
        if not good and not _is_heading(number, line, lines):
            troubles.append(Trouble(number, _reason(line), cap(line, 80)))
    if len(found) > MOST:
        raise NotDone(
            Sentence("These are %(count)s ISBNs. Paste at most %(most)s at once.", count=len(found), most=MOST)
        )
    return Isbns(tuple((n, isbn) for isbn, n in found.items()), tuple(troubles), len(lines))


def _isbns_of(line: str) -> list[str]:
    """Ten digits count here: the whole list is about ISBNs. Several may share a line."""
    parts = [part for part in _SPLIT.split(line) if part.strip()]
    each = [found for part in parts if (found := to_isbn13(part) or _without_price(part))]
    return each or isbns_in(line)


def _is_heading(number: int, line: str, lines: list[tuple[int, str]]) -> bool:
    """ "New books for Monday:" above the list is no ISBN that went wrong."""
    return number == lines[0][0] and not _DIGIT.search(line)


def _without_price(part: str) -> str | None:
    digits = re.sub(r"[\s-]", "", part)
    return to_isbn13(digits[:13]) if len(digits) == 18 and digits.isdecimal() else None


def _reason(line: str) -> Sentence:
    digits = re.sub(r"[^0-9Xx]", "", line) if len(line) < 200 else ""
    count = len(_DIGIT.findall(digits))
    if count < 4:
        return NO_NUMBER
    if len(digits) in (10, 13) and (len(digits) == 10 or digits.startswith(("978", "979"))):
        return WRONG_DIGIT
    if len(digits) == 14:
        return OWN_LABEL
    if len(digits) in (12, 13) and not digits.startswith(("978", "979")):
        return A_PRODUCT
    return Sentence(_OTHER_LENGTH, count=count)
