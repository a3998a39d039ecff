"""Student work: the school's permission list, and never a full name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach.posts.drafts import Draft
from outreach.posts.findings import Around, Problem, Rendered, all_of_it, quoted, without_addresses
from outreach.posts.known_words import ACRONYMS, BEGINNERS, NO_NAMES, fold
from outreach.words import Sentence

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+){0,3}")
# a title in quotation marks is none of a person; nor is a hashtag or an @name
ASIDE = re.compile(r"“[^”\n]{1,120}”|\"[^\"\n]{1,120}\"|«[^»\n]{1,120}»|‘[^’\n]{1,120}’|[#@][\w.@-]+|_[^_\n]{1,120}_")
BEGINS = re.compile(r"(?:^|[.!?¡¿:;…\n“”\"(•–—-])[^\w\n]*$")
BETWEEN = frozenset(
    ("de", "del", "la", "las", "los", "da", "dos", "van", "von", "der", "den", "bin", "al", "el", "ibn")
)


def permission(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    if draft.kind == "student" and not draft.permitted:
        yield Problem(Sentence("Check the school's permission list, and tick that you did."))


def full_names(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    """Two words with capitals in a row. Inexact on purpose: scripts without capitals show none, and some places do."""
    if draft.kind != "student":
        return
    known = [fold(name) for book in draft.books for name in (book.title, book.author or "")] + [fold(draft.library)]
    found = dict.fromkeys(name for text in all_of_it(draft, rendered) for name in names_in(text))
    for name in found:
        if not any(fold(name) in other for other in known):
            sentence = Sentence(
                "“%(found)s” looks like a full name. Of a student, write the first name alone, or “Ana L.”",
                found=quoted(name),
            )
            yield Problem(sentence, sort="ask")


def names_in(text: str) -> Iterator[str]:
    """
    >>> list(names_in("Meet Ana Ruiz, who read with Ben L. at the Maple Street Library."))
    ['Ana Ruiz']
    """
    plain = ASIDE.sub(lambda aside: "." * len(aside[0]), without_addresses(text))
    for row in _rows(plain):
        yield from _name(plain, row)


def _rows(text: str) -> Iterator[list[re.Match[str]]]:
    """Words in a row that may be of one name."""
    row: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        if row and not _goes_on(row[-1], text[row[-1].end() : word.start()]):
            yield row
            row = []
        if _may_be_of_a_name(word[0]) or (row and word[0] in BETWEEN):
            row.append(word)
        elif row:
            yield row
            row = []
    yield row


def _goes_on(word: re.Match[str], between: str) -> bool:
    initial = len(word[0]) == 1
    return between in (" ", "\u00a0", "  ") or (initial and between in (". ", "."))


def _may_be_of_a_name(word: str) -> bool:
    plain = fold(word)
    plain = plain[:-2] if plain.endswith(("'s", "’s")) else plain
    return word[:1].isupper() and plain not in NO_NAMES and word not in ACRONYMS


def _name(text: str, row: list[re.Match[str]]) -> Iterator[str]:
    while row and row[-1][0] in BETWEEN:
        row = row[:-1]
    while row and fold(row[0][0]) in BEGINNERS and _begins(text, row[0].start()):
        row = row[1:]
    while row and row[0][0] in BETWEEN:
        row = row[1:]
    if len([word for word in row if len(word[0]) > 1 and word[0] not in BETWEEN]) >= 2:
        yield text[row[0].start() : row[-1].end()]


def _begins(text: str, at: int) -> bool:
    return at == 0 or bool(BEGINS.search(text[max(0, at - 20) : at]))
