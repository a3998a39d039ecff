"""What changed since somebody decided on a post."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

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


def test_a_sentence_of_which_little_stayed_is_shown_whole_the_old_one_and_then_the_new_one():
    old, new = "The chess club meets today in the library.", "Bring a friend: on Friday we play in the big hall."
    kept = "Come at noon.\n\n"
    pieces = by_word(f"{kept}{old} Bye!", f"{kept}{new} Bye!")
    assert [(p.how, p.text, p.whole) for p in pieces] == [
        ("same", kept, False), ("removed", old, True), ("added", new, True), ("same", " Bye!", False)
    ]  # fmt: skip


def test_words_that_are_only_added_or_only_taken_away_leave_the_others_as_they_are():
    longer = by_word("Open today.", "Open today. Bring your friends, all of them, and something to read.")
    assert [(p.how, p.whole) for p in longer] == [("same", False), ("added", False)]
    shorter = by_word("Open today until ten in the evening.", "Open today.")
    assert "".join(p.text for p in shorter if p.how != "removed") == "Open today."


@given(st.text("ab .!?\n", max_size=40), st.text("ab .!?\n", max_size=40))
def test_what_stayed_and_one_of_both_is_each_text(before, after):
    pieces = by_word(before, after)
    assert "".join(p.text for p in pieces if p.how != "added") == before
    assert "".join(p.text for p in pieces if p.how != "removed") == after
