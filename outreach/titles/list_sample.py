"""How the first titles of a list would read, before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.models import Import
from outreach.titles.files.columns import titles_of
from outreach.titles.files.lists import Trouble
from outreach.titles.files.tables import Table
from outreach.titles.rss.parse_child import title_from
from outreach.titles.text import cap
from outreach.titles.title import ParsedTitle
from outreach.words import Sentence

FIELD_NAMES: Mapping[str, Sentence] = {
    "title": Sentence("Title"),
    "subtitle": Sentence("Subtitle"),
    "author": Sentence("Author"),
    "isbn": Sentence("ISBN"),
    "format": Sentence("Format"),
    "audience": Sentence("For whom"),
    "call_number": Sentence("Call number"),
    "link": Sentence("Link to the catalog"),
    "record": Sentence("Record number"),
    "cover": Sentence("Address of a cover"),
}


@dataclass(frozen=True)
class Sample:
    titles: tuple[ParsedTitle, ...]
    troubles: tuple[Trouble, ...] = ()
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of a table, for a person to say what is in it."""

    number: int
    head: str
    examples: tuple[str, ...]
    field: str


def columns_of(row: Import, columns: Mapping[str, int]) -> list[Column]:
    fields = {n: field for field, n in columns.items()}
    rows = row.look.get("rows", [])
    return [
        Column(n, head, tuple(cap(cells[n], 40) for cells in rows[:2] if cells[n]), fields.get(n, ""))
        for n, head in enumerate(row.look.get("header", []))
    ]


def sample_of(row: Import, columns: Mapping[str, int] | None = None) -> Sample | None:
    """None for ISBNs: what they are is looked up later."""
    if row.kind == "marc":
        troubles = tuple(Trouble(n, Sentence.load(said), text, kept) for n, said, text, kept in row.look["troubles"])
        return Sample(tuple(title_from(values) for values in row.look["titles"]), troubles)
    if row.kind != "table":
        return None
    notes = tuple(Sentence.load(note) for note in row.look["notes"])
    header, rows = tuple(row.look["header"]), tuple(tuple(cells) for cells in row.look["rows"])
    table = Table(header, rows, 1, tuple(row.look["numbers"]), True)
    width = len(header)
    known = {field: n for field, n in (row.columns if columns is None else columns).items() if n < width}
    read = titles_of(table, known)
    return Sample(tuple(one.title for one in read.titles), read.troubles, notes)
