"""Records out of binary MARC (ISO 2709), however damaged: what is sound is read, the rest is told.

A record has a leader of 24 bytes (its length, where its data begins), a directory (12 bytes for each field: tag,
length, offset) and the data. Any of these numbers may lie. pymarc's reader stops at the first length that does, decodes
every field, and gives up a record for one of them; so the bytes are split here, and only MARC-8 is left to pymarc.

Records are told apart by what follows: a terminator, then a leader or the end of the file. A fault in a field that
nobody reads costs nothing. No byte is looked at more than a few times, whatever the numbers say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from outreach.titles.files.marc_letters import Split, is_utf8, split_marc8, split_utf8
from outreach.titles.files.marc_record import WANTED, Fields, MarcField, MarcRecord
from outreach.words import Sentence

NO_BEGINNING = Sentence("This record is damaged at its beginning. Export it from the catalog again.")
CUT_OFF = Sentence("This record is cut off in the middle. Export it from the catalog again.")
DAMAGED = Sentence("This record is damaged: its fields are not where it says. Export it from the catalog again.")
WRONG_LENGTH = Sentence("This record says a wrong length. Its title could be read all the same; please look at it.")
WRONG_LETTERS = Sentence(
    "Some letters in this record were written in another way than it says. They are mended; please look at them."
)

_LEADER_LENGTH = 24
_ENTRY = 12
_FIELD_END = b"\x1e"
_RECORD_END = b"\x1d"

# Length, status, type, level and two more, the counts, base address, three more, the entry map.
_LEADER = re.compile(rb"[0-9]{5}[a-z ][a-z][a-z ][ -~]{2}[0-9 ]{2}[0-9]{5}[ -~]{3}(?:4|  )")
_BETWEEN = re.compile(rb"[\r\n\t\x00\x1a\xef\xbb\xbf]*")
_NOTHING = b" \r\n\t\x00\x1a\x1d\xef\xbb\xbf"
_TAGS = {tag.encode(): tag for tag in WANTED}


def has_records(body: bytes) -> bool:
    """Records as text (``=LDR  00581nam``) have leaders too, but no field ends."""
    return _FIELD_END in body and bool(_LEADER.search(body))


def count_binary(body: bytes) -> int:
    ends = body.count(_RECORD_END)
    if not ends:
        return int(has_records(body))
    return ends + bool(body[body.rfind(_RECORD_END) :].strip(_NOTHING))


def records_in_binary(body: bytes) -> Iterator[tuple[MarcRecord | None, Sentence | None]]:
    """Each record, or None; and what is wrong with it, or None."""
    for raw in _pieces(body):
        record, wrong = _read(raw) if _is_exact(raw) else (None, None)
        if record:
            yield record, wrong
        else:
            yield from map(_told, _apart(raw))


def _told(raw: bytes) -> tuple[MarcRecord | None, Sentence | None]:
    record, wrong = _read(raw)
    if record is None:
        return None, wrong if raw.endswith(_RECORD_END) else CUT_OFF
    return record, wrong or (None if _is_exact(raw) else WRONG_LENGTH)


def _is_exact(raw: bytes) -> bool:
    return raw[:5] == b"%05d" % len(raw)


def _pieces(body: bytes) -> Iterator[bytes]:
    """What lies between two records' ends: one record, or several if something is wrong."""
    start = 0
    while (start := _next(body, start)) < len(body):
        end = body.find(_RECORD_END, start) + 1 or len(body)
        if body[start : start + 5] != b"%05d" % (end - start):
            end = _real_end(body, end)
        yield body[start:end]
        start = end


def _next(body: bytes, at: int) -> int:
    found = _BETWEEN.match(body, at)
    return found.end() if found else at


def _real_end(body: bytes, end: int) -> int:
    """The first end from `end` on that a leader follows: one within a record has none behind it."""
    while end < len(body) and not _LEADER.match(body, _next(body, end)):
        end = body.find(_RECORD_END, end) + 1 or len(body)
    return end


def _apart(raw: bytes) -> Iterator[bytes]:
    """A record that lost its end holds the next ones as well; a few words between two records are none."""
    starts = [0, *(leader.start() for leader in _LEADER.finditer(raw, 1)), len(raw)]
    for start, end in pairwise(starts):
        length = int(raw[start : start + 5]) if raw[start : start + 5].isdigit() else 0
        if _LEADER_LENGTH < length < end - start and raw[start + length - 1 : start + length] == _RECORD_END:
            yield raw[start : start + length]
            start += length
        rest = raw[start:end].strip(_NOTHING)
        if rest and (len(rest) >= _LEADER_LENGTH or rest[:5].isdigit() or raw[end - 1 : end] == _RECORD_END):
            yield raw[start:end]


def _read(raw: bytes) -> tuple[MarcRecord | None, Sentence | None]:
    base = raw[12:17]
    data = int(base) if base.isdigit() else 0
    if not raw[:_LEADER_LENGTH].isascii() or not _LEADER_LENGTH < data <= len(raw):
        return None, NO_BEGINNING
    found = _found(raw, data)
    if found is None:
        return None, DAMAGED
    split, wrong = _letters(raw, [field for _, field in found])
    fields: Fields = {}
    for tag, field in found:
        fields.setdefault(tag, []).append(_field(tag, field, split))
    return MarcRecord(raw[:_LEADER_LENGTH].decode("ascii"), fields), wrong


def _found(raw: bytes, data: int) -> list[tuple[str, bytes]] | None:
    """Tag and bytes of the fields that we use; None if an entry does not point at exactly one field of the data."""
    directory = raw[_LEADER_LENGTH : data - 1]
    if raw[data - 1 : data] != _FIELD_END or len(directory) % _ENTRY:
        return None
    found, left = [], len(raw)
    for at in range(0, len(directory), _ENTRY):
        if (tag := _TAGS.get(directory[at : at + 3])) is None:
            continue
        numbers = directory[at + 3 : at + _ENTRY]
        if not numbers.isdigit():
            return None
        start, length = data + int(numbers[4:]), int(numbers[:4])
        end = start + length - 1
        left -= length  # fields do not overlap: a small file could claim gigabytes
        if left < 0 or raw[start - 1 : start] != _FIELD_END or raw.find(_FIELD_END, start, end + 1) != end:
            return None
        found.append((tag, raw[start:end]))
    return found


def _letters(raw: bytes, fields: list[bytes]) -> tuple[Split, Sentence | None]:
    """How the fields are written, which may not be what the leader says, and what to tell a person about it."""
    says_utf8 = raw[9:10] == b"a"
    if raw.isascii():  # MARC-8 goes to other scripts by escapes
        return (split_utf8, None) if says_utf8 or b"\x1b" not in raw else (split_marc8, None)
    used = b"".join(fields)
    if is_utf8(used):
        return (split_utf8, None) if says_utf8 or not used.isascii() or b"\x1b" not in used else (split_marc8, None)
    return (split_utf8, WRONG_LETTERS) if says_utf8 else (split_marc8, None)


def _field(tag: str, raw: bytes, split: Split) -> MarcField:
    start, *subfields = split(raw)
    if tag < "010":
        return MarcField("", [], start)
    return MarcField(start, [(text[0], text[1:]) for text in subfields if text])
