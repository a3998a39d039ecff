"""From what a librarian pasted to a feed, over real HTTP to a catalog that the test plays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from certificates import Authority
from hypothesis import given, settings
from hypothesis import strategies as st
from local_server import LocalServer, Reply, Request

from outreach.channels import guard
from outreach.channels.guard import Reach
from outreach.channels.http import Answer
from outreach.channels.trouble import unreachable
from outreach.titles.finding import finder
from outreach.titles.finding.finder import Found, NotFound, find
from outreach.titles.finding.pasted import addresses
from outreach.titles.finding.words import NOT_SURE, NOTHING_IN_IT
from outreach.titles.rss.not_a_feed import NotAFeed
from outreach.titles.rss.parse import Parsed, parse

DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))
KOHA_FEED = (DATA / "feeds" / "koha-search.rss.xml").read_bytes()
KOHA_HOME = b'<html><head><meta name="generator" content="Koha 23.11"><title>Hill School catalog</title></head></html>'
NO_TITLES = b'<rss version="2.0"><channel><title>Nothing</title></channel></rss>'
NEWS = b"""<rss version="2.0"><channel><title>Hill School news</title>
<item><title>Sports day</title><link>https://hill.example/2026/sports-day</link></item></channel></rss>"""
CHALLENGE = (DATA / "feeds-more" / "bot-challenge.html").read_bytes()


def page(html: str) -> Reply:
    return Reply(body=f"<!doctype html><html><head><title>Hill</title></head><body>{html}</body></html>".encode())


def feed(body: bytes) -> Reply:
    return Reply(body=body, headers={"Content-Type": "application/rss+xml"})


class Catalog:
    """What each path answers; everything else is 404."""

    def __init__(self) -> None:
        self.paths: dict[str, Reply | Callable[[Request], Reply]] = {}
        self.server = LocalServer(self.answer)
        self.url = self.server.url

    def answer(self, request: Request) -> Reply:
        said = self.paths.get(request.path, Reply(404, b"<html>no</html>"))
        return said(request) if callable(said) else said

    def asked(self) -> list[str]:
        return [request.path for request in self.server.seen]


@pytest.fixture
def catalog() -> Iterator[Catalog]:
    made = Catalog()
    with made.server:
        yield made


def seek(url: str, **options: object) -> Found:
    return find(url, LOOPBACK, NOW, read=parse, **options)  # type: ignore[arg-type]


def fails(url: str, reach: Reach = LOOPBACK, **options: object) -> NotFound:
    with pytest.raises(NotFound) as caught:
        find(url, reach, NOW, read=parse, **options)  # type: ignore[arg-type]
    return caught.value


class TestFound:
    def test_a_feed_is_found_as_it_is_and_read_in_the_child_process(self, catalog: Catalog) -> None:
        catalog.paths["/new.rss"] = feed(KOHA_FEED)
        found = find(f"{catalog.url}/new.rss", LOOPBACK, NOW)
        assert found.url == f"{catalog.url}/new.rss"
        assert found.count >= len(found.titles) > 0
        assert found.titles == parse(KOHA_FEED, "", found.url, NOW).titles[:5]
        assert found.name
        assert len(found.name) <= 80
        assert found.warning is None

    def test_a_koha_search_page_leads_to_its_newest_titles(self, catalog: Catalog) -> None:
        def search(request: Request) -> Reply:
            wanted = {"q": ["owl"], "count": ["50"], "sort_by": ["acqdate_dsc"], "format": ["rss"]}
            return feed(KOHA_FEED) if request.query == wanted else page("/opac-tmpl/")

        catalog.paths["/cgi-bin/koha/opac-search.pl"] = search
        found = seek(f"{catalog.url}/cgi-bin/koha/opac-search.pl?q=owl&offset=20")
        assert found.url == f"{catalog.url}/cgi-bin/koha/opac-search.pl?q=owl&count=50&sort_by=acqdate_dsc&format=rss"
        assert found.warning is None

    def test_the_second_search_for_everything_is_tried_when_the_first_finds_nothing(self, catalog: Catalog) -> None:
        catalog.paths["/"] = Reply(body=KOHA_HOME)
        catalog.paths["/cgi-bin/koha/opac-search.pl"] = lambda r: feed(KOHA_FEED if r.query.get("q") else NO_TITLES)
        found = seek(catalog.url)
        assert "q=*" in found.url
        assert found.count

    def test_a_page_that_names_its_feed_needs_no_known_system(self, catalog: Catalog) -> None:
        catalog.paths["/list"] = page('<a href="made/new.rss?n=50">Feed</a>')
        catalog.paths["/made/new.rss"] = feed(KOHA_FEED)
        assert seek(f"{catalog.url}/list").url == f"{catalog.url}/made/new.rss?n=50"

    def test_redirects_are_followed_and_the_page_behind_them_counts(self, catalog: Catalog) -> None:
        catalog.paths["/"] = Reply(302, headers={"Location": "/a"})
        catalog.paths["/a"] = Reply(301, headers={"Location": "/b/home"})
        catalog.paths["/b/home"] = page('<a href="new.rss">Feed</a>')
        catalog.paths["/b/new.rss"] = feed(KOHA_FEED)
        assert seek(catalog.url).url == f"{catalog.url}/b/new.rss"

    def test_titles_of_a_library_win_over_news_that_come_first(self, catalog: Catalog) -> None:
        catalog.paths["/"] = page('<a href="/rss/news">News</a><a href="/rss/books">Books</a>')
        catalog.paths |= {"/rss/news": feed(NEWS), "/rss/books": feed(KOHA_FEED)}
        assert seek(catalog.url).url == f"{catalog.url}/rss/books"

    def test_news_alone_come_with_a_doubt(self, catalog: Catalog) -> None:
        catalog.paths["/"] = page('<a href="/rss/empty">None</a><a href="/rss/news">News</a>')
        catalog.paths |= {"/rss/news": feed(NEWS), "/rss/empty": feed(NO_TITLES)}
        found = seek(catalog.url)
        assert (found.name, found.count, found.warning) == ("Hill School news", 1, NOT_SURE)

    def test_a_feed_without_titles_is_the_last_resort_and_says_so(self, catalog: Catalog) -> None:
        catalog.paths["/"] = page('<a href="/rss/empty">None</a>')
        catalog.paths["/rss/empty"] = feed(NO_TITLES)
        found = seek(catalog.url)
        assert (found.count, found.titles, found.warning) == (0, (), NOTHING_IN_IT)

    def test_a_feed_without_a_name_takes_that_of_the_page(self, catalog: Catalog) -> None:
        catalog.paths["/"] = page('<a href="/new.rss">Feed</a>')
        catalog.paths["/new.rss"] = feed(NEWS.replace(b"<title>Hill School news</title>", b""))
        assert seek(catalog.url).name == "Hill"

    def test_an_opds_catalog_of_catalogs_leads_to_its_new_books(self, catalog: Catalog) -> None:
        catalog.paths["/opds"] = feed(
            b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Shelf</title>'
            b'<link rel="http://opds-spec.org/sort/new" href="/opds/new" type="application/atom+xml"/>'
            b'<entry><title>Newest</title><link href="/opds/new" type="application/atom+xml"/></entry></feed>'
        )
        catalog.paths["/opds/new"] = feed((DATA / "feeds-more" / "opds-new.atom.xml").read_bytes())
        assert seek(f"{catalog.url}/opds").url == f"{catalog.url}/opds/new"

    @pytest.mark.parametrize(
        "name",
        [
            "feeds/aspen-search.rss.xml",
            "feeds/bibliocommons-search.rss.xml",
            "feeds/evergreen-freshmeat.rss2.xml",
            "feeds/sirsidynix-enterprise.atom.xml",
            "feeds-more/goodreads-shelf.rss.xml",
            "feeds-more/koha-list.rss.xml",
            "feeds-more/ndl-opensearch.rss.xml",
            "feeds-more/sierra-feed-builder.rss.xml",
            "feeds-more/slims.rss.xml",
        ],
    )
    def test_feeds_of_every_system_are_taken_for_titles_wherever_they_lie(self, catalog: Catalog, name: str) -> None:
        catalog.paths["/x"] = feed((DATA / name).read_bytes())
        found = seek(f"{catalog.url}/x")
        assert found.count
        assert found.warning is None


class TestPasted:
    @pytest.mark.parametrize(
        ("text", "tries"),
        [
            ("catalog.school.org/cgi-bin/koha/opac-main.pl", ["https", "http"]),
            ("  https://catalog.school.org/cgi-bin/koha/opac-main.pl \n", ["https"]),
            ("<http://catalog.school.org/cgi-bin/koha/opac-main.pl>", ["http"]),
            ("HTTP://catalog.school.org/cgi-bin/koha/opac-main.pl.", ["http"]),
            ("feed://catalog.school.org/cgi-bin/koha/opac-main.pl", ["https", "http"]),
            ("feed:https://catalog.school.org/cgi-bin/koha/opac-main.pl", ["https"]),
            ("URL: https://catalog.school.org/cgi-bin/\nkoha/opac-main.pl#top", ["https"]),
            ("//catalog.school.org/cgi-bin/koha/opac-main.pl", ["https", "http"]),
        ],
    )
    def test_what_people_paste_becomes_whole(self, text: str, tries: list[str]) -> None:
        assert addresses(text) == [f"{scheme}://catalog.school.org/cgi-bin/koha/opac-main.pl" for scheme in tries]

    def test_spaces_ampersands_ports_and_sign_ins_are_kept_as_meant(self) -> None:
        assert addresses("http://x.org/s?q=harry potter&amp;n=9") == ["http://x.org/s?q=harry%20potter&n=9"]
        assert addresses("opac.local:8080/s") == ["https://opac.local:8080/s", "http://opac.local:8080/s"]
        assert addresses("https://me:pä@x.org/s") == ["https://me:p%C3%A4@x.org/s"]

    @pytest.mark.parametrize(
        "text", ["", "   ", "mailto:me@x.org", "ftp://x.org/", "javascript:alert(1)", "https://", "."]
    )
    def test_what_is_no_web_address_is_not_asked(self, text: str) -> None:
        assert addresses(text) == []
        assert "address bar" in fails(text).sentence

    def test_without_a_scheme_http_is_tried_where_no_tls_is_spoken(self, catalog: Catalog) -> None:
        catalog.paths["/new.rss"] = feed(KOHA_FEED)
        assert seek(f"127.0.0.1:{catalog.server.port}/new.rss").url == f"{catalog.url}/new.rss"

    def test_without_a_scheme_http_is_tried_after_a_refusal_and_never_after_a_bad_certificate(self) -> None:
        asked: list[str] = []

        def ask(reach: Reach, url: str, **options: object) -> Answer:
            asked.append(url)
            if url.startswith("https:"):
                raise unreachable(cause, "x.org")
            return Answer(200, {}, KOHA_FEED, url, True)

        cause = "refused"
        assert seek("x.org/new", ask=ask).url == "http://x.org/new"
        cause = "expired"
        asked.clear()
        assert "certificate" in fails("x.org/new", ask=ask).sentence
        assert asked == ["https://x.org/new"]


class TestNotFound:
    @pytest.mark.parametrize(
        ("reply", "said"),
        [
            (Reply(404, b"no"), "no page at this address"),
            (Reply(410, b"no"), "no page at this address"),
            (Reply(401, b"no"), "only after a sign-in"),
            (Reply(403, b"no"), "does not let us read this page"),
            (Reply(503, b"no"), "busy"),
            (Reply(500, b"no"), "(500)"),
            (Reply(403, CHALLENGE), "human"),
            (Reply(503, CHALLENGE), "human"),
            (Reply(429, b"", {"cf-mitigated": "challenge"}), "human"),
            (Reply(200, CHALLENGE), "human"),
            (Reply(200, b""), "empty page"),
            (Reply(200, {"titles": []}), "JSON"),
            (Reply(200, b"%PDF-1.7 ..."), "import it instead"),
            (Reply(200, b"00714cam a2200205 a 4500001"), "MARC"),
            (page("Welcome to our school"), "no feed for it"),
            (Reply(200, (DATA / "feeds-more" / "not-rss.xml").read_bytes()), "another kind"),
        ],
    )
    def test_every_wrong_end_is_said_by_its_cause(self, catalog: Catalog, reply: Reply, said: str) -> None:
        catalog.paths["/x"] = reply
        assert said in fails(f"{catalog.url}/x").sentence
        assert catalog.asked() == ["/x"]

    def test_a_log_in_page_is_named_as_one(self, catalog: Catalog) -> None:
        catalog.paths["/cgi-bin/koha/opac-search.pl"] = Reply(302, headers={"Location": "/cgi-bin/koha/opac-user.pl"})
        catalog.paths["/cgi-bin/koha/opac-user.pl"] = Reply(body=(DATA / "feeds" / "nasty-login-200.html").read_bytes())
        no = fails(f"{catalog.url}/cgi-bin/koha/opac-search.pl?q=owl")
        assert "log-in page" in no.sentence
        assert no.system == "Koha"

    def test_a_known_catalog_that_gives_nothing_says_what_to_ask_for(self, catalog: Catalog) -> None:
        catalog.paths["/"] = Reply(body=KOHA_HOME + b'<input type="password">')
        no = fails(catalog.url)
        assert no.system == "Koha"
        assert "OpacPublic" in no.sentence
        assert "log-in page" not in no.sentence  # the form in the corner of its page is no obstacle

    def test_robots_that_are_not_wanted_do_not_insist(self, catalog: Catalog) -> None:
        catalog.paths["/"] = Reply(body=KOHA_HOME)
        catalog.paths["/cgi-bin/koha/opac-search.pl"] = Reply(403, CHALLENGE)
        assert "human" in fails(catalog.url).sentence
        assert len(catalog.asked()) == 2

    @pytest.mark.parametrize(
        ("path", "html", "system"),
        [
            ("/common/welcome.jsp", "Welcome", "Follett Destiny"),
            ("/cataloging/servlet/handlebasicsearchform.do", "Results", "Follett Destiny"),
            ("/researcher", "Search", "Alexandria"),
            ("/bin/home", "Library", "OPALS"),
            (
                "/",
                "<script src='https://hill.follettdestiny.com/x.js'></script><a href='/feed/'>News</a>",
                "Follett Destiny",
            ),
        ],
    )
    def test_a_system_without_feeds_is_named(self, catalog: Catalog, path: str, html: str, system: str) -> None:
        catalog.paths |= {path: page(html), "/feed/": feed(NEWS)}
        no = fails(catalog.url + path)
        assert no.system == system
        assert f"{system} gives no feed" in no.sentence

    def test_a_system_without_feeds_is_named_even_where_it_refuses_us(self, catalog: Catalog) -> None:
        catalog.paths["/common/welcome.jsp"] = Reply(403, CHALLENGE)
        assert "gives no feed" in fails(f"{catalog.url}/common/welcome.jsp").sentence

    def test_a_private_address_says_who_can_allow_it(self, catalog: Catalog) -> None:
        no = fails(catalog.url, Reach())
        assert "Whoever runs Outreach can allow it with OUTREACH_ALLOW_HOSTS" in no.sentence
        assert catalog.asked() == []

    def test_a_page_cannot_send_us_into_the_network_of_the_school(self, catalog: Catalog) -> None:
        with LocalServer(lambda request: feed(KOHA_FEED), host="127.0.0.2") as inside:
            catalog.paths["/"] = page(f'<a href="{inside.url}/rss">Feed</a>')
            fails(catalog.url, Reach(allow_hosts=("127.0.0.1",)))
            assert inside.seen == []

    def test_an_unknown_host_is_a_typing_mistake(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def resolve(host: str, port: int) -> list[str]:
            raise guard.socket.gaierror("unknown")

        monkeypatch.setattr(guard, "resolve", resolve)
        assert "typing mistake" in fails("https://catlaog.example/").sentence

    def test_too_large_an_answer_asks_for_fewer_titles(self, catalog: Catalog) -> None:
        catalog.paths["/x"] = Reply(body=b"x" * 21_000_000)
        assert "fewer titles" in fails(f"{catalog.url}/x").sentence

    def test_circles_are_said(self, catalog: Catalog) -> None:
        catalog.paths["/x"] = Reply(302, headers={"Location": "/x"})
        assert "circles" in fails(f"{catalog.url}/x").sentence


class TestCertificates:
    @pytest.mark.parametrize(
        ("host", "days", "trusted", "said"),
        [
            ("127.0.0.1", -1, True, ("certificate", "expired", "Whoever runs that server must renew it")),
            ("127.0.0.2", 30, True, ("certificate", "another name", "whoever runs the catalog")),
            ("127.0.0.1", 30, False, ("certificate", "Whoever runs the catalog", "OUTREACH_CA_FILE")),
        ],
    )
    def test_a_bad_certificate_is_said_with_who_can_mend_it(
        self, tmp_path: Path, host: str, days: int, trusted: bool, said: tuple[str, ...]
    ) -> None:
        school = Authority(tmp_path)
        reach = Reach(allow_hosts=("127.0.0.0/8",), ca_file=school.file if trusted else "")
        with LocalServer(lambda request: feed(KOHA_FEED), school.server(host, days)) as server:
            sentence = fails(f"{server.url}/new", reach).sentence
        assert all(word in sentence for word in said)
        assert server.seen == []


class TestLimits:
    def test_six_requests_at_most(self, catalog: Catalog) -> None:
        catalog.paths["/"] = page("".join(f'<a href="/rss/{n}">x</a>' for n in range(30)))
        fails(catalog.url)
        assert len(catalog.asked()) == finder.MOST_REQUESTS

    def test_a_slow_catalog_is_left_after_a_while(self, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
        def slowly(handler: BaseHTTPRequestHandler) -> None:
            time.sleep(1.5)

        monkeypatch.setattr(finder, "SECONDS_EACH", 0.3)
        catalog.paths["/x"] = Reply(raw=slowly)
        began = time.monotonic()
        assert "too long" in fails(f"{catalog.url}/x").sentence
        assert time.monotonic() - began < 1.2

    def test_all_of_it_ends_when_the_time_is_up(self, catalog: Catalog) -> None:
        hands = iter([0.0, 0.0, 1.0, 14.0, 26.0, 26.0, 26.0])
        catalog.paths["/"] = page("".join(f'<a href="/rss/{n}">x</a>' for n in range(30)))
        assert "too long" in fails(catalog.url, clock=lambda: next(hands)).sentence
        assert len(catalog.asked()) == 2


PIECES = (
    "https:// http:// feed:// // [ ] @ x.org :80 :99999 /cgi-bin/koha/opac-search.pl?q=a <html> <title> & # % \ud800 ü "
    ". , <html><link\trel=alternate\ttype=application/rss+xml\thref=/rss> <html><a\thref=http://[> Koha"
)
PASTED = st.one_of(st.text(), st.lists(st.sampled_from(PIECES.split(" ")), max_size=8).map("".join))


@settings(deadline=None)
@given(PASTED, PASTED)
def test_whatever_is_pasted_and_answered_nothing_else_is_raised(text: str, html: str) -> None:
    asked: list[str] = []

    def ask(reach: Reach, url: str, **options: object) -> Answer:
        asked.append(url)
        return Answer(200, {"Content-Type": "text/html"}, html.encode("utf-8", "replace"), url, True)

    def read(body: bytes, kind: str, url: str, now: datetime) -> Parsed:
        raise NotAFeed(NOT_SURE)

    with pytest.raises(NotFound):
        find(text, LOOPBACK, NOW, ask=ask, read=read)
    assert len(asked) <= finder.MOST_REQUESTS
    assert all(url.startswith(("https://", "http://")) for url in asked)
