"""Sentences that people read, kept apart from the language they are shown in.

The domain says ``Sentence("%(place)s refused the picture.", place="Mastodon")``; the pages translate the
pattern (it is its own gettext id) and fill it in. In the database a sentence is its pattern and its values,
so that two people can read the same failure in two languages. An int is a number of things, and is shown with
separators; what only looks like one (a year, an ISBN) is given as text. A day and a time are shown as
the reader's language writes them; a sentence may stand in another one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any


class Sentence(str):
    """A string in English that remembers its pattern and values; `many`: its pattern where `count` is not one."""

    pattern: str
    many: str
    values: dict[str, Value]  # a Sentence among them stays one

    def __new__(cls, pattern: str, many: str = "", /, **values: Any) -> Sentence:
        kept = {key: value if type(value) in _KEPT else str(value) for key, value in values.items()}
        said = many if many and kept["count"] != 1 else pattern
        self = super().__new__(cls, said % {key: _plain(value) for key, value in kept.items()} if kept else said)
        self.pattern, self.many, self.values = pattern, many, kept
        return self

    def dump(self) -> str:
        return json.dumps(self._stored(), ensure_ascii=False)

    def _stored(self) -> list[Any]:
        values = {key: _stored(value) for key, value in self.values.items()}
        return [self.pattern, values] + [self.many] * bool(self.many)

    @classmethod
    def load(cls, text: str) -> Sentence:
        return cls._loaded(json.loads(text))

    @classmethod
    def _loaded(cls, stored: list[Any]) -> Sentence:
        pattern, values, *many = stored
        return cls(pattern, *many, **{key: _loaded(value) for key, value in values.items()})

    def filled(self, **values: Any) -> Sentence:
        """The same pattern with values: for sentences that stand in a table."""
        return Sentence(self.pattern, self.many, **values)


Value = str | int | date | time
_KEPT = (int, date, time, Sentence)


def _plain(value: Value) -> str | int:
    """In English, where no language is asked for: Nov 24, 9:05 AM."""
    if isinstance(value, date):
        return f"{value:%b} {value.day}"
    return f"{value:%I:%M %p}".lstrip("0") if isinstance(value, time) else value


def _stored(value: Value) -> Any:
    if isinstance(value, Sentence):
        return value._stored()
    return {type(value).__name__: value.isoformat()} if isinstance(value, date | time) else value


def _loaded(value: Any) -> Any:
    if isinstance(value, list):
        return Sentence._loaded(value)
    if isinstance(value, dict):
        return date.fromisoformat(value["date"]) if "date" in value else time.fromisoformat(value["time"])
    return value


def several(count: int, one: str, many: str) -> Sentence:
    """Of one thing it says something else than of many; the reader's language may have more forms than these two."""
    return Sentence(one, many, count=count)


class NotDone(Exception):
    """A verb did nothing, and `sentence` says why and what to do. Every door shows it as it is."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def within(text: str, most: int) -> str:
    """`text` without white space around it, or NotDone if it is too long: nothing is cut in silence."""
    text = text.strip()
    if len(text) > most:
        raise NotDone(Sentence("That is more than %(most)s characters. Shorten it.", most=most))
    return text


def cap(text: str, most: int) -> str:
    """`text` with at most `most` characters, cut between words where that is possible."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    between = head.rfind(" ", most * 4 // 5)
    return (head[:between] if between > 0 else head).rstrip() + "…"


# half of a pair of surrogates has no UTF-8, PostgreSQL keeps no NUL, and no page shows the others; the two overrides
# turn around what follows them, which no language needs (Unicode, UAX #9, 2.2), and make one name look like another
_UNKEPT = re.compile("[\x00-\x08\x0e-\x1f\x7f\u202d\u202e\ud800-\udfff]")


def keepable(value: Any) -> Any:
    """The same, at any depth, without what no database keeps and no page shows.

    >>> keepable({"name": ["a\\0b"]})
    {'name': ['ab']}
    >>> keepable("moc.\u202eelpmaxe")
    'moc.elpmaxe'
    """
    if isinstance(value, str):
        return _UNKEPT.sub("", value) if _UNKEPT.search(value) else value
    if isinstance(value, Mapping):
        return {keepable(key): keepable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        made = [keepable(one) for one in value]
        return tuple(made) if isinstance(value, tuple) else made
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
