"""When are two titles one? Today and in six months, from two feeds, a feed and a list, with ISBNs of either length."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.db import db
from outreach.titles.correct import Typed, correct
from outreach.titles.identity import candidate
from outreach.titles.isbn import to_isbn13
from outreach.titles.shelf import Wanted, facets, look
from outreach.titles.shelve import MOST_FACETS, OTHER_EDITION, sorted_out
from tests.titles.brought import by_feed, by_list, isbns_of, parsed, the_title, titles_of

HOLES, HOLES_AS_TEN, PAPERBACK = "9780141321066", "0141321067", "9780545935180"
HALF_A_YEAR = timedelta(days=182)


@pytest.fixture
def library(cast):
    return cast.library


def test_a_title_from_two_feeds_is_one(library, now):
    assert by_feed(library, now, parsed("Holes", HOLES, author="Louis Sachar")).new == 1
    assert by_feed(library, now, parsed("Holes", HOLES, author="Sachar"), name="Novels").new == 0
    assert the_title(library).author == "Louis Sachar"


def test_a_title_of_a_feed_that_a_list_brings_is_no_new_one(library, now):
    by_feed(library, now, parsed("Holes", HOLES, record="opac.x.org biblionumber 1"))
    ((title_id, new),) = by_list(library, now, parsed("Holes", HOLES, record="marc 77"))
    assert (title_id, new) == (the_title(library).id, False)


def test_a_title_of_a_list_that_a_feed_brings_is_no_news(library, now):
    by_list(library, now, parsed("Holes", HOLES), purpose="old")
    assert by_feed(library, now, parsed("Holes", HOLES)).new == 0
    assert the_title(library).baseline is True


def test_ten_and_thirteen_digits_are_one_isbn(library, now):
    by_feed(library, now, parsed("Holes", to_isbn13(HOLES_AS_TEN), author="A"))
    assert by_feed(library, now, parsed("Holes", to_isbn13("978-0-14-132106-6"), author="B")).new == 0
    assert isbns_of(the_title(library)) == [HOLES]


def test_what_was_seen_half_a_year_ago_is_not_new(library, now):
    by_feed(library, now, parsed("Holes", HOLES))
    for later in (HALF_A_YEAR, 2 * HALF_A_YEAR):
        assert by_feed(library, now + later, parsed("Holes", HOLES)).new == 0
    assert the_title(library).first_seen_at == now


def test_a_record_number_with_its_host_counts_whatever_the_title_says_now(library, now):
    by_feed(library, now, parsed("Hole", record="opac.x.org biblionumber 1"))
    assert by_feed(library, now, parsed("Holes (corrected)", record="opac.x.org biblionumber 1")).new == 0
    assert the_title(library).title == "Hole"


@pytest.mark.parametrize("number", ["marc 4711", "table 4711"])
def test_a_number_in_a_file_needs_the_name_as_well(library, now, number):
    by_list(library, now, parsed("Holes", record=number))
    ((_, known),) = by_list(library, now, parsed("Holes", record=number, author="Louis Sachar"))
    ((_, other),) = by_list(library, now, parsed("Matilda", record=number))
    assert (known, other) == (False, True)
    assert [t.title for t in titles_of(library)] == ["Holes", "Matilda"]


def test_a_number_in_a_file_is_not_the_record_number_of_a_feed(library, now):
    by_feed(library, now, parsed("Holes", record="opac.x.org biblionumber 4711", author="A"))
    ((_, new),) = by_list(library, now, parsed("Holes", record="marc 4711", author="B"))
    assert new is True


def test_a_name_with_a_subtitle_more_is_the_same_where_the_isbn_is(library, now):
    by_feed(library, now, parsed("Holes", HOLES))
    assert by_feed(library, now, parsed("Holes and other stories", HOLES)).new == 0


def test_volumes_of_a_set_share_an_isbn_and_are_titles_of_their_own(library, now):
    volumes = [parsed(f"{name} road", HOLES) for name in ("Winter", "Summer", "Autumn")]
    assert by_feed(library, now, *volumes).new == 3
    assert by_feed(library, now + HALF_A_YEAR, *volumes).new == 0
    assert len(titles_of(library)) == 3


def test_the_tenth_volume_is_not_the_first(library, now):
    volumes = [parsed(f"Amulet. Book {n}", HOLES) for n in (1, 10, 11)]
    assert by_feed(library, now, *volumes).new == 3


def test_a_grade_stays_as_a_person_said_for_whom_it_is(cast, library, now):
    by_feed(library, now, parsed("Holes", HOLES, grade=9, audience="Teen"))
    correct(the_title(library).id, Typed("Holes"), cast.author, now)
    by_list(library, now, parsed("Holes", HOLES, grade=9))
    assert the_title(library).grade is None


def test_a_title_that_stands_twice_in_one_feed_is_stored_once(library, now):
    twice = (parsed("Holes", HOLES), parsed("Holes", HOLES, author="Sachar"), parsed("Holes", HOLES))
    assert by_feed(library, now, *twice).new == 1


@pytest.mark.parametrize("known", [True, False])
def test_of_two_lines_of_one_title_each_may_say_what_the_other_does_not(library, now, known):
    if known:
        by_feed(library, now, parsed("Holes", HOLES))
    lines = (parsed("Holes", HOLES, grade=0), parsed("Holes", HOLES, PAPERBACK, grade=5, call_number="F SAC"))
    by_list(library, now, *lines)
    stored = the_title(library)
    assert (stored.grade, stored.call_number, isbns_of(stored)) == (0, "F SAC", [HOLES, PAPERBACK])


@pytest.mark.parametrize(("author", "form"), [("Somebody Else", None), ("Louis Sachar", "DVD")])
def test_one_name_of_another_author_or_another_format_is_another_title(library, now, author, form):
    by_feed(library, now, parsed("Holes", author="Louis Sachar"))
    assert by_feed(library, now, parsed("Holes", author=author, format=form)).new == 1


def test_without_numbers_the_name_alone_decides(library, now):
    by_feed(library, now, parsed("The light fantastic", author="Terry Pratchett"))
    assert by_feed(library, now, parsed("Light Fantastic!", author="Pratchett, Terry", format="Books")).new == 0


def test_another_edition_is_new_and_warns(library, now):
    by_feed(library, now, parsed("Holes", HOLES, author="Louis Sachar"))
    by_feed(library, now, parsed("Holes", PAPERBACK, author="Louis Sachar"))
    first, second = titles_of(library)
    assert first.warning is None
    assert second.warning == "Another edition of a title that is in the catalog already."


def test_an_edition_without_isbn_is_the_one_that_is_there(library, now):
    by_feed(library, now, parsed("Holes", HOLES, author="Louis Sachar"))
    assert by_feed(library, now, parsed("Holes", author="Louis Sachar")).new == 0


def test_a_title_without_isbn_learns_one_and_is_found_by_it(library, now):
    by_feed(library, now, parsed("Holes", author="Louis Sachar"))
    by_list(library, now, parsed("Holes", HOLES, author="Louis Sachar"))
    assert isbns_of(the_title(library)) == [HOLES]
    assert by_feed(library, now, parsed("Holes", HOLES, author="Sachar, Louis & others")).new == 0


LATER = {
    "subtitle": "a novel",
    "author": "Louis Sachar",
    "call_number": "FIC SAC",
    "link": "https://c.example/1",
    "cover": "https://c.example/1.jpg",
}


@pytest.mark.parametrize("field", LATER)
def test_what_a_later_source_knows_is_filled_in(library, now, field):
    by_feed(library, now, parsed("Holes", HOLES))
    by_list(library, now, parsed("Holes", HOLES, **{field: LATER[field]}))
    assert getattr(the_title(library), field) == LATER[field]


@pytest.mark.parametrize("field", LATER)
def test_what_a_later_source_says_otherwise_changes_nothing(library, now, field):
    by_feed(library, now, parsed("Holes", HOLES, **{field: "https://first.example/"}))
    by_list(library, now, parsed("Holes", HOLES, **{field: LATER[field]}))
    assert getattr(the_title(library), field) == "https://first.example/"


def test_a_grade_is_learnt_once(library, now):
    by_feed(library, now, parsed("Holes", HOLES))
    by_list(library, now, parsed("Holes", HOLES, grade=5))
    by_list(library, now, parsed("Holes", HOLES, grade=9))
    assert the_title(library).grade == 5


def test_a_correction_survives_the_next_fetch(cast, library, now):
    as_it_comes = parsed("holes /", HOLES, author="Sachar", record="opac.x.org biblionumber 1", call_number="FIC")
    by_feed(library, now, as_it_comes)
    correct(
        the_title(library).id, Typed("Holes", "a novel", "Louis Sachar", link="https://c.example/x"), cast.author, now
    )
    assert by_feed(library, now + HALF_A_YEAR, as_it_comes).new == 0
    title = the_title(library)
    assert (title.title, title.subtitle, title.author, title.link) == (
        "Holes",
        "a novel",
        "Louis Sachar",
        "https://c.example/x",
    )


@pytest.mark.parametrize("field", sorted(LATER.keys() - {"cover"}))  # nobody types a cover
def test_what_a_person_emptied_stays_empty(cast, library, now, field):
    """E.g. a wrong author: the next fetch must not bring it back."""
    as_it_comes = parsed("Holes", HOLES, **{field: "https://wrong.example/"})
    by_feed(library, now, as_it_comes)
    correct(the_title(library).id, Typed("Holes"), cast.author, now)
    by_feed(library, now + HALF_A_YEAR, as_it_comes)
    assert getattr(the_title(library), field) is None


def test_a_corrected_name_is_still_known_by_the_one_of_the_catalog(cast, library, now):
    by_feed(library, now, parsed("Hloes", author="Louis Sachar"))
    correct(the_title(library).id, Typed("Holes", author="Louis Sachar"), cast.author, now)
    assert by_feed(library, now, parsed("Hloes", author="Louis Sachar")).new == 0


def test_the_same_title_in_two_libraries_is_one_of_each(cast, now):
    by_feed(cast.library, now, parsed("Holes", HOLES))
    assert by_feed(cast.other, now, parsed("Holes", HOLES)).new == 1
    assert the_title(cast.library).id != the_title(cast.other).id


def test_formats_and_audiences_are_offered_to_choose_from(cast, library, now):
    by_feed(library, now, parsed("Holes", format="book"), parsed("Up", format="DVD", audience="Ages 8-12"))
    by_feed(library, now, parsed("Wonder", format="DVD"), name="Teens", audience="Young adult")
    found = facets_of(library)
    assert found == {"format": ["DVD", "book"], "audience": ["Ages 8-12", "Young adult"]}
    assert facets_of(cast.other) == {"format": [], "audience": []}


def test_more_formats_than_anybody_chooses_from_are_no_formats(library, now):
    many = [parsed(f"Book {n}", format=f"Format {n}", audience=f"Readers {n}") for n in range(MOST_FACETS)]
    by_feed(library, now, *many)
    by_list(library, now, parsed("Holes", format="DVD"))
    assert sum(map(len, facets_of(library).values())) == MOST_FACETS


def facets_of(library):
    return {kind: sorted(values) for kind, values in facets(db.session(), library.id).items()}


def test_thousands_in_one_feed_are_all_found_again(library, now):
    """More than one question to the database holds."""
    many = [parsed(f"Volume {n}", record=f"opac.x.org biblionumber {n}") for n in range(1_203)]
    assert by_feed(library, now, *many, baseline_at=None).titles == 1_203
    assert by_feed(library, now, *many, parsed("One more")).new == 1
    assert "One more" in [title.title for title in look(db.session(), library, Wanted()).titles]


names = st.sampled_from(["Holes", "Holes and more", "Wonder", "Up"])
numbers = st.lists(st.sampled_from([HOLES, PAPERBACK, "9780439554930"]), max_size=2, unique=True)
records = st.none() | st.sampled_from(["opac.x.org biblionumber 1", "opac.x.org biblionumber 2", "marc 1"])
feeds_of_titles = st.lists(
    st.builds(lambda n, i, r: candidate(parsed(n, *i, record=r)), names, numbers, records), max_size=8
)


@given(feeds_of_titles)
def test_each_of_a_feed_is_stored_at_most_once_and_none_is_lost(candidates):
    """What is not stored stands for one that is: by number, or by name."""
    seen, fresh = sorted_out(candidates, {}, {})
    assert seen == {}
    assert all(one.key in fresh or any({*one.ids} & {*kept.ids} for kept in fresh.values()) for one in candidates)
    assert sorted_out(list(fresh.values()), {}, {})[1] == fresh


HARDBACK = HOLES
NOT_TWO = (((), ()), ((HARDBACK,), ()), ((), (PAPERBACK,)), ((HARDBACK,), (HARDBACK, PAPERBACK)))


@pytest.mark.parametrize("bring", [by_feed, by_list])
def test_two_editions_that_come_at_once_are_two_titles_and_the_second_warns(library, now, bring):
    both = [parsed("Holes", isbn, author="Louis Sachar") for isbn in (HARDBACK, PAPERBACK)]
    bring(library, now, *both)
    first, second = titles_of(library)
    assert (isbns_of(first), isbns_of(second)) == ([HARDBACK], [PAPERBACK])
    assert (first.warning, second.warning) == (None, OTHER_EDITION)
    bring(library, now + HALF_A_YEAR, *both)
    bring(library, now + HALF_A_YEAR, *reversed(both))
    assert len(titles_of(library)) == 2


def test_of_two_editions_nothing_is_new_at_the_next_fetch(library, now):
    both = [parsed("Holes", isbn, author="Louis Sachar") for isbn in (HARDBACK, PAPERBACK)]
    assert by_feed(library, now, *both).new == 2
    assert by_feed(library, now + HALF_A_YEAR, *both).new == 0


@pytest.mark.parametrize(
    "isbns", [((), ()), ((HARDBACK,), ()), ((), (PAPERBACK,)), ((HARDBACK,), (HARDBACK, PAPERBACK))]
)
def test_one_name_twice_is_one_title_unless_both_have_isbns_of_their_own(library, now, isbns):
    assert by_feed(library, now, *(parsed("Holes", *some, author="Louis Sachar") for some in isbns)).new == 1
    assert the_title(library).warning is None
