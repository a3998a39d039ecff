"""The Open Library of the tests keeps to what is known of the real one: other tests build on it."""

from __future__ import annotations

import io
import json

import pytest
from open_library import OpenLibraryServer
from PIL import Image

from outreach.channels.guard import Reach
from outreach.channels.http import Answer, get

LIGHT, KID = "9780061020704", "9780062225733"


@pytest.fixture
def server():
    with OpenLibraryServer() as made:
        yield made


def ask(server: OpenLibraryServer, path: str, agent: str = "Outreach (library; a@school.example)") -> Answer:
    return get(Reach(allow_hosts=("127.0.0.0/8",)), server.url + path, headers={"User-Agent": agent})


def books(server: OpenLibraryServer, *keys: str):
    answer = ask(server, f"/api/books?bibkeys={','.join(keys)}&format=json&jscmd=data")
    assert answer.status == 200
    return json.loads(answer.body)


def cover(server: OpenLibraryServer, isbn: str, more: str = "?default=false") -> Answer:
    return ask(server, f"/b/isbn/{isbn}-L.jpg{more}")


def test_keys_come_back_as_they_were_asked_and_unknown_ones_not_at_all(server):
    server.knows(LIGHT, "The light fantastic", "Terry Pratchett", cover=7)
    told = books(server, f"ISBN:{LIGHT}", "ISBN:978-0-06-102070-4", "ISBN:0061020702", f"ISBN:{KID}")
    assert list(told) == [f"ISBN:{LIGHT}", "ISBN:978-0-06-102070-4"]
    book = told[f"ISBN:{LIGHT}"]
    assert (book["title"], book["authors"][0]["name"]) == ("The light fantastic", "Terry Pratchett")
    assert book["cover"]["large"] == "https://covers.openlibrary.org/b/id/7-L.jpg"
    assert books(server, f"ISBN:{KID}") == {}
    assert server.asked[-1] == [f"ISBN:{KID}"]


def test_one_broken_record_empties_an_answer(server):
    server.knows(LIGHT, "The light fantastic")
    server.breaks(KID)
    assert books(server, f"ISBN:{LIGHT}", f"ISBN:{KID}") == {}
    assert list(books(server, f"ISBN:{LIGHT}")) == [f"ISBN:{LIGHT}"]


def test_busy_once_or_until_it_is_well(server):
    server.is_busy(once=True)
    answers = [ask(server, "/api/books?bibkeys=ISBN:1") for _ in range(2)]
    assert [answer.status for answer in answers] == [429, 200]
    assert json.loads(answers[0].body)["status"] == 429
    server.is_busy()
    assert {ask(server, "/api/books?bibkeys=ISBN:1").status for _ in range(3)} == {429}
    server.is_well()
    assert ask(server, "/api/books?bibkeys=ISBN:1").status == 200


def test_a_program_without_a_contact_is_not_let_in(server):
    server.wants_a_contact()
    assert ask(server, "/api/books?bibkeys=ISBN:1", "Outreach (library scheduler)").status == 403
    assert ask(server, "/api/books?bibkeys=ISBN:1").status == 200


def test_covers(server):
    sent = server.has_cover(LIGHT)
    assert cover(server, LIGHT).body == sent
    assert Image.open(io.BytesIO(sent)).size == (320, 480)
    assert cover(server, KID).status == 404
    dot = cover(server, KID, "")
    assert (dot.status, Image.open(io.BytesIO(dot.body)).size) == (200, (1, 1))
    server.has_a_dot_for_a_cover(KID)
    assert Image.open(io.BytesIO(cover(server, KID).body)).format == "GIF"
    moved = server.keeps_cover_elsewhere(KID)
    answer = cover(server, KID)
    assert (answer.body, "/download/" in answer.url) == (moved, True)


def test_after_too_many_covers_it_answers_403_and_that_is_not_no_cover(server):
    server.has_cover(LIGHT)
    server.counts_covers(2)
    assert [cover(server, LIGHT).status for _ in range(4)] == [200, 200, 403, 403]
    assert server.looked_for == [LIGHT] * 4
