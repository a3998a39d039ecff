"""Whether a workbook, which is a zip, may be unpacked: looked at before anything of it is.

A few kilobytes can unpack to gigabytes. The directory says how large each member is; since it can lie, the members that
a workbook's reader would open are read once, and given up when they are larger than they said.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from outreach.titles.files.lists import NotAList
from outreach.words import Sentence

MOST_BYTES = 200_000_000  # of all members, unpacked
MOST_MEMBERS = 2_000
MOST_RATIO = 100  # of a large member; sheets pack about 10 to 1
MOST_AREA = 10_000_000  # cells between the first and the last of a sheet: the reader sets all of them aside
_LARGE = 10_000_000  # bytes; small ones may pack as well as they like
_BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, LookupError, ValueError, RuntimeError)
_ENTRY = b"PK\x01\x02"
_CHUNK = 1 << 20
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')

TOO_LARGE = Sentence(
    "This workbook is too large to be opened here. Copy the rows of the list into a new workbook, or save it as CSV."
)
DAMAGED = Sentence(
    "This workbook is damaged and cannot be read. Open it in Excel, save it again, and import that file."
)


def checked_names(body: bytes) -> list[str]:
    """The names of the members of a zip that may be unpacked. Raises NotAList for one that may not."""
    if body.count(_ENTRY) > MOST_MEMBERS:
        raise NotAList(TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
            _check_directory(members)
            for member in members:
                if member.filename.endswith((".xml", ".bin", ".rels")):
                    _read_through(archive, member)
            return [member.filename for member in members]
    except _BROKEN as broken:
        raise NotAList(DAMAGED) from broken


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise NotAList(TOO_LARGE)
    if any(m.file_size > _LARGE and m.file_size > MOST_RATIO * m.compress_size for m in members):
        raise NotAList(TOO_LARGE)


def _read_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Python reads no more than the directory says, and then compares the check sum; so a lie is found here."""
    sheet = "worksheets/" in member.filename
    right = bottom = 0
    tail = b""
    # Of XML that is not well-formed the reader may never reach the end.
    xml = expat.ParserCreate() if member.filename.endswith(".xml") else None
    with archive.open(member) as unpacked:
        while chunk := unpacked.read(_CHUNK):
            if sheet:
                for column, row in _PLACE.findall(tail + chunk):
                    right, bottom = max(right, _column(column)), max(bottom, int(row))
            if xml:
                xml.Parse(chunk, False)
            tail = chunk[-20:]  # a place that two chunks share
    if xml:
        xml.Parse(b"", True)
    if right * bottom > MOST_AREA:
        raise NotAList(TOO_LARGE)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
