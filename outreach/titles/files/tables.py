"""A list of titles that somebody exported or typed: text, a workbook, or a web page, into one table. Pure.

    body | what is it? | sheets, markup or text | rows by number | Table

Nothing in the file is trusted, yet some need much memory before that can be known: read what comes from outside in a
child with limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from outreach.titles.files.encodings import text_of
from outreach.titles.files.html_tables import declared_encoding, has_table, is_markup, rows_of_markup
from outreach.titles.files.lists import NotAList
from outreach.titles.files.sheets import LOCKED, rows_of_workbook
from outreach.titles.files.table_shape import MOST_CELL as MOST_CELL
from outreach.titles.files.table_shape import MOST_COLUMNS as MOST_COLUMNS
from outreach.titles.files.table_shape import MOST_ROWS as MOST_ROWS
from outreach.titles.files.table_shape import Row, shaped
from outreach.titles.files.table_shape import Table as Table
from outreach.titles.files.text_tables import rows_of
from outreach.titles.files.zip_check import checked_names
from outreach.titles.text import cap, tidy
from outreach.words import Sentence

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Microsoft's files before 2007, and today's with a password

_EMPTY = Sentence("This file is empty. Export the list once more, and look into it before you send it here.")
_WORD = Sentence("This is a Word document. Copy its table into Excel and save that as CSV or as an Excel workbook.")
_PDF = Sentence("This is a PDF, which has no rows. Ask your library program for the same list as CSV or Excel.")
_SLIDES = Sentence("This is a presentation. Save the list as CSV or as an Excel workbook.")
_NUMBERS = Sentence("This is a file of Apple Numbers. In Numbers choose File, Export To, CSV, and import that file.")
_PICTURE = Sentence("This is a picture. Ask your library program for the same list as CSV or Excel.")
_ARCHIVE = Sentence("This is a packed file. Unpack it, and import the list that is inside.")
_MARC = Sentence("This is a file of MARC records. Give it a name that ends in .mrc or .xml, and import it again.")
_JSON = Sentence("This is data for a program (JSON). Save the list as CSV or as an Excel workbook.")
_PAGE = Sentence("This is a web page without a table. Ask your library program for the same list as CSV or Excel.")

_BEGINNINGS: tuple[tuple[bytes, Sentence], ...] = (
    (b"%PDF", _PDF),
    (b"{\\rtf", _WORD),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
)
_MEMBERS: tuple[tuple[str, Sentence], ...] = (
    ("word/", _WORD),
    ("ppt/", _SLIDES),
    ("Index/Document.iwa", _NUMBERS),
    ("Index.zip", _NUMBERS),
)
_LEADER = re.compile(rb"[0-9]{5}[acdnp][a-z][a-z ][ a][ a]22")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")


def read_table(body: bytes, name: str = "") -> Table:
    """The table in a file; `name` is the file's, for the sentence alone: many an ``.xls`` is none.

    Raises NotAList, with a sentence that says what to do, for what is no table.
    """
    return shaped(*read_rows(body, name))


def read_rows(body: bytes, name: str = "") -> tuple[Iterable[Row], tuple[Sentence, ...]]:
    """The same before anything is made of it: all rows by their numbers, and what to say of the rest of the file."""
    if not body.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise NotAList(_EMPTY)
    for beginning, sentence in _BEGINNINGS:
        if body.startswith(beginning):
            raise NotAList(sentence)
    if body.startswith(_ZIP):
        return _zipped(body)
    if body.startswith(_OLE):
        return _old_workbook(body)
    if _LEADER.match(body):
        raise NotAList(_MARC)
    return _text(body, name)


def _zipped(body: bytes) -> tuple[Iterable[Row], tuple[Sentence, ...]]:
    names = checked_names(body)
    for beginning, sentence in _MEMBERS:
        if any(name.startswith(beginning) for name in names):
            raise NotAList(sentence)
    if not any(name.startswith("xl/") or name == "content.xml" for name in names):
        raise NotAList(_ARCHIVE)
    return rows_of_workbook(body)


def _old_workbook(body: bytes) -> tuple[Iterable[Row], tuple[Sentence, ...]]:
    """The names of its parts tell what it is."""
    if _wide("EncryptedPackage") in body:
        raise NotAList(LOCKED)
    if _wide("WordDocument") in body:
        raise NotAList(_WORD)
    if _wide("PowerPoint Document") in body:
        raise NotAList(_SLIDES)
    return rows_of_workbook(body)


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def _text(body: bytes, name: str) -> tuple[Iterable[Row], tuple[Sentence, ...]]:
    text = text_of(body, declared_encoding(body))
    head = text[:20_000]
    if is_markup(head):
        if not has_table(text):
            raise NotAList(_MARC if "www.loc.gov/MARC21" in head else _PAGE)
        return rows_of_markup(text), ()
    if head.lstrip()[:1] in ("{", "[") and re.match(r'\s*[{\[]\s*["{\[]', head):
        raise NotAList(_JSON)
    if len(_CONTROLS.findall(head)) * 20 > len(head):
        raise NotAList(_no_list(name))
    return rows_of(text), ()


def _no_list(name: str) -> Sentence:
    return Sentence(
        "“%(name)s” is no list that we can read. Save the list as CSV or as an Excel workbook.",
        name=cap(tidy(name), 80) or "…",
    )
