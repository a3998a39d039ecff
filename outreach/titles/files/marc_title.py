"""A MARC record into a title, by its subfields and not by its punctuation: many since 2020 carry none.

Fields: https://www.loc.gov/marc/bibliographic/. What stands in 020$z is the ISBN of something else; 245$c repeats the
authors, 245$h is an old way to tell the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from outreach.titles.audience import grade_of_008, grade_of_note, lowest_grade
from outreach.titles.clean import CleanTitle, clean_author, clean_title
from outreach.titles.files.marc_format import format_of, has_audience
from outreach.titles.files.marc_record import AUTHORS, CALL_NUMBERS, Fields, MarcField, MarcRecord, control, first
from outreach.titles.isbn import to_isbn13
from outreach.titles.links import web_link
from outreach.titles.rss.systems import MOST as MOST_OF_RECORD
from outreach.titles.text import cap, tidy
from outreach.titles.title import ParsedTitle

_MOST_ISBNS = 20
_MOST_WORDS = 100  # characters of a call number or a note
_TAIL = " /:;=,"
_AUDIENCES = {
    "a": "Preschool",
    "b": "Primary",
    "c": "Pre-adolescent",
    "d": "Adolescent",
    "e": "Adult",
    "j": "Juvenile",
}
_SAYS = {"0": "Reading level ", "1": "Ages ", "2": "Grades "}  # what a catalog shows before a 521 by its indicator
_AROUND = re.compile(
    r"content|sample|excerpt|description|biograph|cover|image|review|publisher|teacher|guide|finding aid", re.IGNORECASE
)
# Programs other than catalogs write commands for other programs (*recs=b) and bare barcodes here.
_CALL_NUMBER = re.compile(r"(?!\*)(?!\d{6,}$).*[^\W_]")

_ZEROS = re.compile(r"(?<![\d.])0+(?=\d)")  # ages are written 008-012

_isbn13 = lru_cache(maxsize=4_096)(to_isbn13)  # a record often has both forms, and ten digits are slow to check
_author = lru_cache(maxsize=4_096)(clean_author)


def read_title(record: MarcRecord) -> ParsedTitle | None:
    """The title of a record, or None if it has no words."""
    leader, fields = record
    clean, medium = _title(fields.get("245", ()))
    if clean is None:
        return None
    fixed = control(fields, "008")
    notes = [(field.indicators[:1], cap(tidy(first(field, "a")), _MOST_WORDS)) for field in fields.get("521", ())]
    code = fixed[22:23] if has_audience(leader) else ""
    call_number = _call_number(fields)
    return ParsedTitle(
        title=clean.title,
        subtitle=clean.subtitle,
        author=_first_author(fields),
        isbn13=_isbns(fields.get("020", ())),
        format=clean.format or format_of(leader, fixed, fields, medium),
        cover=None,
        link=_link(fields.get("856", ())),
        record=_record(fields),
        added=None,
        call_number=call_number,
        audience=_audience(notes, code),
        grade=lowest_grade(notes, code, call_number),
    )


def _title(fields: Iterable[MarcField]) -> tuple[CleanTitle | None, str]:
    """The first 245 that has words, and its $h."""
    for field in fields:
        title, subtitle, medium = _parts(field)
        clean = clean_title(f"{title} : {subtitle}" if subtitle else title)
        if clean.title:
            return clean, medium
    return None, ""


def _parts(field: MarcField) -> tuple[str, str, str]:
    """Title with number and name of the part ($a $n $p), subtitle ($b), format ($h)."""
    title = subtitle = medium = last = ""
    parallel = False
    for code, value in field.subfields:
        if code == "b":
            subtitle = subtitle or value.strip(_TAIL)
            parallel = parallel or last.endswith("=")
        elif code == "h":
            medium = medium or value
            last = value.rstrip() if value.rstrip().endswith("=") else last
        elif code in ("a", "n", "p") and not (code == "a" and title):
            title = _joined(title, value.rstrip().rstrip(_TAIL), ", " if code == "p" and last == "n" else ". ")
            last = "n" if code == "n" else value.rstrip()
    return (title, "" if parallel else subtitle, medium) if title else (subtitle, "", medium)


def _joined(before: str, part: str, between: str) -> str:
    if not before or not part:
        return before or part
    return f"{before} {part}" if before[-1] in ".?!…" else before + between + part


def _first_author(fields: Fields) -> str | None:
    """Who is named first; of added entries one who wrote it, and none that stands for another work."""
    for tag in AUTHORS:
        for field in fields.get(tag, ()):
            if name := _name(field, tag):
                return name
    added = [field for field in fields.get("700", ()) if not first(field, "t")]
    wrote = [field for field in added if "author" in first(field, "e") or first(field, "4") == "aut"]
    return next((name for field in wrote or added if (name := _name(field, "700"))), None)


def _name(field: MarcField, tag: str) -> str | None:
    name, number, words = first(field, "a"), first(field, "b"), first(field, "c")
    if tag in ("110", "111"):
        name = f"{name} {number}" if tag == "110" else name
        return cap(tidy(name).rstrip(" ,;:/"), 300) or None if "," in name.rstrip(" ,") else _author(name)
    if number:
        name = f"{name.rstrip(' ,')} {number}"
    if words and len(words.split()) <= 2:  # "Dr.", "Pope", "Jr.", "da Vinci"; "Queen of Great Britain" is no name
        name = f"{name.rstrip(' ,')}, {words}"
    return _author(name)


def _isbns(fields: Iterable[MarcField]) -> tuple[str, ...]:
    found = [_isbn13(value) for field in fields for code, value in field.subfields if code == "a"]
    return tuple(dict.fromkeys(number for number in found if number))[:_MOST_ISBNS]


def _call_number(fields: Fields) -> str | None:
    """What is on the shelf: of the copies first, then of the library; never a classification alone (082, 050)."""
    for tag, codes in CALL_NUMBERS:
        for field in fields.get(tag, ()):
            found = dict(reversed(field.subfields))  # of a code that repeats, the first
            words = tidy(" ".join([found.get(code, "") for code in codes]))
            if words and _CALL_NUMBER.match(words):
                return cap(words, _MOST_WORDS)
    return None


def _link(fields: Iterable[MarcField]) -> str | None:
    """Of the thing itself: indicator 2 is 0 or 1, or says nothing; not of a table of contents, not of related ones."""
    chosen = None
    for field in fields:
        if field.indicators[1:2] == "2" or _AROUND.search(first(field, "3")):
            continue
        link = next((link for code, value in field.subfields if code == "u" and (link := _web(value))), None)
        if link and field.indicators[1:2] in ("0", "1"):
            return link
        chosen = chosen or link
    return chosen


def _web(value: str) -> str | None:
    value = value.strip()
    return web_link("", value) if value[:4].lower() == "http" else None


def _record(fields: Fields) -> str | None:
    """``marc OCoLC ocm123``: whose number (003) and the number (001), the same in every export; None without one."""
    whose, number = tidy(control(fields, "003")), tidy(control(fields, "001"))
    name = f"marc {whose} {number}" if whose else f"marc {number}"
    return name if number and len(name) < MOST_OF_RECORD else None


def _audience(notes: list[tuple[str, str]], code: str) -> str:
    """In the words of the note that decides (see `lowest_grade`), with what its indicator adds to a bare number."""
    interest = [note for note in notes if note[0] != "0" and note[1]]
    telling = [note for note in interest if grade_of_note(note[1], note[0]) is not None]
    if not telling and grade_of_008(code) is not None:
        return _AUDIENCES[code]
    chosen = next(iter(telling or interest or notes), None)
    return _said(*chosen) if chosen else ""


def _said(indicator: str, text: str) -> str:
    text = _ZEROS.sub("", text.rstrip(" .;,"))
    return _SAYS.get(indicator, "") + text if text[:1].isdecimal() else text
