"""A second pass over the text of a feed, for what the parser drops.

feedparser keeps the last of several elements and none that has an attribute. Evergreen gives each ISBN its own
``dc:identifier``, Japan's National Diet Library gives them a type: without this their ISBNs would be lost.
"""

from __future__ import annotations

import re
from html import unescape

_IDENTIFIER = re.compile(rb"identifier(\s[^<>]*)?>\s*(?:<!\[CDATA\[)?([^<]{0,500})")
_OF_ANOTHER_KIND = re.compile(rb"\btype\s*=\s*[\"'](?![^\"']*isbn)", re.IGNORECASE)
_AFTER_NAME = frozenset(b" \t\r\n>/")


def identifiers(body: bytes, count: int) -> list[list[str]]:
    """The texts of every ``…:identifier`` by item; empty lists if the items cannot be told apart in the text."""
    nothing: list[list[str]] = [[] for _ in range(count)]
    if b"identifier" not in body:
        return nothing
    items = split_items(body)
    return [_texts(item) for item in items] if len(items) == count else nothing


def split_items(body: bytes) -> list[bytes]:
    """The text of each item, from after its start tag to the next one."""
    for tag in (b"<item", b"<entry"):
        parts = body.split(tag)[1:]
        items = [part for part in parts if part and part[0] in _AFTER_NAME]  # not RSS 1.0's <items>
        if items:
            return items
    return []


def as_label(text: str) -> str:
    """The place is the label: a value of ten digits in an identifier is an ISBN, as long as nothing denies it."""
    return f"ISBN:{text}" if len(text) <= 17 and text[:1].isdecimal() else text


def _texts(item: bytes) -> list[str]:
    return [_text(attributes, value) for attributes, value in _IDENTIFIER.findall(item)]


def _text(attributes: bytes, value: bytes) -> str:
    text = unescape(value.decode("utf-8", "ignore")).strip()
    return text if attributes and _OF_ANOTHER_KIND.search(attributes) else as_label(text)
