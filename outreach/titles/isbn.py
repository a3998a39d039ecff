"""ISBNs in what catalogs write: ``0061020702 (pbk.) :``, ``URN:ISBN:978-0-545-93518-0``, ``?isbn=…/SC.GIF``.

Thirteen digits that start with 978 or 979 may stand anywhere. Ten digits count only after the word ISBN, since one
random number in eleven passes that check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import isbn
from stdnum.exceptions import ValidationError

_HYPHEN = r"[-\s\u2010-\u2015]?"
_THIRTEEN = rf"97[89](?:{_HYPHEN}[0-9]){{10}}"
_TEN = rf"[0-9](?:{_HYPHEN}[0-9]){{8}}{_HYPHEN}[0-9Xx]"
_NUMBER = re.compile(rf"(?<![0-9])(?:{_THIRTEEN}|{_TEN})(?![0-9Xx])")
_BARE = re.compile(rf"(?<![0-9]){_THIRTEEN}(?![0-9])")

# After the word, numbers may follow each other, with qualifiers between: "ISBN: a (pbk.) | b (hbk.) :".
# "isn=" is Aspen's name for it in the address of a cover.
_LABEL = re.compile(
    r"(?:isbn|(?<![a-z])isn(?==))(?:[-\s]?1[03](?![0-9]))?"
    rf"((?:[\s:=|,;/#.\xa0]|\([^()]*\)|(?<![0-9])(?:{_THIRTEEN}|{_TEN})(?![0-9Xx]))+)",
    re.IGNORECASE,
)
_NOT_DIGITS = re.compile(r"[^0-9Xx]")


def to_isbn13(text: str) -> str | None:
    """The first valid ISBN in `text`, as 13 digits; `text` is known to be about an ISBN, so ten digits will do."""
    return next((found for number in _NUMBER.findall(text) if (found := _validated(_bare(number)))), None)


def all_isbns(text: str) -> list[str]:
    """As `to_isbn13`, but every one of them, also what is there twice."""
    return [found for number in _NUMBER.findall(text) if (found := _validated(_bare(number)))]


def isbns_in(text: str) -> list[str]:
    """Every ISBN in running text as 13 digits, each once, in the order of the text."""
    return _unique(_numbers(text))


def isbns_labelled(text: str) -> list[str]:
    """As `isbns_in`, but only what stands after the word ISBN."""
    return _unique(number for run in _LABEL.findall(text) for number in _NUMBER.findall(run))


def _numbers(text: str) -> Iterator[str]:
    done = 0
    for label in _LABEL.finditer(text):
        yield from _BARE.findall(text, done, label.start())
        yield from _NUMBER.findall(label[1])
        done = label.end()
    yield from _BARE.findall(text, done)


def _unique(numbers: Iterator[str] | list[str]) -> list[str]:
    found: dict[str, str | None] = {}
    for number in numbers:
        digits = _bare(number)
        core = digits[:12] if len(digits) == 13 else "978" + digits[:9]
        if not found.get(core):  # of an ISBN's two forms, one is enough
            found[core] = _validated(digits)
    return [number for number in found.values() if number]


def _bare(number: str) -> str:
    return number if number.isdecimal() else _NOT_DIGITS.sub("", number)


def _validated(digits: str) -> str | None:
    if len(digits) == 13:
        return digits if digits[:3] in ("978", "979") and _adds_up(digits) else None
    if not _ten_add_up(digits):  # stdnum says so by an error, which takes fifty times as long
        return None
    try:
        return str(isbn.validate(digits, convert=True))
    except ValidationError:
        return None


def _adds_up(digits: str) -> bool:
    """The check of an EAN-13, of the bytes and not the digits: feeds hold thousands, and 25 times 48 ends in 0."""
    raw = digits.encode()
    return digits.isdecimal() and (sum(raw[::2]) + 3 * sum(raw[1::2])) % 10 == 0


def _ten_add_up(digits: str) -> bool:
    if len(digits) != 10 or not digits[:9].isdecimal():
        return False
    last = 10 if digits[9] in "Xx" else int(digits[9])
    return (sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False)) + last) % 11 == 0
