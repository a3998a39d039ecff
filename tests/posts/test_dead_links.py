"""Links that lead nowhere: asked in the background, known for an hour, through the guard."""

import time
from datetime import timedelta

import pytest
from local_server import LocalServer, Reply

from outreach.channels.guard import Reach
from outreach.posts import dead_links
from outreach.posts.dead_links import DeadLinks, is_dead

HERE = Reach(allow_hosts=("127.0.0.0/8",))
STATUS = {"/gone": 410, "/none": 404, "/busy": 503, "/secret": 403, "/there": 200}


def answer(request):
    if request.path == "/no-head":
        return Reply(200 if request.method == "GET" else 404)
    if request.path == "/on":
        return Reply(302, headers={"Location": "/none"})
    return Reply(STATUS.get(request.path, 200))


@pytest.fixture
def server():
    with LocalServer(answer) as running:
        yield running


def until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("path", "dead"),
    [("/gone", True), ("/none", True), ("/on", True), ("/busy", False), ("/secret", False), ("/there", False)],
)
def test_only_what_is_gone_is_dead(server, path, dead):
    assert is_dead(HERE, server.url + path) is dead


def test_a_server_that_knows_no_head_is_asked_properly(server):
    assert is_dead(HERE, f"{server.url}/no-head") is False
    assert [request.method for request in server.seen] == ["HEAD", "GET"]


def test_a_page_that_is_there_is_not_fetched(server):
    is_dead(HERE, f"{server.url}/there")
    assert [request.method for request in server.seen] == ["HEAD"]


def test_a_server_that_does_not_exist_is_dead_a_private_one_and_nonsense_are_not(server):
    assert is_dead(Reach(), f"{server.url}/gone") is False  # nobody is let look into the school's network
    assert server.seen == []
    for link in ("http://[", "https://", "http://a b", "http://\ud800", "ftp://x.org", "https://127.0.0.1:1/"):
        assert is_dead(HERE, link) is False


def test_only_a_name_that_nobody_knows_is_dead(monkeypatch):
    import socket

    from outreach.channels import guard

    for code, dead in ((socket.EAI_NONAME, True), (socket.EAI_AGAIN, False)):  # we are offline ourselves

        def resolve(host, port, code=code):
            raise socket.gaierror(code, "as the system says it")

        monkeypatch.setattr(guard, "resolve", resolve)
        assert is_dead(HERE, "https://no-such-school.example/") is dead


def test_nobody_waits_and_a_link_that_is_typed_is_asked_when_it_comes_again(server, now):
    links, typed = DeadLinks(HERE, lambda: now), f"{server.url}/none"
    assert links.among([typed], typed=True) == frozenset()
    time.sleep(0.05)
    assert server.seen == []
    assert links.among([typed], typed=True) == frozenset()
    until(lambda: links.among([typed]) == {typed})


def test_it_is_known_for_an_hour(server, now):
    clock = [now]
    links, link = DeadLinks(HERE, lambda: clock[0]), f"{server.url}/none"
    until(lambda: links.among([link]) == {link})
    asked = len(server.seen)
    clock[0] += timedelta(minutes=59)
    assert links.among([link]) == {link}
    assert len(server.seen) == asked
    clock[0] += timedelta(minutes=2)
    assert links.among([link]) == frozenset()
    until(lambda: links.among([link]) == {link})


def test_a_slow_server_takes_three_seconds_at_most(monkeypatch):
    def slow(request):
        time.sleep(1)
        return Reply(404)

    monkeypatch.setattr(dead_links, "SECONDS", 0.2)
    with LocalServer(slow) as server:
        began = time.monotonic()
        assert is_dead(HERE, server.url) is False
        assert time.monotonic() - began < 0.9


def test_what_is_kept_and_what_waits_is_bounded(server, now, monkeypatch):
    monkeypatch.setattr(dead_links, "MOST_KNOWN", 5)
    links = DeadLinks(HERE, lambda: now)
    for n in range(20):
        links.among([f"{server.url}/{n}"], typed=True)
    assert len(links._known) == 5
    for n in range(100):
        links.among([f"https://127.0.0.1:1/{n}"])
    assert len(links._asking) <= dead_links.MOST_WAITING
