from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from certificates import Authority
from connect_proxy import ConnectProxy
from local_server import LocalServer, Reply, Request

from outreach.channels import guard
from outreach.channels.http import Answer, Blocked, Reach, Unreachable, get, session
from outreach.config import load

LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))


def hello(request: Request) -> Reply:
    return Reply(body=b"hello")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names resolve to; all others are unknown."""
    known: dict[str, list[str]] = {}

    def resolve(host: str, port: int) -> list[str]:
        try:
            socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host.strip("[]"))
            return [host.strip("[]")]
        except OSError:
            pass
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known[host]

    monkeypatch.setattr(guard, "resolve", resolve)
    return known


class TestGuard:
    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",  # the metadata of clouds
            "168.63.129.16",  # the same inside Azure
            "192.0.0.8",
            "100.64.0.1",  # carrier-grade NAT
            "0.0.0.0",
            "224.0.0.1",
            "2130706433",  # 127.0.0.1 as one number
            "0x7f.1",
            "localhost",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fc00::1]",
            "[fec0::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::10.0.0.1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",  # 6to4 of 127.0.0.1
            "[2002:c0a8:101::1]",
            "[ff02::1]",
            "[2001:db8::1]",
        ],
    )
    def test_private_addresses_are_not_called(self, host: str) -> None:
        with pytest.raises(Blocked, match="private network") as caught:
            get(Reach(), f"http://{host}:1/")
        assert "OUTREACH_ALLOW_HOSTS" in caught.value.sentence
        assert not caught.value.sent

    @pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822", "2002:5db8:d822::1"])
    def test_public_addresses_are(self, address: str) -> None:
        assert guard.permitted("example.org", [address], Reach())

    def test_a_name_that_resolves_to_a_private_address(self, names: dict[str, list[str]]) -> None:
        names["books.example"] = ["10.0.0.7"]
        with pytest.raises(Blocked, match=r"books\.example is on a private network"):
            get(Reach(), "http://books.example/feed")

    def test_of_several_addresses_only_the_public_ones_are_left(self) -> None:
        left = guard.permitted("books.example", ["10.0.0.7", "93.184.216.34"], Reach())
        assert [str(address) for address in left] == ["93.184.216.34"]

    def test_an_unknown_name(self, names: dict[str, list[str]]) -> None:
        with pytest.raises(Unreachable, match=r"no server called nowhere\.example") as caught:
            get(Reach(), "http://nowhere.example/?key=secret")
        assert caught.value.cause == "name"
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize(
        "entry", ["127.0.0.1", "127.0.0.0/8", "catalog.school", "CATALOG.school.", "::ffff:127.0.0.1/128"]
    )
    def test_allowed_by_name_address_or_network(self, entry: str, names: dict[str, list[str]]) -> None:
        names["catalog.school"] = ["127.0.0.1"] if ":" not in entry else ["::ffff:127.0.0.1"]
        with LocalServer(hello) as server:
            answer = get(Reach(allow_hosts=(entry,)), f"http://catalog.school:{server.port}/")
        assert answer.body == b"hello"

    def test_the_connection_goes_to_the_address_that_was_checked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name that is public when it is checked and private when it is called gains nothing: one look-up."""
        answers = iter([["127.0.0.1"], ["10.0.0.1"]])
        monkeypatch.setattr(guard, "resolve", lambda host, port: next(answers))
        with LocalServer(hello) as server:
            answer = get(Reach(allow_hosts=("127.0.0.1",)), f"http://books.example:{server.port}/")
            assert answer.body == b"hello"
            assert server.seen[0].headers["Host"] == f"books.example:{server.port}"
        assert next(answers) == ["10.0.0.1"]

    def test_redirects_are_checked_too(self, names: dict[str, list[str]]) -> None:
        names["inside.example"] = ["10.0.0.1"]
        for target in ("http://10.0.0.1/", "http://inside.example/", "http://[::ffff:10.0.0.1]/"):
            with (
                LocalServer(lambda r, to=target: Reply(302, headers={"Location": to})) as server,
                pytest.raises(Blocked),
            ):
                get(LOOPBACK, server.url)

    @pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "gopher://x/", "javascript:1", "x"])
    def test_only_http(self, url: str) -> None:
        with pytest.raises(Unreachable) as caught:
            get(Reach(), url)
        assert caught.value.cause == "address"

    def test_a_redirect_to_another_scheme(self) -> None:
        with (
            LocalServer(lambda r: Reply(302, headers={"Location": "file:///etc/passwd"})) as server,
            pytest.raises(Unreachable) as caught,
        ):
            get(LOOPBACK, server.url)
        assert caught.value.cause == "address"

    def test_ipv6_loopback_when_allowed(self) -> None:
        try:
            server = _v6_server()
        except OSError:
            pytest.skip("no IPv6 here")
        with server:
            assert get(Reach(allow_hosts=("::1",)), f"http://[::1]:{server.port}/").body == b"hello"

    def test_reach_comes_from_the_settings(self, tmp_path: Path) -> None:
        config = load(
            {
                "OUTREACH_HOME": str(tmp_path),
                "OUTREACH_ALLOW_HOSTS": "a.school, 10.1.0.0/16",
                "HTTPS_PROXY": "http://u:p@x",
            }
        )
        reach = Reach.from_config(config)
        assert reach.allow_hosts == ("a.school", "10.1.0.0/16")
        assert "u:p" not in repr(reach)


def _v6_server() -> LocalServer:
    class V6(LocalServer):
        pass

    from http.server import ThreadingHTTPServer

    old = ThreadingHTTPServer.address_family
    ThreadingHTTPServer.address_family = socket.AF_INET6
    try:
        return V6(hello, host="::1")
    finally:
        ThreadingHTTPServer.address_family = old


def drip(handler: BaseHTTPRequestHandler, data: bytes, pause: float = 0.05) -> None:
    for byte in data:
        handler.wfile.write(bytes([byte]))
        time.sleep(pause)


def took(reach: Reach, url: str, deadline: float) -> tuple[Unreachable, float]:
    start = time.monotonic()
    with pytest.raises(Unreachable) as caught:
        get(reach, url, deadline=deadline)
    return caught.value, time.monotonic() - start


class TestDeadline:
    def test_a_body_that_drips(self) -> None:
        def answer(request: Request) -> Reply:
            return Reply(raw=lambda h: drip(h, b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b"x" * 9999))

        with LocalServer(answer) as server:
            error, seconds = took(LOOPBACK, server.url, 1)
        assert error.cause == "timeout"
        assert error.sent
        assert 0.9 < seconds < 5  # the server would take ten times that

    def test_headers_that_drip(self) -> None:
        with LocalServer(lambda r: Reply(raw=lambda h: drip(h, b"HTTP/1.1 200 OK\r\nX: " + b"y" * 500))) as server:
            error, seconds = took(LOOPBACK, server.url, 1)
        assert error.cause == "timeout"
        assert 0.9 < seconds < 5  # the server would take ten times that

    def test_redirects_share_one_deadline(self) -> None:
        def answer(request: Request) -> Reply:
            time.sleep(0.6)
            return Reply(302, headers={"Location": "/on"})

        with LocalServer(answer) as server:
            error, seconds = took(LOOPBACK, server.url, 1)
        assert error.cause == "timeout"
        assert seconds < 5

    def test_a_tls_server_that_says_nothing(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            error, seconds = took(LOOPBACK, f"https://127.0.0.1:{silent.getsockname()[1]}/", 1)
        assert error.cause == "timeout"
        assert not error.sent
        assert seconds < 5

    def test_a_tls_body_that_drips(self, authority: Authority) -> None:
        def answer(request: Request) -> Reply:
            return Reply(raw=lambda h: drip(h, b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b"x" * 9999))

        with LocalServer(answer, authority.server("127.0.0.1")) as server:
            error, seconds = took(Reach(("127.0.0.1",), authority.file), server.url, 1)
        assert error.cause == "timeout"
        assert 0.9 < seconds < 5  # the server would take ten times that

    def test_a_name_service_that_does_not_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(guard, "resolve", lambda host, port: time.sleep(5))
        error, seconds = took(Reach(), "http://slow.example/", 0.5)
        assert error.cause == "timeout"
        assert not error.sent
        assert seconds < 1

    def test_a_session_has_the_deadline_for_each_call(self) -> None:
        with LocalServer(hello) as server, session(LOOPBACK, 1) as client:
            client.get(server.url)
            time.sleep(1.1)
            assert client.get(server.url).content == b"hello"


class TestCaps:
    def test_100_megabytes_are_cut(self) -> None:
        def pour(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
            for _ in range(100):
                handler.wfile.write(b"x" * 1_000_000)
                poured.append(1)

        poured: list[int] = []
        with (
            LocalServer(lambda r: Reply(raw=lambda h: _quiet(pour, h))) as server,
            pytest.raises(Unreachable, match="larger than we accept") as caught,
        ):
            get(LOOPBACK, server.url)
        assert caught.value.cause == "large"
        assert len(poured) < 40

    def test_a_gzip_bomb_is_cut(self) -> None:
        bomb = gzip.compress(b"0" * 200_000_000, 9)
        assert len(bomb) < 300_000
        with (
            LocalServer(lambda r: Reply(body=bomb, headers={"Content-Encoding": "gzip"})) as server,
            pytest.raises(Unreachable) as caught,
        ):
            get(LOOPBACK, server.url)
        assert caught.value.cause == "large"

    def test_the_cap_counts_unpacked(self) -> None:
        packed = gzip.compress(b"0" * 1000)
        with LocalServer(lambda r: Reply(body=packed, headers={"Content-Encoding": "gzip"})) as server:
            assert len(get(LOOPBACK, server.url, max_bytes=1000).body) == 1000
            with pytest.raises(Unreachable):
                get(LOOPBACK, server.url, max_bytes=999)

    def test_the_body_of_a_redirect_is_capped(self) -> None:
        reply = Reply(302, gzip.compress(b"0" * 30_000_000), {"Location": "/", "Content-Encoding": "gzip"})
        with LocalServer(lambda r: reply) as server, pytest.raises(Unreachable) as caught:
            get(LOOPBACK, server.url)
        assert caught.value.cause == "large"

    def test_what_cannot_be_unpacked(self) -> None:
        with (
            LocalServer(lambda r: Reply(body=b"no gzip", headers={"Content-Encoding": "gzip"})) as server,
            pytest.raises(Unreachable) as caught,
        ):
            get(LOOPBACK, server.url)
        assert caught.value.cause == "unreadable"

    def test_a_cut_body_is_marked(self) -> None:
        def answer(request: Request) -> Reply:
            return Reply(raw=lambda h: write(h, b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n" + b"x" * 100_000))

        with LocalServer(answer) as server:
            got = get(LOOPBACK, server.url)
        assert not got.complete
        assert 0 < len(got.body) <= 100_000


def write(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.wfile.write(data)


def _quiet(pour: object, handler: BaseHTTPRequestHandler) -> None:
    with suppress(OSError):
        pour(handler)  # type: ignore[operator]


class TestAnswers:
    def test_any_status_is_an_answer(self) -> None:
        with LocalServer(lambda r: Reply(404, b"gone", {"ETag": '"1"'})) as server:
            answer = get(LOOPBACK, server.url, headers={"If-None-Match": '"0"'})
            assert server.seen[0].headers["If-None-Match"] == '"0"'
        assert (answer.status, answer.body, answer.headers["etag"], answer.complete) == (404, b"gone", '"1"', True)

    def test_redirects_are_followed(self) -> None:
        def answer(request: Request) -> Reply:
            return Reply(301, headers={"Location": "/there"}) if request.path == "/" else hello(request)

        with LocalServer(answer) as server:
            got = get(LOOPBACK, server.url + "/")
        assert isinstance(got, Answer)
        assert got.url == server.url + "/there"

    def test_five_redirects_and_no_more(self) -> None:
        def answer(request: Request) -> Reply:
            left = int(request.query["n"][0])
            return Reply(302, headers={"Location": f"/?n={left - 1}"}) if left else hello(request)

        with LocalServer(answer) as server:
            assert get(LOOPBACK, server.url + "/?n=5").status == 200
            with pytest.raises(Unreachable) as caught:
                get(LOOPBACK, server.url + "/?n=6")
        assert caught.value.cause == "redirects"

    def test_nobody_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        with pytest.raises(Unreachable, match="Nothing answers at") as caught:
            get(LOOPBACK, f"http://127.0.0.1:{port}/?key=secret")
        assert caught.value.cause == "refused"
        assert not caught.value.sent
        assert "secret" not in str(caught.value)

    def test_cut_after_the_request(self) -> None:
        with LocalServer(lambda r: Reply(raw=lambda h: None)) as server, pytest.raises(Unreachable) as caught:
            get(LOOPBACK, server.url + "/?key=secret")
        assert caught.value.cause == "cut"
        assert caught.value.sent
        assert "secret" not in str(caught.value)

    def test_the_environment_is_not_asked(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login me password secret\n")
        monkeypatch.setenv("NETRC", str(netrc))
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
        with LocalServer(hello) as server:
            assert get(LOOPBACK, server.url).status == 200
            assert "Authorization" not in server.seen[0].headers

    def test_a_post_is_not_turned_into_a_get(self) -> None:
        with LocalServer(lambda r: Reply(302, headers={"Location": "/elsewhere"})) as server:
            assert session(LOOPBACK, 5).post(server.url).status_code == 302
            assert len(server.seen) == 1


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


class TestCertificates:
    def test_a_ca_of_the_school(self, authority: Authority) -> None:
        with LocalServer(hello, authority.server("127.0.0.1")) as server:
            assert get(Reach(("127.0.0.1",), authority.file), server.url).body == b"hello"
            with pytest.raises(Unreachable, match="OUTREACH_CA_FILE") as caught:
                get(Reach(("127.0.0.1",)), server.url)
        assert caught.value.cause == "unknown"
        assert not caught.value.sent

    def test_the_name_is_checked_though_the_address_is_pinned(
        self, authority: Authority, names: dict[str, list[str]]
    ) -> None:
        names["books.example"] = names["other.example"] = ["127.0.0.1"]
        reach = Reach(("127.0.0.1",), authority.file)
        with LocalServer(hello, authority.server("books.example")) as server:
            assert get(reach, f"https://books.example:{server.port}/").status == 200
            with pytest.raises(Unreachable) as caught:
                get(reach, f"https://other.example:{server.port}/")
        assert caught.value.cause == "other name"

    def test_expired(self, authority: Authority) -> None:
        with (
            LocalServer(hello, authority.server("127.0.0.1", days=-1)) as server,
            pytest.raises(Unreachable, match="has expired") as caught,
        ):
            get(Reach(("127.0.0.1",), authority.file), server.url)
        assert caught.value.cause == "expired"

    def test_no_tls_at_all(self) -> None:
        with LocalServer(hello) as server, pytest.raises(Unreachable) as caught:
            get(LOOPBACK, server.url.replace("http:", "https:"))
        assert caught.value.cause == "insecure"


class TestProxy:
    @pytest.fixture
    def far(self, authority: Authority) -> Iterator[LocalServer]:
        with LocalServer(hello, authority.server("books.example")) as server:
            yield server

    def test_https_goes_through_it(self, far: LocalServer, authority: Authority, names: dict[str, list[str]]) -> None:
        names["books.example"] = ["93.184.216.34"]
        with ConnectProxy({"books.example": ("127.0.0.1", far.port)}) as proxy:
            reach = Reach((), authority.file, proxy.url)
            assert get(reach, "https://books.example/feed").body == b"hello"
            assert proxy.asked == ["books.example:443"]

    def test_a_name_only_the_proxy_knows(
        self, far: LocalServer, authority: Authority, names: dict[str, list[str]]
    ) -> None:
        with ConnectProxy({"books.example": ("127.0.0.1", far.port)}) as proxy:
            assert get(Reach((), authority.file, proxy.url), "https://books.example/").status == 200

    @pytest.mark.parametrize("host", ["10.0.0.1", "[::ffff:10.0.0.1]", "inside.example", "both.example"])
    def test_private_addresses_are_refused_before_it(self, host: str, names: dict[str, list[str]]) -> None:
        names["inside.example"], names["both.example"] = ["10.0.0.1"], ["93.184.216.34", "10.0.0.1"]
        with ConnectProxy({}) as proxy:
            with pytest.raises(Blocked):
                get(Reach((), "", proxy.url), f"https://{host}/")
            assert proxy.asked == []

    def test_allowed_hosts_are_called_directly(self, authority: Authority) -> None:
        with ConnectProxy({}) as proxy, LocalServer(hello, authority.server("127.0.0.1")) as near:
            assert get(Reach(("127.0.0.1",), authority.file, proxy.url), near.url).status == 200
            assert proxy.asked == []

    def test_it_refuses(self, names: dict[str, list[str]]) -> None:
        names["books.example"] = ["93.184.216.34"]
        with ConnectProxy({}) as proxy, pytest.raises(Unreachable, match="web proxy") as caught:
            get(Reach((), "", proxy.url.replace("//", "//user:secret@")), "https://books.example/")
        assert (caught.value.cause, caught.value.sent) == ("proxy", False)
        assert "secret" not in str(caught.value)

    def test_it_is_down(self, names: dict[str, list[str]]) -> None:
        names["books.example"], names["127.0.0.1"] = ["93.184.216.34"], ["127.0.0.1"]
        with pytest.raises(Unreachable) as caught:
            get(Reach((), "", "http://127.0.0.1:9"), "https://books.example/")
        assert (caught.value.cause, caught.value.sent) == ("proxy", False)
