"""A list of ISBNs as it was pasted or scanned: one a line, or several. Pure.

A scanner types the code and Enter; some put the name of the kind of code before it (``]E0``), and without an Enter two
codes are one number. On American paperbacks it may add the five digits of the price (EAN-5) or the two of an issue. A
library's own label (14 digits) is no ISBN: each line that is left out says why. Labels that begin with 2, or with P,
are those of patrons: no digit of one is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach.titles.files.lists import MOST_TROUBLES, Trouble
from outreach.titles.isbn import all_isbns
from outreach.titles.text import cap, tidy
from outreach.words import NotDone, Sentence

MOST = 2_000  # ISBNs of one list: looked up twenty-five a second, that is a minute and a half
MOST_CHARACTERS = 2_000_000
LOOKED_AT = 20_000  # characters
_SPLIT = re.compile(r"[;,\t|]+")
_DIGIT = re.compile(r"[0-9]")
_KIND = re.compile(r"(?<!\S)\][A-Za-z][0-9]")  # AIM's name of a kind of code, as scanners type it
# Two codes with no Enter between them, or one with the digits of a price or an issue.
_GLUED = re.compile(r"(?<![0-9])(97[89][0-9]{10})(97[89][0-9]{10}|[0-9]{5}|[0-9]{2})(?![0-9])")
# https://docs.surpass.cloud: 2 a patron, 3 an item, four digits of the library, eight of the thing, a check digit
_LABEL = re.compile(r"(?<![0-9])[23](?:[ -]?[0-9]){13}(?![0-9])")
_PATRON = re.compile(r"(?<![0-9])2(?:[ -]?[0-9]){13}(?![0-9])|(?<!\w)[Pp] ?[0-9]{1,7}(?!\w)")

REPEATED = Sentence("This ISBN is in the list already.")
WRONG_DIGIT = Sentence("This is no ISBN: its last digit does not fit the others. Look at the number again.")
_OTHER_LENGTH = Sentence("This is no ISBN: an ISBN has 10 or 13 digits, this has %(count)s.")
NO_NUMBER = Sentence("There is no ISBN in this line.")
OWN_LABEL = Sentence("This looks like the library's own label. Scan the code that the publisher printed on the cover.")
A_MAGAZINE = Sentence(
    "This is the number of a magazine (ISSN). Magazines have no ISBN: import their titles from a file."
)
A_PRODUCT = Sentence("This is a product code and no ISBN. Look for the ISBN inside the cover.")


@dataclass(frozen=True)
class Isbns:
    isbns: tuple[tuple[int, str], ...]  # (line, 13 digits), each once
    troubles: tuple[Trouble, ...]
    total: int  # lines with something in them
    more: int  # that are wrong, and are not named


def read_isbns(text: str) -> Isbns:
    """Raises NotDone for what is longer than anybody types: nothing is cut in silence."""
    if len(text) > MOST_CHARACTERS:
        raise NotDone(Sentence("This list is too long. Paste at most %(most)s ISBNs at once.", most=MOST))
    lines = [(n, line) for n, raw in enumerate(text.splitlines(), 1) if (line := tidy(raw))]
    found: dict[str, int] = {}
    troubles: list[Trouble] = []
    for number, line in lines:
        good = _isbns_of(line)
        if len(set(good)) < len(good) or not found.keys().isdisjoint(good):
            troubles.append(Trouble(number, REPEATED, _shown(line)))
        for isbn in good:
            found.setdefault(isbn, number)
        if not good and not _is_heading(number, line, lines):
            troubles.append(Trouble(number, _reason(line), _shown(line)))
    if len(found) > MOST:
        raise NotDone(
            Sentence("These are %(count)s ISBNs. Paste at most %(most)s at once.", count=len(found), most=MOST)
        )
    named, more = tuple(troubles[:MOST_TROUBLES]), max(0, len(troubles) - MOST_TROUBLES)
    return Isbns(tuple((n, isbn) for isbn, n in found.items()), named, len(lines), more)


def is_isbn_list(text: str) -> bool:
    """Are these lines ISBNs and little else? Then they are no table, whatever the file is called."""
    lines = [line for raw in text[:LOOKED_AT].splitlines()[:200] if (line := tidy(raw))]
    with_isbn = [line for line in lines if _isbns_of(line)]
    with_words = [line for line in with_isbn if any(map(_is_word, _SPLIT.split(line)))]
    return bool(with_isbn) and len(with_isbn) * 2 >= len(lines) and len(with_words) * 5 <= len(with_isbn)


def _is_word(part: str) -> bool:
    """A cell of a table beside that of the ISBN: a title, an author."""
    return not _isbns_of(part) and any(map(str.isalpha, part))


def _shown(line: str) -> str:
    """The line as a person finds it again, without what stands for a patron."""
    return cap(_PATRON.sub("…", _KIND.sub("", line[:1_000])), 80)


def _isbns_of(line: str) -> list[str]:
    """Ten digits count here: the whole list is about ISBNs. Several may share a line."""
    words = _GLUED.sub(_unglued, _KIND.sub("", line))
    parts = (_LABEL.sub(_not_a_label, part) for part in _SPLIT.split(words))
    return [isbn for part in parts for isbn in all_isbns(part)]


def _unglued(glued: re.Match[str]) -> str:
    """What follows an ISBN only if it is one."""
    first, second = glued.groups()
    if not all_isbns(first):
        return glued[0]
    return f"{first};{second}" if len(second) == 13 else first


def _not_a_label(found: re.Match[str]) -> str:
    """Of "3 1234 00001 0064" no ten digits are an ISBN; "3 9780061020704" is a number of copies and one."""
    digits = [int(digit) for digit in found[0] if digit.isdecimal()]
    doubled = sum(digits[1::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[::2])  # Luhn
    apart = max(map(len, re.split("[ -]", found[0]))) < 10
    return "" if apart and doubled % 10 == 0 else found[0]


def _is_heading(number: int, line: str, lines: list[tuple[int, str]]) -> bool:
    """ "New books for Monday:" above the list is no ISBN that went wrong."""
    return number == lines[0][0] and not _DIGIT.search(line)


def _reason(line: str) -> Sentence:
    digits = re.sub(r"[^0-9Xx]", "", _KIND.sub("", line)) if len(line) < 200 else ""
    count = len(_DIGIT.findall(digits))
    if count < 4:
        return NO_NUMBER
    if len(digits) in (10, 13) and (len(digits) == 10 or digits.startswith(("978", "979"))):
        return WRONG_DIGIT
    if len(digits) == 14:
        return OWN_LABEL
    if len(digits) in (13, 15, 18) and digits.startswith("977"):
        return A_MAGAZINE
    if len(digits) in (12, 13) and not digits.startswith(("978", "979")):
        return A_PRODUCT
    return _OTHER_LENGTH.filled(count=count)
