"""What a page says of itself for a link to it: OpenGraph (ogp.me), else its title and description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from outreach.channels.guard import Reach
from outreach.channels.http import get
from outreach.channels.trouble import Unreachable

SECONDS = 8.0  # of the page, and of its picture: a slow page costs the card and not the post
PAGE, PICTURE = 600_000, 6_000_000  # bytes


@dataclass(frozen=True)
class Card:
    title: str
    description: str
    picture: bytes = field(default=b"", repr=False)
    mime: str = ""


def read_card(reach: Reach, url: str) -> Card | None:
    """None where the page cannot be read, or says nothing: then the link stands without a card."""
    try:
        page = get(reach, url, headers={"Accept": "text/html"}, max_bytes=PAGE, deadline=SECONDS)
    except Unreachable:
        return None
    if page.status != 200 or "html" not in page.headers.get("Content-Type", "html"):
        return None
    reader = _Reader()
    reader.feed(page.body.decode("utf-8", "replace"))
    said = reader.said
    title = said.get("og:title") or said.get("title", "")
    if not title.strip():
        return None
    description = said.get("og:description") or said.get("description", "")
    data, mime = _picture(reach, urljoin(page.url, said.get("og:image", ""))) if said.get("og:image") else (b"", "")
    return Card(_short(title, 300), _short(description, 1_000), data, mime)


def _picture(reach: Reach, url: str) -> tuple[bytes, str]:
    try:
        found = get(reach, url, max_bytes=PICTURE, deadline=SECONDS)
    except Unreachable:
        return b"", ""
    mime = found.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return (found.body, mime) if found.status == 200 and found.complete and mime.startswith("image/") else (b"", "")


def _short(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told: Mapping[str, str | None] = dict(attrs)
        key = (told.get("property") or told.get("name") or "").lower()
        if tag == "meta" and key and told.get("content"):
            self.said.setdefault(key, told.get("content") or "")
        self._in_title = tag == "title" and "title" not in self.said

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.said["title"] = data
