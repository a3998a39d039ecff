"""The catalogs: complete, in step with the code, in the words that people read. `make words` renews them."""

import re

import pytest
from catalog import catalog_of, missing, patterns, renewed, said

from outreach.languages import LANGUAGES
from outreach.web import where_wrong

OTHERS = [language for language in LANGUAGES if language != "en"]
IN_STEP = "Run `make words`, then translate what is empty in outreach/translations."
# these say a pattern that they are given, or that a database or a table holds
SAY_WHAT_THEY_ARE_GIVEN = {
    "outreach/web/series.py",
    "outreach/web/shown.py",
    "outreach/web/signin.py",
    "outreach/words.py",
}
# design.md, "On pages": words of the code that no page shows
NEVER = r"channel|deliver(y|ies)|queued?|sending|grace|payload|sync\w*|slots?|series|kill switch|invalid|error"
NEVER_IN = {"es": r"canal(es)?|entregas?|cola|carga útil|sincroni\w+|ranuras?|series?|inválid\w+|error(es)?|fallos?"}


def texts(message):
    """(what is said, what it is in the other language), of one and of many."""
    if isinstance(message.id, tuple):
        return [pair for pair in zip(message.id, message.string, strict=False) if pair[1]]
    return [(message.id, message.string)] if message.id and message.string else []


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_is_said_has_a_translation_and_nothing_else_has(language):
    catalog = catalog_of(language)
    kept = {message.id if isinstance(message.id, str) else message.id[0]: message for message in catalog if message.id}
    assert set(kept) == set(patterns()), IN_STEP
    assert missing(catalog) == [], IN_STEP
    assert {m.id for m in renewed(language)} == {m.id for m in catalog}, IN_STEP
    assert not catalog.obsolete
    assert [m.id for m in kept.values() if m.fuzzy] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_its_values(language):
    def values(text):
        return sorted(re.findall(r"%\(\w+\)s|\{\w+\}", text))

    for message in catalog_of(language):
        both = texts(message)
        everywhere = {value for english, _ in both for value in values(english)}
        for english, translated in both:
            said = set(values(translated))
            assert set(values(english)) <= said <= everywhere, translated
            assert re.sub(r"%\(\w+\)s|%%", "", translated).count("%") == english.replace("%(", "").count("%"), (
                translated
            )
            for edge in (0, -1):
                assert translated[edge].isspace() == english[edge].isspace(), translated


def test_every_sentence_stands_in_the_code_as_it_is_said():
    """No catalog holds a sentence that is put together, or that comes in a variable."""
    assert [(file, line) for file, line, words in said() if words is None and file not in SAY_WHAT_THEY_ARE_GIVEN] == []


def test_no_page_says_a_word_of_the_code():
    for words in patterns().values():
        for text in words:
            assert not re.search(rf"\b({NEVER})\b", text, re.IGNORECASE), text


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_says_a_word_of_the_code(language):
    for message in catalog_of(language):
        for english, translated in texts(message):
            assert not re.search(rf"\b({NEVER_IN[language]})\b", translated, re.IGNORECASE), (english, translated)


def test_the_composer_knows_its_refusals_as_they_are_said():
    assert {*where_wrong.FIELDS, where_wrong.PICTURE} <= set(patterns())
