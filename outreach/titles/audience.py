"""For whom a title is, in US school grades: what notes, shelves and codes say about it. Pure.

A grade here is -1 before school, 0 kindergarten, 1 to 12, 13 adults; always the lowest that is meant. Ages become
grades as US schools count them: five is kindergarten. Words become grades as MARC 21 (008/22) and BISAC explain them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_GRADE_OF_008 = {"a": -1, "b": 0, "c": 4, "d": 9, "e": 13, "j": 0}
# https://www.loc.gov/marc/bibliographic/bd521.html
_READING, _AGE, _GRADE, _NO_AUDIENCE = "0", "1", "2", ("3", "4")

_TO = r"\s*(?:[-–—/]|to\b)\s*"
_UP = r"(?:\s*\+|(?:\s*(?:and|&|or))?\s*(?:up\b|older\b|above\b|over\b))"
_YEARS = r"\s*[-–]?\s*(?:years?|yrs?|y/?o)\b"

# What names a number, a year of school or "before school". Read from the left; what one has taken no other sees.
_EXACT = re.compile(
    "|".join(
        (
            r"\bnot\b[^.;]{0,60}?\bunder\b\D{0,20}(?P<under>\d{1,3})",
            r"(?P<denied>\bnot\s(?:\w+\s){0,2}for\s+(?:young\s+)?\w+)",
            r"\b(?:age[sd]?|age levels?)\b\D{0,8}?(?P<age>\d{1,3})(?:\s*[-–]\s*\d+)?(?P<months>\s*months)?",
            r"\bkey ?stages?\s*(?P<stage>[1-5])|\bks\s?(?P<ks>[1-5])\b",
            r"\b(?:grades?|gr|(?:grade |interest |reading )+level|[ri]l)\b[.:\s]*(?P<grade>\d{1,2}(?!\d)|k\b)",
            rf"\b(?P<nth>\d{{1,2}})(?:st|nd|rd|th)\b(?:{_TO}\d{{1,2}}(?:st|nd|rd|th))?[\s-]+grade",
            rf"\b(?P<years_old>\d{{1,2}})(?:{_TO}\d{{1,2}})?{_YEARS}",
            r"\b(?P<baby>\d{1,2}\s*(?:[-–]\s*\d{1,2}\s*)?months?\b)",
            r"\b(?:years?|yrs?)\s*(?P<year>\d{1,2})(?!\d)",
            r"\b(?P<before>pre-?\s?k\b|pk\b|pre-?\s?(?:school|kindergarten)|toddlers?\b|bab(?:y|ies)\b)",
            rf"\b(?P<kindergarten>kindergarten|k(?=(?:{_TO})\d)|k(?={_UP}))",
            r"\b(?P<middle>middle[\s-]school)|\b(?P<junior>junior[\s-]high|jh\b)|\b(?P<high>high[\s-]school|hs\b)",
            rf"(?<![\d.])(?P<and_up>\d{{1,3}}){_UP}",
        )
    ),
    re.IGNORECASE,
)
_BARE = re.compile(r"\W{0,3}(?:(?P<number>\d{1,3})(?!\d)|(?P<k>k)\b)", re.IGNORECASE)

_WORDS = {
    "board books?": -1,
    "picture books?": -1,
    "lower elementary": 0,
    "upper elementary": 3,
    "elementary|primary|easy|juv|juvenile|child|children|childrens|children['’]s|kids?": 0,
    "intermediate": 3,
    r"mg\+": 6,  # Accelerated Reader's interest levels: LG, MG, MG+, UG
    "lg|lower[ -]grades?": 0,
    "ug|upper[ -]grades?": 9,
    "mg|middle[ -]grades?|pre-?teens?|tweens?|pre-?adolescents?": 4,
    "young[ -]adults?|ya|teens?|teen-?agers?|teenage": 7,
    "adolescents?": 9,
    "adults?": 13,
}
_END_OF = {r"mg\+(?!\w)": ""}
_WORD = re.compile("|".join(rf"\b({words})(?!\w)" for words in _WORDS), re.IGNORECASE)
_GRADE_OF_WORD = tuple(_WORDS.values())

# Grades of the English key stages' first years; year N is grade N - 1.
_STAGES = {1: 0, 2: 2, 3: 6, 4: 9, 5: 11}
_SCHOOLS = {"before": -1, "baby": -1, "kindergarten": 0, "middle": 6, "junior": 7, "high": 9}
_PART = re.compile(r"[^\W_]+")


@lru_cache(maxsize=4_096)  # a catalog says the same few things of thousands of books
def grade_in(text: str) -> int | None:
    """The lowest grade that `text` names: ``Ages 8-12`` is 3, ``Gr. 7 up`` 7, ``Young adult`` 7; None without any.

    Numbers and years of school count before words such as "juvenile", which say less. A number alone says nothing
    (see `grade_of_note`), but "8 and up" is an age.
    """
    text = text[:1_000]
    exact = [grade for found in _EXACT.finditer(text) if (grade := _exact(found)) is not None]
    if exact:
        return min(exact)
    words = _EXACT.sub(" ", text)
    vague = [_GRADE_OF_WORD[(found.lastindex or 1) - 1] for found in _WORD.finditer(words)]
    return min(vague, default=None)


def grade_of_note(text: str, indicator: str) -> int | None:
    """The lowest grade in a MARC 521 note; its first indicator says what a bare number in it is.

    0 is a reading level, 1 ages, 2 grades; notes about special readers (3) and motivation (4) say nothing of grades.
    """
    if indicator in _NO_AUDIENCE:
        return None
    if indicator in (_READING, _AGE, _GRADE) and (bare := _BARE.match(text)):
        if bare["k"]:
            return 0
        number = int(bare["number"])
        return _of_age(number) if indicator == _AGE else _of_grade(number)
    return grade_in(text)


def grade_of_008(code: str) -> int | None:
    """MARC 21 008/22. Juvenile (j, up to grade 9) counts from kindergarten; specialized and general name no grade."""
    return _GRADE_OF_008.get(code)


def lowest_grade(notes: Iterable[tuple[str, str]], code: str, call_number: str | None = None) -> int | None:
    """One grade from all that a record says: `notes` are 521s as (first indicator, text), `code` is 008/22.

    1. what the notes say of interest: ages, grades, or an audience in words; the lowest
    2. the code, which is coarse
    3. the words of the call number
    4. a reading level: how hard the words are, not for whom the story is; better than nothing
    """
    interest, reading = _of_notes(notes)
    if interest is not None:
        return interest
    if (grade := grade_of_008(code)) is not None:
        return grade
    shelf = grade_in(call_number) if call_number else None
    return reading if shelf is None else shelf


def _of_notes(notes: Iterable[tuple[str, str]]) -> tuple[int | None, int | None]:
    """The lowest of what is said of interest, and the lowest reading level."""
    interest: list[int] = []
    reading: list[int] = []
    for indicator, text in notes:
        if (grade := grade_of_note(text, indicator)) is not None:
            (reading if indicator == _READING else interest).append(grade)
    return min(interest, default=None), min(reading, default=None)


def is_shelved_for_older(call_number: str, prefixes: Iterable[str]) -> bool:
    """Does the call number begin with one of the library's prefixes for older readers ("YA", "FIC YA", "HS")?

    Whole words, in any case. A prefix that names an age by itself counts wherever it stands: "FIC YA PRA". Others do
    not, since a cutter may look like them.
    """
    words = _parts(call_number)
    return any(_begins_with(words, _parts(prefix), prefix) for prefix in prefixes)


def _begins_with(words: list[str], prefix: list[str], as_named: str) -> bool:
    if not prefix:
        return False
    starts = range(len(words) - len(prefix) + 1) if grade_in(as_named) is not None else (0,)
    return any(words[start : start + len(prefix)] == prefix for start in starts)


def _parts(text: str) -> list[str]:
    return _PART.findall(text.casefold())


def _exact(found: re.Match[str]) -> int | None:
    kind, said = found.lastgroup, found[found.lastgroup or 0]
    if kind in _SCHOOLS or kind == "months":
        return _SCHOOLS.get(kind, -1)
    if kind == "denied" or not kind:
        return None
    if not said.isdecimal():
        return 0  # grade K
    number = int(said)
    if kind in ("stage", "ks"):
        return _STAGES[number]
    if kind in ("grade", "nth"):
        return _of_grade(number)
    return _of_grade(number - 1) if kind == "year" else _of_age(number)


def _of_age(age: int) -> int | None:
    """Five is kindergarten, eighteen is grown up."""
    return min(13, max(-1, age - 5)) if age <= 120 else None


def _of_grade(grade: int) -> int | None:
    return grade if 0 <= grade <= 12 else None
