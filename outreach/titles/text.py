"""Plain text out of what catalogs send: no tags, no control characters, one space between words."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from outreach.words import cap as cap  # one place to import all text from

# Controls that are no white space, bidi controls, zero-width space, soft hyphen, byte order mark, halves of surrogate
# pairs. The joiners U+200C and U+200D stay: Persian, Hindi and emoji are spelt with them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff]"
)
_SCRIPT = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"</?(?:br|p|div|li|ul|dl|dt|dd|tr|td|th|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[!?][^<>]*>")


def tidy(text: str) -> str:
    """NFC, without invisible characters, white space collapsed; empty if nothing in it can be seen."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    elif not text.isprintable():
        text = _INVISIBLE.sub("", text)
    text = " ".join(text.split())
    return text if text.isascii() or any(c.isprintable() and c != " " for c in text) else ""


def plain(html: str) -> str:
    """The words of an HTML fragment: script, style and tags dropped, entities resolved once."""
    if "<" in html:
        html = _TAG.sub("", _BREAK.sub(" ", _SCRIPT.sub("", html)))
    return unescape(html) if "&" in html else html
