"""What comes out of a list, whatever it was written in: titles, and what is wrong with the rest by its number."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.titles.title import ParsedTitle
from outreach.words import Sentence

MOST_TROUBLES = 1_000  # named one by one; nobody reads more, and a made file could have a million


class NotAList(Exception):
    """The file is no list that we can read."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Trouble:
    """Something about one record, row or line that a person should know."""

    number: int  # of the record or line, from 1, as the person's own program counts them
    sentence: Sentence
    text: str = ""  # the line itself or the title, cut
    kept: bool = False  # True: the title came in all the same
    title_id: int | None = None  # of that title, once it is in the library


@dataclass(frozen=True)
class Listed:
    """A title and the number of its record, row or line."""

    number: int
    title: ParsedTitle


@dataclass(frozen=True)
class ListRead:
    titles: tuple[Listed, ...]
    troubles: tuple[Trouble, ...]
    total: int  # records, rows or lines that were looked at
    more: int = 0  # that have something wrong with them, and are not named
