"""What stands on a page of ours, for programs that read along: RSS 2.0, Atom 1.0, JSON Feed 1.1. Pure.

RSS    https://www.rssboard.org/rss-specification, one enclosure an item as its profile advises; every picture with
       its description as Media RSS (https://www.rssboard.org/media-rss)
Atom   RFC 4287
JSON   https://www.jsonfeed.org/version/1.1/
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree as Xml

from outreach.posts.linked import paragraphed
from outreach.words import cap

ATOM, MEDIA = "http://www.w3.org/2005/Atom", "http://search.yahoo.com/mrss/"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Xml.register_namespace("atom", ATOM)
Xml.register_namespace("media", MEDIA)


@dataclass(frozen=True)
class Shown:
    """A picture with its address."""

    url: str
    mime: str
    size: int  # bytes
    alt: str


@dataclass(frozen=True)
class Item:
    id: str
    url: str
    text: str
    at: datetime
    pictures: tuple[Shown, ...] = ()
    language: str = ""
    changed_at: datetime | None = None

    @property
    def title(self) -> str:
        """Its first line; messages have no titles."""
        return cap(next((line.strip() for line in self.text.splitlines() if line.strip()), ""), 80)

    @property
    def html(self) -> str:
        images = (f'<p><img src="{escape(p.url)}" alt="{escape(p.alt)}"></p>' for p in self.pictures)
        return paragraphed(self.text) + "".join(images)


@dataclass(frozen=True)
class Head:
    id: str
    title: str
    library: str
    language: str
    page: str  # its address
    own: str  # that of the feed
    changed_at: datetime


def rss(head: Head, items: Sequence[Item]) -> bytes:
    root = Xml.Element("rss", version="2.0")
    channel = Xml.SubElement(root, "channel")
    _add(channel, "title", head.title)
    _add(channel, "link", head.page)
    _add(channel, "description", head.title)
    _add(channel, "language", head.language)
    _add(channel, "lastBuildDate", _mailed(head.changed_at))
    _add(channel, f"{{{ATOM}}}link", href=head.own, rel="self", type="application/rss+xml")
    for item in items:
        _rss_item(Xml.SubElement(channel, "item"), item)
    return _written(root)


def _rss_item(made: Xml.Element, item: Item) -> None:
    _add(made, "title", item.title)
    _add(made, "link", item.url)
    _add(made, "guid", item.id, isPermaLink="false")
    _add(made, "pubDate", _mailed(item.at))
    _add(made, "description", item.html)
    for picture in item.pictures[:1]:
        _add(made, "enclosure", url=picture.url, length=str(picture.size), type=picture.mime)
    for picture in item.pictures:
        told = {"url": picture.url, "fileSize": str(picture.size), "type": picture.mime, "medium": "image"}
        content = _add(made, f"{{{MEDIA}}}content", **told)
        _add(content, f"{{{MEDIA}}}description", picture.alt, type="plain")


def atom(head: Head, items: Sequence[Item]) -> bytes:
    root = Xml.Element(f"{{{ATOM}}}feed", {LANG: head.language})
    _add(root, _atom("id"), head.id)
    _add(root, _atom("title"), head.title)
    _add(root, _atom("updated"), _stamped(head.changed_at))
    _add(_add(root, _atom("author")), _atom("name"), head.library)
    _add(root, _atom("link"), href=head.page, rel="alternate", type="text/html")
    _add(root, _atom("link"), href=head.own, rel="self", type="application/atom+xml")
    for item in items:
        _atom_entry(Xml.SubElement(root, _atom("entry"), {LANG: item.language} if item.language else {}), item)
    return _written(root)


def _atom_entry(made: Xml.Element, item: Item) -> None:
    _add(made, _atom("id"), item.id)
    _add(made, _atom("title"), item.title)
    _add(made, _atom("published"), _stamped(item.at))
    _add(made, _atom("updated"), _stamped(item.changed_at or item.at))
    _add(made, _atom("link"), href=item.url, rel="alternate", type="text/html")
    _add(made, _atom("content"), item.html, type="html")
    for picture in item.pictures:
        told = {"href": picture.url, "type": picture.mime, "length": str(picture.size), "title": picture.alt}
        _add(made, _atom("link"), rel="enclosure", **told)


def json_feed(head: Head, items: Sequence[Item]) -> bytes:
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.page,
        "feed_url": head.own,
        "language": head.language,
        "authors": [{"name": head.library}],
        "items": [_json_item(item) for item in items],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _json_item(item: Item) -> dict[str, object]:
    made: dict[str, object] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_text": item.text,
        "content_html": item.html,
        "date_published": _stamped(item.at),
        "date_modified": _stamped(item.changed_at or item.at),
    }
    if item.language:
        made["language"] = item.language
    if item.pictures:
        made["image"] = item.pictures[0].url
        made["attachments"] = [
            {"url": p.url, "mime_type": p.mime, "title": p.alt, "size_in_bytes": p.size} for p in item.pictures
        ]
    return made


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _add(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    made = Xml.SubElement(parent, name, {key: NO_XML.sub("", value) for key, value in attributes.items()})
    made.text = NO_XML.sub("", text) or None
    return made


def _written(root: Xml.Element) -> bytes:
    made: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _mailed(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _stamped(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
