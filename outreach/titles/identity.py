"""Is this title known? By ISBN, by record number, by name: in this order. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from outreach.titles.clean import match_key
from outreach.titles.title import ParsedTitle

OF_LISTS = ("marc ", "table ")
SAID = ("subtitle", "author", "format", "audience", "call_number", "link", "cover", "grade")  # besides title and ids


@dataclass(frozen=True)
class Seen:
    """What we know of a title that is stored."""

    id: int
    match_key: str
    isbns: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """A title of a feed with all that it may be known by, made once: a feed has up to 20,000."""

    title: ParsedTitle
    key: str  # title, author and format, folded
    ids: tuple[tuple[str, str], ...]  # (kind, value): its ISBN-13s, then its record number

    def and_(self, other: Candidate, ids: tuple[tuple[str, str], ...]) -> Candidate:
        """The same title on two lines of a list: what one does not say, the other may; known by these ids as well."""
        said = {name: value for name in SAID if not _is_empty(value := getattr(other.title, name))}
        new = {name: value for name, value in said.items() if _is_empty(getattr(self.title, name))}
        title = replace(self.title, **new) if new else self.title
        return replace(self, title=title, ids=tuple(dict.fromkeys((*self.ids, *ids))))


def _is_empty(value: object) -> bool:
    return value is None or value == ""  # and not 0: that is kindergarten


def candidate(title: ParsedTitle) -> Candidate:
    ids = [("isbn", isbn) for isbn in title.isbn13]
    if title.record:  # the number in a file is that of one catalog, and nothing in the file says of which
        ids.append(("number" if title.record.startswith(OF_LISTS) else "record", title.record))
    return Candidate(title, match_key(title.title, title.author, title.format), tuple(ids))


def name_of(key: str) -> str:
    """The title part of a match key (title, author, format)."""
    return key.split("|")[0]


def same(one: Candidate, by_id: Mapping[tuple[str, str], Seen], by_key: Mapping[str, Seen]) -> Seen | None:
    """The stored title that this one is.

    Sets of books share an ISBN, so an ISBN counts only if the titles do not disagree, and so does the number in a
    file; a feed's record number, which has its host with it, always does.
    A name does not where both have ISBNs and none in common: that is another edition.
    """
    for known_by in one.ids:
        seen = by_id.get(known_by)
        if seen and (known_by[0] == "record" or agree(name_of(seen.match_key), name_of(one.key))):
            return seen
    named = by_key.get(one.key)
    return None if named is None or is_other_edition(one, named) else named


def is_other_edition(one: Candidate, named: Seen) -> bool:
    """Of two with one name."""
    return bool(one.title.isbn13 and named.isbns) and named.isbns.isdisjoint(one.title.isbn13)


def are_editions(one: Candidate, other: Candidate) -> bool:
    """Of two with one name that nobody has stored: do both have ISBNs, and none in common?"""
    mine, theirs = ({value for kind, value in c.ids if kind == "isbn"} for c in (one, other))
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def agree(one: str, other: str) -> bool:
    """Two names of one book: equal, or one is the beginning of the other (a subtitle came or went)."""
    shorter, longer = sorted((one, other), key=len)
    return shorter == longer or (bool(shorter) and longer.startswith(f"{shorter} "))  # not "Book 1" of "Book 10"
