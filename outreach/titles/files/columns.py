"""Which column is which, and the titles of a table. Pure.

guess(table) -> {"title": 0, "author": 1, "isbn": 3}, which a person may change -> titles_of(table, mapping)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping

from outreach.titles.files.column_words import field_of, fold, is_other
from outreach.titles.files.excel_damage import repair
from outreach.titles.files.table_shape import Table
from outreach.titles.files.table_titles import (
    isbns_without_title as isbns_without_title,  # one place for all of columns
)
from outreach.titles.files.table_titles import titles_of as titles_of
from outreach.titles.formats import known_format

_LOOKED_AT = 300  # filled cells of a column that are looked at; what they hold, the others hold as well
_MOST_OF_THEM = 0.6

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_PICTURE = re.compile(r"https?://\S+?(?:\.(?:jpe?g|png|gif|webp)(?:\?\S*)?|/covers?/\S+)", re.IGNORECASE)
_INVERTED = re.compile(r"[^\W\d_][^\d,;:]{0,60},\s?[^\W\d_][^,:]{0,60}(?:,.*)?")
_LETTER = re.compile(r"[^\W\d_]")


def guess(table: Table) -> dict[str, int]:
    """Field -> column, for the fields that are in the table; no column is two fields.

    1. the header names it; of several ISBN columns the one with most ISBNs, of others the surest name, then the left
    2. cells tell: ISBNs, addresses of pages and pictures; without a header also authors ("Pratchett, Terry"), formats
    3. the title, if nothing is called so, is the column with the longest words
    """
    found = _by_header(table)
    for field, is_one in _by_content(table):
        if field not in found and (column := _most(table, is_one, _free(table, found))) is not None:
            found[field] = column
    if "title" not in found and (longest := _longest(table, _free(table, found))) is not None:
        found["title"] = longest
    return found


def fingerprint(table: Table) -> str:
    """64 characters; the same for the next file of the same shape, so that a mapping need be confirmed only once."""
    shape = "\n".join((str(len(table.header)), *map(fold, table.header)))
    return hashlib.sha256(shape.encode()).hexdigest()


def is_isbn(cell: str) -> bool:
    return sum(map(str.isdigit, cell)) >= 7 and repair(cell).isbn13 is not None


def _by_header(table: Table) -> dict[str, int]:
    named: dict[str, list[tuple[float, int, int]]] = {}
    for column, word in enumerate(table.header if table.has_header else ()):
        if known := field_of(word):
            field, rank = known
            fewer = -_share(table, column, is_isbn) if field == "isbn" else 0.0
            named.setdefault(field, []).append((fewer, rank, column))
    return {field: min(columns)[2] for field, columns in named.items()}


def _by_content(table: Table) -> Iterable[tuple[str, Callable[[str], bool]]]:
    yield "isbn", is_isbn
    yield "cover", lambda cell: bool(_PICTURE.fullmatch(cell))
    yield "link", lambda cell: bool(_ADDRESS.fullmatch(cell))
    if not table.has_header:
        yield "author", lambda cell: bool(_INVERTED.fullmatch(cell))
        yield "format", lambda cell: known_format(cell) is not None


def _free(table: Table, found: Mapping[str, int]) -> list[int]:
    """Columns of which nothing is known yet."""
    taken = set(found.values())
    other = {at for at, word in enumerate(table.header) if table.has_header and (is_other(word) or field_of(word))}
    return [at for at in range(len(table.header)) if at not in taken | other]


def _most(table: Table, is_one: Callable[[str], bool], columns: list[int]) -> int | None:
    share, column = max(((_share(table, at, is_one), -at) for at in columns), default=(0.0, 0))
    return -column if share >= _MOST_OF_THEM else None


def _longest(table: Table, columns: list[int]) -> int | None:
    length, column = max(((_length(table, at), -at) for at in columns), default=(0.0, 0))
    return -column if length > 0 else None


def _share(table: Table, column: int, is_one: Callable[[str], bool]) -> float:
    """Of the filled cells, how many are one; a column with a cell or two in many rows says nothing."""
    cells = _filled(table, column)
    return sum(map(is_one, cells)) / len(cells) if cells else 0.0


def _length(table: Table, column: int) -> float:
    """Letters of a cell on average, over all rows, so that a column with a few long notes is not the longest."""
    rows = min(len(table.rows), _LOOKED_AT)
    return sum(len(_LETTER.findall(row[column][:200])) for row in table.rows[:rows]) / rows if rows else 0.0


def _filled(table: Table, column: int) -> list[str]:
    return [row[column] for row in table.rows[:_LOOKED_AT] if row[column]]
