"""Numbers as people read them, in sentences and on pages."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from clients import signed_in
from flask_babel import force_locale

from outreach import languages
from outreach.db import writing
from outreach.models import Import
from outreach.web.shown import say, told
from outreach.web.shown_titles import counted
from outreach.words import Sentence, several


@pytest.fixture
def request_context(app):
    with app.test_request_context():
        yield


def test_one_thing_has_words_of_its_own():
    assert several(1, "%(count)s book", "%(count)s books") == "1 book"
    assert several(0, "%(count)s book", "%(count)s books") == "0 books"


def test_numbers_above_999_have_their_separators(request_context):
    assert counted("%(num)s title", "%(num)s titles", 12_345) == "12,345 titles"
    assert counted("%(num)s title", "%(num)s titles", 1) == "1 title"
    assert told("%(count)s of %(most)s", count=1_000, most=20_000) == "1,000 of 20,000"
    assert say(Sentence("%(count)s titles are new.", count=1_234_567)) == "1,234,567 titles are new."
    assert say(Sentence("%(over)s characters too long.", over=4_500)) == "4,500 characters too long."


def test_a_number_stays_one_where_it_is_stored():
    stored = Sentence.load(Sentence("%(over)s characters of %(name)s.", over=4_500, name="1984").dump())
    assert stored.values == {"over": 4_500, "name": "1984"}
    assert stored == "4500 characters of 1984."


def test_which_plural_it_is_is_said_in_the_language_of_the_reader(app, tmp_path, monkeypatch):
    """Polish has three of them: for 1, for 2 to 4, and for 5."""
    catalog = Catalog(locale="pl")
    catalog.add(("%(count)s book", "%(count)s books"), ("%(count)s książka", "%(count)s książki", "%(count)s książek"))
    (folder := tmp_path / "pl" / "LC_MESSAGES").mkdir(parents=True)
    with (folder / "messages.po").open("wb") as file:
        write_po(file, catalog)
    monkeypatch.setattr(languages, "CATALOGS", tmp_path)
    monkeypatch.setattr(languages, "_catalogs", lambda: {"pl"})
    books = [several(count, "%(count)s book", "%(count)s books") for count in (1, 3, 5)]
    assert books == ["1 book", "3 books", "5 books"]
    with app.test_request_context(), force_locale("pl"):
        for sentences in (books, [Sentence.load(book.dump()) for book in books]):
            assert [say(one) for one in sentences] == ["1 książka", "3 książki", "5 książek"]


def test_text_that_only_looks_like_a_number_is_shown_as_it_is(request_context):
    assert say(Sentence("%(isbn)s is known.", isbn="9780061020704")) == "9780061020704 is known."
    assert told("%(year)s", year="2026") == "2026"


def test_a_list_without_a_name_is_called_by_its_books(app, cast, now):
    common = {"library_id": cast.library.id, "kind": "isbns", "state": "done", "created_at": now}
    with writing() as session:
        session.add_all([Import(**common, total=1), Import(**common, total=1_200), Import(**common, name="Cart.csv")])
    client = signed_in(app, cast.contributor)
    for page in ("/titles/", "/titles/lists/"):
        shown = client.get(page).get_data(as_text=True)
        for name in ("Scanned ISBNs: 1 book<", "Scanned ISBNs: 1,200 books<", "Cart.csv<"):
            assert name in shown, page
        assert "scanned ISBNs" not in shown
