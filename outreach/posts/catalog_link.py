"""The page of a title in the library's own catalog: its own link, else the library's pattern filled in. Pure.

A pattern is an address with {isbn} or {record} in it, made from one link that a person pasted as an example.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from outreach.models import Library, Title
from outreach.words import NotDone, Sentence

# Parts of an address that last no longer than a visit (Destiny, Java servers, PHP).
_PASSING = re.compile(
    r"(?i)(?<=[?&])(?:walkerID|breadCrumbIndex|restoreFromCrumb|doNotSaveSearchHistory|jsessionid|PHPSESSID|sid)"
    r"=[^&#]*&?|;jsessionid=[^?#/]*"
)
_TEN = r"[0-9]{9}[0-9Xx](?![0-9])"
_ISBN = re.compile(rf"(?i)(?<![0-9])97[89][0-9]{{10}}(?![0-9])|(?<=isbn=){_TEN}")
_BARE_TEN = re.compile(rf"(?<![0-9]){_TEN}")  # the numbers of large catalogs have ten digits as well
_RECORD = re.compile(
    r"(?i)(?:(?<=biblionumber=)|(?<=bibID=)|(?<=bib_id=)|(?<=[?&]rid=)|(?<=/record/)|(?<=[?&]id=)|(?<=/bib/)"
    r"|(?<=/item/show/)|(?<=record=))[\w.-]+"
)

NO_PLACE = Sentence(
    "We find neither an ISBN nor a record number in this address. "
    "Search your catalog for a book by its ISBN, and copy the address of the page that comes."
)


def link_of(title: Title, library: Library) -> str | None:
    """Where people find it in the catalog; None where nobody said."""
    return title.link or filled(library.title_link, ((i.kind, i.value) for i in title.ids))


def filled(pattern: str, ids: Iterable[tuple[str, str]]) -> str | None:
    """The pattern for a title with these ids; None if it asks for one that the title does not have."""
    if not pattern:
        return None
    known: dict[str, str] = {}
    for kind, value in ids:
        known.setdefault(kind, value)
    number = known.get("number", "")  # in MARC it is as a rule that of a union catalog, in a table her own catalog's
    record = known.get("record") or (number if number.startswith("table ") else "")
    record = record.rpartition(" ")[2]  # "opac.x.org biblionumber 4211"
    for name, value in (("isbn", known.get("isbn", "")), ("record", record)):
        if "{" + name + "}" in pattern:
            if not value:
                return None
            pattern = pattern.replace("{" + name + "}", quote(value, safe=""))
    return pattern


def pattern_of(example: str) -> str:
    """One pasted link -> the pattern: its ISBN, else its record number, becomes a placeholder. Raises NotDone.

    What lasts no longer than a visit is left out; Destiny's `site` and `context` stay.
    """
    example = example.strip()
    if "{isbn}" in example or "{record}" in example:
        return example
    lasting = _PASSING.sub("", example).rstrip("?& ")
    for place, name in ((_ISBN, "{isbn}"), (_RECORD, "{record}"), (_BARE_TEN, "{isbn}")):
        if place.search(lasting):
            return place.sub(name, lasting, count=1)
    raise NotDone(NO_PLACE)
