"""Which catalog software a feed comes from, and how it numbers its records."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from outreach.titles.links import host_of

MOST = 300  # characters of a record's name; it is indexed

# Looked for, in this order, in the feed's address, its own link and what its first item is called.
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("koha", r"/cgi-bin/koha/|[?&]biblionumber=|generator=koha\b"),
        ("evergreen", r"tag:open-ils\.org|/opac/extras/|biblio-record_entry/"),
        ("sirsidynix", r"\bent://|/client/rss/hitlist"),
        ("bibliocommons", r"\.bibliocommons\.com/"),
        ("aspen", r"/GroupedWork/|/Union/Search"),
        ("goodreads", r"//(?:www\.)?goodreads\.com/"),
        ("slims", r"p=show_detail"),
        ("vufind", r"/Record/[^\s/]|/Search/NewItem|/Search/Results\S*view=rss"),
        ("blacklight", r"//[^/\s]+/catalog(?:/\w|\.(?:rss|atom)\b)"),
    )
)
# Their dates are a publication year, a re-index or the time of the request.
NO_DATES = frozenset(("koha", "koha-list", "evergreen", "sirsidynix", "aspen", "vufind", "blacklight"))

_NUMBER = re.compile(
    r"[?&]biblionumber=(?P<biblionumber>\d+)|/bib/(?P<bib>\d+)(?![\w-])"
    r"|biblio-record_entry/(?P<record>\d+)|/opac/record/(?P<opac>\d+)"
    r"|\bent:/+[A-Z_]+/[^/\s]*/(?P<ent>[A-Z_]+:\d+)"
    r"|/item/show/(?P<item>\d+)|/record=(?P<sierra>b\d{6,8})|p=show_detail\S*?[?&]id=(?P<slims>\d+)"
)
_PREFIX = {
    "biblionumber": "biblionumber ",
    "bib": "biblionumber ",
    "record": "record ",
    "opac": "record ",
    "slims": "id ",
}
_DATED_TAG = re.compile(r"tag:([^,\s]+),[\d-]+:(\S+)")
_PASSING = re.compile(
    r"utm_\w+|(?:php|j)?sess(?:ion)?(?:_?id)?|sid|(?:api_?)?key|token|fbclid|date|ts|time\w*", re.IGNORECASE
)


@dataclass(frozen=True)
class Source:
    """What holds for every item of one feed."""

    url: str  # of the feed, after redirects: what relative links are relative to
    system: str
    is_atom: bool


def source_of(feed: dict[str, Any], entries: list[dict[str, Any]], url: str, version: str) -> Source:
    """Recognise the software. Koha's lists and nightly files are told apart from its searches: "T by A" is theirs."""
    own = f"{url} {feed.get('link') or ''} generator={feed.get('generator') or ''}"
    first = " ".join(str(entries[0].get(key) or "") for key in ("link", "id")) if entries else ""
    text = unquote(f"{own} {first}")[:10_000]
    system = next((name for name, sign in _SIGNS if sign.search(text)), "other")
    if system == "koha" and "opac-search" not in own:
        system = "koha-list"
    return Source(url, system, version.startswith("atom"))


def record_of(entry: dict[str, Any], link: str | None, source: Source) -> str | None:
    """Host and number of the record, e.g. ``opac.x.org biblionumber 4211``; without a number the page or the guid.

    Nothing that changes from one request to the next: no date in a tag, no session in a query.
    """
    guid = str(entry.get("id") or "")
    host = host_of(link or source.url)
    name = str(entry.get("book_id") or "").strip() or _number(link or "", guid) or _named(link, guid)
    return f"{host} {name}" if name and host and len(name) + len(host) < MOST else None


def _number(link: str, guid: str) -> str | None:
    text = f"{guid} {link}"
    found = _NUMBER.search(text) or ("%3A" in link and _NUMBER.search(unquote(text)))
    if not found or not found.lastgroup:
        return None
    return _PREFIX.get(found.lastgroup, "") + found[found.lastgroup]


def _named(link: str | None, guid: str) -> str | None:
    if tag := _DATED_TAG.match(guid):
        return f"{tag[1]}/{tag[2]}"
    if guid and not guid.startswith("http") and not re.search(r"\s", guid):
        return guid if guid.isprintable() else None
    parts = urlsplit(link or "")
    query = urlencode([pair for pair in parse_qsl(parts.query) if not _PASSING.fullmatch(pair[0])])
    page = parts.path.partition(";")[0].rstrip("/")
    return page + (f"?{query}" if query else "") if len(page) > 1 or query else None
