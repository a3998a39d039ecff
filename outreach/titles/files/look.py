"""Which kind of file is it, and what titles are in it? Pure; `list_child` runs this where it cannot hurt."""

from __future__ import annotations

from collections.abc import Mapping

from outreach.titles.files.columns import fingerprint, guess, titles_of
from outreach.titles.files.list_child import PREVIEW, Look
from outreach.titles.files.lists import ListRead
from outreach.titles.files.marc import count_records, read_marc
from outreach.titles.files.marc_binary import has_records
from outreach.titles.files.marc_xml import is_xml
from outreach.titles.files.tables import read_table
from outreach.titles.text import cap

MOST_SHOWN = 200  # characters of a cell, in the web's process
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # workbooks; what looks like a record in one is chance


def is_marc(body: bytes) -> bool:
    """By what is in it: catalogs call their files .dat, .001 and .txt as well."""
    if body.startswith(_PACKED):
        return False
    return count_records(body) > 0 if is_xml(body) else has_records(body)


def look(body: bytes, name: str) -> Look:
    """Raises NotAList."""
    if is_marc(body):
        return Look("marc", count_records(body))
    table = read_table(body, name)
    return Look(
        kind="table",
        total=len(table.rows),
        header=table.header,
        sample=tuple(tuple(cap(cell, MOST_SHOWN) for cell in row) for row in table.rows[:PREVIEW]),
        numbers=table.numbers[:PREVIEW],
        columns=guess(table),
        shape=fingerprint(table),
        notes=table.notes,
    )


def read(body: bytes, name: str, kind: str, columns: Mapping[str, int], most: int | None) -> ListRead:
    """Raises NotAList."""
    if kind == "marc":
        return read_marc(body, most)
    table = read_table(body, name)
    return titles_of(table, columns or guess(table))
