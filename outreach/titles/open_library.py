"""Open Library's Books API: many ISBNs in one question, no key.

https://openlibrary.org/dev/docs/api/books – `jscmd=data`: titles, and the names of authors as the work has them; what
it does not know is missing in the answer, under the very key that was asked. It tells no ISBN-10 from its ISBN-13, so
both are asked for. One broken record can empty a whole answer (its `dynlinks.py` catches everything): `lookup.py` asks
again in halves. One question a second (https://openlibrary.org/developers/api), with an address to write to in the
User-Agent: without one it has answered 403.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from stdnum import isbn as isbn_tools

from outreach.channels.guard import Reach
from outreach.channels.http import USER_AGENT, Blocked, Unreachable, get
from outreach.titles.clean import clean_author, clean_title
from outreach.titles.isbn import to_isbn13
from outreach.titles.title import ParsedTitle
from outreach.words import Sentence

MAX_BYTES = 5_000_000
# Words that are as true later, when nobody asks any more: the page says how long we do.
_SILENT = Sentence("Open Library did not answer.")
_NOT_LET_IN = Sentence(
    "Open Library does not let us in. Ask whoever installed Outreach to set OUTREACH_MAIL_FROM or OUTREACH_PUBLIC_URL, "
    "so that it sees who asks."
)
_STRANGE = Sentence("Open Library answered with something that we do not understand.")


class OpenLibrary:
    name = "Open Library"
    at_once = 25
    pause = timedelta(seconds=1)

    def __init__(self, address: str, reach: Reach, contact: str = "") -> None:
        self.address, self.reach, self.contact = address, reach, contact

    def ask(self, isbns: Sequence[str]) -> Mapping[str, ParsedTitle]:
        keys = ",".join(f"ISBN:{form}" for isbn in isbns for form in forms(isbn))
        url = f"{self.address}/api/books?bibkeys={keys}&format=json&jscmd=data"
        agent = f"{USER_AGENT[:-1]}; {self.contact})" if self.contact else USER_AGENT
        headers = {"Accept": "application/json", "User-Agent": agent}
        try:
            answer = get(self.reach, url, headers=headers, max_bytes=MAX_BYTES, deadline=20)
        except Blocked:
            raise
        except Unreachable as silent:  # its own words are for addresses that people type
            raise Unreachable(_SILENT, silent.diagnosis, cause=silent.cause) from silent
        if answer.status == 403:
            raise Unreachable(_NOT_LET_IN, "HTTP 403")
        if answer.status != 200:
            busy = Sentence("Open Library was busy (%(status)s).", status=answer.status)
            raise Unreachable(busy, f"HTTP {answer.status}")
        return read(answer.body, isbns)


def forms(isbn: str) -> list[str]:
    """Thirteen digits, and the ten they were before 2007."""
    ten = isbn_tools.to_isbn10(isbn) if isbn.startswith("978") else None
    return [isbn, ten] if ten else [isbn]


def read(body: bytes, isbns: Sequence[str]) -> dict[str, ParsedTitle]:
    """Its answer -> titles by ISBN. Raises Unreachable for what is no such answer. Pure."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise Unreachable(_STRANGE, "no JSON") from broken
    if not isinstance(told, dict):
        raise Unreachable(_STRANGE, f"JSON {type(told).__name__}")
    found: dict[str, ParsedTitle] = {}
    for isbn in isbns:
        for form in forms(isbn):
            if isbn not in found and (title := _title(told.get(f"ISBN:{form}"), isbn)):
                found[isbn] = title
    return found


def _title(book: Any, isbn: str) -> ParsedTitle | None:
    if not isinstance(book, dict) or not (clean := clean_title(_text(book.get("title")))).title:
        return None
    subtitle = clean_title(_text(book.get("subtitle"))).title or clean.subtitle
    return ParsedTitle(
        title=clean.title,
        subtitle=subtitle or None,
        author=next((name for raw in _names(book) if (name := clean_author(raw))), None),
        isbn13=_isbns(book, isbn),
        format=clean.format,
        cover=_cover(book),
        link=None,  # people are sent to the library's own catalog
        record=None,
        added=None,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _cover(book: dict[str, Any]) -> str | None:
    """By its number, which is not counted as a look-up; "-1" stands for a cover that was taken away."""
    covers = book.get("cover")
    url = _text(covers.get("large")) if isinstance(covers, dict) else ""
    return url if url.startswith("https://") and "/-1-" not in url else None


def _names(book: dict[str, Any]) -> list[str]:
    authors = book.get("authors")
    listed = authors if isinstance(authors, list) else []
    names = [_text(author.get("name")) for author in listed if isinstance(author, dict)]
    return [*names, _text(book.get("by_statement"))]


def _isbns(book: dict[str, Any], asked: str) -> tuple[str, ...]:
    """The one that was asked for first; the same edition's other form is the same number here."""
    known = book.get("identifiers")
    told = known.get("isbn_13") if isinstance(known, dict) else None
    others = [found for raw in (told if isinstance(told, list) else []) if (found := to_isbn13(_text(raw)))]
    return tuple(dict.fromkeys([asked, *others]))[:5]
