"""Is this title known? By ISBN, by record number, by name: in this order. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.titles.clean import match_key
from outreach.titles.parse import ParsedTitle


@dataclass(frozen=True)
class Seen:
    """What we know of a title that is stored."""

    id: int
    match_key: str
    announced: bool = False


def name_of(key: str) -> str:
    """The title part of a match key (title, author, format)."""
    return key.split("|")[0]


def key_of(title: ParsedTitle) -> str:
    return match_key(title.title, title.author, title.format)


def same(title: ParsedTitle, by_id: Mapping[str, Seen], by_key: Mapping[str, Seen]) -> Seen | None:
    """The stored title that this one is.

    Sets of books share an ISBN, so an ISBN counts only if the titles do not disagree; a record number always does.
    """
    key = key_of(title)
    for isbn in title.isbn13:
        seen = by_id.get(f"isbn:{isbn}")
        if seen and agree(name_of(seen.match_key), name_of(key)):
            return seen
    if title.record and (seen := by_id.get(f"record:{title.record}")):
        return seen
    return by_key.get(key)


def agree(one: str, other: str) -> bool:
    """Two names of one book: equal, or one is the beginning of the other (a subtitle came or went)."""
    shorter, longer = sorted((one, other), key=len)
    return shorter == longer or (bool(shorter) and longer.startswith(shorter))
