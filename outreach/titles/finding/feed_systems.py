"""Which catalog a page belongs to, by its address and the marks in it: those with feeds, and those without. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from outreach.titles.finding import feed_addresses
from outreach.titles.finding.feed_addresses import Page, page_of


@dataclass(frozen=True)
class System:
    name: str
    address: re.Pattern[str]  # in host and path
    marks: re.Pattern[str]  # in the page
    feeds: Callable[[Page], list[str]]
    sure: bool = True  # False: the address alone may be that of something else


def system_of(url: str, html: str = "") -> System | None:
    """The system of a page that has feeds, told by its address before its marks."""
    if (page := page_of(url)) is None:
        return None
    where = page.host + page.parts.path
    by_address = next((system for system in SYSTEMS if system.address.search(where)), None)
    if by_address and by_address.name == "VuFind" and _ASPEN.search(html):
        return next(system for system in SYSTEMS if system.name == "Aspen")  # it grew out of VuFind and its addresses
    return by_address or next((system for system in SYSTEMS if html and system.marks.search(html)), None)


def no_feed_system(url: str, html: str = "") -> str | None:
    """The name of a system that gives no feed, or None. By its address first; its marks count on a page of no other."""
    if (page := page_of(url)) is None:
        return None
    where = page.host + page.parts.path
    if by_address := next((name for name, address, _ in _WITHOUT if address.search(where)), None):
        return by_address
    if not html or system_of(url, html):
        return None
    return next((name for name, _, marks in _WITHOUT if marks.search(html)), None)


_NEVER = re.compile(r"(?!)")
_ASPEN = re.compile(r"aspen[ -]discovery|/GroupedWork/", re.IGNORECASE)
SYSTEMS: tuple[System, ...] = (
    System(
        "Koha",
        re.compile(r"/cgi-bin/koha/"),
        re.compile(r"content=[\"']Koha\b|/cgi-bin/koha/opac-|/opac-tmpl/", re.IGNORECASE),
        feed_addresses.koha,
    ),
    System(
        "SirsiDynix Enterprise",
        re.compile(r"/client/(?:[A-Za-z]{2}[_-][A-Za-z]{2}/|rss/hitlist)"),
        re.compile(r"\bSD_ILS\b"),
        feed_addresses.sirsidynix,
    ),
    System("BiblioCommons", re.compile(r"^[\w.-]+\.bibliocommons\.com/"), _NEVER, feed_addresses.bibliocommons),
    System("Aspen", re.compile(r"/Union/Search|/GroupedWork/"), _ASPEN, feed_addresses.aspen),
    System(
        "VuFind",
        re.compile(r"/Search/(?:Results|NewItem|Home)\b|/vufind(?:/|$)", re.IGNORECASE),
        re.compile(r"content=[\"']VuFind\b", re.IGNORECASE),
        feed_addresses.vufind,
    ),
    System(
        "Evergreen",
        re.compile(r"/eg/opac/|/opac/extras/"),
        re.compile(r"""=["'][^"'<>\s]{0,200}/eg/opac/"""),
        feed_addresses.evergreen,
    ),
    System(
        "SLiMS",
        _NEVER,
        re.compile(r"content=[\"'](?:SLiMS|Senayan)\b|index\.php\?p=show_detail", re.IGNORECASE),
        feed_addresses.slims,
    ),
    System("Goodreads", re.compile(r"^(?:www\.)?goodreads\.com/"), _NEVER, feed_addresses.goodreads),
    System("NDL Search", re.compile(r"^(?:ndlsearch|iss)\.ndl\.go\.jp/"), _NEVER, feed_addresses.ndl),
    System("OPDS", re.compile(r"/opds(?:/|$)"), _NEVER, feed_addresses.named),
    System(
        "Sierra",
        re.compile(r"/search(?:~|/~)S\d|/record=b\d|/iii/encore"),
        re.compile(r"Innovative Interfaces", re.IGNORECASE),
        feed_addresses.named,
    ),
    System(
        "Blacklight",
        re.compile(r"^[^/]+(?:/[^/]+)?/catalog(?:/|$|\.rss|\.atom)"),
        re.compile(r"""class=["'][^"'<>]{0,300}\bblacklight-""", re.IGNORECASE),
        feed_addresses.blacklight,
        sure=False,
    ),
)

# Name, address (host and path), marks of the page.
_WITHOUT: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (name, re.compile(address, re.IGNORECASE), re.compile(marks, re.IGNORECASE))
    for name, address, marks in (
        (
            "Follett Destiny",
            r"^[^/]*\b(?:follettdestiny|follettsoftware)\.com(?:/|$)|/cataloging/servlet\b|/common/(?:welcome\.jsp|servlet/)",
            r"Follett School Solutions|Follett Destiny|Destiny Discover|\.follettdestiny\.com|\.follettsoftware\.com",
        ),
        (
            "Alexandria",
            r"^[^/]*\bgoalexandria\.com(?:/|$)|^[^/]+/researcher(?:/|$)",
            r"COMPanion Corp|Alexandria Researcher|\.goalexandria\.com",
        ),
        ("OPALS", r"^[^/]*\bopalsinfo\.net(?:/|$)|/bin/(?:home|search)(?:/|$)", r"\.opalsinfo\.net"),
        ("Libib", r"^(?:[\w-]+\.)*libib\.com(?:/|$)", r"//(?:\w+\.)?libib\.com/"),
        ("LibraryWorld", r"^(?:[\w-]+\.)*libraryworld\.com(?:/|$)", r"//(?:\w+\.)?libraryworld\.com/"),
        ("TinyCat", r"^(?:[\w-]+\.)*librarycat\.org(?:/|$)", r"//(?:\w+\.)?librarycat\.org/"),
        (
            "Accessit",
            r"^(?:[\w-]+\.)*(?:accessitlibrary\.com|accessit\.online)(?:/|$)",
            r"Accessit Library|\.accessit\.online",
        ),
        (
            "Oliver",
            r"^(?:[\w-]+\.)*(?:softlinkhosting\.\w[\w.]*|oliverasp\.co\.uk)(?:/|$)|^[^/]+/oliver(?:/|$)",
            r"Oliver v5|\.softlinkhosting\.|\.oliverasp\.",
        ),
    )
)
