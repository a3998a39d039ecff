"""Rows as a program wrote them into a table: where its header is, and what above and below it is no row of it.

numbered rows | tidy and cut | find the header | drop page numbers and totals | Table
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from outreach.titles.files.column_words import known_words
from outreach.titles.files.lists import NotAList
from outreach.titles.isbn import to_isbn13
from outreach.titles.text import cap, tidy
from outreach.words import Sentence

MOST_ROWS = 50_000
MOST_EMPTY = MOST_ROWS  # rows; some programs leave every second one empty
MOST_COLUMNS = 200
MOST_CELL = 2_000  # characters
MOST_HEADER = 100  # characters of a header
ABOVE = 30  # rows in which a header is looked for; reports have two to ten lines above it

Row = tuple[int, Sequence[str]]  # its number, from 1, and its cells

NO_ROWS = Sentence("There are no titles in this file. Open it to see whether the list was saved with its rows.")
ROWS_CUT = Sentence(
    "This list is very long. Only its first %(count)s rows were read; save the rest as a list of its own.",
    count=f"{MOST_ROWS:,}",
)
EMPTY_CUT = Sentence("There are very many empty rows in this list. What stands below them was not read.")
COLUMNS_CUT = Sentence("This list is very wide. Only its first %(count)s columns were read.", count=MOST_COLUMNS)
CELLS_CUT = Sentence("Some cells hold more than %(count)s characters. The rest was left out.", count=f"{MOST_CELL:,}")

# The whole of what stands in a row: "Total: 12 titles", "Page 1 of 3", "End of report".
_NO_TITLE = re.compile(
    r"(?:grand |sub ?)?total(?: (?:number )?(?:of )?(?:titles|records|items|copies|books))?\s*[:=]?\s*[\d.,]+"
    r"(?: (?:titles?|records?|items?|copies|books?|rows?))?"
    r"|[\d.,]+ (?:titles?|records?|items?|copies|books?|rows?|titel|exemplare|titres?|exemplaires|t[ií]tulos)"
    r"(?: (?:found|listed|total|printed|in total))?"
    r"|(?:page|seite|p[aá]gina|p)\.? ?\d+(?: ?(?:of|/|von|de|sur) ?\d+)?"
    r"|(?:summe|gesamt|insgesamt|anzahl|total|nombre|n[uú]mero)"
    r"(?: (?:titel|exemplare|(?:de )?titres|(?:de )?t[ií]tulos))?\s*:?\s*[\d.,]+"
    r"|[-*= ]*(?:end of (?:report|list|file)|ende(?: der liste)?|fin(?: du rapport| del informe)?)[-*=. ]*"
    r"|(?:report )?(?:generated|printed|run|created)(?: (?:on|by|from|with)|:).*"
    r"|[-_=*. ]+",
    re.IGNORECASE,
)
_SURE = re.compile(r"(?:page|seite) ?\d+ ?(?:of|/|von) ?\d+", re.IGNORECASE)
_BELOW = 10  # rows at the end that may be a footer


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]  # as written, tidied; a made-up "Column 3" where a cell is empty
    rows: tuple[tuple[str, ...], ...]  # the text of each cell, as many as the header has; empty rows left out
    first_row: int  # the number, from 1, of the first of `rows` in the person's own program
    numbers: tuple[int, ...]  # the number of each row there
    has_header: bool  # False: every word of `header` is made up
    notes: tuple[Sentence, ...] = ()  # what was left out, to be shown with the list


def shaped(numbered: Iterable[Row], notes: Iterable[Sentence] = ()) -> Table:
    """A table of the rows that are not empty. Raises NotAList if there are none.

    1. cells tidied and cut; a row beyond the limit, or too many empty ones, end the reading, and a note says so
    2. the header is the row with the most words that we know; without such words the first full row of words above
       rows that hold numbers; everything over it is a report's heading
    3. page numbers, repeated headers and totals are no rows
    """
    told = dict.fromkeys(notes)
    rows = _tidied(numbered, told)
    at = header_at([cells for _, cells in rows[:ABOVE]])
    header = rows[at][1] if at is not None else ()
    body = rows[at + 1 :] if at is not None else rows[_heading(rows) :]
    body = _without_footer([row for row in body if not _is_repeated(row[1], header)], header)
    if not body:
        raise NotAList(NO_ROWS)
    if len(body) > MOST_ROWS:
        told[ROWS_CUT] = None
    width = max(len(header), *(len(cells) for _, cells in body))
    return Table(
        header=tuple(
            cap(word, MOST_HEADER) or f"Column {number}" for number, word in enumerate(_padded(header, width), 1)
        ),
        rows=tuple(_padded(cells, width) for _, cells in body[:MOST_ROWS]),
        first_row=body[0][0],
        numbers=tuple(number for number, _ in body[:MOST_ROWS]),
        has_header=at is not None,
        notes=tuple(told),
    )


def header_at(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of the first rows is the header, if one is."""
    known = [known_words(cells) for cells in rows]
    if known and max(known) >= 2:
        return known.index(max(known))
    widths = [sum(map(bool, cells)) for cells in rows]
    if known and max(known) == 1 and _is_full(rows, widths, known.index(1)):
        return known.index(1)
    return _by_shape(rows, widths)


def _is_full(rows: Sequence[Sequence[str]], widths: list[int], at: int) -> bool:
    """As wide as any row below, and no row says a word of it again ("Book" may be a title, or what things are)."""
    below = rows[at + 1 :]
    again = any(cell and cell in _column(below, place) for place, cell in enumerate(rows[at]))
    return widths[at] == max(widths[at:]) and not again


def _by_shape(rows: Sequence[Sequence[str]], widths: list[int]) -> int | None:
    """The first full row, if it is all words and what stands below it has a column of numbers."""
    full = max(widths, default=0)
    at = next((at for at, width in enumerate(widths) if width == full), None)
    if at is None or full < 2 or len(rows) - at < 3 or any(map(_is_number, rows[at])):
        return None
    below = rows[at + 1 :]
    numeric = (sum(_is_number(cell) for cell in _column(below, place)) for place in range(len(rows[at])))
    return at if max(numeric) > len(below) * 0.6 else None


def _column(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [cells[place] for cells in rows if place < len(cells)]


def _is_number(cell: str) -> bool:
    return sum(map(str.isdigit, cell)) * 2 > len(cell) or bool(to_isbn13(cell))


def _tidied(numbered: Iterable[Row], told: dict[Sentence, None]) -> list[tuple[int, tuple[str, ...]]]:
    rows: list[tuple[int, tuple[str, ...]]] = []
    for read, (number, cells) in enumerate(numbered):
        if read - len(rows) > MOST_EMPTY:
            told[EMPTY_CUT] = None
            break
        if not any(cells):
            continue
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            told[COLUMNS_CUT] = None
        tidied = tuple(_cell(cell, told) if cell else "" for cell in islice(cells, MOST_COLUMNS))
        while tidied and not tidied[-1]:
            tidied = tidied[:-1]
        if tidied and len(rows) >= MOST_ROWS + ABOVE:
            told[ROWS_CUT] = None
            break
        if tidied:
            rows.append((number, tidied))
    return rows


def _cell(cell: str, told: dict[Sentence, None]) -> str:
    text = tidy(cell[: 2 * MOST_CELL])
    if len(text) > MOST_CELL or len(cell) > 2 * MOST_CELL:
        told[CELLS_CUT] = None
    return text[:MOST_CELL].rstrip()


def _heading(rows: Sequence[tuple[int, tuple[str, ...]]]) -> int:
    """Without a header: how many lines of a single cell stand over a table of three columns and more."""
    filled = [sum(map(bool, cells)) for _, cells in rows[:ABOVE]]
    usual = max(set(filled), key=filled.count, default=0)
    return next((at for at, count in enumerate(filled) if count > 1), 0) if usual > 2 else 0


def _is_repeated(cells: tuple[str, ...], header: tuple[str, ...]) -> bool:
    """The header again on the next page, or the number of a page."""
    if header and cells == header:
        return True
    filled = [cell for cell in cells if cell]
    return len(filled) == 1 and bool(_SURE.fullmatch(filled[0]))


def _without_footer(
    rows: list[tuple[int, tuple[str, ...]]], header: tuple[str, ...]
) -> list[tuple[int, tuple[str, ...]]]:
    end = len(rows)
    for _ in range(_BELOW):
        if end and _is_footer(rows[end - 1][1]):
            end -= 1
    return rows[:end]


def _is_footer(cells: tuple[str, ...]) -> bool:
    filled = [cell for cell in cells if cell]
    return len(filled) <= 3 and bool(_NO_TITLE.fullmatch(" ".join(filled)))


def _padded(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells, *("",) * (width - len(cells)))
