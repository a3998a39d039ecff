"""From catalog style to words people read: titles. Authors are in `names.py`.

``Amulet. Book nine, Waverider / Kazu Kibuishi.`` becomes ``Amulet. Book nine, Waverider``. Articles and sentence case
stay as they are. Many records since 2020 carry no ISBD punctuation at all; nothing here needs it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach.titles.formats import take_format
from outreach.titles.keys import match_key as match_key  # one place to import all cleaning from
from outreach.titles.names import clean_author as clean_author
from outreach.titles.text import cap, plain, tidy

MOST = 500  # characters of a title or subtitle; the longest honest ones have about 300
_READ = 4 * MOST  # of a raw title nothing beyond is looked at

_TAIL = " /:;=,"
_WORD = re.compile(r"[^\W\d_]{2}|[^\W\d_a-zA-Z]")
_INTERESTING = re.compile(r"[\[/:;=,.]")
_ABBREVIATIONS = "etc|jr|sr|dr|mr|mrs|ms|st|vol|inc|ltd|vs|dept|bros|al|esq|mt|pt|bd|cie|usw|ca"
_STOP_STAYS = re.compile(rf"(?:\.\.\.|(?:^|[\s.(])[^\W\d_]\.|(?:^|\s)(?:{_ABBREVIATIONS})\.)$", re.IGNORECASE)


@dataclass(frozen=True)
class CleanTitle:
    title: str  # empty only if nothing in the input can be seen
    subtitle: str | None
    format: str | None


def clean_title(raw: str, *, html: bool = False) -> CleanTitle:
    """A catalog's title as plain words; cleaning them again changes nothing.

    1. text of the HTML, if it is HTML; NFC, white space, no invisible characters
    2. a format in brackets goes, and is remembered
    3. the statement of responsibility goes (" / "), then a parallel title (" = ")
    4. the subtitle (" : ") stands apart, unless the title is digits alone
    5. trailing punctuation goes, and one full stop unless it belongs to a word
    """
    title = tidy(plain(raw[:_READ]) if html else raw[:_READ])
    subtitle = kind = None
    # A second look finds what the first laid bare. Each one shortens or ends it; what would leave nothing is not done.
    while True:
        rest, found = take_format(title)
        shorter, rest_of_it = _split(rest)
        if shorter == title or not tidy(shorter):
            return CleanTitle(title, subtitle, kind)
        title, subtitle, kind = shorter, subtitle or rest_of_it, kind or found


def _split(text: str) -> tuple[str, str | None]:
    if len(text) <= MOST and not _INTERESTING.search(text):
        return text, None
    text = text.partition(" / ")[0]
    before, parallel, _ = text.partition(" = ")
    if parallel and _WORD.search(before):  # not "2 + 2 = 5", not "E = mc2"
        text = before
    title, colon, subtitle = text.partition(" : ")
    if colon and title.isdecimal():
        title, subtitle = f"{title}: {subtitle}", ""
    return _trim(title), _trim(subtitle) or None


def _trim(text: str) -> str:
    text = text.strip().rstrip(_TAIL)
    while text.endswith(".") and not _STOP_STAYS.search(text):
        text = text[:-1].rstrip(_TAIL)
    return cap(text, MOST)
