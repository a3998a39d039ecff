"""Letters in MARC files that are not what the file says.

A record says in leader/09 whether it is UTF-8 ("a") or MARC-8 (blank), and many say it wrong: UTF-8 under a blank reads
as ``Saint-Exup©♭ry``, and programs that know nothing of either write Windows-1252.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable

from pymarc import marc8_to_unicode

Split = Callable[[bytes], list[str]]  # a field's bytes into indicators and subfields, each with its code in front

# For `errors=` of decode: what is no UTF-8 is read as Windows-1252, letter by letter, and the rest stays as it is.
MENDED = "outreach-mended"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(MENDED, _as_windows)


def is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def split_utf8(raw: bytes) -> list[str]:
    return raw.decode("utf-8", MENDED).split("\x1f")


def split_marc8(raw: bytes) -> list[str]:
    return [_from_marc8(part) for part in raw.split(b"\x1f")]


def _from_marc8(raw: bytes) -> str:
    """What cannot be told is read as Windows-1252."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii")
    try:
        return marc8_to_unicode(raw, hide_utf8_warnings=True)
    except Exception:  # half an escape, a code that no table has: pymarc raises whatever it runs into
        return raw.decode("utf-8", MENDED)
