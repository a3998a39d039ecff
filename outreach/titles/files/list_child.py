"""Files of titles, read where it cannot hurt: in a child process, see `child.py`.

look_at: what is it, and how do its first titles read?      read: all of it
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outreach.titles.child import Damaged, TooMuch, safely
from outreach.titles.files.lists import Listed, ListRead, NotAList, Trouble
from outreach.titles.rss.parse_child import as_values, title_from
from outreach.words import Sentence

PREVIEW = 10  # rows that are shown before a person has answered

_TOO_MUCH = Sentence("This file takes too much time or memory to read. Export fewer titles, for example of one month.")
_DAMAGED = Sentence("This file is damaged and cannot be read. Export it once more.")


@dataclass(frozen=True)
class Look:
    """A file before it is read as a whole."""

    kind: str  # marc, table
    total: int  # records or rows; of MARC about
    header: tuple[str, ...] = ()  # of a table
    sample: tuple[tuple[str, ...], ...] = ()  # its first rows
    numbers: tuple[int, ...] = ()  # of those rows
    columns: Mapping[str, int] | None = None  # guessed: field -> column
    shape: str = ""
    notes: tuple[Sentence, ...] = ()  # what of it cannot be read


def look_at(body: bytes, name: str) -> Look:
    """Raises NotAList."""
    said = _ask({"do": "look", "name": name}, body)
    return Look(
        kind=said["kind"],
        total=said["total"],
        header=tuple(said["header"]),
        sample=tuple(tuple(row) for row in said["sample"]),
        numbers=tuple(said["numbers"]),
        columns=said["columns"],
        shape=said["shape"],
        notes=tuple(Sentence.load(note) for note in said["notes"]),
    )


def read_file(body: bytes, name: str, kind: str, columns: Mapping[str, int], most: int | None = None) -> ListRead:
    """All titles of it, or of its first records only. Raises NotAList."""
    said = _ask({"do": "read", "name": name, "kind": kind, "columns": dict(columns), "most": most}, body)
    return ListRead(
        titles=tuple(Listed(number, title_from(values)) for number, values in said["titles"]),
        troubles=tuple(Trouble(n, Sentence.load(s), text, kept) for n, s, text, kept in said["troubles"]),
        total=said["total"],
        more=said["more"],
    )


def _ask(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    try:
        said = safely("list", head, body)
    except TooMuch as too_much:
        raise NotAList(_TOO_MUCH) from too_much
    except Damaged as damaged:
        raise NotAList(_DAMAGED) from damaged
    if "sentence" in said:
        raise NotAList(Sentence.load(said["sentence"]))
    return said


def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The child's side."""
    from outreach.titles.files.look import look, read

    try:
        if head["do"] == "look":
            seen = look(body, head["name"])
            return vars(seen) | {"notes": [note.dump() for note in seen.notes]}
        found = read(body, head["name"], head["kind"], head["columns"], head["most"])
    except NotAList as no:
        return {"sentence": no.sentence.dump()}
    return {
        "titles": [(one.number, as_values(one.title)) for one in found.titles],
        "troubles": [(t.number, t.sentence.dump(), t.text, t.kept) for t in found.troubles],
        "total": found.total,
        "more": found.more,
    }
