"""Connecting Mastodon through the pages: with a token that is pasted, or sent there to allow it and back again."""

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from clients import signed_in
from factories import write
from mastodon_server import TOKEN, MastodonServer

from outreach.access import OUTREACH
from outreach.accounts import pause
from outreach.db import db, writing
from outreach.models import Account
from outreach.people.members import change_role
from outreach.titles import rules
from outreach.words import Sentence

OWN_ADDRESS = pytest.mark.parametrize(
    "environ", [{"OUTREACH_PUBLIC_URL": "https://outreach.example.org"}], indirect=True
)


@pytest.fixture(scope="module")
def server() -> Iterator[MastodonServer]:
    with MastodonServer() as started:
        yield started


@pytest.fixture
def environ(environ, request):
    return environ | getattr(request, "param", {})


@pytest.fixture
def manager(app, cast):
    return signed_in(app, cast.librarian)


def connected(server):
    db.session.rollback()
    return db.session.query(Account).filter_by(server=server.url, retired_at=None).all()


def its_page(server):
    return f"/places/{connected(server)[0].id}"


def words_of(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))))


def address_to_allow(answer):
    return html.unescape(re.search(r'href="([^"]+/oauth/authorize[^"]+)"', answer.get_data(as_text=True))[1])


def allowed_there(server, address):
    """What the server answers when the person presses Authorize."""
    asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    form = asked | {"username": "testuser"}
    return requests.post(f"{server.url}/oauth/authorize", data=form, timeout=5, allow_redirects=False)


def sent_there(manager, server):
    """The page of whoever has no token, and the address on it."""
    page = manager.post("/places/connect/mastodon", data={"server": server.url})
    assert page.status_code == 200
    return page, address_to_allow(page)


def code_for(server, address):
    return re.search(r"code: (\S+?)<", allowed_there(server, address).text)[1]


def test_a_pasted_token_connects(app, cast, manager, server):
    page = manager.post("/places/connect/mastodon", data={"server": server.url, "token": TOKEN}, follow_redirects=True)
    (made,) = connected(server)
    assert f"Connected as {made.handle}" in words_of(page)
    assert (made.name, made.handle.startswith("@testuser@")) == (made.handle, True)
    assert (made.library_id, made.paused_at) == (cast.library.id, None)
    assert TOKEN not in made.sealed
    assert app.extensions["shop"].vault.open(made.sealed) == {"token": TOKEN}


def test_a_token_that_the_server_does_not_know_connects_nothing(manager, server):
    page = manager.post("/places/connect/mastodon", data={"server": server.url, "token": "of somebody else"})
    assert page.status_code == 422
    assert "does not know us any more" in words_of(page)
    assert f'value="{server.url}"' in page.get_data(as_text=True)
    assert "of somebody else" not in page.get_data(as_text=True)
    assert connected(server) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("no server at all", "is not the address of a server"),
        ("ftp://mastodon.social", "is not the address of a server"),
        ("<b>", "is not the address of a server"),
        ("", "is not the address of a server"),
        ("http://127.0.0.1:9/", "Nothing answers at 127.0.0.1"),
    ],
)
def test_a_wrong_server_is_explained_and_what_was_typed_is_kept(manager, typed, said):
    page = manager.post("/places/connect/mastodon", data={"server": typed})
    assert page.status_code == 422
    assert said in words_of(page)
    assert f'value="{html.escape(typed)}"' in page.get_data(as_text=True)


def test_without_a_token_the_page_shows_the_address_to_allow_it(manager, server):
    page, address = sent_there(manager, server)
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{server.url}/oauth/authorize?")
    assert asked["client_id"][0]
    assert asked["redirect_uri"] == ["urn:ietf:wg:oauth:2.0:oob"]
    assert 'action="/places/connect/mastodon/code"' in page.get_data(as_text=True)
    assert connected(server) == []


def test_the_right_code_connects(app, manager, server):
    _, address = sent_there(manager, server)
    page = manager.post(
        "/places/connect/mastodon/code", data={"code": code_for(server, address)}, follow_redirects=True
    )
    (made,) = connected(server)
    assert f"Connected as {made.handle}" in words_of(page)
    assert app.extensions["shop"].vault.open(made.sealed)["token"] not in ("", TOKEN)


def test_a_wrong_code_is_explained_and_the_errand_is_kept(manager, server):
    _, address = sent_there(manager, server)
    wrong = manager.post("/places/connect/mastodon/code", data={"code": "wrong"})
    assert wrong.status_code == 422
    assert "does not take the code: it is wrong, too old, or was used before" in words_of(wrong)
    assert address_to_allow(wrong) == address
    assert connected(server) == []
    manager.post("/places/connect/mastodon/code", data={"code": code_for(server, address)})
    assert len(connected(server)) == 1


def test_an_errand_that_is_done_is_not_done_twice(manager, server):
    _, address = sent_there(manager, server)
    code = code_for(server, address)
    assert manager.post("/places/connect/mastodon/code", data={"code": code}).headers["Location"] == its_page(server)
    assert (
        manager.post("/places/connect/mastodon/code", data={"code": code}).headers["Location"]
        == "/places/connect/mastodon"
    )


@OWN_ADDRESS
def test_with_an_address_of_our_own_the_server_sends_the_person_back(manager, server):
    page, address = sent_there(manager, server)
    assert "Paste the code" not in words_of(page)
    back = allowed_there(server, address).headers["Location"]
    assert back.startswith("https://outreach.example.org/places/connect/mastodon/back?code=")
    parts = urlsplit(back)
    assert manager.get(f"{parts.path}?{parts.query}").headers["Location"] == its_page(server)
    assert len(connected(server)) == 1


@OWN_ADDRESS
@pytest.mark.parametrize("state", ["", "&state=", "&state=of-another-errand"])
def test_a_wrong_state_connects_nothing_and_the_errand_is_kept(manager, server, state):
    _, address = sent_there(manager, server)
    parts = urlsplit(allowed_there(server, address).headers["Location"])
    code = parse_qs(parts.query)["code"][0]
    assert manager.get(f"{parts.path}?code={code}{state}").headers["Location"] == "/places/connect/mastodon"
    assert connected(server) == []
    assert manager.get(f"{parts.path}?{parts.query}").headers["Location"] == its_page(server)


def test_connecting_the_same_identity_again_renews_the_account(app, cast, manager, server, now):
    manager.post("/places/connect/mastodon", data={"server": server.url, "token": TOKEN})
    (made,) = connected(server)
    with writing() as session:
        pause.came_loose(session, session.get_one(Account, made.id), Sentence("Gone."), cast.decider, now)
    assert f'href="/places/connect/mastodon?server={server.url}"' in manager.get("/places/").get_data(as_text=True)
    _, address = sent_there(manager, server)
    page = manager.post(
        "/places/connect/mastodon/code", data={"code": code_for(server, address)}, follow_redirects=True
    )
    assert f"{made.name} is connected again." in words_of(page)
    (renewed,) = connected(server)
    assert (renewed.id, renewed.paused_at, renewed.paused_because) == (made.id, None, None)
    assert app.extensions["shop"].vault.open(renewed.sealed)["token"] != TOKEN


def test_an_errand_connects_the_library_it_was_begun_in(app, cast, manager, server, now):
    change_role(cast.librarian.id, cast.other.id, "manager", OUTREACH, now)
    ours = write(cast, now)
    theirs = rules.add(cast.other, OUTREACH, now)
    manager.get(f"/posts/{ours.id}")
    _page, address = sent_there(manager, server)
    manager.post(f"/titles/weekly/{theirs.id}/stop")  # in another tab, the other library
    manager.post("/places/connect/mastodon/code", data={"code": code_for(server, address)})
    (made,) = connected(server)
    assert made.library_id == cast.library.id


@pytest.mark.parametrize("pasted", ["https://www.facebook.com/maple", "m.instagram.com", "tiktok.com/@maple"])
def test_a_network_that_is_posted_by_hand_is_known_by_its_address(manager, pasted):
    answer = manager.post("/places/connect/mastodon", data={"server": pasted})
    assert answer.status_code == 422
    assert "is posted by hand" in words_of(answer)
    assert f'value="{pasted}"' in answer.get_data(as_text=True)
    there = "tiktok" not in pasted  # the library of the cast has the two others
    assert ("among your places already" in words_of(answer)) is there
    assert ('action="/places/by-hand"' in answer.get_data(as_text=True)) is not there
