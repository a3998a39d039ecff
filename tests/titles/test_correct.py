"""What a person says of one title: its words, hidden, let in."""

import pytest
from sqlalchemy import select

from outreach.db import db
from outreach.models import Event
from outreach.titles.correct import Typed, correct, hide, let_in
from outreach.titles.shelf import Wanted, facets, look
from outreach.words import NotDone
from tests.clients import signed_in
from tests.titles.brought import by_feed, parsed, the_title


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
    hide(title.id, cast.author, now)
    assert (shown(cast.library, "new"), shown(cast.library, "hidden")) == (["Hloes"], [])


def test_what_is_hidden_stays_hidden_when_the_feed_brings_it_again(cast, title, now):
    hide(title.id, cast.author, now)
    by_feed(cast.library, now, parsed("Hloes", "9780141321066"))
    assert shown(cast.library, "new") == []


def test_all_of_it_is_in_the_history(cast, title, now):
    correct(title.id, Typed("Holes"), cast.author, now)
    hide(title.id, cast.author, now)
    hide(title.id, cast.author, now)
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
