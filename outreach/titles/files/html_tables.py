"""Tables in markup: what many library systems call ``.xls`` is a web page or Excel's XML of 2003.

Both are read by their tags for tables, rows and cells, in one go: Python's HTML parser takes quadratic time for tags
that do not end. Entities that a document defines are not known, so that a small file cannot make itself large.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

from outreach.titles.files.table_shape import ABOVE, MOST_COLUMNS, MOST_ROWS, Row, header_at

_MOST_TABLES = 500
_TABLE = re.compile(r"<(?:\w+:)?table[\s>]", re.IGNORECASE)
_MARKUP = re.compile(
    r"\s*<(?:!doctype|\?xml|html|head|body|meta|style|table|div|!--|workbook|ss:workbook)", re.IGNORECASE
)
_ENCODING = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_ASIDE = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?)(?:[a-z]+:)?([a-z][a-z0-9]*|[!?])([^<>]*)>", re.IGNORECASE)
_PLACE = re.compile(r"\b(index|mergeacross|colspan)\s*=\s*[\"']?([0-9]{1,7})", re.IGNORECASE)
_ROW_TAGS = frozenset(("tr", "row"))
_CELL_TAGS = frozenset(("td", "th", "cell"))
_BREAKS = frozenset(("br", "p", "div", "li"))


def is_markup(text: str) -> bool:
    return bool(_MARKUP.match(text[:1_000]))


def has_table(text: str) -> bool:
    return bool(_TABLE.search(text))


def declared_encoding(body: bytes) -> str | None:
    """What a page says of itself in its first lines."""
    found = _ENCODING.search(body[:2_000])
    return found[1].decode("ascii") if found else None


def rows_of_markup(text: str) -> Iterator[Row]:
    """The rows of the first table that has a header we know, else of the one with the most cells. Rows count from 1."""
    tables = [table for table in _read(text) if table]
    known = (table for table in tables if header_at([cells for _, cells in table[:ABOVE]]) is not None)
    best = next(known, None) or max(tables, key=lambda table: sum(len(cells) for _, cells in table), default=[])
    return iter(best)


def _read(text: str) -> list[list[tuple[int, list[str]]]]:
    text = _ASIDE.sub("", _CDATA.sub(lambda data: escape(data[1]), text))
    reader, done = _Tables(), 0
    for tag in _TAG.finditer(text):
        reader.words(text[done : tag.start()])
        reader.tag(tag[2].lower(), tag[3], is_end=bool(tag[1]))
        done = tag.end()
        if reader.is_full:
            break
    reader.end()
    return reader.tables


class _Tables:
    """Collects tables; one inside another's cell is a table of its own, in the order in which they begin."""

    def __init__(self) -> None:
        self.tables: list[list[tuple[int, list[str]]]] = []
        self.is_full = False
        self._open: list[_Open] = []
        self._in_comment = False  # somebody's remark about a cell

    def tag(self, name: str, attributes: str, *, is_end: bool) -> None:
        if name == "comment":
            self._in_comment = not is_end and not attributes.endswith("/")
        elif name == "table":
            self._end_table() if is_end else self._begin_table()
        elif self._open and name in _ROW_TAGS:
            self._open[-1].end_row() if is_end else self._open[-1].begin_row(_attributes(attributes))
            self.is_full = self._open[-1].is_full
        elif self._open and name in _CELL_TAGS and not is_end:
            self._open[-1].begin_cell(_attributes(attributes))
        elif name in _BREAKS:
            self.words(" ")

    def words(self, html: str) -> None:
        if self._open and html and not self._in_comment:
            self._open[-1].add(html)

    def end(self) -> None:
        """Also of a file that was cut off."""
        while self._open:
            self._end_table()

    def _begin_table(self) -> None:
        if len(self.tables) < _MOST_TABLES:
            self.tables.append([])
            self._open.append(_Open(self.tables[-1]))

    def _end_table(self) -> None:
        if self._open:
            self._open.pop().end_row()


class _Open:
    """A table that is being read."""

    def __init__(self, rows: list[tuple[int, list[str]]]) -> None:
        self._rows = rows
        self._number = 0
        self._cells: list[list[str]] | None = None
        self._spanned = 0  # columns that the cell before takes besides its own

    @property
    def is_full(self) -> bool:
        return len(self._rows) > MOST_ROWS + 2 * ABOVE

    def begin_row(self, given: dict[str, int]) -> None:
        self.end_row()
        self._number = max(self._number + 1, given.get("index", 0))
        self._cells, self._spanned = [], 0

    def begin_cell(self, given: dict[str, int]) -> None:
        if self._cells is None:
            self.begin_row({})
        cells = self._cells = self._cells or []
        at = given["index"] - 1 if given.get("index") else len(cells) + self._spanned
        # One more than we keep, so that it can be told.
        cells.extend([] for _ in range(len(cells), min(at, MOST_COLUMNS) + 1))
        self._spanned = max(0, given.get("colspan", 1) - 1, given.get("mergeacross", 0))

    def add(self, html: str) -> None:
        if self._cells:
            self._cells[-1].append(html)

    def end_row(self) -> None:
        cells = [unescape("".join(parts)) for parts in self._cells or ()]
        if any(cell.strip() for cell in cells):
            self._rows.append((self._number, cells))
        self._cells = None


def _attributes(text: str) -> dict[str, int]:
    return {name.lower(): int(value) for name, value in _PLACE.findall(text)}
