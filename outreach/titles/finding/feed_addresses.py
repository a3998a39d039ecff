"""Where each catalog keeps the feed of a page: one function for each system, the best address first. Pure.

The rules are those of the systems' own templates and of feeds that libraries use. Queries are kept byte for byte:
an old catalog may write them in another encoding than UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from outreach.titles.links import web_link


@dataclass(frozen=True)
class Page:
    """An address taken apart, and what stands on its page."""

    url: str
    parts: SplitResult
    html: str

    @property
    def host(self) -> str:
        return (self.parts.hostname or "").rstrip(".")

    def on(self, path: str, query: str = "") -> str:
        """An address of the same server."""
        return f"{self.parts.scheme}://{self.parts.netloc}/{path.lstrip('/')}" + (f"?{query}" if query else "")

    def value(self, name: str) -> str:
        """Of the query, percent signs and all; "" if it is not there."""
        return next((value for key, value in self.pairs() if key == name and value), "")

    def pairs(self) -> list[tuple[str, str]]:
        return [(key, value) for key, _, value in (part.partition("=") for part in self.parts.query.split("&"))]

    def query(self, without: Iterable[str], then: str = "") -> str:
        """The query without some of its names, and with something at its end."""
        left = set(without)
        kept = [part for part in self.parts.query.split("&") if part and unquote(part.partition("=")[0]) not in left]
        return "&".join([*kept, then] if then else kept)


def page_of(url: str, html: str = "") -> Page | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return Page(url, parts, html) if parts.hostname else None


_NEWEST = "count=50&sort_by=acqdate_dsc"
_KOHA_HOME = re.compile(r"""(?:href|src|action)\s*=\s*["']?([^"'\s<>]{0,300}?)/cgi-bin/koha/""", re.IGNORECASE)


def koha(page: Page) -> list[str]:
    path, _, script = page.parts.path.partition("/cgi-bin/koha/")
    if not script and (home := _KOHA_HOME.search(page.html)):
        base = (web_link(page.url, home[1] or "/") or page.on("")).rstrip("/") + "/cgi-bin/koha/"
    else:
        base = page.on((path if script else "") + "/cgi-bin/koha/")
    shelf = page.value("shelfnumber") or page.value("viewshelf")
    if script.startswith("opac-shelves") and shelf:
        return [f"{base}opac-shelves.pl?rss=1&op=view&shelfnumber={shelf}"]
    asked = ("q", "limit", "limit-yr", "multibranchlimit", "branch_group_limit", "tag")
    if script.startswith("opac-search.pl") and any(page.value(name) for name in asked):
        wanted = page.query(("offset", "page", "count", "sort_by", "format", "rss"), _NEWEST)
        return [f"{base}opac-search.pl?{wanted}&format={kind}" for kind in ("rss", "rss2")]
    return [f"{base}opac-search.pl?{everything}&{_NEWEST}&format=rss" for everything in _KOHA_EVERYTHING]


# Koha has no search for everything. A span of years is one with both of its search engines (records without a year are
# missing); the others are for one each: Elasticsearch, and Zebra's own language, as Koha's "available" limit uses it.
_KOHA_EVERYTHING = ("limit-yr=1000-2999", "idx=kw&q=*", "q=ccl%3Dallrecords%2CAlwaysMatches%3D%27%27")

_PROFILE = re.compile(r"^(.*?)/client/[A-Za-z]{2}[_-][A-Za-z]{2}/([^/;]+)")


def sirsidynix(page: Page) -> list[str]:
    if not (found := _PROFILE.match(page.parts.path)):
        return []
    kept = ("qu", "qf", "te", "rt", "lm", "dt", "st", "isd")
    query = "&".join(f"{key}={value}" for key, value in page.pairs() if key in kept and value)
    if not re.search(r"(?:^|&)(?:qu|qf|lm)=", query):
        query = "&".join(filter(None, ("qu=*", query)))
    return [page.on(f"{found[1]}/client/rss/hitlist/{found[2]}/{query}")]


def bibliocommons(page: Page) -> list[str]:
    if page.parts.path.startswith("/v2/search"):
        words, kind = page.value("query"), page.value("searchType") or "keyword"
        if not words:
            return []
        as_rule = f"custom_query={words}"  # "bl": typed in its own language
        return [page.on("/search/rss", as_rule if kind == "bl" else f"q={words}&t={kind}")]
    if page.parts.path.startswith("/search") and page.parts.query:
        return [page.on("/search/rss", page.query(("page",)))]
    return []


_SEARCHED = re.compile(r"^(.*?)/(?:Search/(?:Results|NewItem)|Union/Search)")


def vufind(page: Page) -> list[str]:
    """Without a sort: its feeds are then sorted by what was added last."""
    found = _SEARCHED.match(page.parts.path)
    if found and page.parts.query:
        return [page.on(page.parts.path, page.query(("view", "page", "sort"), "view=rss"))]
    base = re.split(r"/(?:Search|Record|Content|MyResearch)\b", page.parts.path)[0].rstrip("/")
    base = "/vufind" if not base and "/vufind/" in page.html else base
    return [page.on(f"{base}/Search/NewItem", f"range={days}&view=rss") for days in (7, 30)]


def aspen(page: Page) -> list[str]:
    found = _SEARCHED.match(page.parts.path)
    wanted = page.query(("view", "page", "sort"), "view=rss") if found else "view=rss&lookfor=&searchSource=local"
    path = page.parts.path if found else "/Union/Search"
    other = "/Search/Results" if path.endswith("/Union/Search") else "/Union/Search"
    return [page.on(path, f"{wanted}&sort=days_since_added+asc"), page.on(path, wanted), page.on(other, wanted)]


def blacklight(page: Page) -> list[str]:
    base = page.parts.path.partition("/catalog")[0].rstrip("/")
    query = page.query(("page", "format"))
    return [page.on(f"{base}/catalog.{kind}", query) for kind in ("rss", "atom")]


def evergreen(page: Page) -> list[str]:
    """A list as a list, a search as a search, newest first; else the newest items of all libraries ("-")."""
    if bag := page.value("bookbag"):
        return [page.on(f"/opac/extras/feed/bookbag/{kind}/{bag}") for kind in ("rss2-full", "atom")]
    newest = [
        page.on("/opac/extras/browse/atom-full/item-age/-/1/50"),
        page.on("/opac/extras/feed/freshmeat/rss2/biblio/import/50/"),
    ]
    if words := page.value("query"):
        kind = page.value("qtype") or "keyword"
        asked = f"searchTerms={words}&searchClass={kind}&count=50&searchSort=create_date&searchSortDir=desc"
        return [page.on(f"/opac/extras/opensearch/1.1/-/{kind}", asked) for kind in ("rss2-full", "atom")]
    return newest


def slims(page: Page) -> list[str]:
    path = page.parts.path if page.parts.path.endswith("index.php") else page.parts.path.rstrip("/") + "/index.php"
    searched = page.value("keywords") or page.value("search") or page.value("title")
    query = page.query(("page", "rss", "resultXML")) if searched else "search=search&keywords="
    return [page.on(path, f"{query}&rss=true")]


def goodreads(page: Page) -> list[str]:
    if not (found := re.match(r"/(?:review/list(?:_rss)?|user/show)/(\d+)", page.parts.path)):
        return []
    kept = "&".join(f"{key}={page.value(key)}" for key in ("key", "shelf") if page.value(key))
    return [page.on(f"/review/list_rss/{found[1]}", kept)]


def ndl(page: Page) -> list[str]:
    words = page.value("keyword") or page.value("any")
    return [page.on("/api/opensearch", f"any={words}")] if words else []


def named(page: Page) -> list[str]:
    """OPDS and Feed Builder: configured by each site, so only the page itself can say where."""
    return []
