"""What is said to people, in each language that pages are offered in."""

from datetime import date, time

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from sqlalchemy import select

from outreach import languages
from outreach.db import db, writing
from outreach.languages import known, own_name, spoken
from outreach.mail import put
from outreach.models import Library, Mail, Person
from outreach.posts.format_names import NAMES, format_name
from outreach.titles import formats
from outreach.words import Sentence, several


def test_a_sentence_is_said_in_english_where_there_is_no_translation():
    assert spoken(Sentence("%(place)s is away.", place="Mastodon"), "es") == "Mastodon is away."
    assert spoken(several(1, "%(count)s wombat", "%(count)s wombats"), "xx") == "1 wombat"
    assert spoken(several(12_345, "%(count)s wombat", "%(count)s wombats"), "") == "12,345 wombats"


def test_an_empty_sentence_is_not_the_head_of_the_catalog():
    assert spoken(Sentence(""), "es") == ""


def test_a_language_is_known_by_its_first_letters_and_called_by_its_own_name():
    assert [known(each) for each in ("es", "es-MX", "es_419", "ES", "tlh", "")] == ["es", "es", "es", "es", "en", "en"]
    assert [own_name("en"), own_name("es")] == ["English", "Español"]


@pytest.fixture
def wombats(tmp_path, monkeypatch):
    """A Spanish catalog of a few sentences."""
    catalog = Catalog(locale="es")
    catalog.mime_headers = [("Plural-Forms", "nplurals=2; plural=(n != 1);")]
    catalog.add("%(place)s is away.", "%(place)s no está.")
    catalog.add(("%(count)s wombat", "%(count)s wombats"), ("%(count)s uombat", "%(count)s uombats"))
    catalog.add("It waits: %(why)s", "Espera: %(why)s")
    (folder := tmp_path / "es" / "LC_MESSAGES").mkdir(parents=True)
    with (folder / "messages.po").open("wb") as file:
        write_po(file, catalog)
    monkeypatch.setattr(languages, "CATALOGS", tmp_path)
    languages.translations.cache_clear()
    yield
    languages.translations.cache_clear()


@pytest.mark.usefixtures("wombats")
def test_a_sentence_within_a_sentence_is_said_in_the_same_language():
    waits = Sentence("It waits: %(why)s", why=Sentence("%(place)s is away.", place="Mastodon"))
    for sentence in (waits, Sentence.load(waits.dump())):
        assert sentence == "It waits: Mastodon is away."
        assert spoken(sentence, "es") == "Espera: Mastodon no está."
    assert spoken(several(2, "%(count)s wombat", "%(count)s wombats"), "es") == "2 uombats"


def test_a_day_and_a_time_are_written_as_the_language_writes_them():
    due = Sentence("%(day)s, %(time)s", day=date(2026, 1, 4), time=time(15, 5))
    assert due == "Jan 4, 3:05 PM"
    for sentence in (due, Sentence.load(due.dump())):
        assert spoken(sentence, "es") == "4 ene, 15:05"


@pytest.mark.usefixtures("wombats")
def test_a_letter_is_in_the_language_of_its_reader(app, cast, now):
    with writing() as session:
        session.get_one(Library, cast.library.id).language = "es"
        session.get_one(Person, cast.approver.id).language = "en"
    away = Sentence("%(place)s is away.", place="Mastodon")
    with writing() as session:
        for person in (cast.contributor, cast.approver):
            put(session, person.email, away, "As typed.", now)
        put(session, "stranger@school.org", away, away, now)
    letters = db.session.execute(select(Mail.subject, Mail.body).order_by(Mail.id)).all()
    assert letters == [
        ("Mastodon no está.", "As typed."),
        ("Mastodon is away.", "As typed."),
        ("Mastodon is away.", "Mastodon is away."),
    ]


def test_every_format_that_we_make_of_a_catalog_s_words_has_a_name():
    assert set(NAMES) == set(formats._WORDS)
    assert format_name("audio recording", "es") == "grabación de audio"
    assert format_name("Playaway", "es") == "Playaway"
    assert format_name(None, "es") is None
