"""Whoever looks books up, in this process or another: together they ask no more than a service allows."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from threading import Barrier

from outreach.db import db
from outreach.titles.list_store import LEASE
from outreach.titles.lookup import LONGEST, seconds_to_turn
from outreach.titles.open_library import forms
from outreach.titles.reading import read_list
from tests.bench.koha import isbn13

READER, ROOT = Path(__file__).with_name("reader.py"), Path(__file__).parents[2]


def known(open_library, count: int) -> list[str]:
    isbns = [isbn13(n) for n in range(count)]
    for n, isbn in enumerate(isbns):
        open_library.knows(isbn, f"Title {n}")
    return isbns


def test_turns_are_a_pause_apart_and_none_is_kept_for_whoever_comes_late(desk):
    def turn() -> float:
        return seconds_to_turn(desk.open_library, desk.now)

    assert [turn(), turn(), turn()] == [0, 1, 2]
    desk.passes(seconds=2.5)
    assert [turn(), turn()] == [0.5, 1.5]
    desk.passes(hours=1)
    assert turn() == 0


def test_of_very_many_who_wait_each_has_a_turn_of_its_own(desk):
    assert [seconds_to_turn(desk.open_library, desk.now) for _ in range(200)] == list(range(200))


def test_a_clock_that_was_wrong_once_stops_nobody(desk):
    ahead = desk.now + timedelta(days=400)
    seconds_to_turn(desk.open_library, ahead)
    assert seconds_to_turn(desk.open_library, desk.now) == 0
    assert seconds_to_turn(desk.open_library, desk.now) == 1
    assert LONGEST + timedelta(seconds=30) < LEASE, "with a question that hangs for as long as it may"


def test_at_one_moment_each_has_a_turn_of_its_own(app, desk):
    start = Barrier(8)

    def turn(_) -> float:
        with app.app_context():
            start.wait(10)
            return seconds_to_turn(desk.open_library, desk.now)

    db.session.remove()
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(turn, range(8))) == list(range(8))


def test_two_workers_ask_no_more_than_one_does(desk, environ, open_library):
    """Real processes, and the distance of their questions as Open Library sees it."""
    isbns = known(open_library, 150)
    first = desk.answer(desk.isbns(*isbns[:75]))
    desk.library = desk.cast.other
    second = desk.answer(desk.isbns(*isbns[75:]))
    db.session.remove()
    around = {**os.environ, **environ, "PYTHONPATH": str(ROOT), "OUTREACH_OPEN_LIBRARY": open_library.url}
    workers = [subprocess.Popen([sys.executable, str(READER), str(n)], env=around) for n in (first, second)]
    assert [worker.wait(90) for worker in workers] == [0, 0]
    assert [desk.row(n).new for n in (first, second)] == [75, 75]
    asked_at = open_library.asked_at
    assert len(asked_at) == 6
    assert asked_at[-1] - asked_at[0] > 4.5
    assert min(later - earlier for earlier, later in pairwise(asked_at)) > 0.5  # a process may be late, not early


def read_together(app, desk, open_library, first: int, second: int) -> list[int]:
    """By two workers, the second one while the first question is answered. Returns who was done when."""
    done: list[int] = []
    began = time.monotonic()
    desk.open_library.pause = timedelta(seconds=0.6)
    worker = replace(desk.worker, now=lambda: desk.now + timedelta(seconds=time.monotonic() - began), rest=time.sleep)

    def work(list_id: int) -> None:
        with app.app_context():
            read_list(list_id, worker)
            done.append(list_id)

    db.session.remove()
    open_library.is_slow(0.3)
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(work, first)]
        ends = time.monotonic() + 30
        while not open_library.asked and time.monotonic() < ends:
            time.sleep(0.01)
        running.append(pool.submit(work, second))
        for one in running:
            one.result(60)
    return done


def test_a_short_list_is_done_before_a_long_one_that_began_earlier(app, desk, open_library):
    isbns = known(open_library, 103)
    long = desk.answer(desk.isbns(*isbns[:100]))
    desk.library = desk.cast.other
    short = desk.answer(desk.isbns(*isbns[100:]))
    assert read_together(app, desk, open_library, long, short) == [short, long]
    assert [len(keys) for keys in open_library.asked if len(keys) != 6] == [50, 50, 50, 50]
    assert [desk.row(n).new for n in (long, short)] == [100, 3]


def test_what_one_list_asks_another_at_the_same_time_does_not_ask_again(app, desk, open_library):
    isbns = known(open_library, 50)
    first = desk.answer(desk.isbns(*isbns))
    desk.library = desk.cast.other
    second = desk.answer(desk.isbns(*isbns))
    read_together(app, desk, open_library, first, second)
    assert sorted(key for keys in open_library.asked for key in keys) == sorted(
        f"ISBN:{form}" for isbn in isbns for form in forms(isbn)
    )
    assert [desk.row(n).new for n in (first, second)] == [50, 50]
