"""Full names in a text: words with capitals in a row, and a first name that stands beside another word. Pure.

Inexact on purpose: scripts without capitals show none, and some places look like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach.posts.check_hashtags import words_of
from outreach.posts.findings import without_addresses
from outreach.posts.known_words import (
    ACRONYMS,
    BEGINNERS,
    CALENDAR_NAMES,
    DAYS_AND_MONTHS,
    FIRST_NAMES,
    NO_NAMES,
    fold,
)

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+){0,3}"
WORD = re.compile(_WORD)
# a title in quotation marks is none of a person; nor is a hashtag or an @name
ASIDE = re.compile(
    r"“([^”\n]{1,120})”|\"([^\"\n]{1,120})\"|«([^»\n]{1,120})»|‘([^’\n]{1,120})’|_([^_\n]{1,120})_|[#@][\w.@-]+"
)
COLOURS = ("black", "green")  # words that we know, and names as well
BEGINS = re.compile(r"(?:^|[.!?¡¿:;…\n“”\"(•–—-])[^\w\n]*$")
BETWEEN = frozenset(
    ("de", "del", "la", "las", "los", "da", "dos", "van", "von", "der", "den", "bin", "al", "el", "ibn")
)
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
GAP = re.compile(rf"(?:[^\S\r\n]|[{_UNSEEN}])+")  # of any width, or of none that is seen
IN_TIME = re.compile(
    r"(?:\b(?:in|on|since|until|this|last|next|every|each|en|desde|hasta|este)|\d|\b"
    + r"|\b".join(DAYS_AND_MONTHS)
    + r")[\s,.]{0,3}$",
    re.IGNORECASE,
)
NEXT = re.compile(rf"[^\S\n]+({_WORD})")
# "Ana (Ruiz)"; "Ana", and "Ruiz" alone in the next line; "Ruiz, Ana" where no more names follow
APART = re.compile(
    rf"(?<![\w-])(?:(?P<first>{_WORD})(?:[ ]?\([ ]?(?P<inside>{_WORD})[ ]?\)"
    rf"|[ ]?\r?\n[ ]?(?P<below>{_WORD})(?=[^\S\n]*(?:[.,;:(]|\n|$)))"
    rf"|(?<!, )(?P<last>{_WORD}),[ ]?(?P<given>{_WORD})(?=[^\S\n]*(?:[.;:()–—]|\n|$)))"
)


def names_in(text: str) -> Iterator[str]:
    """
    >>> list(names_in("Meet Ana Ruiz, who read with Ben L. at the Maple Street Library."))
    ['Ana Ruiz']
    """
    text = without_addresses(text)
    plain = ASIDE.sub(lambda aside: "." * len(aside[0]), text)
    for row in _rows(plain):
        yield from _name(plain, row)
    for aside in ASIDE.finditer(text):
        yield from _quoted("".join(filter(None, aside.groups())).strip())
    yield from (found[0] for found in APART.finditer(plain) if _belong(found))


def _quoted(text: str) -> Iterator[str]:
    """All of it is a name, and begins with a first name; else it is a title."""
    first = WORD.match(text)
    if first and _is_first(first[0]) and any(name == text for row in _rows(text) for name in _name(text, row)):
        yield text


def _belong(found: re.Match[str]) -> bool:
    first, other = found["first"] or found["given"], found["inside"] or found["below"] or found["last"]
    return _is_first(first) and _is_last(other)


def _is_first(word: str) -> bool:
    return word[:1].isupper() and fold(word) in FIRST_NAMES


def _is_last(word: str) -> bool:
    """No first name, and no word that we know."""
    plain = _without_s(word)
    known = plain in FIRST_NAMES or plain in BEGINNERS or plain in CALENDAR_NAMES or words_of(plain)
    return len(word) > 1 and _may_be_of_a_name(word) and (plain in COLOURS or not known)


def _rows(text: str) -> Iterator[list[re.Match[str]]]:
    """Words in a row that may be of one name."""
    row: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        if row and not _goes_on(row[-1], text[row[-1].end() : word.start()]):
            yield row
            row = []
        if _may_be_of_a_name(word[0]) or (row and word[0] in BETWEEN) or _is_called_after_a_month(text, word):
            row.append(word)
        elif row:
            yield row
            row = []
    yield row


def _goes_on(word: re.Match[str], between: str) -> bool:
    initial = len(word[0]) == 1
    return bool(GAP.fullmatch(between)) or (initial and between in (". ", "."))


def _may_be_of_a_name(word: str) -> bool:
    return word[:1].isupper() and _without_s(word) not in NO_NAMES and word not in ACRONYMS


def _without_s(word: str) -> str:
    plain = fold(word)
    return plain[:-2] if plain.endswith(("'s", "’s")) else plain


def _is_called_after_a_month(text: str, word: re.Match[str]) -> bool:
    """April Green; not "in April Green Day sang", "Monday, April", "April Ben read"."""
    if fold(word[0]) not in CALENDAR_NAMES or not word[0][0].isupper():
        return False
    after = NEXT.match(text, word.end())
    return bool(after and _is_last(after[1])) and not IN_TIME.search(text[max(0, word.start() - 20) : word.start()])


def _name(text: str, row: list[re.Match[str]]) -> Iterator[str]:
    while row and row[-1][0] in BETWEEN:
        row = row[:-1]
    while row and _is_beginner(text, row[0]):
        row = row[1:]
    while row and row[0][0] in BETWEEN:
        row = row[1:]
    words = [word[0] for word in row if len(word[0]) > 1 and word[0] not in BETWEEN]
    if len(words) >= 2 or any(map(_is_joined, words)):
        yield text[row[0].start() : row[-1].end()]


def _is_beginner(text: str, word: re.Match[str]) -> bool:
    return fold(word[0]) in BEGINNERS - CALENDAR_NAMES and _begins(text, word.start())


def _is_joined(word: str) -> bool:
    """Ana-Ruiz; not Jean-Luc."""
    first, _, other = word.partition("-")
    return _is_first(first) and "-" not in other and _is_last(other)


def _begins(text: str, at: int) -> bool:
    return at == 0 or bool(BEGINS.search(text[max(0, at - 20) : at]))
