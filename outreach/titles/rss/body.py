"""The bytes of a feed, made ready for the parser: UTF-8, no control characters, no broken ampersands.

Each mending here is one that a real catalog needs. Most feeds pass through with one copy and no change.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from html.entities import html5

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(r"(<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']")
# MARC's marks around an article that is not sorted, as UTF-8 and as references
_NON_SORTING = re.compile(rb"\xc2[\x98\x9c]|&#(?:152|156|[xX]0*9[8cC]);")
# what XML forbids even as a reference: controls, halves of surrogate pairs
_CONTROL_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3])"
    rb"|[xX]0*(?:[0-8bcBCeEfF]|1[\da-fA-F]|[dD][89a-fA-F][\da-fA-F]{2}|[fF]{3}[eEfF]));"
)
# feedparser looks for e-mail addresses in names in quadratic time: 32 KB take seconds
_LONG_NAME = re.compile(
    rb"(<(?:\w+:)?(?:author|creator|contributor|name|publisher|managingEditor|webMaster)\b[^<>]*>"
    rb"\s*(?:<!\[CDATA\[)?)[^<]{2001,}"
)
_AMPERSAND = re.compile(rb"&(?!#\d+;|#[xX][\da-fA-F]+;|(?:lt|gt|amp|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{1,30};))?")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Ready:
    body: bytes
    content_type: str  # what to tell the parser: always XML, with the character set if it is known
    mended: bool  # the text was not well-formed XML, although nothing is lost


def make_ready(body: bytes, content_type: str) -> Ready:
    """The body and its type for the parser. The charset of the header counts only for what is not UTF-8."""
    body, is_utf8 = _as_utf8(body)
    if is_utf8:
        body = _NON_SORTING.sub(b"", body) if b"\xc2\x98" in body or b"&#152;" in body or b"&#x98;" in body else body
    if b"\x1b" not in body:  # ISO-2022-JP is spelt with escapes
        body = body.translate(None, _CONTROLS)
    if b"&#" in body:
        body = _CONTROL_REFERENCE.sub(b"", body)
    if max(map(len, body.split(b"<"))) > 2_000:
        body = _LONG_NAME.sub(rb"\1", body)
    body = _from_the_start(body)
    body, mended = _mend_ampersands(body)
    return Ready(body, _type(content_type, is_utf8), mended)


def _as_utf8(body: bytes) -> tuple[bytes, bool]:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            text = body.decode(encoding, "replace").lstrip("\ufeff")
            return _DECLARED.sub(r"\1", text, count=1).encode("utf-8", "ignore"), True
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return body, False
    return body.removeprefix(codecs.BOM_UTF8), b"\x1b" not in body


def _from_the_start(body: bytes) -> bytes:
    """Without blank lines, or a warning of PHP, above the XML declaration."""
    body = body.lstrip()
    start = body.find(b"<?xml", 0, 4_000)
    return body[start:] if start > 0 and b"<html" not in body[:start].lower() else body


def _mend_ampersands(body: bytes) -> tuple[bytes, bool]:
    """``AT&T`` and HTML's ``&nbsp;``, which XML does not know; CDATA and declared entities are left alone.

    Only the first is a fault worth a word to a person: Koha's Atom sends ``&nbsp;`` with every search.
    """
    if b"<!ENTITY" in body[:100_000] or not _AMPERSAND.search(body):
        return body, False
    bare = 0

    def mend(found: re.Match[bytes]) -> bytes:
        nonlocal bare
        name = found[1]
        if name and (character := html5.get(name.decode("ascii"))):
            return "".join(f"&#{ord(c)};" for c in character).encode("ascii")
        bare += 1
        return b"&amp;" + (name or b"")

    first, *others = body.split(b"<![CDATA[")
    parts = [_AMPERSAND.sub(mend, first)]
    for other in others:
        inside, end, after = other.partition(b"]]>")
        parts.append(inside + end + _AMPERSAND.sub(mend, after))
    return b"<![CDATA[".join(parts), bare > 0


def _type(content_type: str, is_utf8: bool) -> str:
    charset = "utf-8" if is_utf8 else (m[1] if (m := _CHARSET.search(content_type)) else None)
    return f"application/xml; charset={charset}" if charset else "application/xml"
