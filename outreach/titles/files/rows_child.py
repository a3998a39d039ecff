"""A file of any other table than titles: its rows as they stand there, read in a child with limits, see `child.py`."""

from __future__ import annotations

from itertools import islice
from typing import Any

from outreach.titles.child import PATIENCE, Damaged, TooMuch, safely
from outreach.titles.files.lists import NotAList
from outreach.words import NotDone, Sentence

MOST_ROWS = 2_001  # with a header
MOST_COLUMNS = 60
MOST_CHARACTERS = 5_000_000  # in all
MOST_CELL = 20_001  # characters: one more than a post takes, so that it can be told

_TOO_MUCH = Sentence("This file takes too much time or memory to read. Save the table alone, as CSV.")
_DAMAGED = Sentence("This file is damaged and cannot be read. Save it once more.")


def rows_in(body: bytes, name: str) -> list[tuple[int, list[str]]]:
    """Its rows that are not empty: their numbers, from 1, and their cells. Raises NotDone for what is no table."""
    try:
        said = safely("rows", {"name": name}, body, PATIENCE)
    except TooMuch as too_much:
        raise NotDone(_TOO_MUCH) from too_much
    except Damaged as damaged:
        raise NotDone(_DAMAGED) from damaged
    if "sentence" in said:
        raise NotDone(Sentence.load(said["sentence"]))
    return [(number, cells) for number, cells in said["rows"]]


def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The child's side."""
    from outreach.titles.files.tables import read_rows

    try:
        rows, _notes = read_rows(body, head["name"])
    except NotAList as no:
        return {"sentence": no.sentence.dump()}
    found = ((n, [_text(cell) for cell in cells[:MOST_COLUMNS]]) for n, cells in islice(rows, 50_000))
    kept, size = [], 0
    for n, cells in islice(((n, cells) for n, cells in found if any(cells)), MOST_ROWS + 1):
        size += sum(map(len, cells))
        if size > MOST_CHARACTERS:  # a small file can say one long thing very often
            return {"sentence": _TOO_MUCH.dump()}
        kept.append((n, cells))
    return {"rows": kept}


def _text(cell: str) -> str:
    return cell.replace("\0", "").strip()[:MOST_CELL]
