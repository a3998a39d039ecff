"""What a MARC record is a record of, in the words of `formats.py`; None where nothing certain is said, or a plain book.

In this order: an online carrier for what is read or heard, the type of record (leader/06), and for text what kind of
text. Codes: https://www.loc.gov/marc/bibliographic/bdleader.html, …/bd008.html, …/bd336.html to bd338.html.
"""

from __future__ import annotations

import re
from functools import lru_cache

from outreach.titles.files.marc_record import Fields, first
from outreach.titles.formats import known_format

_OF_TYPE = {
    "c": "music",
    "d": "music",
    "e": "map",
    "f": "map",
    "g": "video",
    "i": "audio recording",
    "j": "music",
    "k": "picture",
    "m": "e-book/audio",
    "o": "kit",
    "r": "object",
    "t": "manuscript",
}
_OF_OBJECT = {"g": "game", "w": "toy"}  # 008/33
_OF_CONTENT = {
    **dict.fromkeys(("spw", "spoken word"), "audio recording"),
    **dict.fromkeys(("prm", "performed music", "ntm", "notated music"), "music"),
    **dict.fromkeys(("tdi", "two-dimensional moving image"), "video"),
    **dict.fromkeys(("cri", "cartographic image"), "map"),
    **dict.fromkeys(("tct", "tactile text"), "braille"),
}
_ONLINE = frozenset(("cr", "online resource"))
_OF_GENRE = tuple(
    (re.compile(words, re.IGNORECASE), name)
    for words, name in (
        (r"\blarge (?:print|type)", "large print"),
        (r"\bbraille\b", "braille"),
        (r"\baudio ?books?\b|\btalking books?\b", "audio recording"),
        (r"\b(?:electronic|e-?) ?books?\b", "e-book/audio"),
        (
            r"\bgraphic (?:novels?|non-?fiction|works?)\b|\bcomic(?:s| books?)\b|\bmanga\b|\bbandes? dessin",
            "graphic novel",
        ),
    )
)
_OF_THING = tuple(
    (re.compile(words, re.IGNORECASE), name)
    for words, name in (
        (r"\bjigsaw", "jigsaw puzzle"),
        (r"\b(?:board|card|video|computer|educational)? ?games?\b", "game"),
        (r"\btoys?\b|\bpuppets?\b", "toy"),
    )
)


def has_audience(leader: str) -> bool:
    """Whether 008/22 is the audience: not for maps, mixed materials and serials, which use it otherwise."""
    return leader[6] in "acdgijkmort" and leader[7] not in "bis"


def format_of(leader: str, fixed: str, fields: Fields, medium: str) -> str | None:
    """`fixed` is field 008 and `medium` 245$h, which decides if it is known: ``[sound recording (CD)] /``."""
    if medium and (known := known_format(medium.strip(" /:;=,.").strip("[]"))):
        return known
    kind = leader[6]
    genres = _words(fields, "655")
    if kind in "ait" and _is_online(fixed, fields):
        return "e-book/audio"
    if kind == "m" and fixed[26:27] == "g":
        return "game"
    if kind == "r":
        return _named(genres, _OF_THING) or _OF_OBJECT.get(fixed[33:34], "object")
    return _OF_TYPE.get(kind) or _of_text(leader, fixed, fields, genres)


def _is_online(fixed: str, fields: Fields) -> bool:
    """By its carrier, its form (o online, q direct electronic, s electronic), or 006 and 007 together."""
    if _codes(fields, "338") & _ONLINE or fixed[23:24] in ("o", "q", "s"):
        return True
    return _starts(fields, "006", "m") and _starts(fields, "007", "cr")


def _of_text(leader: str, fixed: str, fields: Fields, genres: str) -> str | None:
    contents = _codes(fields, "336")
    named = {_OF_CONTENT.get(content) for content in contents}
    if contents and None not in named and len(named) == 1:  # a book with a disc has two kinds
        return named.pop()
    form = fixed[23:24]
    if form == "d" or _starts(fields, "007", "tb"):
        return "large print"
    if form == "f" or _starts(fields, "007", "tc"):
        return "braille"
    if leader[7] == "s":
        return "magazine"
    comics = leader[7] not in "bi" and "6" in fixed[24:28]
    return _named(_words(fields, "250") + genres, _OF_GENRE) or ("graphic novel" if comics else None)


def _codes(fields: Fields, tag: str) -> set[str]:
    if tag not in fields:
        return set()
    return {
        value.strip(" .").casefold()
        for field in fields.get(tag, ())
        for code, value in field.subfields
        if code == "b" or (code == "a" and not first(field, "b"))
    }


def _starts(fields: Fields, tag: str, start: str) -> bool:
    return tag in fields and any(field.data.startswith(start) for field in fields.get(tag, ()))


@lru_cache(maxsize=4_096)  # the genres of a catalog are few
def _named(words: str, table: tuple[tuple[re.Pattern[str], str], ...]) -> str | None:
    return next((name for pattern, name in table if pattern.search(words)), None) if words else None


def _words(fields: Fields, tag: str) -> str:
    return "".join([first(field, "a") + " | " for field in fields[tag]]) if tag in fields else ""
