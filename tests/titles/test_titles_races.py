"""Two people, or a person and a feed, at one instant: neither takes back what the other said.

On PostgreSQL; on SQLite one waits for the other anyway.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from factories import write
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.accounts.retire import retire
from outreach.db import db, writing
from outreach.models import DigestRule, Library, Post, Title
from outreach.posts import approve, send
from outreach.titles import aside, catalog, correct, draft, list_deeds, rules, shelve
from outreach.titles.covers import studio_of
from outreach.words import NotDone
from tests.titles.brought import by_feed, by_list, parsed, the_title, titles_of

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

HOUR = timedelta(hours=1)
ISBN = "9780061020704"


@pytest.fixture
def meanwhile(app, monkeypatch):
    """`meanwhile((module, name), one, other)`: `other` begins where `one` has just called this function."""

    def within_app(act):
        with app.app_context():
            try:
                return act()
            finally:
                db.session.remove()

    def run(where, one, other):
        module, name = where
        there, done = Event(), Event()
        real = getattr(module, name)

        def slow(*args, **more):
            found = real(*args, **more)
            first = not there.is_set()
            there.set()
            if first:
                done.wait(2)  # a lock keeps the other one waiting: then this one goes on
            return found

        monkeypatch.setattr(module, name, slow)
        db.session.rollback()
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(within_app, one)
            assert there.wait(10)
            second = pool.submit(within_app, other)
            second.add_done_callback(lambda _: done.set())
            results = first.result(20), second.result(20)
        monkeypatch.setattr(module, name, real)
        db.session.rollback()
        return results

    return run


@pytest.fixture
def elementary(cast):
    with writing() as session:
        session.get_one(Library, cast.library.id).grades = "k5"
    return cast.library


def test_a_correction_stays_while_a_colleague_says_that_all_are_ours(meanwhile, cast, elementary, now):
    by_feed(elementary, now, parsed("Holes", author="Sachar wrong"))
    number, library, who = the_title(elementary).id, elementary.id, cast.author
    meanwhile(
        (aside, "_rows"),
        lambda: correct.let_in_unmarked(library, who, now),
        lambda: correct.correct(number, correct.Typed("Holes", author=""), who, now),
    )
    by_feed(elementary, now + HOUR, parsed("Holes", author="Sachar wrong"))
    title = the_title(elementary)
    assert (title.author, title.left_out, title.corrected) == (None, "", ["author", "left_out"])


def test_add_anyway_stays_while_the_grades_of_the_library_change(meanwhile, cast, now):
    by_feed(cast.library, now, parsed("Twilight", grade=9))
    number, library, who = the_title(cast.library).id, cast.library.id, cast.author
    with writing() as session:
        session.get_one(Library, library).grades = "k5"
    meanwhile(
        (aside, "_rows"),
        lambda: catalog.readers_changed(library),
        lambda: correct.let_in(number, who, now),
    )
    assert the_title(cast.library).left_out == ""


def test_two_weekly_posts_at_one_instant_share_no_title(meanwhile, app, cast, now):
    for place in (cast.practice, cast.by_hand):
        retire(place.id, OUTREACH, now)
    mine = [rules.add(cast.library, OUTREACH, now) for _ in range(2)]
    by_feed(cast.library, now, parsed("Holes", author="Sachar"))
    with writing() as session:
        for rule in mine:
            session.get_one(DigestRule, rule.id).options = {"pictures": "none"}
            session.get_one(DigestRule, rule.id).stopped_at = None
            at = session.get_one(DigestRule, rule.id).next_at - HOUR
    studio, (one, other) = studio_of(app.extensions["shop"]), [rule.id for rule in mine]
    meanwhile(
        (draft, "picked_for"),
        lambda: draft.draft_one(one, at, studio),
        lambda: draft.draft_one(other, at, studio),
    )
    assert len(db.session.scalars(select(Post)).all()) == 1


def test_what_a_feed_told_after_a_post_went_into_review_is_looked_at_again(meanwhile, cast, now):
    by_feed(cast.library, now, parsed("Holes", ISBN))
    post = write(cast, now, kind="titles", titles=[the_title(cast.library).id], fields={"pictures": "none"})
    number, library_id, author = post.id, cast.library.id, cast.author

    def fetch():
        by_feed(db.session.get_one(Library, library_id), now, parsed("Holes", ISBN, author="Rude Word"))

    def submit():
        send.for_review(number, author, now)
        return db.session.get_one(Post, number).revision

    _, seen = meanwhile((shelve, "change_each"), fetch, submit)
    with pytest.raises(NotDone):
        approve.approve(number, seen, cast.decider, now)


def test_what_is_read_of_a_list_and_undone_is_asked_again_in_review(cast, now):
    by_feed(cast.library, now, parsed("Holes", ISBN))
    ((title_id, _),) = by_list(cast.library, now, parsed("Holes", ISBN, format="Hardcover"))
    post = write(cast, now, kind="titles", titles=[title_id], fields={"pictures": "none", "line": "{title} ({format})"})
    send.for_review(post.id, cast.author, now)
    db.session.rollback()
    seen = db.session.get_one(Post, post.id).revision
    list_deeds.undo(1, cast.author, now)
    with pytest.raises(NotDone):
        approve.approve(post.id, seen, cast.decider, now)


def test_who_looks_at_a_list_of_books_sees_a_new_link_pattern(cast, now):
    with writing() as session:
        library = session.get_one(Library, cast.library.id)
        library.title_link, colour = "https://old.example/{isbn}", library.colour
    by_feed(cast.library, now, parsed("Holes", "9780061020704"))
    fields = {"pictures": "none", "line": "{title} {link}"}
    post = write(cast, now, kind="titles", titles=[the_title(cast.library).id], fields=fields)
    send.for_review(post.id, cast.author, now)
    db.session.rollback()
    seen = db.session.get_one(Post, post.id).revision
    other = catalog.Typed("https://new.example/", "https://new.example/search?isbn=9780061020704", "", colour)
    catalog.change(cast.library.id, other, cast.decider, now)
    with pytest.raises(NotDone):
        approve.approve(post.id, seen, cast.decider, now)


def test_two_who_wait_for_each_other_are_told_so_and_one_of_them_goes_on(app, cast, now):
    by_feed(cast.library, now, parsed("One"), parsed("Two"))
    both, (first, second) = Barrier(2), [title.id for title in titles_of(cast.library)]
    db.session.rollback()

    def change(one, other):
        with app.app_context(), writing() as session:
            session.get_one(Title, one, with_for_update=True)
            both.wait(10)
            session.get_one(Title, other, with_for_update=True)

    with ThreadPoolExecutor(2) as pool:
        acts = [pool.submit(change, first, second), pool.submit(change, second, first)]
        told = [act.exception(20) for act in acts]
    assert [type(one) for one in told if one] == [NotDone]
    assert "nothing was saved. Try again" in next(str(one) for one in told if one)
