"""The bank of trivia questions, and posts that are kept to start others from."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from factories import approved, deliveries, queue, write
from fakes import FakeNetwork, door
from sqlalchemy import select

from outreach.db import db, writing
from outreach.models import Account, Post, Question
from outreach.posts import bank, compose, starts
from outreach.posts.bank import Asked
from outreach.posts.publish import publish
from outreach.posts.versions import written_of
from outreach.posts.written import Written
from outreach.words import NotDone

FISH = Asked("Which is a fish?", ["A whale", "A carp"], 1, "It has gills.", "It lives in ponds.")


def words(cast) -> list[str]:
    db.session.expire_all()
    some = bank.waiting(db.session(), cast.library.id) + bank.used(db.session(), cast.library.id)
    return [q.words for q in some]


@pytest.fixture
def three(cast, now) -> list[int]:
    bank.add(cast.library.id, [replace(FISH, words=f"{n}?") for n in (1, 2, 3)], cast.author, now)
    return [q.id for q in bank.waiting(db.session(), cast.library.id)]


def trivia(cast, now, question: Question) -> Post:
    text, fields = bank.written_by(question, {"how": "Tell us."})
    return write(cast, now, kind="trivia", words=text, fields=fields)


def test_a_question_that_waits_already_comes_in_once(cast, now):
    assert bank.add(cast.library.id, [FISH, replace(FISH, words="which is  a FISH?")], cast.author, now) == 1
    assert bank.add(cast.library.id, [FISH], cast.author, now) == 0
    assert words(cast) == ["Which is a fish?"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"words": ""}, "Write the question"),
        ({"choices": ["One"], "right": 0}, "at least two"),
        ({"choices": ["1", "2", "3", "4", "5"]}, "at most 4"),
        ({"choices": ["Yes", "yes"]}, "the same"),
        ({"right": None}, "the right one"),
        ({"right": 2}, "the right one"),
        ({"hint": "x" * 3_000}, "more than 2000 characters"),
    ],
)
def test_what_is_no_question_says_why(cast, now, change, said):
    with pytest.raises(NotDone, match=said):
        bank.add(cast.library.id, [FISH, replace(FISH, **change)], cast.author, now)
    assert words(cast) == []


def test_questions_are_asked_in_the_order_that_people_give_them(cast, three):
    bank.up(three[2])
    bank.up(three[2])
    bank.up(three[2])
    assert words(cast) == ["3?", "1?", "2?"]
    bank.remove(three[0])
    assert words(cast) == ["3?", "2?"]
    assert bank.next_question(db.session(), cast.library).words == "3?"


def test_one_is_asked_next(cast, three):
    bank.up(three[2], first=True)
    assert words(cast) == ["3?", "1?", "2?"]


@pytest.mark.parametrize("keep", [compose.save, compose.autosave])
def test_a_post_that_is_written_over_asks_what_it_says_now(cast, three, now, keep):
    post = trivia(cast, now, bank.next_question(db.session(), cast.library))
    keep(post.id, replace(written_of(post), words="2?"), post.revision, cast.author, now)
    assert words(cast) == ["1?", "3?", "2?"]
    post = db.session.get_one(Post, post.id)
    keep(post.id, replace(written_of(post), words="Another?"), post.revision, cast.author, now)
    assert words(cast) == ["1?", "2?", "3?"]


def test_a_post_with_the_words_of_a_question_has_asked_it(cast, three, now):
    post = trivia(cast, now, bank.next_question(db.session(), cast.library))
    assert (post.question_id, words(cast)) == (three[0], ["2?", "3?", "1?"])
    compose.cancel(post.id, cast.author, now)
    assert words(cast) == ["1?", "2?", "3?"]


def test_what_somebody_saw_stays_used(cast, three, now):
    fields = {"choices": ["A", "B"], "right": 0}
    post = approved(cast, now, kind="trivia", words="1?", fields=fields)
    assert post.question_id == three[0]
    queue(post, now)
    publish(deliveries(post)[0].id, door(FakeNetwork(), now))
    compose.cancel(post.id, cast.author, now)
    assert bank.left(db.session(), cast.library.id) == 2


def test_two_posts_at_once_take_one_question_once(app, cast, three, now):
    start, by, library_id = Barrier(2), cast.author, cast.library.id
    text, fields = bank.written_by(bank.next_question(db.session(), cast.library), {})

    def take(_n: int) -> None:
        with app.app_context():
            start.wait(10)
            compose.create(library_id, Written("trivia", text, fields=fields), by, now)

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(take, range(2)))
    assert [p.question_id for p in db.session.scalars(select(Post))].count(three[0]) == 1


def test_a_post_is_kept_to_start_others_from(cast, now):
    fields = {"choices": ["A", "B"], "right": 0, "answer_at": (now + timedelta(days=3)).isoformat()}
    at = {"timing": "at", "wished_at": now + timedelta(days=1)}
    post = write(cast, now, kind="trivia", words="Which?", fields=fields, accounts=[cast.account, cast.by_hand], **at)
    kept = starts.save(post.id, "  Our  trivia ", now)
    with writing() as session:
        session.get_one(Account, cast.by_hand.id).retired_at = now
    began = starts.written(kept.id)
    assert (kept.name, began.words, began.timing, began.wished_at) == ("Our trivia", "Which?", "slot", None)
    assert began.fields == {"choices": ["A", "B"], "right": 0}
    assert list(began.accounts) == [cast.account.id]
    starts.save(write(cast, now, words="Other").id, "our trivia", now)
    assert [(s.name, s.kind) for s in starts.starts_of(db.session(), cast.library.id)] == [("our trivia", "news")]
    starts.remove(kept.id)
    assert starts.starts_of(db.session(), cast.library.id) == []
    with pytest.raises(NotDone, match="Give it a name"):
        starts.save(post.id, " ", now)
