"""Which book is this ISBN? Asked of a server that answers as Open Library does, and remembered."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from open_library import OpenLibraryServer
from titles_desk import LOOPBACK

from outreach.channels.guard import Reach
from outreach.channels.http import Unreachable
from outreach.config import load
from outreach.db import db
from outreach.shop import make_shop
from outreach.titles import lookup
from outreach.titles.lookup import AGAIN_AFTER, remembered
from outreach.titles.open_library import OpenLibrary, forms, read
from outreach.titles.reading import desk_of
from tests.bench.koha import isbn13

LIGHT, KID, GAMES = "9780061020704", "9780062225733", "9780439023481"
LATER = "9791032305690"  # 979 has no ten digits


@pytest.fixture
def service(open_library) -> OpenLibrary:
    return OpenLibrary(open_library.url, LOOPBACK, "library@school.example")


def ask(service: OpenLibrary, isbns: list[str], now: datetime):
    """All of it, without the waiting."""
    answers = lookup.answers(service, isbns, lambda: now, lambda _: None)
    return {isbn: title for answer in answers for isbn, title in answer.items()}


def silence(service: OpenLibrary, *isbns: str) -> str:
    with pytest.raises(Unreachable) as caught:
        service.ask(isbns or [LIGHT])
    return caught.value.sentence


def test_a_book_and_what_is_known_of_it(open_library, service):
    open_library.knows(LIGHT, "The light fantastic", "Pratchett, Terry", subtitle="a novel of Discworld", cover=87)
    (title,) = service.ask([LIGHT]).values()
    assert (title.title, title.subtitle) == ("The light fantastic", "a novel of Discworld")
    assert title.author == "Terry Pratchett"
    assert title.isbn13 == (LIGHT,)
    assert title.cover == "https://covers.openlibrary.org/b/id/87-L.jpg"
    assert (title.link, title.record, title.added, title.grade, title.audience) == (None, None, None, None, "")


def test_both_forms_are_asked_for_since_it_knows_each_edition_under_one(open_library, service):
    open_library.knows("0061020702", "The light fantastic")
    open_library.knows(KID, "New kid")
    open_library.knows(LATER, "Le petit prince")
    found = service.ask([LIGHT, KID, LATER, GAMES])
    assert {isbn: title.title for isbn, title in found.items()} == {
        LIGHT: "The light fantastic",
        KID: "New kid",
        LATER: "Le petit prince",
    }
    assert found[LIGHT].isbn13 == (LIGHT,)
    assert open_library.asked == [
        [f"ISBN:{form}" for form in (LIGHT, "0061020702", KID, "0062225731", LATER, GAMES, "0439023483")]
    ]


def test_what_it_does_not_know_is_absent_and_nothing_is_made_up(open_library, service):
    assert service.ask([LIGHT]) == {}
    assert open_library.asked != []


@pytest.mark.parametrize(
    "fields",
    [{"title": None}, {"title": 7}, {"title": "​"}],
    ids=["none", "a number", "nothing to see"],
)
def test_a_record_without_a_title_is_as_good_as_unknown(open_library, service, fields):
    open_library.knows(LIGHT, **fields)
    assert service.ask([LIGHT]) == {}


@pytest.mark.parametrize(
    ("fields", "author"),
    [
        ({"authors": [{"name": "Jerry Craft"}, {"name": "Other"}]}, "Jerry Craft"),
        ({"by_statement": "by Craft, Jerry."}, "Jerry Craft"),
        ({"authors": [], "by_statement": "Craft, Jerry"}, "Jerry Craft"),
        ({"authors": [{"url": "x"}, None, "Jerry"], "by_statement": None}, None),
        ({"authors": "Jerry Craft"}, None),
        ({}, None),
    ],
)
def test_its_author_is_that_of_the_work_or_else_of_the_title_page(open_library, service, fields, author):
    open_library.knows(KID, "New kid", **fields)
    assert service.ask([KID])[KID].author == author


@pytest.mark.parametrize(
    "cover",
    [
        {"large": "https://covers.openlibrary.org/b/id/-1-L.jpg"},
        {"large": "javascript:alert(1)"},
        {"large": "http://covers.openlibrary.org/b/id/1-L.jpg"},
        {"large": 1},
        {},
        "https://covers.openlibrary.org/b/id/1-L.jpg",
    ],
)
def test_a_cover_that_is_none(open_library, service, cover):
    open_library.knows(KID, "New kid", cover=cover)
    assert service.ask([KID])[KID].cover is None


def test_another_isbn_of_the_edition_is_kept_and_one_that_is_wrong_is_not(open_library, service):
    open_library.knows("0061020702", "The light fantastic", also=GAMES)
    assert service.ask([LIGHT])[LIGHT].isbn13 == (LIGHT, GAMES)
    open_library.knows("0061020702", "The light fantastic", also="ISBN")
    assert service.ask([LIGHT])[LIGHT].isbn13 == (LIGHT,)


def known(open_library: OpenLibraryServer, count: int) -> list[str]:
    isbns = [isbn13(n) for n in range(count)]
    for n, isbn in enumerate(isbns):
        open_library.knows(isbn, f"Title {n}")
    return isbns


def test_one_broken_record_hides_a_few_and_not_all(context, open_library, service, now):
    isbns = known(open_library, 24)
    open_library.breaks(isbns[9])
    found = ask(service, isbns, now)
    assert len([title for title in found.values() if title]) >= 24 - 5
    assert found[isbns[9]] is None
    assert list(found) == isbns


def test_a_few_that_are_unknown_are_asked_for_once(context, open_library, service, now):
    assert set(ask(service, [LIGHT, KID, GAMES], now).values()) == {None}
    assert len(open_library.asked) == 1


def test_many_that_are_unknown_take_no_more_than_a_few_questions(context, open_library, service, now):
    assert set(ask(service, [isbn13(n) for n in range(25)], now).values()) == {None}
    assert len(open_library.asked) <= 15
    assert sum(map(len, open_library.asked)) <= 4 * 2 * 25


def test_each_question_has_its_turn_also_those_in_halves(desk, open_library):
    desk.bring([isbn13(n) for n in range(60)])
    assert len(open_library.asked) > 10
    assert desk.rests == [1.0] * (len(open_library.asked) - 1)


def test_a_question_stays_below_the_length_that_servers_take(open_library, service):
    service.ask(known(open_library, service.at_once))
    (request,) = open_library.seen
    assert len(",".join(request.query["bibkeys"])) < 2_000


def test_it_is_told_whom_to_write_to(open_library, service):
    open_library.wants_a_contact()
    open_library.knows(LIGHT, "The light fantastic")
    assert list(service.ask([LIGHT])) == [LIGHT]
    assert "library@school.example" in open_library.seen[-1].headers["User-Agent"]


@pytest.mark.parametrize("name", ["OUTREACH_MAIL_FROM", "OUTREACH_PUBLIC_URL"])
def test_the_contact_is_of_the_installation(open_library, now, tmp_path, name):
    contact = {"OUTREACH_MAIL_FROM": "library@school.example", "OUTREACH_PUBLIC_URL": "https://outreach.school.example"}
    environ = {
        "OUTREACH_HOME": str(tmp_path),
        "OUTREACH_OPEN_LIBRARY": open_library.url,
        "OUTREACH_ALLOW_HOSTS": "127.0.0.0/8",
        name: contact[name],
    }
    open_library.wants_a_contact()
    open_library.knows(LIGHT, "The light fantastic")
    look_up = desk_of(make_shop(load(environ)), lambda: now).look_up
    assert list(look_up.ask([LIGHT])) == [LIGHT]


def test_without_a_contact_it_does_not_let_us_in_and_we_say_what_to_set(open_library):
    open_library.wants_a_contact()
    said = silence(OpenLibrary(open_library.url, LOOPBACK))
    assert "does not let us in" in said
    assert "OUTREACH_MAIL_FROM" in said


def test_switched_off_there_is_nobody_to_ask(now, tmp_path):
    shop = make_shop(load({"OUTREACH_HOME": str(tmp_path), "OUTREACH_OPEN_LIBRARY": "off"}))
    assert desk_of(shop, lambda: now).look_up is None


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (lambda server: server.is_busy(), "Open Library was busy (429)."),
        (lambda server: server.fails(503), "Open Library was busy (503)."),
        (lambda server: server.talks_nonsense(), "something that we do not understand"),
        (lambda server: server.talks_nonsense(b"[]"), "something that we do not understand"),
        (lambda server: server.talks_nonsense(b"[" * 100_000), "something that we do not understand"),
        (lambda server: server.talks_nonsense(b"\xff\xfe{"), "something that we do not understand"),
        (lambda server: server.talks_nonsense(b'{"a": "' + b"x" * 6_000_000 + b'"}'), "did not answer"),
    ],
    ids=["busy", "failing", "a page", "a list", "deep", "no letters", "endless"],
)
def test_trouble_has_a_sentence(open_library, service, trouble, said):
    trouble(open_library)
    assert said.lower() in silence(service).lower()
    open_library.is_well()
    open_library.knows(LIGHT, "The light fantastic")
    assert list(service.ask([LIGHT])) == [LIGHT]


def test_a_private_address_is_asked_only_if_it_was_allowed(open_library):
    assert "private network" in silence(OpenLibrary(open_library.url, Reach(), "library@school.example"))
    assert open_library.seen == []


SCALAR = st.none() | st.booleans() | st.integers() | st.text()
JSON = st.recursive(SCALAR, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
BOOK = st.fixed_dictionaries(
    {},
    optional={
        name: JSON
        | st.fixed_dictionaries({"large": JSON, "isbn_13": JSON})
        | st.lists(st.fixed_dictionaries({"name": JSON}))
        for name in ("title", "subtitle", "authors", "by_statement", "cover", "identifiers")
    },
)


@given(st.dictionaries(st.sampled_from([f"ISBN:{form}" for form in forms(LIGHT)]), BOOK | JSON))
def test_whatever_it_answers_is_titles_or_unknown(told):
    for isbn, title in read(json.dumps(told).encode(), [LIGHT]).items():
        assert isbn == LIGHT
        assert title.title.strip()
        assert title.isbn13[0] == LIGHT


@given(st.binary(max_size=200).filter(lambda body: not body.strip().startswith(b"{")))
def test_bytes_that_are_no_answer_are_no_crash(body):
    with pytest.raises(Unreachable, match="do not understand"):
        read(body, [LIGHT])


# Remembered


def test_an_answer_is_remembered_for_every_library_and_for_ever(context, open_library, service, now):
    open_library.knows(LIGHT, "The light fantastic", "Terry Pratchett", cover=87)
    told = ask(service, [LIGHT], now)
    assert remembered(db.session(), [LIGHT], now + timedelta(days=4_000)) == told
    assert told[LIGHT].author == "Terry Pratchett"


def test_what_was_unknown_is_asked_again_after_a_week(context, open_library, service, now):
    assert ask(service, [LIGHT, KID], now) == {LIGHT: None, KID: None}
    almost = now + AGAIN_AFTER - timedelta(seconds=1)
    assert remembered(db.session(), [LIGHT, KID, GAMES], almost) == {LIGHT: None, KID: None}
    assert remembered(db.session(), [LIGHT, KID], now + AGAIN_AFTER) == {}
    db.session.rollback()
    open_library.knows(LIGHT, "The light fantastic")
    assert ask(service, [LIGHT], now + AGAIN_AFTER)[LIGHT].title == "The light fantastic"


def test_of_silence_nothing_is_remembered(context, open_library, service, now):
    open_library.is_busy()
    with pytest.raises(Unreachable):
        ask(service, [LIGHT], now)
    assert remembered(db.session(), [LIGHT], now) == {}


def test_as_many_as_a_file_may_have_are_remembered(context, now):
    """A question to SQLite has at most 32,766 values."""
    assert remembered(db.session(), [isbn13(n) for n in range(40_000)], now) == {}


def test_a_second_library_asks_nobody(desk, open_library):
    open_library.knows(LIGHT, "The light fantastic", "Terry Pratchett")
    first = desk.bring([LIGHT, KID])
    desk.library = desk.cast.other
    second = desk.bring([LIGHT, KID])
    assert len(open_library.asked) == 1
    assert [desk.row(n).missing for n in (first, second)] == [[KID], [KID]]
    assert [[t.title for t in desk.titles(library)] for library in (desk.cast.library, desk.cast.other)] == [
        ["The light fantastic"],
        ["The light fantastic"],
    ]
