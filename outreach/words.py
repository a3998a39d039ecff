"""Sentences that people read, kept apart from the language they are shown in.

The domain says ``Sentence("%(place)s refused the picture.", place="Mastodon")``; the pages translate the
pattern (it is its own gettext id) and fill it in. In the database a sentence is its pattern and its values,
so that two people can read the same failure in two languages. An int is a number of things, and is shown with
separators; what only looks like one (a year, an ISBN) is given as text.
"""

from __future__ import annotations

import json
from typing import Any


class Sentence(str):
    """A string in English that remembers its pattern and values; `many`: its pattern where `count` is not one."""

    pattern: str
    many: str
    values: dict[str, str | int]

    def __new__(cls, pattern: str, many: str = "", /, **values: Any) -> Sentence:
        shown = {key: value if type(value) is int else str(value) for key, value in values.items()}
        said = many if many and shown["count"] != 1 else pattern
        self = super().__new__(cls, said % shown if shown else said)
        self.pattern, self.many, self.values = pattern, many, shown
        return self

    def dump(self) -> str:
        return json.dumps([self.pattern, self.values] + [self.many] * bool(self.many), ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> Sentence:
        pattern, values, *many = json.loads(text)
        return cls(pattern, *many, **values)


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
