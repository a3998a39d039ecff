"""What changed since somebody decided on a post."""

from datetime import timedelta

from outreach.posts.changes import Names, by_word, changes
from outreach.posts.written import Written

NAMES = Names({1: "Mastodon", 2: "Facebook"}, {7: "Emma", 8: "Holes"})


def told(before, after):
    return {str(c.what): [(p.how, p.at or p.text) for p in c.pieces] for c in changes(before, after, NAMES)}


def test_nothing_changed_says_nothing(now):
    post = Written("news", "Open", accounts={1: ""}, timing="at", wished_at=now)
    assert told(post, post) == {}


def test_words_are_compared_by_the_word_and_keep_their_lines():
    pieces = by_word("Open at noon.\n\nCome!", "Open at ten.\n\nCome!")
    assert [(p.how, p.text) for p in pieces] == [
        ("same", "Open at "), ("removed", "noon."), ("added", "ten."), ("same", "\n\nCome!")
    ]  # fmt: skip
    assert "".join(p.text for p in pieces if p.how != "removed") == "Open at ten.\n\nCome!"


def test_places_pictures_titles_and_the_time_are_listed(now):
    before = Written("titles", "x", accounts={1: ""}, media=[(5, "A cat")], titles=[7], timing="at", wished_at=now)
    later = now + timedelta(days=1)
    after = Written("titles", "x", accounts={2: ""}, media=[(5, "A dog")], titles=[8], timing="at", wished_at=later)
    assert told(before, after) == {
        "Places": [("removed", "Mastodon"), ("added", "Facebook")],
        "Pictures": [("removed", "A cat"), ("added", "A dog")],
        "Titles": [("removed", "Emma"), ("added", "Holes")],
        "Time": [("removed", now), ("added", later)],
    }


def test_another_next_usual_time_is_no_change(now):
    before = Written("news", "x", timing="slot", wished_at=now)
    assert told(before, Written("news", "x", timing="slot", wished_at=now + timedelta(days=7))) == {}


def test_the_fields_of_a_kind_are_named(now):
    before = Written("trivia", "Who?", fields={"choices": ["Cat", "Dog"], "right": 0})
    after = Written("trivia", "Who?", fields={"choices": ["Cat", "Hen"], "right": 1, "answer_at": now.isoformat()})
    assert told(before, after) == {
        "Choices": [("removed", "Dog"), ("added", "Hen")],
        "The right choice": [("removed", "A"), ("added", "B")],
        "Time of the answer": [("added", now)],
    }


def test_very_long_words_are_shown_whole():
    pieces = by_word("a " * 3_000, "b " * 3_000)
    assert [p.how for p in pieces] == ["removed", "added"]
