"""Telephone numbers in a text, and what only looks like one: ISBNs, dates, call numbers, prices. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_S = "[ \u00a0\u2009\u202f.\u2010\u2011\u2013-]"  # between groups, one at a time
_H = "[\u2010\u2011\u2013-]"
_BEFORE = r"(?<![\w$€£¥%#/@+])(?<!\d[.,:–\u2010\u2011-])"
_AFTER = r"(?![\w%€$])(?![.,:/–\u2010\u2011-]\d)"

NUMBER = re.compile(
    _BEFORE
    + "(?:"
    + "|".join(
        (
            rf"(?:\+|00[ ]?)[1-9]\d{{0,2}}(?:{_S}?\(?\d{{1,4}}\)?){{2,5}}",  # +34 612 34 56 78
            rf"(?:1{_S})?(?:\([2-9]\d\d\)[ \u00a0]?|[2-9]\d\d{_S})[2-9]\d\d{_S}\d{{4}}",  # (555) 555-0142
            r"1?[2-9]\d\d[2-9]\d{6}",  # 5555550142
            rf"[2-9]\d\d{_H}\d{{3}}{_H}\d{{4}}",  # 555-123-4567, which only looks made up
            rf"[2-9]\d\d{_H}\d{{4}}",  # 555-0142; with a point it is a call number
            rf"[6-9]\d\d(?:[ \u00a0-]\d{{3}}){{2}}|[6-9]\d\d(?:{_S}\d\d){{3}}|9\d{_S}\d{{3}}(?:{_S}\d\d){{2}}",  # Spain
            r"[6-9]\d{8}",
            r"\(?[2-9]\d\)?[ \u00a0-]\d{4}[ \u00a0-]\d{4}",  # 55 1234 5678, Mexico
        )
    )
    + ")"
    + _AFTER
)
# "call 555 0142": only the word before it says what it is
CALLED = re.compile(
    r"\b(?:call|phone|telephone|tel|text|fax|cell|mobile|whatsapp|ll[aá]m[ae](?:r|n|nos|me|le|les)?|marque|escr[ií]ba(?:nos|me)|tel[eé]fono|tel[eé]f|m[oó]vil)"
    rf"\b(?:[ ](?:us|me|at|al?|no|number|n[uú]mero))*[.:]{{0,2}}[ ]{{0,2}}(\+?\(?\d(?:{_S}?[()]?\d){{5,14}})",
    re.IGNORECASE,
)
NOT_CALLED = re.compile(r"(?:isbn|issn|lccn|oclc|ocn|ean|doi|barcode|code|id|no|nr|núm)[\s.:#-]*$", re.IGNORECASE)


def telephones(text: str) -> Iterator[str]:
    for found in NUMBER.finditer(text):
        if _is_telephone(found[0]) and not NOT_CALLED.search(text[max(0, found.start() - 16) : found.start()]):
            yield found[0]
    for found in CALLED.finditer(text):
        if not NUMBER.search(found[1]) and not _is_year_or_date(found[1]):
            yield found[1]


def _is_telephone(found: str) -> bool:
    digits = re.sub(r"\D", "", found)
    if found.startswith(("+", "00")):
        return 8 <= len(digits.removeprefix("00")) <= 15
    if len(digits) == 10 and found.isdecimal() and is_isbn10(digits):
        return False
    return not _is_year_or_date(found)


def _is_year_or_date(found: str) -> bool:
    groups = re.findall(r"\d+", found)
    years = [group for group in groups if len(group) == 4 and group[:2] in ("18", "19", "20")]
    return len(years) > 1 or (len(years) == 1 and all(len(group) <= 2 or group in years for group in groups))


def is_isbn10(digits: str) -> bool:
    return sum((10 - n) * int(digit) for n, digit in enumerate(digits)) % 11 == 0
