"""A file of MARC records into titles: binary (ISO 2709, ``.mrc``) or MARCXML. Pure.

    bytes | records, by their ends or by tags | the fields of each | title by title | ListRead

Nothing in a file is trusted. A record that cannot be read costs nothing but itself: it is named by its number, and the
ones after it are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from outreach.titles.files.lists import MOST_TROUBLES, Listed, ListRead, NotAList, Trouble
from outreach.titles.files.marc_binary import count_binary, has_records, records_in_binary
from outreach.titles.files.marc_record import MarcRecord
from outreach.titles.files.marc_title import read_title
from outreach.titles.files.marc_xml import count_xml, is_xml, records_in_xml
from outreach.titles.text import cap
from outreach.words import Sentence

NO_TITLE = Sentence("This record has no title.")
DELETED = Sentence("The catalog has marked this record as deleted.")

_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_KINDS = (
    (rb"\s*\Z", Sentence("The file is empty. Export the list again.")),
    (rb"PK\x03\x04|\xd0\xcf\x11\xe0", Sentence("This is an Excel or zip file, not a file of MARC records.")),
    (rb"\x1f\x8b", Sentence("This file is compressed. Unpack it and choose the file inside.")),
    (rb"%PDF", Sentence("This is a PDF. Export the list as MARC, Excel or CSV instead.")),
    (rb"\s*[{\[]", Sentence("This is a file of data (JSON), not of MARC records. Export the list as MARC or MARCXML.")),
    (rb"\s*=(?:LDR|000|\d\d\d)\s", Sentence("These are MARC records as text. Save them as MARC (.mrc) or MARCXML.")),
    (_PAGE, Sentence("This is a web page, not a file of MARC records. Export the list as MARC or MARCXML.")),
    (rb"\s*<", Sentence("This XML file holds no MARC records. Export the list as MARCXML.")),
)
_OTHER = Sentence("There are no MARC records in this file. Export the list as MARC (.mrc) or MARCXML.")


def read_marc(body: bytes, most: int | None = None) -> ListRead:
    """The titles in a file, and what is wrong with the other records, each by its number from 1.

    With `most` only so many records are looked at, and `total` counts these: a preview. Raises NotAList for what is
    no MARC at all.
    """
    titles: list[Listed] = []
    troubles: list[Trouble] = []
    total = more = 0
    for total, (record, wrong) in enumerate(islice(_records(body), most), 1):
        listed, trouble = _look_at(total, record, wrong)
        if listed:
            titles.append(listed)
        if trouble and len(troubles) < MOST_TROUBLES:
            troubles.append(trouble)
        elif trouble:
            more += 1
    if not total and most != 0:
        raise not_marc(body)
    return ListRead(tuple(titles), tuple(troubles), total, more)


def count_records(body: bytes) -> int:
    """About how many records there are, told by their ends without reading them; 0 for what is no MARC."""
    return count_xml(body) if is_xml(body) else count_binary(body)


def not_marc(body: bytes) -> NotAList:
    """Look at the beginning and say what it is; to be called when there are no records in it."""
    head = body[:2_000].removeprefix(b"\xef\xbb\xbf")
    return NotAList(next((sentence for start, sentence in _KINDS if re.match(start, head)), _OTHER))


def _records(body: bytes) -> Iterator[tuple[MarcRecord | None, Sentence | None]]:
    if is_xml(body) and not _PAGE.match(body):
        return records_in_xml(body)
    if not has_records(body):
        raise not_marc(body)
    return records_in_binary(body)


def _look_at(number: int, record: MarcRecord | None, wrong: Sentence | None) -> tuple[Listed | None, Trouble | None]:
    if record is None:
        return None, Trouble(number, wrong or NO_TITLE)
    title = read_title(record)
    if title is None:
        return None, Trouble(number, NO_TITLE)
    if record.leader[5] == "d":
        return None, Trouble(number, DELETED, cap(title.title, 80))
    return Listed(number, title), Trouble(number, wrong, cap(title.title, 80), kept=True) if wrong else None
