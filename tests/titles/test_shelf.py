"""The titles page: what is found by which words, what each filter shows, and page after page of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from outreach.db import db, writing
from outreach.models import Feed, Import, Title
from outreach.titles.correct import Typed, correct
from outreach.titles.shelf import SHOWS, Wanted, facets, look, posts_with, waiting
from tests.bench.shelf import counted
from tests.clients import signed_in
from tests.factories import write
from tests.titles.brought import by_feed, by_list, parsed, titles_of

WEEK = timedelta(days=7)


@pytest.fixture
def library(cast):
    return cast.library


def names(library, words="", size=50, **wanted):
    db.session.rollback()
    return [t.title for t in look(db.session(), library, Wanted(words=words, **wanted), size).titles]


def set_on(library, name, **values):
    with writing() as session:
        title = session.scalar(select(Title).where(Title.library_id == library.id, Title.title == name))
        for key, value in values.items():
            setattr(title, key, value)


BOOKS = (
    parsed("Les Misérables", author="Victor Hugo"),
    parsed("The light fantastic", author="Terry Pratchett", subtitle="a Discworld novel"),
    parsed("火の鳥", author="手塚 治虫"),
    parsed("해리 포터", author="조앤 롤링"),
    parsed("Holes", "9780141321066", author="Louis Sachar"),
    parsed("Straße der Ölsardinen", author="John Steinbeck"),
    parsed("نمی‌دانم", author="نویسنده"),
    parsed("24/7 AC/DC", author="O'Brien-Smith"),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("light", "The light fantastic"),
        ("LIGHT fantastic", "The light fantastic"),
        ("fantastic light", "The light fantastic"),
        ("fant", "The light fantastic"),
        ("pratch ligh", "The light fantastic"),
        ("discworld", "The light fantastic"),
        ("miserables", "Les Misérables"),
        ("MISÉRABLES hugo", "Les Misérables"),
        ("mise\u0301r", "Les Misérables"),
        ("strasse", "Straße der Ölsardinen"),
        ("olsard", "Straße der Ölsardinen"),
        ("火", "火の鳥"),
        ("の鳥", "火の鳥"),
        ("手塚", "火の鳥"),
        ("포터", "해리 포터"),
        ("نویس", "نمی‌دانم"),
        ("24/7", "24/7 AC/DC"),
        ("ac/dc", "24/7 AC/DC"),
        ("o'brien", "24/7 AC/DC"),
        ("smith", "24/7 AC/DC"),
        ("9780141321066", "Holes"),
        ("978-0-14-132106-6", "Holes"),
        ("0-14-132106-7", "Holes"),
        ("0141321067", "Holes"),
        (" 978 0 14 132106 6 ", "Holes"),
    ],
)
def test_a_title_is_found_by_words_in_any_order_and_spelling_or_its_isbn(library, now, typed, found):
    by_feed(library, now, *BOOKS)
    assert names(library, typed) == [found]


@pytest.mark.parametrize(
    "typed", ["ight", "fantastic missing", "9780545935180", "sachar hugo", "library1", "library", "lib", "_1"]
)
def test_what_no_title_has_finds_nothing(library, now, typed):
    by_feed(library, now, *BOOKS)
    assert names(library, typed) == []


def test_what_a_later_source_tells_is_found_as_well_and_may_be_chosen(library, now):
    by_feed(library, now, parsed("Holes", "9780141321066"))
    by_feed(library, now + WEEK, parsed("Holes", "9780141321066", author="Louis Sachar", subtitle="a prison story"))
    by_list(library, now + WEEK, parsed("Holes", "9780141321066", format="DVD", audience="Teen"))
    assert [names(library, typed) for typed in ("sachar", "prison")] == [["Holes"]] * 2
    assert facets(db.session(), library.id) == {"format": ["DVD"], "audience": ["Teen"]}


@pytest.mark.parametrize("typed", ["", "   "])
def test_without_words_all_are_shown_as_their_feed_has_them(library, now, typed):
    by_feed(library, now, *BOOKS)
    assert names(library, typed) == [t.title for t in BOOKS]


@pytest.mark.parametrize("typed", ["!!!", '"', "* *", "___", "()"])
def test_signs_alone_find_nothing(library, now, typed):
    by_feed(library, now, *BOOKS)
    assert names(library, typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "\"*' OR : ( NEAR",
        "light OR holes",
        "NEAR(light fantastic, 2)",
        "words : light",
        "light* -fantastic",
        "^light",
        "light AND NOT fantastic",
        "a & b | !c <-> d:*",
        "light:A",
        "'; DROP TABLE title_words; --",
        "\\",
        "light\x00fantastic",
        "\ud800",
        "%",
        "𞤀𞤣𞤤𞤢𞤥",
        "ₐ ① ² ½ ٣",
        "x" * 5_000,
        "word " * 500,
    ],
)
def test_hostile_words_are_words(library, now, typed):
    by_feed(library, now, *BOOKS, parsed("Light or near words drop table"))
    names(library, typed)
    names(library, typed, show="new", format="DVD", week=now.date())
    assert names(library, "holes") == ["Holes"]


@given(st.text(max_size=60) | st.text("\"*':()^-+{}&|!<>\\ abORNEARTNOT\x00", max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_no_words_raise(library, typed):
    assert names(library, typed) == []  # the library is empty


@pytest.mark.parametrize("word", ["Ⅷ", "𞤀𞤣𞤤", "ﬁre", "İstanbul", "ǅungla", "ŉ", "ქართული", "ꙮko", "हिन्दी", "Ꮳ", "𝔘ber"])
def test_a_title_in_any_letters_is_found_by_its_own_word(library, now, word):
    by_feed(library, now, parsed(f"{word} tales"), parsed("Other tales"))
    assert names(library, word) == [f"{word} tales"]
    assert names(library, f"tales {word}") == [f"{word} tales"]


def test_a_word_without_end_is_kept_and_found(library, now):
    endless = "\ufdfa" * 400  # one character, eighteen letters once it is folded
    by_feed(library, now, parsed(endless))
    assert names(library, endless) == names(library, endless[:3]) == [endless]


@pytest.mark.parametrize("pages", [True])
def test_a_page_of_hostile_words_is_a_page(app, cast, pages):
    client = signed_in(app, cast.contributor)
    for typed in ("\"*' OR : ( NEAR", "a\x00b", "%00", "x" * 3_000, "\ud800".encode("utf-8", "surrogatepass")):
        assert client.get("/titles/all/", query_string={"q": typed}).status_code in (200, 400)
    odd = {"feed": "999999999999", "list": "-1", "before": "²", "week": "2026-W99", "show": "nothing", "format": "<b>"}
    assert client.get("/titles/all/", query_string=odd).status_code == 200


def test_a_corrected_title_is_found_by_its_new_words_and_not_by_the_old(cast, library, now):
    by_feed(library, now, parsed("Hloes", author="Sachar"))
    correct(titles_of(library)[0].id, Typed("Holes", author="Louis Sachar"), cast.author, now)
    assert names(library, "holes louis") == ["Holes"]
    assert names(library, "hloes") == []


def test_a_title_that_is_gone_is_not_found_and_its_number_not_taken_for_another(library, now):
    by_feed(library, now, parsed("Holes"))
    with writing() as session:
        session.delete(session.scalar(select(Title)))
    by_feed(library, now, parsed("Wonder"))
    assert (names(library, "holes"), names(library, "wonder")) == ([], ["Wonder"])


def test_titles_of_another_library_are_never_shown(cast, now):
    by_feed(cast.library, now, parsed("Holes", "9780141321066", format="DVD", audience="Teen"), name="A")
    by_feed(cast.other, now, parsed("Elsewhere", "9780545935180", format="DVD", audience="Teen"), name="A")
    theirs = db.session.scalar(select(Feed.id).where(Feed.library_id == cast.other.id))
    assert names(cast.library) == ["Holes"]
    assert names(cast.library, "elsewhere") == names(cast.library, "9780545935180") == []
    assert names(cast.library, feed=theirs) == []
    assert names(cast.library, format="DVD", audience="Teen", show="new") == ["Holes"]
    assert names(cast.library, f"library{cast.other.id}") == []


def test_a_library_whose_number_begins_like_another_s_has_its_own_words(library, now):
    """library1 is the beginning of library12."""
    from outreach.titles import full_text

    by_feed(library, now, parsed("Holes"))
    with writing() as session:
        full_text.change(session, [(titles_of(library)[0].id, full_text.words_of(library.id * 10 + 2, "Holes"))])
    assert names(library, "holes") == []


@pytest.fixture
def shelf(library, now):
    """One title for each thing that the page can ask for."""
    by_feed(library, now, parsed("New"), parsed("Announced"), parsed("Hidden"), parsed("Struck"), parsed("Filter"))
    by_feed(library, now, parsed("Older"), parsed("Unmarked"), parsed("Coming"), parsed("Old"), name="Other")
    set_on(library, "Announced", announced_at=now)
    set_on(library, "Hidden", hidden_at=now)
    set_on(library, "Struck", struck_at=now)
    set_on(library, "Old", baseline=True)
    for name in ("Filter", "Older", "Unmarked", "Coming"):
        set_on(library, name, left_out=name.lower())


@pytest.mark.parametrize(
    ("show", "found"),
    [
        ("", "New Announced Hidden Struck Older Unmarked Coming Old"),
        ("new", "New"),
        ("announced", "Announced"),
        ("older", "Older"),
        ("unmarked", "Unmarked"),
        ("coming", "Coming"),
        ("hidden", "Hidden Struck Filter"),
    ],
)
def test_each_choice_shows_what_its_words_say(library, shelf, show, found):
    assert names(library, show=show) == found.split()
    assert set(SHOWS) == {"new", "announced", "older", "unmarked", "coming", "hidden"}


def test_filters_narrow_each_other(library, now):
    by_feed(library, now, parsed("One", format="DVD", audience="Teen"), parsed("Two", format="DVD"), name="A")
    by_feed(library, now + WEEK, parsed("Three", format="book", audience="Teen"), parsed("One"), name="B")
    first, second = db.session.scalars(select(Feed.id).order_by(Feed.id))
    assert names(library, format="DVD") == ["One", "Two"]
    assert names(library, audience="Teen") == ["Three", "One"]
    assert names(library, audience="Teen", format="DVD") == ["One"]
    assert names(library, feed=first) == ["One", "Two"]
    assert names(library, week=now.date()) == ["One", "Two"]
    assert names(library, feed=second, week=(now + WEEK).date()) == ["Three", "One"] or names(library, feed=second)
    assert names(library, "one", feed=first, audience="Teen", format="DVD", week=now.date(), show="new") == ["One"]
    assert names(library, "two", audience="Teen") == []
    assert names(library, format="VHS") == []


def test_a_list_shows_its_own_titles(library, now):
    by_feed(library, now, parsed("Holes", "9780141321066"), parsed("Wonder"))
    by_list(library, now, parsed("Holes", "9780141321066"), parsed("Up"))
    number = db.session.scalar(select(Import.id))
    assert names(library, list=number) == ["Holes", "Up"]
    assert names(library, "holes", list=number) == ["Holes"]


@pytest.mark.parametrize(
    ("came", "day", "found"),
    [
        (datetime(2026, 11, 23, 5, 59, tzinfo=UTC), date(2026, 11, 24), False),  # Sunday, 23:59 in Chicago
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), date(2026, 11, 24), True),  # Monday, 0:00
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), date(2026, 11, 23), True),
        (datetime(2026, 11, 30, 5, 59, tzinfo=UTC), date(2026, 11, 29), True),  # Sunday, 23:59
        (datetime(2026, 11, 30, 6, 0, tzinfo=UTC), date(2026, 11, 29), False),
        (datetime(2026, 11, 2, 5, 30, tzinfo=UTC), date(2026, 11, 1), True),  # the week in which the clocks change
        (datetime(2026, 11, 2, 6, 0, tzinfo=UTC), date(2026, 11, 1), False),
    ],
)
def test_a_week_is_one_of_the_library_s_own_clock(library, came, day, found):
    by_feed(library, came, parsed("Holes"))
    assert names(library, week=day) == (["Holes"] if found else [])


@pytest.mark.parametrize("day", [date.min, date.max, date(1, 1, 1), date(9999, 12, 31)])
def test_weeks_at_the_ends_of_the_calendar_are_empty(library, now, day):
    by_feed(library, now, parsed("Holes"))
    assert names(library, week=day) == []


def test_page_after_page_shows_each_title_once_also_where_new_ones_come_meanwhile(library, now):
    by_feed(library, now, *(parsed(f"Title {n}", format="DVD" if n % 2 else "book") for n in range(23)))
    for filters in (
        {},
        {"format": "DVD"},
        {"words": "title"},
        {"words": "title", "format": "book", "week": now.date()},
    ):
        everything, seen, before = names(library, **filters), [], None
        while True:
            found = look(db.session(), library, Wanted(before=before, **filters), 5)
            seen += [t.title for t in found.titles]
            by_feed(library, now, parsed(f"Late {len(seen)} {filters}", format="kit"))
            if not found.more:
                break
            before = found.last
            assert len(found.titles) == 5
        assert sorted(seen) == sorted(everything)


def test_the_last_full_page_says_that_there_is_no_more(library, now):
    by_feed(library, now, *(parsed(f"Title {n}") for n in range(10)))
    assert look(db.session(), library, Wanted(), 10).more is False
    assert look(db.session(), library, Wanted(), 9).more is True


def test_a_title_names_the_posts_it_is_in(cast, library, now):
    by_feed(library, now, parsed("Holes"), parsed("Wonder"))
    holes, wonder = titles_of(library)
    post = write(cast, now, kind="titles", titles=[holes.id])
    assert [p.id for p in posts_with(db.session(), holes.id)] == [post.id]
    assert posts_with(db.session(), wonder.id) == []


def test_what_waits_for_a_person_is_counted_and_nothing_of_a_baseline(library, shelf):
    set_on(library, "Older", baseline=True)
    assert waiting(db.session(), library.id) == {"unmarked": 1, "older": 0, "coming": 1}


@pytest.mark.parametrize("pages", [True])
def test_the_page_links_to_the_next_one_and_keeps_the_filters(app, cast, library, now, pages):
    by_feed(library, now, *(parsed(f"Title {n}", format="DVD") for n in range(60)))
    client = signed_in(app, cast.contributor)
    first = client.get("/titles/all/?format=DVD").get_data(as_text=True)
    assert "Title 59<" in first
    assert "Title 9<" not in first
    last_shown = titles_of(library)[10].id
    assert f'name="before" value="{last_shown}"' in first
    assert "Title 9<" in client.get(f"/titles/all/?format=DVD&before={last_shown}").get_data(as_text=True)


def test_very_common_words_are_found_as_by_reading_every_title(library, now, monkeypatch):
    """On SQLite the newest with these words come first, and what passes the filter is read word for word after them."""
    monkeypatch.setattr("outreach.titles.shelf.COMMON", 7)
    forms, whom = ("DVD", "book", None), ("Teen", "")
    stock = [
        parsed(f"The {'red' if n % 3 else 'blue'} moon {n}", format=forms[n % 3], audience=whom[n % 2])
        for n in range(60)
    ]
    for n in range(0, 60, 10):
        by_feed(library, now + timedelta(days=n), *stock[n : n + 10], name=f"Feed {n % 20}")
    everything = titles_of(library)
    for typed in ("the", "the red", "moo", "blue moon", "moon 5"):
        for form in ("", "DVD"):
            for before in (None, everything[30].id):
                wanted = Wanted(words=typed, format=form, before=before)
                found = [t.id for t in look(db.session(), library, wanted, 12).titles]
                honest = (t.id for t in everything if reads(t, typed) and form in ("", t.format))
                expected = sorted((n for n in honest if before is None or n < before), reverse=True)[:12]
                assert sorted(found, reverse=True) == expected, (typed, form, before)


def reads(title, typed):
    words = f"{title.title} {title.subtitle or ''} {title.author or ''}".lower().split()
    return all(any(word.startswith(one) if len(one) > 1 else word == one for word in words) for one in typed.split())


@pytest.mark.parametrize("pages", [True])
def test_the_page_asks_the_database_eight_times_at_most(app, cast, library, now, pages):
    by_feed(library, now, *BOOKS)
    by_list(library, now, parsed("Up"))
    feed, number, client = *(db.session.scalar(select(m.id)) for m in (Feed, Import)), signed_in(app, cast.contributor)
    for asked in ("", "q=moon", "show=new&q=a", f"feed={feed}&format=DVD", f"list={number}&q=the", "q=9780545935180"):
        with counted() as queries:
            client.get(f"/titles/all/?{asked}")
        assert len(queries) <= 8, (asked, queries)
