"""The text of a file that does not say how it is encoded.

Byte order mark, UTF-16 by its zeros, UTF-8 by its pattern; what is left is what Excel calls "CSV": the code page of
somebody's computer: Windows' western one, unless another reads plainly better.
"""

from __future__ import annotations

import codecs
import re
from unicodedata import category

_LOOKED_AT = 10_000  # bytes of lines that are not ASCII; guessing is slow, and more would not make it surer
_AROUND = 500
_IN_WORDS = "’‘—·"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the other's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# In this order where they fit equally well: Excel on Windows, Excel's "CSV (Macintosh)", Central Europe, Japan.
_CODE_PAGES = ("cp1252", "mac_roman", "cp1250", "cp932")
_DECLARED = frozenset(("cp1250", "cp1251", "cp1252", "cp1254", "cp932", "shift_jis", "iso8859-2", "mac-roman"))
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_HALVES = re.compile("[\udc80-\udcff]")


def text_of(body: bytes, declared: str | None = None) -> str:
    """`body` as text, without its byte order mark and without NULs; never fails.

    `declared` is what a page says of itself: believed where the bytes do not say otherwise.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], encoding, None)
    return _decoded(body, _wide(body) or "utf-8", declared)


def _decoded(body: bytes, encoding: str, declared: str | None) -> str:
    text = _narrow(body, declared) if encoding == "utf-8" else body.decode(encoding, "replace")
    return text.replace("\0", "").removeprefix("\ufeff")


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: in western text every second byte is zero."""
    head = body[:4_000]
    half = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if half < 2 or max(even, odd) < half * 0.4 or min(even, odd) > half * 0.05:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _narrow(body: bytes, declared: str | None) -> str:
    text = body.decode("utf-8", "surrogateescape")
    bad = len(text) - len(_HALVES.sub("", text))
    if not bad:
        return text
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    if good >= 4 * bad:  # UTF-8 with lines of another program's in it, or cut in the middle of a letter
        return _HALVES.sub(lambda half: bytes([ord(half[0]) - 0xDC00]).decode("cp1252", "replace"), text)
    return body.decode(_known(declared) or _code_page(body), "replace")


def _known(declared: str | None) -> str | None:
    try:
        page = codecs.lookup(declared or "")
    except (LookupError, ValueError):
        return None
    return page.name if page.name in _DECLARED else None


def _code_page(body: bytes) -> str:
    sample = _sample(body)
    return min(_CODE_PAGES, key=lambda page: _oddities(sample.decode(page, "replace")))  # the first of equals


def _oddities(text: str) -> int:
    """How many letters and signs stand where no language has them: ``DonÕt``, ``Cien a–os``, ``£oœ``."""
    around = zip(" " + text, text, text[1:] + " ", strict=False)
    return sum(_is_odd(before, sign, after) for before, sign, after in around if sign > "\x7f")


def _is_odd(before: str, sign: str, after: str) -> bool:
    kind = category(sign)
    if kind in ("Cc", "Cn", "Co") or sign == "\ufffd":
        return True
    if kind == "Lo":  # Japanese, and the two raised letters of Spanish
        return sign not in "ªº" and (before.isascii() and before.isalpha())
    if kind in ("Lu", "Ll"):
        return kind == "Lu" and before.islower()
    inside = before.isalpha() and after.isalpha()
    return (inside and sign not in _IN_WORDS) or (kind in ("Sc", "No") and (before.isalpha() or after.isalpha()))


def _sample(body: bytes) -> bytes:
    """The lines with letters that are not ASCII, whole where they are short: a letter may be two bytes."""
    sample, done = b"", 0
    for found in _NOT_ASCII.finditer(body):
        if found.start() < done:
            continue
        near = max(done, found.start() - _AROUND)
        start = body.rfind(b"\n", near, found.start()) + 1 or near
        done = body.find(b"\n", found.end(), found.end() + _AROUND) + 1 or found.end() + _AROUND
        sample += body[start:done]
        if len(sample) >= _LOOKED_AT:
            break
    return sample
