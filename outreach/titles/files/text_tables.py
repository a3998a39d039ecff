"""Tables in plain text: commas, tabs, semicolons or bars, with or without quotes.

Python's `csv` reads a lone quote as the beginning of a cell that never ends, and refuses cells over 128 KB. Here a
record that does not end within some lines is one line with a quote in it, and a line that is too long is split at its
delimiters.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import islice

from outreach.titles.files.column_words import known_words
from outreach.titles.files.table_shape import Row

_DELIMITERS = "\t,;|"
_NONE = "\x1f"  # of a list with one column: a delimiter that is in no text, tidied or not
_LOOKED_AT = 300  # records by which the delimiter is guessed
_WITH_EMPTY = 3_000  # among so many, since some are empty
_ABOVE = 30  # of these may be the header
_MOST_LINES = 50  # of one record; the longest honest ones are summaries with a few paragraphs
_LONG = 100_000  # characters of a line; csv's own limit of a cell is 131,072
_END = "\x1e\n"  # fed to csv after the last line, to see whether a cell swallows it
_LONE = 5  # quotes of one line that are looked after
_SEP = re.compile(r"\s*\"?sep=(.)\"?\r?\n?", re.IGNORECASE)


def rows_of(text: str) -> Iterator[Row]:
    """Records and their numbers, from 1, as a spreadsheet counts them: one for each record, empty ones too."""
    text = text.replace(_END[0], "")
    first = _SEP.match(text[:20])
    if first and "\n" in text[first.end() - 1 : first.end() + 1]:
        text = text[first.end() :]  # a line for Excel alone; it shows it to nobody
    delimiter = first[1] if first and first[1] in _DELIMITERS else delimiter_of(text)
    return enumerate(_records(text, delimiter), 1)


def delimiter_of(text: str) -> str:
    """Of the four, the one under which most records have the same number of cells, and a row is a header."""
    head = text[: _LOOKED_AT * 2_000]
    scores = {delimiter: _score(head, delimiter) for delimiter in _DELIMITERS}
    scores[_NONE] = 0.5 + min(1, max(known_words([line]) for line in _lines_of(head, _ABOVE)))
    return max(scores, key=scores.__getitem__)


def _lines_of(text: str, most: int) -> list[str]:
    return [line.strip('" \t\n') for line in islice(io.StringIO(text, newline=None), most)] or [""]


def _score(text: str, delimiter: str) -> float:
    filled = (cells for cells in islice(_records(text, delimiter), _WITH_EMPTY) if any(map(str.strip, cells)))
    records = list(islice(filled, _LOOKED_AT))
    widths = [len(cells) for cells in records]
    usual = max(sorted(set(widths)), key=widths.count, default=1)
    widest = max(widths, default=1)
    known = max((known_words(cells[:200]) for cells in records[:_ABOVE] if len(cells) > 1), default=0)
    if usual == 1 and not (known > 1 and widest > 1):
        return 0.0
    return known + widths.count(usual) / len(widths) + min(usual, 50) / 1_000


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline=None)
    waiting: list[str] = []  # lines to be read again, the next one last

    def next_line() -> str:
        return waiting.pop() if waiting else lines.readline()

    while line := next_line():
        line = line.rstrip("\n")
        if len(line) > _LONG:
            yield line.split(delimiter, 1_000)
        elif '"' not in line:
            yield line.split(delimiter) if line else []
        else:
            yield _quoted(line, next_line, waiting, delimiter)


def _quoted(line: str, next_line: Callable[[], str], waiting: list[str], delimiter: str) -> list[str]:
    """The record that begins with `line`, and takes the lines that its quotes need.

    Lines that were taken for nothing go back. None of them opens a quote without end, since that would have ended this
    one; so each is read twice at most.
    """
    taken: list[str] = []

    def feed() -> Iterator[str]:
        yield line + "\n"
        while len(taken) < _MOST_LINES and (more := next_line()):
            taken.append(more)
            yield more
        yield _END

    try:
        record: list[str] = next(csv.reader(feed(), delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error:
        waiting.extend(reversed(taken))
        return _one_line(line, delimiter)
    return record


def _one_line(line: str, delimiter: str) -> list[str]:
    """A line with quotes that are none: what stands after a lone one is split as if it were not there."""
    done: list[str] = []
    for _ in range(_LONE):
        record = next(csv.reader([line + "\n", _END], delimiter=delimiter, skipinitialspace=True))
        if not record or not record[-1].endswith(_END):
            return done + record
        done += record[:-1]
        line = record[-1].removesuffix("\n" + _END)
    return done + line.split(delimiter)
