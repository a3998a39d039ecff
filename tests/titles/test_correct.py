"""What a person says of one title: its words, hidden, let in."""

import pytest
from sqlalchemy import select

from outreach.db import db
from outreach.models import Event
from outreach.titles.correct import Typed, correct, hide, let_in, show
from outreach.titles.shelf import Wanted, facets, look
from outreach.titles.typed_isbn import isbn_to_type
from outreach.words import NotDone
from tests.clients import signed_in
from tests.titles.brought import by_feed, by_list, isbns_of, parsed, the_title, titles_of


@pytest.fixture
def title(cast, now):
    by_feed(cast.library, now, parsed("Hloes", "9780141321066", author="Sachar", audience="Teen", grade=7))
    return the_title(cast.library)


def shown(library, show=""):
    return [t.title for t in look(db.session(), library, Wanted(show=show)).titles]


def test_words_are_tidied_and_what_was_changed_is_remembered(cast, title, now):
    correct(title.id, Typed("  Holes\x00 \n ", " a\tnovel ", "Sachar", audience="Teen"), cast.author, now)
    now_it_is = the_title(cast.library)
    assert (now_it_is.title, now_it_is.subtitle, now_it_is.author) == ("Holes", "a novel", "Sachar")
    assert now_it_is.corrected == ["subtitle", "title"]


def test_a_second_correction_adds_to_the_first(cast, title, now):
    correct(title.id, Typed("Holes", author="Sachar", audience="Teen"), cast.author, now)
    correct(title.id, Typed("Holes", author="Louis Sachar", audience="Teen"), cast.author, now)
    assert the_title(cast.library).corrected == ["author", "title"]


@pytest.mark.parametrize("field", ["format", "audience", "call_number"])
def test_words_that_no_index_holds_are_refused_with_a_sentence(cast, title, now, field):
    long = "".join(chr(0x4E00 + n * 7_919 % 20_000) for n in range(500))  # nothing in it repeats: 1,500 bytes
    with pytest.raises(NotDone, match="Shorten it"):
        correct(title.id, Typed("Holes", **{field: long}), cast.author, now)
    assert the_title(cast.library).title == "Hloes"


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "\x00"])
def test_a_title_is_never_empty(cast, title, now, typed):
    with pytest.raises(NotDone, match="empty"):
        correct(title.id, Typed(typed), cast.author, now)
    assert the_title(cast.library).title == "Hloes"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//", "http://"])
def test_a_link_that_is_none_is_refused_and_nothing_is_changed(cast, title, now, link):
    with pytest.raises(NotDone):
        correct(title.id, Typed("Holes", link=link), cast.author, now)
    assert the_title(cast.library).title == "Hloes"


def test_words_without_end_are_refused(cast, title, now):
    with pytest.raises(NotDone):
        correct(title.id, Typed("x" * 501), cast.author, now)


def test_another_audience_has_another_grade_and_can_be_chosen(cast, title, now):
    correct(title.id, Typed("Holes", audience="Ages 8-12", format="audio tape"), cast.author, now)
    assert the_title(cast.library).grade == 3
    found = facets(db.session(), cast.library.id)
    assert "Ages 8-12" in found["audience"]
    assert found["format"] == ["audio tape"]


def test_what_is_hidden_is_not_offered_until_it_is_shown_again(cast, title, now):
    hide(title.id, cast.author, now)
    assert (shown(cast.library, "new"), shown(cast.library, "hidden")) == ([], ["Hloes"])
    show(title.id, cast.author, now)
    assert (shown(cast.library, "new"), shown(cast.library, "hidden")) == (["Hloes"], [])


def test_what_is_hidden_stays_hidden_when_the_feed_brings_it_again(cast, title, now):
    hide(title.id, cast.author, now)
    by_feed(cast.library, now, parsed("Hloes", "9780141321066"))
    assert shown(cast.library, "new") == []


def test_all_of_it_is_in_the_history(cast, title, now):
    correct(title.id, Typed("Holes"), cast.author, now)
    hide(title.id, cast.author, now)
    show(title.id, cast.author, now)
    let_in(title.id, cast.author, now)
    of_it = select(Event).where(Event.thing == "title", Event.thing_id == title.id).order_by(Event.id)
    assert [(e.verb, e.who) for e in db.session.scalars(of_it)] == [
        (verb, "Contributor") for verb in ("corrected", "hidden", "shown", "let in")
    ]


@pytest.mark.parametrize("pages", [True])
def test_the_titles_of_another_library_cannot_be_touched(app, cast, title, pages):
    stranger = signed_in(app, cast.outsider)
    for path in ("", "/hide", "/let-in"):
        assert stranger.post(f"/titles/all/{title.id}{path}", data={"title": "Mine"}).status_code in (403, 404)
    assert stranger.get(f"/titles/all/{title.id}").status_code in (403, 404)
    assert the_title(cast.library).title == "Hloes"


# Its ISBN


@pytest.fixture
def bare(cast, now):
    """Excel has destroyed its ISBN."""
    by_list(cast.library, now, parsed("Holes", author="Sachar"))
    return the_title(cast.library)


@pytest.mark.parametrize("typed", ["978-0-14-132106-6", "0-14-132106-7", " 9780141321066 ", "141321067"])
def test_an_isbn_that_nobody_could_mend_is_typed(cast, bare, now, typed):
    correct(bare.id, Typed("Holes", author="Sachar", isbn=typed), cast.author, now)
    title = the_title(cast.library)
    assert [(known.kind, known.value, known.library_id) for known in title.ids] == [
        ("isbn", "9780141321066", cast.library.id)
    ]
    assert (isbn_to_type(title), title.corrected) == ("9780141321066", ["isbn"])
    by_feed(cast.library, now, parsed("Holes", "9780141321066", author="Louis Sachar"))
    assert len(titles_of(cast.library)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9780141321067", "not quite an ISBN: one of its digits is wrong"),
        ("9.78014E+12", "look the number up in the book"),
        ("12345", "has 5 digits"),
        ("Holes", "This is no ISBN"),
        ("9" * 501, "Shorten it"),
    ],
)
def test_what_is_no_isbn_is_refused_with_a_sentence_and_nothing_is_changed(cast, bare, now, typed, said):
    with pytest.raises(NotDone, match=said):
        correct(bare.id, Typed("Other words", isbn=typed), cast.author, now)
    title = the_title(cast.library)
    assert (title.title, isbns_of(title)) == ("Holes", [])


def test_the_isbn_of_another_title_is_refused_and_that_title_named(cast, bare, now):
    by_feed(cast.library, now, parsed("Small steps", "9780141321066"))
    with pytest.raises(NotDone, match="“Small steps” has this ISBN"):
        correct(bare.id, Typed("Holes", isbn="9780141321066"), cast.author, now)
    assert [isbns_of(title) for title in titles_of(cast.library)] == [[], ["9780141321066"]]


def test_of_another_library_the_same_isbn_is_no_matter(cast, bare, now):
    by_feed(cast.other, now, parsed("Holes", "9780141321066"))
    correct(bare.id, Typed("Holes", isbn="9780141321066"), cast.author, now)
    assert isbns_of(the_title(cast.library)) == ["9780141321066"]


def test_a_typed_isbn_is_corrected_and_taken_back_and_that_of_a_feed_is_not(cast, bare, now):
    def isbns(typed: str | None) -> list[str]:
        correct(bare.id, Typed("Holes", author="Sachar", isbn=typed), cast.author, now)
        return isbns_of(the_title(cast.library))

    assert isbns("9780439023481") == ["9780439023481"]
    by_feed(cast.library, now, parsed("Holes", "9780439023481", "9780061020704", author="Sachar"))
    assert isbns("9780141321066") == ["9780061020704", "9780141321066"]
    assert isbns(None) == ["9780061020704", "9780141321066"]
    assert isbn_to_type(the_title(cast.library)) == "9780141321066"
    assert isbns("") == ["9780061020704"]
    assert isbn_to_type(the_title(cast.library)) is None
    assert isbns("") == ["9780061020704"]


def test_what_is_typed_while_a_feed_told_another_isbn_is_not_thrown_away_in_silence(cast, bare, now):
    by_feed(cast.library, now, parsed("Holes", "9780061020704", author="Sachar"))
    with pytest.raises(NotDone, match="By now its ISBN is known: 9780061020704"):
        correct(bare.id, Typed("Holes", author="Sachar", isbn="9780141321066"), cast.author, now)
    correct(bare.id, Typed("Holes", author="Louis Sachar", isbn="9780061020704"), cast.author, now)
    assert the_title(cast.library).author == "Louis Sachar"
