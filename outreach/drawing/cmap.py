"""Which characters a font file can show, read from its `cmap` table (OpenType 1.9, "cmap: Character to Glyph Index").

Pillow draws a box for a character that a font lacks and does not say so; this does.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_FULL, _BASIC = (3, 10), (3, 1)  # platform and encoding: all of Unicode, and its first plane


@dataclass(frozen=True)
class Coverage:
    starts: tuple[int, ...]
    ends: tuple[int, ...]  # inclusive

    def __contains__(self, code: int) -> bool:
        at = bisect_right(self.starts, code) - 1
        return at >= 0 and code <= self.ends[at]


def coverage(path: Path) -> Coverage:
    """Only the one table is read, so that a font of 16 MB costs no more than a small one. ValueError: no such table."""
    table = _table(path)
    at = _subtable(table)
    ranges = list(_groups(table[at:]) if table[at : at + 2] == b"\x00\x0c" else _segments(table[at:]))
    return Coverage(tuple(start for start, _ in ranges), tuple(end for _, end in ranges))


def _table(path: Path) -> bytes:
    with path.open("rb") as file:
        (count,) = struct.unpack(">4xH6x", file.read(12))
        for _ in range(count):
            tag, start, length = struct.unpack(">4s4xII", file.read(16))
            if tag == b"cmap":
                file.seek(start)
                return file.read(length)
    raise ValueError(f"{path} has no cmap table")


def _subtable(table: bytes) -> int:
    (count,) = struct.unpack_from(">2xH", table)
    records = (struct.unpack_from(">HHI", table, 4 + 8 * index) for index in range(count))
    found = {(platform, encoding): start for platform, encoding, start in records}
    if _FULL not in found and _BASIC not in found:
        raise ValueError("the font has no Unicode map")
    return int(found.get(_FULL, found.get(_BASIC, 0)))


def _groups(table: bytes) -> Iterator[tuple[int, int]]:
    """Format 12: groups of code points that follow each other."""
    (count,) = struct.unpack_from(">12xI", table)
    return ((start, end) for start, end, _ in struct.iter_unpack(">III", table[16 : 16 + 12 * count]))


def _segments(table: bytes) -> Iterator[tuple[int, int]]:
    """Format 4: segments, in which single characters may lead to glyph 0, "missing"."""
    return _joined(code for code in _codes_of_segments(table) if code != 0xFFFF)


def _codes_of_segments(table: bytes) -> Iterator[int]:
    twice = int(struct.unpack_from(">6xH", table)[0])
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{twice // 2}H", table, at) for at in (14, 16 + twice, 16 + 2 * twice, 16 + 3 * twice)
    )
    for index, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        here = 16 + 3 * twice + 2 * index + offset  # the offset counts from where it stands
        for code in range(start, end + 1):
            glyph = struct.unpack_from(">H", table, here + 2 * (code - start))[0] if offset else code
            if (glyph + delta) % 0x10000 if glyph or not offset else 0:
                yield code


def _joined(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    start = end = -2
    for code in codes:
        if code != end + 1:
            if start >= 0:
                yield start, end
            start = code
        end = code
    if start >= 0:
        yield start, end
