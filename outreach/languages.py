"""The languages that pages and letters are complete in, and sentences said in one of them.

A catalog is a text of pairs in `translations/`, read when its language is first asked for: nothing is compiled,
so a checkout and an installed package are alike. English needs none, it stands in the code.
"""

from __future__ import annotations

from datetime import date, time
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from outreach.words import Sentence, Value

ENGLISH = "en"
LANGUAGES = (ENGLISH, "es")  # a language is listed once its catalog is complete: half of a page in each helps nobody
CATALOGS = Path(__file__).parent / "translations"


def spoken(sentence: Sentence, language: str) -> str:
    """A sentence in a language ("" and those we do not know: English), its numbers as that language writes them."""
    if not sentence:
        return ""  # to gettext, the empty text is the head of the catalog
    language = known(language)
    values = {key: _value(value, language) for key, value in sentence.values.items()}
    said = translations(language)
    if sentence.many:
        pattern = said.ungettext(sentence.pattern, sentence.many, int(str(sentence.values["count"])))
    else:
        pattern = said.ugettext(sentence.pattern)
    return pattern % values if values else pattern


def known(language: str) -> str:
    """The one of ours that comes nearest to "es-MX" or "pt"; English for what we do not speak."""
    short = language.replace("_", "-").partition("-")[0].lower()
    return short if short in (*LANGUAGES, *_catalogs()) else ENGLISH


def own_name(language: str) -> str:
    """As its speakers call it: English, Español."""
    name = Locale.parse(language).get_language_name(language) or language
    return name[:1].upper() + name[1:]


@cache
def choices() -> tuple[tuple[str, str], ...]:
    """(key, own name) of each language to choose."""
    return tuple((language, own_name(language)) for language in LANGUAGES)


@cache
def translations(language: str) -> NullTranslations:
    """What is said in this language; what has no translation stays English."""
    catalog = CATALOGS / language / "LC_MESSAGES" / "messages.po"
    if language not in _catalogs():
        return NullTranslations()
    packed = BytesIO()
    with catalog.open("rb") as lines:
        write_mo(packed, read_po(lines, locale=language))
    packed.seek(0)
    return Translations(packed)


@cache
def _catalogs() -> frozenset[str]:
    return frozenset(path.parents[1].name for path in CATALOGS.glob("*/LC_MESSAGES/messages.po"))


def day_said(on: date, pattern: str, language: str) -> str:
    """A day as the language orders it: of "EEEE d MMMM" only what is in it and how long each is counts.

    >>> day_said(date(2026, 11, 30), "EEE d MMM", "en"), day_said(date(2026, 11, 30), "EEEE d MMMM", "es")
    ('Mon, Nov 30', 'lunes, 30 de noviembre')
    """
    return str(format_date(on, _ordered(pattern, language), locale=language))


@cache
def _ordered(pattern: str, language: str) -> str:
    locale = Locale.parse(language)
    if pattern in ("LLLL y", "MMMM y"):
        return str(locale.datetime_skeletons["yMMMM"].pattern)
    weekday, has_day, _ = pattern.partition("d MMM")
    if not has_day:
        return pattern
    in_full = "MMMM" in pattern
    if pattern.endswith("y"):
        day = locale.date_formats["long" if in_full else "medium"].pattern
    else:
        day = locale.datetime_skeletons["MMMMd" if in_full else "MMMd"].pattern
    return f"{weekday.strip()}, {day}" if weekday else str(day)


def _value(value: Value, language: str) -> str:
    if isinstance(value, Sentence):
        return spoken(value, language)
    if isinstance(value, date):
        return day_said(value, "d MMM", language)
    if isinstance(value, time):
        return format_time(value, "short", locale=language)
    return format_decimal(value, locale=language) if isinstance(value, int) else value
