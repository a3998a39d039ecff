"""A list of books as a post: each line, its groups, what is more. Pure, so anything may be typed."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outreach.channels.base import Limits
from outreach.posts.drafts import Book, Draft
from outreach.posts.listing import book_line, lines
from outreach.posts.wording import count, render

CATALOG = "https://catalog.example.org/new"
ROOMY = Limits(characters=5_000)
THREADS = Limits(characters=160, thread=True)
EMMA = Book("Emma", "Jane Austen", "https://c.example/1", "Audiobook", "Grades 9-12", "FIC AUS")
BARE = Book("Emma")
HEADINGS = ("Grades K-2", "Grades 3-5", "Young adult")


def shelf(number, audiences=HEADINGS):
    """Books whose readers alternate, so that grouping has something to do."""
    return tuple(Book(f"Book {n}", f"Author {n}", audience=audiences[n % len(audiences)]) for n in range(number))


def post(books, words="New:", **fields):
    return Draft("titles", words, fields=fields, books=tuple(books), library="Maple Street")


def text(draft, limits=ROOMY, words=""):
    (message,) = render(draft, limits, words)
    return message.text


@pytest.mark.parametrize(
    ("template", "whole", "bare"),
    [
        ("• {title} – {author}", "• Emma – Jane Austen", "• Emma"),
        ("{title} ({format})", "Emma (Audiobook)", "Emma"),
        ("{title} [{format}]", "Emma [Audiobook]", "Emma"),
        ("[{format}] {title}", "[Audiobook] Emma", "Emma"),
        ("{title} ({format}, {call_number})", "Emma (Audiobook, FIC AUS)", "Emma"),
        ("{author}: {title}", "Jane Austen: Emma", "Emma"),
        ("• {author} – {title}", "• Jane Austen – Emma", "• Emma"),
        ("{title} – {author}, {audience}", "Emma – Jane Austen, Grades 9-12", "Emma"),
        ("{title} | {call_number} | {link}", "Emma | FIC AUS | https://c.example/1", "Emma"),
        ("📚 {title}\n{link}", "📚 Emma\nhttps://c.example/1", "📚 Emma"),
    ],
)
def test_what_a_book_does_not_have_leaves_nothing_behind(template, whole, bare):
    assert (book_line(EMMA, template), book_line(BARE, template)) == (whole, bare)


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ({"format": None}, "• Emma (FIC AUS) – Jane Austen"),
        ({"call_number": None}, "• Emma (Audiobook) – Jane Austen"),
        ({"author": None}, "• Emma (Audiobook, FIC AUS)"),
        ({"format": None, "call_number": None}, "• Emma – Jane Austen"),
    ],
)
def test_what_is_there_stays_in_its_brackets(missing, line):
    assert book_line(replace(EMMA, **missing), "• {title} ({format}, {call_number}) – {author}") == line


NAMES = ("title", "author", "format", "audience", "call_number", "link")


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True), st.sets(st.sampled_from(NAMES[1:])))
def test_whatever_is_missing_no_line_begins_or_ends_with_a_dash(names, missing):
    book = replace(EMMA, **{name: "" if name == "audience" else None for name in missing})
    said = book_line(book, " – ".join(f"{{{name}}}" for name in names))
    assert said == " – ".join(getattr(EMMA, name) for name in names if name not in missing)


@pytest.mark.parametrize(
    "typed",
    [
        "{title.__class__}",
        "{title[0]}",
        "{0}",
        "{}",
        "%s",
        "%(title)s",
        "{title!r}",
        "{title:>9}",
        "{{",
        "}}",
        "{titel}",
    ],
)
@pytest.mark.parametrize("field", ["line", "more_words", "tags", "words"])
def test_a_template_is_data_and_nothing_in_it_runs(field, typed):
    fields = {"line": "{title}", "more": 3} | ({} if field == "words" else {field: typed})
    assert typed in text(post([EMMA], typed if field == "words" else "New:", **fields))


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=80))
@example("{title.__init__.__globals__}")
@example("{author}")
def test_a_book_that_is_named_like_a_placeholder_is_not_filled_in_again(name):
    assert book_line(Book(name or "x", "{title}"), "{title} by {author}") == f"{name or 'x'} by {{title}}"


@pytest.mark.parametrize(("group", "first"), [("audience", "Grades K-2"), ("format", "Graphic novel")])
def test_a_heading_stands_once_over_each_group(group, first):
    books = [
        Book(f"Book {n}", None, format=("Graphic novel", "Audiobook")[n % 2], audience=HEADINGS[n % 2])
        for n in range(4)
    ]
    said = text(post(books, group=group))
    second = {"audience": "Grades 3-5", "format": "Audiobook"}[group]
    assert said == f"New:\n\n{first}\n• Book 0\n• Book 2\n\n{second}\n• Book 1\n• Book 3"


def test_what_belongs_to_no_group_comes_first_under_no_heading():
    books = [Book("Emma", audience="Adults"), Book("Ox")]
    assert text(post(books, group="audience")) == "New:\n\n• Ox\n\nAdults\n• Emma"


@given(st.integers(1, 40), st.integers(60, 300), st.sampled_from(["audience", "format", ""]))
def test_no_message_ends_with_a_heading_or_begins_with_an_empty_line(number, characters, group):
    limits = Limits(characters=characters, thread=True)
    messages = render(post(shelf(number), group=group), limits)
    for message in messages:
        last = message.text.removesuffix(" …").rpartition("\n")[2]
        assert last.startswith("• ")
        assert message.text == message.text.strip()
        assert count(message.text, limits) <= characters
    assert sum(m.text.count("• ") for m in messages) == number


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"more": 14, "catalog": CATALOG}, f"…and 14 more: {CATALOG}"),
        ({"more": 14}, "…and 14 more"),
        ({"more": 14, "more_words": "{more} others are here: {catalog}"}, "14 others are here"),
        ({"more": 14, "more_words": "All {more} at {catalog}.", "catalog": CATALOG}, f"All 14 at {CATALOG}."),
        ({"more": 0, "catalog": CATALOG}, "• Emma – Jane Austen"),
        ({"more": -3}, "• Emma – Jane Austen"),
        ({"more": "7"}, "• Emma – Jane Austen"),
    ],
)
def test_how_many_more_there_are_is_said_with_the_catalog_where_it_is_known(fields, said):
    assert text(post([EMMA], **fields)).splitlines()[-1] == said


def test_words_know_how_many_are_listed_and_how_many_are_not():
    said = text(post([EMMA], "{count} of {more} others at {library}:", more=9))
    assert said.startswith("1 of 9 others at Maple Street:")


def test_hashtags_of_the_list_stand_beside_those_of_the_library():
    draft = replace(post([EMMA], tags="#NewBooks", more=2), hashtags="#Maple", link=CATALOG)
    assert text(draft).splitlines()[-3:] == [CATALOG, "", "#Maple #NewBooks"]


def test_a_place_has_its_own_words_over_the_same_list():
    said = text(post([EMMA], "For everybody:", more=2), ROOMY, "For parents, {count} and {more}:")
    assert said == "For parents, 1 and 2:\n\n• Emma – Jane Austen\n\n…and 2 more"


def test_a_list_that_must_be_one_message_counts_what_does_not_fit_as_more():
    said = text(post(shelf(20), more=2, whole=True), THREADS)
    listed = said.count("• ")
    assert 1 < listed < 20
    assert f"…and {22 - listed} more" in said


def test_a_list_that_fits_is_whole_and_says_nothing_of_more():
    said = text(post(shelf(3), whole=True), ROOMY)
    assert (said.count("• "), "more" in said) == (3, False)


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=50),
        min_size=1,
        max_size=40,
    ),
    st.integers(150, 600),
    st.integers(0, 50),
    st.booleans(),
    st.sampled_from(["", "audience"]),
)
def test_one_message_is_never_too_long_and_no_title_goes_uncounted(names, characters, more, thread, group):
    limits = Limits(characters=characters, thread=thread, link_cost=23)
    books = [Book(name, audience=HEADINGS[n % 3]) for n, name in enumerate(names)]
    (message,) = render(post(books, more=more, whole=True, group=group, line="•§ {title}", catalog=CATALOG), limits)
    assert count(message.text, limits) <= characters
    left = more + len(names) - message.text.count("•§ ")
    assert (f"…and {left} more: {CATALOG}" in message.text) == (left > 0)


def test_groups_keep_the_order_in_which_they_come_and_lose_no_book():
    said = list(lines(shelf(7), "{title}", "audience"))
    assert [line.splitlines()[-1] for line in said] == [f"Book {n}" for n in (0, 3, 6, 1, 4, 2, 5)]


def test_a_group_that_is_none_is_no_group():
    assert text(post(shelf(3), group="shoe size")) == text(post(shelf(3)))
