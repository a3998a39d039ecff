"""The address of a cover in a feed's item, if it has one that could be one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from outreach.titles.links import web_link

_IMAGE = re.compile(r"<img\b([^<>]*)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?:^|\s)(src|width|height)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
# A cover service asked about no ISBN answers with a grey box: "isbn=/SC.GIF", "isn=&"; Goodreads has "nophoto".
_NO_COVER = re.compile(r"[?&;]is(?:b|)n=(?:/|&|$)|/nophoto/|/no_?cover", re.IGNORECASE)
_LEAST = 100  # pixels; a counting pixel or an icon is lower
_OF_GOODREADS = ("book_large_image_url", "book_image_url")
_OF_OPDS = ("http://opds-spec.org/image", "http://opds-spec.org/image/thumbnail", "http://opds-spec.org/cover")
_OF_MEDIA_RSS = ("media_content", "media_thumbnail")


def cover_in(entry: dict[str, Any], html: str, base: str) -> str | None:
    """The first image that is not too small, not a placeholder and not on an address of our own network."""
    for address in _candidates(entry, html):
        if address and not _NO_COVER.search(address) and (link := web_link(base, address)):
            return link
    return None


def _candidates(entry: dict[str, Any], html: str) -> Iterator[str]:
    yield from (str(entry[key] or "") for key in _OF_GOODREADS if key in entry)
    links = entry.get("links") or ()
    if len(links) > 1:
        for rel in _OF_OPDS:
            yield from (str(link.get("href", "")) for link in links if link.get("rel") == rel)
    if "<" in html:
        yield from (src for attributes in _IMAGE.findall(html) if (src := _source(attributes)))
    for key in _OF_MEDIA_RSS:
        if key in entry:
            yield from (str(medium.get("url", "")) for medium in entry[key] or () if _is_image(medium))


def _source(attributes: str) -> str | None:
    found = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(attributes)}
    return None if len(found) > 1 and _is_small(found) else unescape(found.get("src", "")).strip()


def _is_small(sizes: dict[str, Any]) -> bool:
    width, height = (_pixels(sizes.get(key)) for key in ("width", "height"))
    return (height is not None and height < _LEAST) or (width is not None and width < _LEAST // 2)


def _pixels(value: Any) -> int | None:
    digits = re.match(r"\s*([0-9]{1,5})(?![0-9%])", str(value or ""))
    return int(digits[1]) if digits else None


def _is_image(medium: dict[str, Any]) -> bool:
    kind = str(medium.get("medium") or medium.get("type") or "image")
    return kind.startswith("image") and not _is_small(medium)
