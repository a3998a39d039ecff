"""Which addresses may be the feed of a page that somebody pasted. Pure.

    address and page | what the page names | the rule of its system | web_link | the best first, six at most

`feed_systems` knows the systems, `feed_addresses` their rules, `finder` asks.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urldefrag, urlsplit

from outreach.titles.finding.feed_addresses import page_of
from outreach.titles.finding.feed_systems import no_feed_system as no_feed_system
from outreach.titles.finding.feed_systems import system_of
from outreach.titles.links import web_link

MOST = 6
_READ = 300_000  # characters looked at
_TAG = re.compile(r"<(link|a)\b([^<>]{0,3000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?<![a-z])(rel|type|href|title)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml", re.IGNORECASE)
_OPDS_NEW = "opds-spec.org/sort/new"
_IS_FEED = re.compile(r"(?:^|[/?&=._-])(?:rss2?|atom)(?:$|[/?&=._-])|/feeds?/|/feed/?$|\.rdf$", re.IGNORECASE)
_ABOUT_TITLES = re.compile(
    r"search|opac|catalog|koha|bookbag|hitlist|newitem|acqui|recent|new[ _+-]?(?:book|title|item|arrival|in\b)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|showreviews", re.IGNORECASE)
_NEWS = re.compile(r"opac-news|/news\b|/blog\b|/wp-|/feed/?$", re.IGNORECASE)


def candidates(url: str, html: str = "") -> list[str]:
    """Absolute http(s) addresses to try for the page `url`, the best first, at most MOST and without `url` itself.

    A user name and password in `url` go only to the same server. Never raises, whatever `url` and `html` hold.
    """
    bare, sign_in = without_sign_in(url)
    html = html[:_READ]
    if (page := page_of(bare, html)) is None:
        return []
    named, system = sorted(_named(bare, html)), system_of(bare, html)
    ruled = system.feeds(page) if system else []
    good = [link for rank, _, link in named if rank < _OTHER]
    rest = [link for rank, _, link in named if rank >= _OTHER]
    found = (web_link(bare, link) for link in [*ruled[:1], *good[:2], *ruled[1:], *good[2:], *rest])
    kept = dict.fromkeys(link for each in found if each and (link := urldefrag(each)[0]) != urldefrag(bare)[0])
    return [_signed_in(link, bare, sign_in) for link in list(kept)[:MOST]]


def without_sign_in(url: str) -> tuple[str, str]:
    """The address without ``user:password@``, and that part."""
    head, slashes, rest = url.partition("//")
    place = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    sign_in, at, _ = place.rpartition("@")
    return (f"{head}{slashes}{rest[len(sign_in) + 1 :]}", sign_in + at) if slashes and at else (url, "")


def _signed_in(link: str, bare: str, sign_in: str) -> str:
    here, there = urlsplit(bare), urlsplit(link)
    same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
    return link.replace("//", f"//{sign_in}", 1) if sign_in and same else link


_SEARCH, _LINKED, _OTHER, _LAST = range(4)


def _named(url: str, html: str) -> list[tuple[int, int, str]]:
    """Rank, place on the page and address of every feed that the page names."""
    found = []
    for place, (tag, attributes) in enumerate(_TAG.findall(html)):
        values = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(attributes)}
        link = web_link(url, values.get("href", ""))
        if link and (rank := _rank(tag.lower(), values, link)) is not None:
            found.append((rank, place, link))
    return found


def _rank(tag: str, values: dict[str, str], link: str) -> int | None:
    parts = urlsplit(link)
    where = f"{parts.path}?{parts.query}" if parts.query else parts.path
    said = f"{where} {values.get('title', '')}"
    if _OPDS_NEW in values.get("rel", ""):
        return _SEARCH
    if tag == "link":
        if "alternate" not in values.get("rel", "").lower() or not _FEED_TYPE.match(values.get("type", "").strip()):
            return None
    elif not (_IS_FEED.search(where) or _FEED_TYPE.match(values.get("type", "").strip())):
        return None
    if _COMMENTS.search(said):
        return _LAST
    if _NEWS.search(where):
        return _OTHER
    return _SEARCH if tag == "link" and _ABOUT_TITLES.search(said) else _LINKED
