"""The rows of a table, once it is known which column is which, as titles in plain words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from outreach.titles.clean import clean_author, clean_title
from outreach.titles.files.excel_damage import Repaired, repair
from outreach.titles.files.lists import Listed, ListRead, Trouble
from outreach.titles.files.table_shape import Table
from outreach.titles.formats import known_format
from outreach.titles.links import web_link
from outreach.titles.rss.systems import MOST as MOST_RECORD
from outreach.titles.text import cap, tidy
from outreach.titles.title import ParsedTitle
from outreach.words import Sentence

_MOST_WORDS = 100  # characters of an audience or a call number
_MOST_SHOWN = 200
_MOST_FORMAT = 60

ONLY_AN_ISBN = Sentence("This row has an ISBN and no title.")
NO_TITLE = Sentence("This row has no title, so it was left out.")

_BARE_GRADES = re.compile(r"(?:k|\d{1,2})(?:\s*[-–]\s*\d{1,2}|\+)?", re.IGNORECASE)
_NEXT_AUTHOR = re.compile(r"\s*[;|]\s*")


def titles_of(table: Table, mapping: Mapping[str, int]) -> ListRead:
    """The titles of the rows, by their numbers in the person's own program.

    `mapping`: field -> column, as `columns.guess` gives it; columns that are not there are as good as not named.
    A title's `record` is "table " and the value of the record column, None without such a column: such numbers are
    unique in one catalog only. `grade` is None and `added` is None; the audience is as the list says it.

    An ISBN that cannot be read is a Trouble with kept=True: the title came in without it. A row with an ISBN and no
    title is a Trouble with kept=False, the sentence ONLY_AN_ISBN and the 13 digits for a text: `isbns_without_title`
    gives these, to be looked up.
    """
    titles: list[Listed] = []
    troubles: list[Trouble] = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        cells = {field: row[at] for field, at in mapping.items() if 0 <= at < len(row)}
        isbn = repair(cells.get("isbn", ""))
        title = _title(cells, isbn)
        if title is not None:
            titles.append(Listed(number, title))
        troubles += _troubles(number, row, title, isbn)
    return ListRead(tuple(titles), tuple(troubles), len(table.rows))


def isbns_without_title(read: ListRead) -> Iterator[tuple[int, str]]:
    """The number of the row and the ISBN-13, of rows that hold an ISBN and no title."""
    return ((trouble.number, trouble.text) for trouble in read.troubles if trouble.sentence == ONLY_AN_ISBN)


def _title(cells: Mapping[str, str], isbn: Repaired) -> ParsedTitle | None:
    clean = clean_title(cells.get("title", ""))
    if not any(map(str.isalnum, clean.title)):
        return None
    return ParsedTitle(
        title=clean.title,
        subtitle=clean.subtitle or clean_title(cells.get("subtitle", "")).title or None,
        author=clean_author(_NEXT_AUTHOR.split(cells.get("author", "").strip(" ;|"))[0]),
        isbn13=(isbn.isbn13, *isbn.others) if isbn.isbn13 else (),
        format=clean.format or _format(cells.get("format", "")),
        cover=web_link("", cells.get("cover", "")),
        link=web_link("", cells.get("link", "")),
        record=_record(cells.get("record", "")),
        added=None,
        call_number=cap(tidy(cells.get("call_number", "")), _MOST_WORDS) or None,
        audience=_audience(cells.get("audience", "")),
    )


def _audience(cell: str) -> str:
    """In a column of its own "9-12" are grades."""
    words = cap(tidy(cell), _MOST_WORDS)
    return f"Grades {words}" if _BARE_GRADES.fullmatch(words) else words


def _format(cell: str) -> str | None:
    words = tidy(cell)
    return known_format(words) or cap(words, _MOST_FORMAT) or None


def _record(cell: str) -> str | None:
    """A number that Excel has written as 4211.0 is 4211."""
    value = re.sub(r"^(\d+)\.0$", r"\1", tidy(cell).strip("'"))
    return f"table {value}" if value and len(value) + len("table ") < MOST_RECORD else None


def _troubles(number: int, row: tuple[str, ...], title: ParsedTitle | None, isbn: Repaired) -> Iterator[Trouble]:
    if title is None and isbn.isbn13:
        yield Trouble(number, ONLY_AN_ISBN, isbn.isbn13)
    elif title is None:
        yield Trouble(number, NO_TITLE, cap(" | ".join(filter(None, row)), _MOST_SHOWN))
    elif isbn.sentence:
        yield Trouble(number, isbn.sentence, cap(title.title, _MOST_SHOWN), kept=True)
