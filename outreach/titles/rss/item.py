"""One item of a feed: where each system keeps its title, author, ISBN and format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from outreach.titles.clean import clean_author, clean_title
from outreach.titles.isbn import isbns_in, isbns_labelled, to_isbn13
from outreach.titles.links import web_link
from outreach.titles.rss.covers_in import cover_in
from outreach.titles.rss.dates import added_date
from outreach.titles.rss.identifiers import as_label
from outreach.titles.rss.labels import labelled
from outreach.titles.rss.systems import NO_DATES, Source, record_of
from outreach.titles.text import cap, plain, tidy
from outreach.titles.title import ParsedTitle

_READ = 20_000  # characters of a description
_MOST_ISBNS = 20

# Koha puts the author on the first line of its paragraph, in the catalog's language, and the publisher on the next.
_KOHA_AUTHOR = re.compile(r"<p>[ \t]*(?:By|Par|Von|Por|Di|Door|Av)[ \t]+([^\n<]+)")
_BY_INVERTED = re.compile(r"(.+?\S)\s+by\s+((?:(?!\sby\s).)+)", re.DOTALL)  # the last " by "
_INVERTED = re.compile(r"[^\W\d_][^,;]{0,80},\s*\S")
_SERIES = re.compile(r"\s+\([^()]*#[\d.–-]+[^()]*\)$")  # Goodreads: "Title (Series, #2)"
_FORM = frozenset(("bibliocommons", "sirsidynix", "blacklight", "slims", "other"))


def read_item(entry: dict[str, Any], identifiers: list[str], source: Source, now: datetime) -> ParsedTitle | None:
    """The title in an entry of feedparser's, or None if it has no words."""
    entry = dict(entry)  # a plain dict: feedparser's own guesses ("updated" for "published") are slow and not wanted
    raw, html = _title(entry, source)
    description = _description(entry)
    author = _author(entry)
    if author is None and source.system == "koha-list":
        raw, author = split_by(raw)
    clean = clean_title(raw, html=html)
    if not clean.title:
        return None
    form = labelled(description) if description and source.system in _FORM else {}
    link = web_link(source.url, _link(entry))
    cover = cover_in(entry, description, source.url)
    return ParsedTitle(
        title=clean.title,
        subtitle=clean.subtitle,
        author=clean_author(author if author is not None else _described_author(description, form, source)),
        isbn13=_isbns(entry, identifiers, description, (cover or "", link or "")),
        format=clean.format or _format(entry, form),
        cover=cover,
        link=link,
        record=record_of(entry, link, source),
        added=None if source.system in NO_DATES else added_date(entry, now),
    )


def split_by(title: str) -> tuple[str, str | None]:
    """``The light fantastic / by Pratchett, Terry`` in two, at the last " by ", if an inverted name follows."""
    found = _BY_INVERTED.fullmatch(tidy(plain(title)))
    return (found[1], found[2]) if found and _INVERTED.match(found[2]) else (title, None)


def _title(entry: dict[str, Any], source: Source) -> tuple[str, bool]:
    """The raw title, and whether it is HTML. RSS does not say; its titles are treated as if they were."""
    title = str(entry.get("title") or "")
    if source.system == "goodreads":
        title = _SERIES.sub("", title)
    if not source.is_atom:
        return title, True
    return title, (entry.get("title_detail") or {}).get("type", "") != "text/plain"


def _description(entry: dict[str, Any]) -> str:
    parts = [entry.get("summary") or "", *(part.get("value") or "" for part in entry.get("content") or ())]
    longest = max(parts, key=len) if "<" not in parts[0] else parts[0]
    return str(longest)[:_READ]


def _link(entry: dict[str, Any]) -> str:
    """The page for people: in OPDS the link may be an e-book's file, which is none."""
    alternate = (link.get("href") for link in entry.get("links") or () if link.get("rel") == "alternate")
    return str(entry.get("link") or next(alternate, None) or "")


def _author(entry: dict[str, Any]) -> str | None:
    """The first author; `author` alone would be the last."""
    authors = entry.get("authors") or ()
    name = next((author["name"] for author in authors if author.get("name")), None)
    name = name or entry.get("author_name") or entry.get("author")
    return plain(str(name)) if name else None


def _described_author(description: str, form: dict[str, str], source: Source) -> str:
    if source.system == "koha" and (found := _KOHA_AUTHOR.search(description)):
        return plain(found[1])
    unlabelled = form.get("", "") if source.system == "sirsidynix" else ""
    return form.get("author") or unlabelled


def _isbns(entry: dict[str, Any], identifiers: list[str], description: str, links: tuple[str, str]) -> tuple[str, ...]:
    """From the first place that has any: identifiers, the word ISBN, addresses, bare numbers."""
    if not identifiers:
        identifiers = [as_label(str(entry[key])) for key in ("dc_identifier", "dcterms_identifier") if entry.get(key)]
    named = [number for key in ("isbn13", "isbn") if (number := to_isbn13(str(entry.get(key) or "")))]
    found = (
        _each(isbns_in, identifiers)
        or list(dict.fromkeys(named))
        or isbns_labelled(plain(description))
        or _each(isbns_labelled, links)
        or isbns_in(plain(description))
    )
    return tuple(found[:_MOST_ISBNS])


def _each(find: Callable[[str], list[str]], texts: Iterable[str]) -> list[str]:
    """One text after the other: the word ISBN in one says nothing about the next."""
    return list(dict.fromkeys(number for text in texts if text for number in find(text)))


def _format(entry: dict[str, Any], form: dict[str, str]) -> str | None:
    return cap(tidy(plain(str(entry.get("dc_format") or form.get("format") or ""))), 60) or None
