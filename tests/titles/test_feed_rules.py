"""Addresses that people paste, and where the feed behind each is."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.titles.finding.feed_rules import MOST, candidates, no_feed_system
from outreach.titles.finding.feed_systems import system_of

KOHA_MARK = '<meta name="generator" content="Koha 23.1100000" />'
HOME = "home"  # so several systems call their first page
NEWEST = "count=50&sort_by=acqdate_dsc&format=rss"


@pytest.mark.parametrize(
    ("url", "first"),
    [
        (
            "https://opac.x.org/cgi-bin/koha/opac-search.pl?idx=kw&q=itype:JBK&offset=20&sort_by=title_az",
            f"https://opac.x.org/cgi-bin/koha/opac-search.pl?idx=kw&q=itype:JBK&{NEWEST}",
        ),
        (
            "https://opac.x.org/cgi-bin/koha/opac-search.pl?q=&limit=mc-itype%3ABK&limit=branch%3AA",
            f"https://opac.x.org/cgi-bin/koha/opac-search.pl?q=&limit=mc-itype%3ABK&limit=branch%3AA&{NEWEST}",
        ),
        (
            "https://opac.x.org/cgi-bin/koha/opac-search.pl?q=caf%E9",  # not UTF-8: kept as it is
            f"https://opac.x.org/cgi-bin/koha/opac-search.pl?q=caf%E9&{NEWEST}",
        ),
        (
            "https://opac.x.org/cgi-bin/koha/opac-shelves.pl?op=view&shelfnumber=7&sortfield=title",
            "https://opac.x.org/cgi-bin/koha/opac-shelves.pl?rss=1&op=view&shelfnumber=7",
        ),
        (
            "https://opac.x.org/cgi-bin/koha/opac-main.pl",
            f"https://opac.x.org/cgi-bin/koha/opac-search.pl?limit-yr=1000-2999&{NEWEST}",
        ),
        (
            "https://opac.x.org/cgi-bin/koha/opac-detail.pl?biblionumber=4211",
            f"https://opac.x.org/cgi-bin/koha/opac-search.pl?limit-yr=1000-2999&{NEWEST}",
        ),
        (
            "https://cat.x.org/client/en_US/school/search/results?qu=owls&te=ILS&rt=false%7C%7C%7CTITLE&lm=BOOKS&ic=true",
            "https://cat.x.org/client/rss/hitlist/school/qu=owls&te=ILS&rt=false%7C%7C%7CTITLE&lm=BOOKS",
        ),
        ("https://cat.x.org/client/en_US/school/?", "https://cat.x.org/client/rss/hitlist/school/qu=*"),
        (
            "https://x.org/vufind/Search/Results?lookfor=owl&type=AllFields&page=2&sort=title",
            "https://x.org/vufind/Search/Results?lookfor=owl&type=AllFields&view=rss",
        ),
        ("https://x.org/Search/NewItem?range=30", "https://x.org/Search/NewItem?range=30&view=rss"),
        (f"https://x.org/vufind/Search/{HOME.title()}", "https://x.org/vufind/Search/NewItem?range=7&view=rss"),
        (
            "https://x.org/Union/Search?lookfor=owl&searchIndex=Keyword&page=3&view=list",
            "https://x.org/Union/Search?lookfor=owl&searchIndex=Keyword&view=rss&sort=days_since_added+asc",
        ),
        (
            "https://x.org/catalog?f%5Bformat%5D%5B%5D=Book&q=owl&page=2",
            "https://x.org/catalog.rss?f%5Bformat%5D%5B%5D=Book&q=owl",
        ),
        (
            "https://lib.bibliocommons.com/v2/search?query=owl&searchType=smart&f_FORMAT=BK",
            "https://lib.bibliocommons.com/search/rss?q=owl&t=smart",
        ),
        (
            "https://lib.bibliocommons.com/v2/search?query=audience%3A%22children%22&searchType=bl",
            "https://lib.bibliocommons.com/search/rss?custom_query=audience%3A%22children%22",
        ),
        (
            "https://lib.bibliocommons.com/search?q=owl&t=keyword&page=2",
            "https://lib.bibliocommons.com/search/rss?q=owl&t=keyword",
        ),
        (f"https://x.org/eg/opac/{HOME}?locg=3", "https://x.org/opac/extras/browse/atom-full/item-age/-/1/50"),
        (
            "https://x.org/eg/opac/results?bookbag=81;page=0".replace(";", "&"),
            "https://x.org/opac/extras/feed/bookbag/rss2-full/81",
        ),
        (
            "https://x.org/eg/opac/results?query=owl&qtype=subject&locg=1",
            "https://x.org/opac/extras/opensearch/1.1/-/rss2-full?searchTerms=owl&searchClass=subject"
            "&count=50&searchSort=create_date&searchSortDir=desc",
        ),
        (
            "https://www.goodreads.com/review/list/123-hill-school?ref=nav&shelf=new-in",
            "https://www.goodreads.com/review/list_rss/123?shelf=new-in",
        ),
        ("https://www.goodreads.com/user/show/123-hill", "https://www.goodreads.com/review/list_rss/123"),
        (
            "https://ndlsearch.ndl.go.jp/search?cs=bib&keyword=%E5%AD%A6%E6%A0%A1",
            "https://ndlsearch.ndl.go.jp/api/opensearch?any=%E5%AD%A6%E6%A0%A1",
        ),
    ],
)
def test_the_address_alone_leads_to_the_feed(url: str, first: str) -> None:
    assert candidates(url)[0] == first


@pytest.mark.parametrize(
    ("url", "html", "first"),
    [
        (
            "https://library.x.org/",
            KOHA_MARK,
            f"https://library.x.org/cgi-bin/koha/opac-search.pl?limit-yr=1000-2999&{NEWEST}",
        ),
        (
            "https://school.example/",
            '<a href="https://opac.school.example/cgi-bin/koha/opac-main.pl">Library</a>',
            f"https://opac.school.example/cgi-bin/koha/opac-search.pl?limit-yr=1000-2999&{NEWEST}",
        ),
        (
            "https://x.org/",
            '<meta name="Generator" content="VuFind 9.1">',
            "https://x.org/Search/NewItem?range=7&view=rss",
        ),
        (
            "https://x.org/Search/Results?lookfor=owl",
            "<title>Aspen Discovery</title>",
            "https://x.org/Search/Results?lookfor=owl&view=rss&sort=days_since_added+asc",
        ),
        ("https://x.org/?q=owl", '<body class="blacklight-catalog">', "https://x.org/catalog.rss?q=owl"),
        (
            "https://x.sch.id/",
            '<meta name="generator" content="SLiMS 9 (Bulian)">',
            "https://x.sch.id/index.php?search=search&keywords=&rss=true",
        ),
        (
            "https://x.sch.id/index.php?keywords=laskar&search=search&page=2",
            '<meta name="generator" content="SLiMS 9 (Bulian)">',
            "https://x.sch.id/index.php?keywords=laskar&search=search&rss=true",
        ),
        (
            "https://x.org/opds",
            '<link rel="http://opds-spec.org/sort/new" href="/opds/new" type="application/atom+xml"/>',
            "https://x.org/opds/new",
        ),
        ("https://x.org/new", '<a href="/feeds/newbooks.xml">New</a>', "https://x.org/feeds/newbooks.xml"),
        (
            "https://x.org/new",
            "<a class=b href='list.php?format=rss&amp;n=9'>RSS</a>",
            "https://x.org/list.php?format=rss&n=9",
        ),
        (
            "https://x.org/new",
            '<LINK TYPE="application/rdf+xml" REL="alternate" HREF="/new.rdf">',
            "https://x.org/new.rdf",
        ),
    ],
)
def test_the_page_leads_to_the_feed(url: str, html: str, first: str) -> None:
    assert candidates(url, html)[0] == first


def test_older_koha_has_another_name_for_the_format() -> None:
    assert candidates("https://x.org/cgi-bin/koha/opac-search.pl?q=owl")[1].endswith("&format=rss2")


def test_the_feed_of_the_search_comes_before_the_blog_and_comments_come_last() -> None:
    html = """
      <link rel="alternate" type="application/rss+xml" title="Comments Feed" href="/comments/feed/">
      <link rel="alternate" type="application/rss+xml" title="Hill School" href="/feed/">
      <a href="/rss/events.xml">Events</a>
      <link rel="alternate" type="application/atom+xml" title="New books" href="/titles.atom">"""
    assert candidates("https://x.org/", html) == [
        "https://x.org/titles.atom",
        "https://x.org/rss/events.xml",
        "https://x.org/feed/",
        "https://x.org/comments/feed/",
    ]


def test_a_page_that_names_many_feeds_yields_six_and_none_twice() -> None:
    html = "".join(f'<a href="/rss/{n % 20}">x</a>' for n in range(40))
    found = candidates("https://x.org/rss/0", html)
    assert len(found) == len(set(found)) == MOST
    assert "https://x.org/rss/0" not in found


def test_a_user_name_and_password_stay_with_their_server() -> None:
    html = '<a href="/rss">a</a><a href="https://other.org/rss">b</a><a href="http://x.org/rss">c</a>'
    assert candidates("https://me:secret@x.org/", html) == [
        "https://me:secret@x.org/rss",
        "https://other.org/rss",
        "http://x.org/rss",
    ]


@pytest.mark.parametrize(
    "href", ["javascript:rss", "file:///rss", "http://localhost/rss", "http://10.0.0.1/rss", "//u:p@y.org/rss"]
)
def test_a_page_leads_nowhere_but_to_the_web(href: str) -> None:
    assert candidates("https://x.org/", f'<a href="{href}">x</a>') == []


def test_a_doubled_slash_is_no_other_server() -> None:
    found = candidates("https://x.org//evil.org/cgi-bin/koha/opac-search.pl?q=owl")
    assert {urlsplit(link).netloc for link in found} == {"x.org"}


@pytest.mark.parametrize(
    ("url", "html", "system"),
    [
        ("https://hill.follettdestiny.com/", "", "Follett Destiny"),
        ("https://search.follettsoftware.com/metasearch/ui/1234", "", "Follett Destiny"),
        (
            "https://library.hill.org/cataloging/servlet/presentadvancedsearchredirectorform.do?l2m=Library",
            "",
            "Follett Destiny",
        ),
        ("http://destiny.hill.org/common/welcome.jsp?context=saas", "", "Follett Destiny"),
        ("https://x.org/", "<p>© Follett School Solutions, LLC</p>", "Follett Destiny"),
        ("https://hill.goalexandria.com/7068693/search", "", "Alexandria"),
        ("https://library.hill.org/researcher#_", "", "Alexandria"),
        (f"https://hill.kari.opalsinfo.net/bin/{HOME}#0", "", "OPALS"),
        ("https://library.hill.org/bin/search/simple", "", "OPALS"),
        ("https://www.libib.com/u/hill", "", "Libib"),
        (f"https://opac.libraryworld.com/opac/{HOME}.php", "", "LibraryWorld"),
        ("https://www.librarycat.org/lib/hill", "", "TinyCat"),
        ("https://hill.accessitlibrary.com/", "", "Accessit"),
        ("https://hill.softlinkhosting.co.uk/oliver/welcome", "", "Oliver"),
        ("https://library.hill.org/oliver/libraryHome.do", "", "Oliver"),
        ("https://opac.x.org/cgi-bin/koha/opac-main.pl", "", None),
        ("https://notlibib.com/", "", None),
        ("https://x.org/follettdestiny.com", "", None),
        ("https://x.org/", KOHA_MARK + "we left Follett Destiny", None),
        ("nonsense", "", None),
    ],
)
def test_systems_without_feeds_are_known_by_name(url: str, html: str, system: str | None) -> None:
    assert no_feed_system(url, html) == system


def test_a_page_of_no_known_system_has_no_rule() -> None:
    assert system_of("https://x.org/library", "<p>Welcome</p>") is None
    assert candidates("https://x.org/library", "<p>Welcome</p>") == []


PIECES = (
    "https:// http:// // [ ] @ x.org /cgi-bin/koha/ opac-search.pl?q=a /client/en_US/d/search /Search/Results? "
    "/catalog? <a\thref= \" ' > <link\trel=alternate\ttype=application/rss+xml\thref= rss /eg/opac/ \ud800 % # & ; ../ "
    "javascript: file:// 127.0.0.1 :99999 content='Koha"
)
PASTED = st.one_of(st.text(), st.lists(st.sampled_from(PIECES.split(" ")), max_size=12).map("".join))


@given(PASTED, PASTED)
def test_whatever_is_pasted_candidates_are_whole_web_addresses(url: str, html: str) -> None:
    found = candidates(url, html)
    assert len(found) <= MOST
    assert all(urlsplit(link).scheme in ("http", "https") and urlsplit(link).hostname for link in found)
    no_feed_system(url, html)
