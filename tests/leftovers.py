"""What a page shows that no catalog says: every sentence of ours stands in marks, and the rest is looked at."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from babel import Locale
from babel.support import NullTranslations
from sqlalchemy import Text, select
from sqlalchemy.types import JSON, String

from outreach.db import Base, db

SHOWN = ("alt", "aria-label", "placeholder", "title")  # attributes that people read or hear
DATA = {  # what people typed, or what a network or a catalog says
    "account": ("name", "handle", "server"),
    "closure": ("name",),
    "event": ("who",),
    "feed": ("name", "url"),
    "title_import": ("name", "who"),
    "library": ("name", "timezone", "hashtags", "catalog"),
    "person": ("name", "email"),
    "placement": ("words",),
    "post": ("words", "link", "warning", "fields", "note", "author_name"),
    "post_medium": ("alt",),
    "title": ("title", "subtitle", "author", "format", "audience", "call_number", "link"),
}


class Marked(NullTranslations):
    """Each pattern in marks."""

    def ugettext(self, message):
        return f"⟦{message}⟧"

    def ungettext(self, one, many, number):
        return self.ugettext(one if number == 1 else many)


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.foreign: list[str] = []  # the tags around, of what is said in its own language on purpose

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if self.foreign or tag in ("script", "style") or (tag != "html" and "lang" in told):
            self.foreign.append(tag)
        self.texts += [told[name] or "" for name in SHOWN if name in told and not self.foreign]

    def handle_endtag(self, tag):
        if tag in self.foreign:
            del self.foreign[self.foreign.index(tag) :]

    def handle_data(self, data):
        self.texts += [] if self.foreign else [data]


def left_over(page: str, known: set[str]) -> list[str]:
    """The texts of a page that hold words which are neither in marks nor known."""
    reader = _Shown()
    reader.feed(page)
    return [text.strip() for text in reader.texts if words_in(unmarked(text)) - known]


def unmarked(text: str) -> str:
    """Without what stands in marks, and without addresses, hashtags and places to fill."""
    text = re.sub(r"https?://\S*|#\w+|\{\w+\}", " ", text)
    while (rest := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = rest
    return re.sub(r"⟦[^⟦⟧·]*", " ", text)  # of words that were cut, the end of their mark was cut as well


def words_in(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]{2,}", text)}


def words_of_data() -> set[str]:
    """All words that are somebody's own."""
    found: set[str] = set()
    for name, columns in DATA.items():
        table = Base.metadata.tables[name]
        for column in (table.c[each] for each in columns):
            assert isinstance(column.type, (String, Text, JSON)), column
            for value in db.session.scalars(select(column)):
                found |= words_in(str(value or ""))
    return found


def words_of_calendar(language: str) -> set[str]:
    locale = Locale.parse(language)
    zones = [zone["long"].values() for zone in locale.meta_zones.values() if "long" in zone]
    told = [*zones, *locale.months["format"].values(), *locale.days["format"].values(), *locale.periods.values()]
    names = " ".join(str(v) for each in told for v in (each.values() if hasattr(each, "values") else each))
    return words_in(f"{names} {' '.join(locale.territories.values())}") | {"de", "am", "pm"}
