"""The one suggestion of a thin week, and what a post is by the sum of its messages."""

from datetime import UTC, datetime

import pytest

from outreach.posts.thin import Room, Suggestion, suggestion
from outreach.posts.whole import Piece, may_move, shown_as

MONDAY, TUESDAY = datetime(2026, 11, 23, 15, tzinfo=UTC), datetime(2026, 11, 24, 18, tzinfo=UTC)
ANY, NEWS, TRIVIA = Room(MONDAY, None), Room(MONDAY, "news"), Room(TUESDAY, "trivia")


def test_a_question_of_the_bank_comes_first_and_takes_its_usual_time():
    assert suggestion([NEWS, TRIVIA], (), True, 12, False) == Suggestion("trivia", TUESDAY, "trivia")


def test_then_titles_that_wait_unless_a_weekly_post_tells_of_them():
    assert suggestion([ANY], ("trivia",), True, 12, False) == Suggestion("titles", MONDAY, "titles", 12)
    assert suggestion([ANY], ("trivia",), True, 12, True) == Suggestion("room", MONDAY, None)


def test_then_the_first_empty_usual_time():
    assert suggestion([NEWS, TRIVIA], (), False, 0, False) == Suggestion("room", MONDAY, "news")


def test_a_full_week_needs_no_suggestion():
    assert suggestion([], (), True, 12, False) is None


def pieces(*states):
    return [Piece(n, state, None) for n, state in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "held", "shown"),
    [
        (("waiting", "waiting"), False, "approved"),
        (("waiting", "waiting"), True, "held"),
        (("published", "waiting"), False, "partly"),
        (("published", "waiting"), True, "held"),
        (("published", "published"), True, "published"),
        (("published", "missed"), True, "failed"),
        (("missed", "in_hand"), False, "needs"),
        (("cancelled", "not_posted"), False, "nowhere"),
    ],
)
def test_a_post_is_the_sum_of_its_messages(states, held, shown):
    assert shown_as("approved", pieces(*states), held) == shown


def test_what_only_people_post_does_not_go_out_by_itself():
    by_hand, by_itself = Piece(1, "waiting", None, by_hand=True), Piece(2, "waiting", None)
    assert [shown_as("approved", mine) for mine in ([by_hand], [by_hand, by_itself])] == ["to_hand", "approved"]


def test_what_has_begun_to_go_out_cannot_move():
    assert may_move("approved", pieces("waiting", "missed"))
    assert not may_move("approved", pieces("waiting", "sending"))
    assert not may_move("cancelled", [])
    assert may_move("draft", [])
