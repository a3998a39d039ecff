"""What a worker does with a list: it may die, meet another, find Open Library silent, or the list undone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select
from titles_desk import csv

from outreach.channels.http import Unreachable
from outreach.db import db, writing
from outreach.models import Import, ImportTitle, Title, TitleId
from outreach.titles import imports, list_deeds, reading
from outreach.titles.bulk import CHUNK
from outreach.titles.list_queries import problems_of, to_read
from outreach.words import NotDone
from tests.bench.koha import isbn13

LIGHT, KID, GAMES = "9780061020704", "9780062225733", "9780439023481"
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
MANY = csv(*(f'Title {n},"Okafor, Ana",{isbn13(n)}' for n in range(3_000)))


def stored() -> tuple[int, int, int]:
    """Titles, what they are known by, and which came with lists."""
    db.session.rollback()
    counted = (db.session.scalar(select(func.count()).select_from(model)) for model in (Title, TitleId, ImportTitle))
    return tuple(count or 0 for count in counted)


# ISBNs


def test_scanned_isbns_become_titles_and_what_nobody_knows_is_listed(desk, open_library):
    open_library.knows("0061020702", "The light fantastic", "Terry Pratchett")
    open_library.knows(KID, "New kid", "Jerry Craft")
    list_id = desk.bring([LIGHT, KID, GAMES])
    row = desk.row(list_id)
    assert [(title.title, title.author) for title in desk.titles()] == [
        ("The light fantastic", "Terry Pratchett"),
        ("New kid", "Jerry Craft"),
    ]
    assert (row.state, row.new, row.done, row.total, row.missing, row.sentence) == ("done", 2, 3, 3, [GAMES], None)
    assert desk.came(list_id).offered == 2


def test_many_are_asked_for_a_few_at_a_time_with_a_pause_between(desk, open_library):
    isbns = [isbn13(n) for n in range(60)]
    for isbn in isbns:
        open_library.knows(isbn, f"Title {isbn}")
    desk.bring(isbns)
    assert [len(keys) // 2 for keys in open_library.asked] == [25, 25, 10]
    assert desk.rests == [1.0, 1.0]
    assert len(desk.titles()) == 60


def test_what_the_library_has_is_not_asked_for(desk, open_library):
    desk.bring(csv(f"The light fantastic,,{LIGHT}"))
    open_library.knows(KID, "New kid")
    list_id = desk.bring([LIGHT, KID])
    assert open_library.asked == [[f"ISBN:{KID}", "ISBN:0062225731"]]
    assert (desk.came(list_id).known, desk.came(list_id).new) == (1, 1)


def test_switched_off_all_are_typed_by_hand(desk, open_library):
    desk.worker = replace(desk.worker, look_up=None)
    list_id = desk.bring([LIGHT, KID])
    assert (desk.row(list_id).state, desk.row(list_id).missing) == ("done", [LIGHT, KID])
    assert open_library.seen == []


def test_a_column_of_isbns_without_titles_is_looked_up(desk, open_library):
    open_library.knows(LIGHT, "The light fantastic")
    list_id = desk.bring(csv(LIGHT, KID, "9780439023482", header="ISBN"))
    row = desk.row(list_id)
    assert (desk.names(), row.missing, row.total, row.done) == (["The light fantastic"], [KID], 2, 2)
    assert [problem.number for problem in problems_of(row)] == [4]


def test_rows_with_and_without_a_title_are_one_list(desk, open_library):
    open_library.knows(KID, "New kid")
    list_id = desk.bring(csv(f"The light fantastic,,{LIGHT}", f",,{KID}", f",,{KID}", "Holes,,"))
    row = desk.row(list_id)
    assert sorted(desk.names()) == ["Holes", "New kid", "The light fantastic"]
    assert (row.total, row.done, row.new, row.missing) == (3, 3, 3, [])
    assert problems_of(row) == []


# Open Library is silent


def test_silence_is_told_and_asked_again_in_two_minutes(desk, open_library):
    open_library.knows(LIGHT, "The light fantastic")
    open_library.is_busy()
    list_id = desk.bring([LIGHT, KID])
    row = desk.row(list_id)
    assert (row.state, row.sentence) == ("reading", "Open Library was busy (429).")
    open_library.is_well()
    desk.passes(minutes=1)
    assert desk.work() == []
    desk.passes(minutes=1, seconds=1)
    assert desk.work() == [list_id]
    row = desk.row(list_id)
    assert (row.state, row.missing, row.sentence, desk.names()) == ("done", [KID], None, ["The light fantastic"])


def test_what_was_found_before_the_silence_is_kept_and_not_asked_for_again(desk, open_library):
    isbns = [isbn13(n) for n in range(50)]
    for isbn in isbns:
        open_library.knows(isbn, f"Title {isbn}")
    answers = [None, Unreachable("silent")]
    usual = desk.open_library.ask

    def then_silent(some):
        if error := answers.pop(0):
            open_library.is_busy(once=True)
        assert error is None or len(open_library.asked) == 1
        return usual(some)

    desk.open_library.ask = then_silent
    list_id = desk.bring(isbns)
    assert (len(desk.titles()), desk.row(list_id).done) == (25, 25)
    desk.open_library.ask = usual
    desk.passes(minutes=3)
    desk.work()
    assert (len(desk.titles()), desk.row(list_id).state, desk.row(list_id).done) == (50, "done", 50)
    assert [len(keys) // 2 for keys in open_library.asked] == [25, 25, 25]


def test_a_list_that_waits_for_its_turn_before_each_question_is_taken_by_no_second_worker(desk, open_library):
    taken = []

    def long_turn(seconds):
        desk.rest(seconds)
        taken.extend(to_read(db.session(), desk.now))

    desk.worker = replace(desk.worker, rest=long_turn)
    desk.open_library.pause = timedelta(seconds=50)
    list_id = desk.bring([isbn13(n) for n in range(25)])
    assert sum(desk.rests) > 9 * 50, "asked for in halves"
    assert (taken, len(desk.row(list_id).missing)) == ([], 25)


def until_done(desk, list_id: int) -> int:
    """Minutes of trying."""
    for minutes in range(0, 120, 3):
        if desk.row(list_id).state != "reading":
            return minutes
        desk.passes(minutes=3)
        desk.work()
    raise AssertionError("still reading after two hours")


def test_after_half_an_hour_of_silence_the_missing_are_listed(desk, open_library):
    open_library.is_busy()
    list_id = desk.bring([LIGHT, KID])
    assert 30 <= until_done(desk, list_id) <= 36
    row = desk.row(list_id)
    assert (row.state, row.missing) == ("done", [LIGHT, KID])
    assert row.sentence == "Open Library was busy (429)."


def test_half_an_hour_counts_from_the_first_silence_and_any_answer_ends_it(desk, open_library):
    isbns = [isbn13(n) for n in range(75)]
    for isbn in isbns:
        open_library.knows(isbn, f"Title {isbn}")
    usual, answers, told = desk.open_library.ask, [True, False, True, False, True], []

    def slow(some):
        told.append(desk.row(list_id).sentence)
        desk.passes(minutes=20)
        if not answers.pop(0):
            open_library.is_busy(once=True)
        return usual(some)

    desk.open_library.ask = slow
    list_id = desk.answer(desk.isbns(*isbns))
    desk.work()
    for done in (25, 50):
        row = desk.row(list_id)
        assert (row.state, row.done) == ("reading", done)
        desk.passes(minutes=3)
        assert desk.work() == [list_id]
    assert (desk.row(list_id).state, desk.row(list_id).missing) == ("done", [])
    busy = "Open Library was busy (429)."
    assert told == [None, None, busy, None, busy]


def test_half_an_hour_counts_from_the_answer_and_not_from_the_day_it_was_brought(desk, open_library):
    made = desk.isbns(LIGHT)
    desk.passes(days=2)
    open_library.is_busy()
    list_id = desk.answer(made)
    desk.work()
    assert desk.row(list_id).state == "reading"
    assert 30 <= until_done(desk, list_id) <= 36


MIXED = csv(f"The light fantastic,,{LIGHT}", f",,{KID}", f",,{GAMES}")


def test_after_silence_a_file_is_not_read_again_its_bare_isbns_are_looked_up_alone(desk, open_library):
    open_library.knows(KID, "New kid")
    open_library.fails()
    list_id = desk.bring(MIXED)
    row = desk.row(list_id)
    assert (row.state, row.body, row.to_look_up, row.done, row.total) == ("reading", None, [KID, GAMES], 1, 3)
    open_library.is_well()
    desk.passes(minutes=3)
    desk.work()
    row = desk.row(list_id)
    assert (row.state, row.missing, row.done, row.new, row.to_look_up) == ("done", [GAMES], 3, 2, [])
    assert desk.names() == ["The light fantastic", "New kid"]
    assert desk.undo(list_id) == 2


def test_after_silence_a_file_keeps_its_titles_and_lists_its_bare_isbns(desk, open_library):
    open_library.fails()
    list_id = desk.bring(csv(f"The light fantastic,,{LIGHT}", f",,{KID}"))
    assert desk.names() == ["The light fantastic"]
    until_done(desk, list_id)
    assert (desk.row(list_id).missing, stored()) == ([KID], (1, 1, 1))


def test_undone_while_it_waits_for_open_library_it_is_not_asked_again(desk, open_library):
    open_library.is_busy()
    list_id = desk.bring([LIGHT, KID])
    desk.undo(list_id)
    open_library.is_well()
    desk.passes(minutes=10)
    assert desk.work() == []
    assert len(open_library.asked) == 1
    assert (desk.row(list_id).state, desk.titles()) == ("undone", [])


def test_whoever_does_not_want_to_wait_types_the_titles(desk, open_library):
    desk.bring(csv(f"New kid,,{KID}"))
    open_library.is_busy()
    list_id = desk.bring([LIGHT, KID, GAMES])
    list_deeds.give_up(list_id, desk.cast.author, desk.now)
    row = desk.row(list_id)
    assert (row.state, row.missing) == ("done", [LIGHT, GAMES])
    desk.passes(minutes=3)
    assert desk.work() == []


def test_of_a_file_the_bare_isbns_are_typed_by_whoever_does_not_want_to_wait(desk, open_library):
    open_library.is_busy()
    list_id = desk.bring(MIXED)
    list_deeds.give_up(list_id, desk.cast.author, desk.now)
    row = desk.row(list_id)
    assert (row.state, row.missing, row.new, desk.names()) == ("done", [KID, GAMES], 1, ["The light fantastic"])
    desk.passes(minutes=3)
    assert desk.work() == []


def test_a_file_is_not_given_up_before_its_titles_are_in(desk, open_library):
    list_id = desk.answer(desk.file(MIXED))
    list_deeds.give_up(list_id, desk.cast.author, desk.now)
    assert desk.work() == [list_id]
    assert desk.names() == ["The light fantastic"]


# Typed by hand


def test_a_book_that_nobody_knows_is_typed(desk):
    list_id = desk.bring([LIGHT, KID])
    typed = [(LIGHT, "  The light fantastic / ", "Pratchett, Terry")]
    list_deeds.type_missing(list_id, typed, desk.cast.author, desk.now)
    (title,) = desk.titles()
    assert (title.title, title.author, [known.value for known in title.ids]) == (
        "The light fantastic",
        "Terry Pratchett",
        [LIGHT],
    )
    row = desk.row(list_id)
    assert (row.missing, row.new, desk.came(list_id).offered) == ([KID], 1, 1)
    assert desk.undo(list_id) == 1


def test_typed_twice_is_typed_once(desk):
    list_id = desk.bring([LIGHT])
    list_deeds.type_missing(list_id, [(LIGHT, "The light fantastic", "")], desk.cast.author, desk.now)
    list_deeds.type_missing(list_id, [(LIGHT, "The light fantastic again", "")], desk.cast.author, desk.now)
    list_deeds.type_missing(list_id, [(GAMES, "Never in the list", "")], desk.cast.author, desk.now)
    assert desk.names() == ["The light fantastic"]


@pytest.mark.parametrize(("title", "said"), [(" ", "Type the title"), ("x" * 501, "more than 500 characters")])
def test_a_title_must_be_typed_and_not_be_a_book(desk, title, said):
    list_id = desk.bring([LIGHT])
    with pytest.raises(NotDone, match=said):
        list_deeds.type_missing(list_id, [(LIGHT, title, "")], desk.cast.author, desk.now)
    assert desk.row(list_id).missing == [LIGHT]


def test_what_is_typed_of_a_list_that_is_coming_waits_too(desk):
    list_id = desk.bring([LIGHT], "coming")
    list_deeds.type_missing(list_id, [(LIGHT, "The light fantastic", "")], desk.cast.author, desk.now)
    assert desk.came(list_id).coming == 1
    assert list_deeds.arrived(list_id, desk.cast.author, desk.now) == 1


# Undone in the middle, another worker, a dead one


def test_undone_while_it_is_read_nothing_more_comes_in(desk):
    list_id = desk.answer(desk.file(MANY))
    looked = iter(range(100))

    def undone_after_a_part():
        if next(looked) == 3:
            desk.undo(list_id)
        return desk.now

    reading.read_list(list_id, replace(desk.worker, now=undone_after_a_part))
    assert desk.row(list_id).state == "undone"
    assert stored() == (0, 0, 0)


def test_undone_before_known_isbns_come_with_it_none_does(desk):
    desk.bring(csv(f"The light fantastic,,{LIGHT}"), "coming")
    list_id = desk.answer(desk.isbns(LIGHT, KID))
    looked = iter(range(100))

    def undone_at_once():
        if next(looked) == 1:
            desk.undo(list_id)
        return desk.now

    reading.read_list(list_id, replace(desk.worker, now=undone_at_once))
    assert [title.left_out for title in desk.titles()] == ["coming"]
    assert db.session.scalar(select(func.count()).where(ImportTitle.import_id == list_id)) == 0


def test_undone_while_its_file_is_read_nothing_is_written_about_it(desk):
    list_id = desk.answer(desk.file(csv("Holes,,", ",Somebody,", f",,{KID}")))
    taken = reading._take(list_id, desk.now)
    desk.undo(list_id)
    assert reading._read_file(list_id, taken, taken.body, desk.worker) == []
    row = desk.row(list_id)
    assert (row.state, row.total, row.troubles, row.faulty) == ("undone", 3, [], 0)


@pytest.mark.parametrize("moment", range(9))
def test_a_list_that_is_gone_with_its_library_is_left_alone(desk, open_library, moment):
    open_library.knows(KID, "New kid")
    list_id = desk.answer(desk.file(MIXED))
    looked = iter(range(100))

    def gone():
        if next(looked) == moment:
            with writing() as session:
                session.delete(session.get_one(Import, list_id))
        return desk.now

    reading.read_list(list_id, replace(desk.worker, now=gone))
    assert next(looked) > moment, "it was not done before"
    assert db.session.get(Import, list_id) is None


def test_two_isbns_of_one_book_are_both_counted_as_done(desk, open_library):
    desk.bring(csv(f"The light fantastic,,{LIGHT} {KID}"))
    open_library.fails()
    list_id = desk.bring([LIGHT, KID, GAMES])
    row = desk.row(list_id)
    assert (len(desk.titles()), row.done, row.total) == (1, 2, 3)


def test_a_list_is_taken_by_one_worker(desk):
    list_id = desk.answer(desk.file(MANY))
    assert reading._take(list_id, desk.now) is not None
    assert to_read(db.session(), desk.now) == []
    reading.read_list(list_id, desk.worker)
    assert stored() == (0, 0, 0)


def test_how_far_it_is_can_be_seen_while_it_is_read(desk):
    list_id = desk.answer(desk.file(MANY))
    seen = []

    def now():
        db.session.rollback()
        row = db.session.get_one(Import, list_id, populate_existing=True)
        seen.append((row.done, row.total))
        db.session.rollback()
        return desk.now

    reading.read_list(list_id, replace(desk.worker, now=now))
    parts = [done for done, _ in seen]
    assert parts == sorted(parts)
    assert {0, CHUNK, 2 * CHUNK, 3_000} <= set(parts)
    assert seen[-1] == (3_000, 3_000)


def read_and_die(desk, environ, list_id: int, parts: int) -> None:
    """A real process, and SIGKILL once so many parts of the list are in."""
    db.session.rollback()
    dying = Path(__file__).with_name("dying_reader.py")
    root = str(Path(__file__).parents[2])
    words = [sys.executable, str(dying), str(list_id), str(parts), desk.now.isoformat()]
    ended = subprocess.run(words, env={**os.environ, **environ, "PYTHONPATH": root}, timeout=90, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.mark.parametrize("parts", [1, 3])
def test_a_worker_that_is_killed_is_followed_and_nothing_is_stored_twice(desk, environ, parts):
    list_id = desk.answer(desk.file(MANY))
    read_and_die(desk, environ, list_id, parts)
    assert (desk.row(list_id).state, desk.row(list_id).done) == ("reading", parts * CHUNK)
    assert stored() == (parts * CHUNK,) * 3
    assert desk.work() == [], "it may still live"
    desk.passes(minutes=6)
    assert desk.work() == [list_id]
    row = desk.row(list_id)
    assert (row.state, row.done, row.total, row.new) == ("done", 3_000, 3_000, 3_000)
    assert stored() == (3_000, 3_000, 3_000)
    assert desk.came(list_id).known == 0
    assert desk.undo(list_id) == 3_000


@pytest.mark.parametrize(("parts", "body_is_there"), [(1, True), (2, False)], ids=["before its ISBNs", "among them"])
def test_killed_around_the_end_of_the_file_neither_titles_nor_bare_isbns_are_lost(
    desk, environ, open_library, parts, body_is_there
):
    open_library.knows(KID, "New kid")
    list_id = desk.answer(desk.file(MIXED))
    read_and_die(desk, environ, list_id, parts)
    assert (desk.row(list_id).body is not None) == body_is_there
    desk.passes(minutes=6)
    desk.work()
    row = desk.row(list_id)
    assert (row.state, row.done, row.total, row.new, row.missing) == ("done", 3, 3, 2, [GAMES])
    assert stored() == (2, 2, 2)


def test_a_worker_that_is_late_does_no_harm_to_a_list_that_is_done(desk):
    """It stood still for longer than its lease; another one has read the list meanwhile."""
    list_id = desk.answer(desk.file(MANY))
    looked = iter(range(100))

    def slow():
        if next(looked) == 3:
            desk.passes(minutes=6)
            assert desk.work() == [list_id]
        return desk.now

    reading.read_list(list_id, replace(desk.worker, now=slow))
    row = desk.row(list_id)
    assert (row.state, row.new, row.done) == ("done", 3_000, 3_000)
    assert stored() == (3_000, 3_000, 3_000)


def at_once(app, *acts) -> list[Exception | None]:
    start = Barrier(len(acts))

    def act(verb):
        with app.app_context():
            start.wait(10)
            try:
                verb()
            except Exception as error:
                return error
        return None

    db.session.rollback()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


@ON_POSTGRESQL
@pytest.mark.parametrize("_round", range(3))
def test_two_workers_at_one_moment_read_a_list_once(app, desk, _round):
    list_id = desk.answer(desk.file(csv(f"The light fantastic,,{LIGHT}", f"New kid,,{KID}")))
    assert at_once(app, *[lambda: reading.read_list(list_id, desk.worker)] * 3) == [None] * 3
    assert (desk.row(list_id).new, stored()) == (2, (2, 2, 2))


@ON_POSTGRESQL
@pytest.mark.parametrize("_round", range(3))
def test_two_lists_with_the_same_books_at_one_moment_are_one_title_each(app, desk, _round):
    books = csv(*(f"Title {n},,{isbn13(n)}" for n in range(40)))
    ids = [desk.answer(desk.file(books)) for _ in range(2)]
    assert at_once(app, *(lambda n=n: reading.read_list(n, desk.worker) for n in ids)) == [None, None]
    assert stored() == (40, 40, 80)
    assert sorted(desk.row(n).new for n in ids) == [0, 40]


@ON_POSTGRESQL
@pytest.mark.parametrize("_round", range(5))
def test_two_libraries_that_ask_for_one_book_at_one_moment_are_both_told(app, desk, open_library, _round):
    isbns = [isbn13(n) for n in range(20)]
    for isbn in isbns:
        open_library.knows(isbn, f"Title {isbn}")
    first = desk.answer(desk.isbns(*isbns))
    desk.library = desk.cast.other
    second = desk.answer(desk.isbns(*reversed(isbns)))
    open_library.is_slow(0.2)  # both have asked before either is told
    assert at_once(app, *(lambda n=n: reading.read_list(n, desk.worker) for n in (first, second))) == [None, None]
    assert [desk.row(n).new for n in (first, second)] == [20, 20]
    assert desk.looked_up() == 20


@ON_POSTGRESQL
@pytest.mark.parametrize("_round", range(5))
def test_read_and_undone_at_one_moment_nothing_is_left(app, desk, _round):
    list_id = desk.answer(desk.file(csv(f"The light fantastic,,{LIGHT}", f"New kid,,{KID}")))
    acts = (lambda: reading.read_list(list_id, desk.worker), lambda: desk.undo(list_id))
    assert at_once(app, *acts) == [None, None]
    assert (desk.row(list_id).state, stored()) == ("undone", (0, 0, 0))


def test_a_list_that_cannot_be_read_after_all_says_so(desk):
    list_id = desk.answer(desk.file(csv("Holes,,")))
    with writing() as session:
        session.get_one(Import, list_id).body = b"PK\x03\x04 broken"
    desk.work()
    row = desk.row(list_id)
    assert (row.state, row.body) == ("refused", None)
    assert "damaged" in row.sentence
    imports.drop(list_id, desk.cast.author, desk.now)
    assert db.session.scalar(select(func.count(Import.id))) == 0


def test_of_very_many_wrong_lines_the_first_are_named_and_the_others_counted_also_after_silence(desk, open_library):
    open_library.is_busy()
    list_id = desk.bring(csv("Holes,,", f",,{KID}", *[",Somebody,"] * 1_003))
    list_deeds.give_up(list_id, desk.cast.author, desk.now)
    row = desk.row(list_id)
    problems = problems_of(row)
    assert [problem.number for problem in problems[:2]] == [4, 5]
    assert (len(problems), row.faulty) == (1_000, 1_003)


def test_a_line_with_something_wrong_leads_to_its_title_known_or_new_in_whatever_order(desk):
    desk.bring(csv("Holes,,", f"Wonder,,{LIGHT}"))
    row = desk.row(desk.bring(csv("New kid,,1.5E+12", ",,x", "Wonder,,9.78E+12", "Holes,,978", "Holes,,979")))
    holes, wonder, kid = (title.id for title in desk.titles())
    assert [(problem.number, problem.title_id) for problem in problems_of(row)] == [
        (2, kid),
        (3, None),
        (4, wonder),
        (5, holes),
        (6, holes),
    ]


def test_a_lease_is_longer_than_a_child_may_take(desk):
    from outreach.titles.child import WALL_SECONDS

    assert timedelta(seconds=WALL_SECONDS) < reading.LEASE
