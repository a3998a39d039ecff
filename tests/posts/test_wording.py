"""A post -> its messages for one account. Pure, so anything may be thrown at it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.channels.base import Limits
from outreach.channels.by_hand import PRESETS
from outreach.channels.instagram import LIMITS as INSTAGRAM
from outreach.channels.threads import LIMITS as THREADS
from outreach.posts.drafts import Book, Draft, Image, fill
from outreach.posts.policy import Place, problems, too_many
from outreach.posts.wording import Message, count, digest, from_payload, most, render

MASTODON = Limits(
    link_cost=23,
    mention_without_server=True,
    poll_options=4,
    thread=True,
    content_warning=True,
    visibilities=("public", "unlisted"),
    language=True,
)
PLAIN = Limits(characters=5_000)
NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
TRIVIA = Draft(
    "trivia",
    "Which came first?",
    fields={"choices": ["Egg", "Hen"], "right": 0, "explanation": "Ask a dinosaur.", "how": "Tell us at the desk."},
    at=NOON,
    answer_at=NOON + timedelta(days=2),
)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("plain", 5),
        ("https://example.org/" + "x" * 200, 23),
        ("See https://example.org/books.", 4 + 23 + 1),
        ("(https://example.org/books),", 1 + 23 + 2),
        ("https://example.org/?q=a&b=%C3%A9#top!", 23 + 1),
        ("hi @library@mastodon.social", 11),
        ("👩‍👩‍👧‍👦", 1),
        ("e\u0301", 1),
        ("क्षत्रिय", 3),
        ("新しい本", 4),
    ],
)
def test_characters_are_counted_as_the_network_counts(text, counted):
    assert count(text, MASTODON) == counted


def test_a_content_warning_counts_too():
    assert count("abc", MASTODON, "cw") == 5


def test_announcements_are_counted_in_words():
    limits = PRESETS["announcements"].limits
    assert count("one two  three", limits) == 3
    assert most(limits) == 60


def test_trivia_is_a_poll_where_there_are_polls():
    question, answer = render(TRIVIA, MASTODON)
    assert question.poll == ("Egg", "Hen")
    assert question.poll_minutes == 2 * 24 * 60
    assert (answer.answers, answer.at) == (0, NOON + timedelta(days=2))
    assert answer.text == "The answer: Egg\n\nAsk a dinosaur."


def test_trivia_is_lettered_lines_where_there_are_none():
    question, answer = render(TRIVIA, PLAIN)
    assert question.poll == ()
    assert "A) Egg\nB) Hen" in question.text
    assert question.text.endswith("Tell us at the desk.")
    assert answer.text.endswith("?\n\nThe answer: A) Egg\n\nAsk a dinosaur.")


def test_the_answer_is_not_in_the_question():
    for limits in (MASTODON, PLAIN):
        assert "dinosaur" not in render(TRIVIA, limits)[0].text


def test_a_long_choice_makes_lettered_lines():
    long = Draft(
        "trivia", "?", fields={"choices": ["x" * 51, "b"], "right": 0}, at=NOON, answer_at=NOON + timedelta(days=1)
    )
    assert render(long, MASTODON)[0].poll == ()


def books(number):
    return tuple(Book(f"Title number {n}", f"Author of number {n}") for n in range(number))


def test_a_short_list_of_titles_is_one_message():
    (message,) = render(Draft("titles", "New:", books=books(3), hashtags="#Books"), MASTODON)
    assert (
        message.text == "New:\n\n• Title number 0 – Author of number 0\n• Title number 1 – Author of number 1\n"
        "• Title number 2 – Author of number 2\n\n#Books"
    )


def test_a_long_list_is_a_thread_each_answering_the_one_before():
    messages = render(Draft("titles", "New:", books=books(40), link="https://catalog.example.org/new"), MASTODON)
    assert len(messages) > 3
    assert [m.answers for m in messages] == [None, *range(len(messages) - 1)]
    assert messages[-1].text.endswith("https://catalog.example.org/new")


def test_placeholders_are_names_and_nothing_else():
    assert fill("{count} in {library} {x.__class__} {0}", count=3, library="L") == "3 in L {x.__class__} {0}"


@given(
    st.lists(
        st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=60), min_size=1, max_size=60
    ),
    st.integers(120, 600),
)
def test_no_title_is_lost_and_no_message_too_long(names, characters):
    limits = Limits(characters=characters, thread=True)
    draft = Draft("titles", "New:", books=tuple(Book(name) for name in names))
    messages = render(draft, limits)
    lines = [line for m in messages for line in m.text.split("\n") if line.startswith("• ")]
    assert all(count(m.text, limits) <= characters for m in messages)
    assert len(lines) == len(names)


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=800), st.sampled_from([MASTODON, PLAIN]))
def test_what_fits_has_no_problem_and_what_does_not_has_one(words, limits):
    place = Place(1, "Place", limits)
    draft = Draft("news", words)
    messages = render(draft, limits)
    found = problems(draft, {place: messages})
    if not words.strip():
        assert found
    else:
        assert bool(found) == (count(messages[0].text, limits) > most(limits))


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=200), st.lists(st.text(max_size=20), max_size=4))
def test_what_is_frozen_comes_back_whole(text, poll):
    message = Message(text, (Image("d", "image/png", "alt", 5),), tuple(poll), 5, answers=0, warning="w", language="en")
    assert from_payload(message.payload()) == message


def test_the_digest_covers_words_and_images_but_not_the_time():
    message = Message("Hello", (Image("d", "image/png", "alt", 5),), at=NOON)
    same = Message("Hello", (Image("d", "image/png", "alt", 5),), at=NOON + timedelta(days=1))
    assert digest({1: [message]}) == digest({1: [same]})
    assert digest({1: [message]}) != digest({2: [message]})
    assert digest({1: [message]}) != digest({1: [Message("Hello", (Image("d", "image/png", "other", 5),))]})


def test_own_words_replace_the_words_and_keep_the_rest():
    (message,) = render(Draft("news", "For all", link="https://a.example/"), PLAIN, "Only here")
    assert message.text == "Only here\n\nhttps://a.example/"


def test_pictures_are_asked_for_and_described():
    place = Place(1, "Instagram", PRESETS["instagram"].limits)
    draft = Draft("news", "Hello")
    assert "needs a picture" in problems(draft, {place: render(draft, place.limits)})[0].sentence
    bare = Draft("news", "Hello", images=(Image("d", "image/png", "", 5),))
    assert "Say what picture 1 shows" in problems(bare, {place: render(bare, place.limits)})[0].sentence


@pytest.mark.parametrize(
    ("image", "limits", "said"),
    [
        (Image("d", "image/jpeg", "A cat", 5, 20_000_000), Limits(image_pixels=16_777_216), "16 megapixels"),
        (Image("d", "image/jpeg", "A cat", 9_000_000), Limits(image_bytes=8_000_000), "larger than 8 MB"),
        (Image("d", "image/png", "A cat", 5), Limits(image_types=("image/jpeg",)), "takes no PNG pictures"),
        (Image("d", "image/png", "A cat" * 9, 5), Limits(alt_characters=20), "longer than 20 characters"),
    ],
)
def test_a_picture_that_the_server_would_refuse_is_said_before(image, limits, said):
    place, draft = Place(1, "Here", limits), Draft("news", "Hello", images=(image,))
    assert [said in p.sentence for p in problems(draft, {place: render(draft, limits)})] == [True]


@pytest.mark.parametrize(
    ("limits", "text", "told"),
    [
        (THREADS, " ".join(f"https://a.example/{n}" for n in range(6)), "takes 5 different links at most. Take out 1."),
        (THREADS, " ".join(["https://a.example/1"] * 9), ""),
        (INSTAGRAM, "#book " * 32, "takes 30 hashtags at most. Take out 2."),
        (INSTAGRAM, "@ana " * 21, "takes 20 names with @ at most. Take out 1."),
        (Limits(), "#book @ana https://a.example " * 40, ""),
    ],
)
def test_what_a_place_counts_besides_characters_is_said_before(limits, text, told):
    found = too_many(Place(1, "There", limits), Message(text))
    assert [str(one) for one in found] == ([f"There {told}"] if told else [])
