"""What should not stand in public by mistake: telephone, e-mail, street, words the district lists. Pure.

They need the approver's word. Inexact on purpose: what only might be a number of a person is left alone, since a
question that comes too often is answered without reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import regex

from outreach.posts.drafts import Draft
from outreach.posts.findings import Around, Problem, Rendered, all_of_it, quoted, without_addresses
from outreach.posts.known_words import fold
from outreach.posts.telephones import telephones
from outreach.words import Sentence

# It begins where no other part of an address stands before it, so that each letter is looked at once.
EMAIL = re.compile(r"(?<![\w.+'@/-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")

_NAME = r"(?:\d{1,3}(?:st|nd|rd|th)|[A-ZÀ-Þ][\w.'’-]*)"
_WAY = r"(?:Street|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Circle|Cir|Way|Terrace|Parkway|Pkwy)"
# "17 March St Patrick": what has a name behind it is a saint; "2 Book Drives" collects books
US_STREET = re.compile(
    rf"(?<![\w$€£#.,:/-])\d{{1,5}}[A-Za-z]?[ ]{{1,2}}(?:{_NAME}[ ]{{1,2}}){{1,4}}?"
    rf"(?:{_WAY}\b|(?:St|Pl|Hwy|Place|Highway|Square)\b(?!\.?[ ]+[A-Z][a-z]))"
)
SMALL_STREET = re.compile(r"(?<![\w$€£#.,:/-])\d{1,5} ([a-z]{3,20}) (?:street|avenue|road|boulevard|blvd|ave)\b")
NO_STREET = frozenset(("the", "way", "lane", "your", "our", "this", "that", "each", "sesame", "one", "two", "three"))
COLLECTIONS = re.compile(
    r"(?:Book|Books|Food|Coat|Toy|Blood|Fund|Supply|Clothing|Sock|Disk|Hard|Test|Membership) Drive$"
)
PO_BOX = re.compile(r"\bP\.? ?O\.? ?Box \d{1,6}\b", re.IGNORECASE)
_LINK = r"(?:(?:de|del|la|las|los|el|y|e)[ ]){0,3}"
_KIND = "Calle|C/|Avenida|Avda\\.?|Av\\.|Plaza|Pza\\.|Paseo|Pº|Camino|Carretera|Ctra\\.|Ronda|Travesía|Bulevar|Jirón"
SPANISH_STREET = re.compile(
    rf"(?<!\w)(?i:{_KIND})[ ]?(?:(?:{_LINK}[A-ZÀ-Þ][\w.'’-]*,?[ ]){{1,5}}|[a-zà-ÿ]{{4,20}},?[ ])"
    r"(?:[nN](?:[.º°]|úm\.?){0,2}[ ]?|#[ ]?)?\d{1,4}\b"
    r"(?![:.,]\d|[ ]?h\b|[ ](?:de|a)[ ][a-z]|º|ª)"  # 24 de noviembre, 10:30 and 10 h are times
)
STREETS = (US_STREET, SPANISH_STREET, PO_BOX)


def phones(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    for found in _once(n for text in _told(draft, rendered) for n in telephones(text)):
        if _digits(found) not in _digits(around.guidelines):
            yield _asks(Sentence("“%(found)s” looks like a telephone number.", found=quoted(found)))


def emails(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    own = around.guidelines.casefold()
    for found in _once(m[0] for text in _told(draft, rendered) for m in EMAIL.finditer(text)):
        if found.casefold() not in own:
            yield _asks(Sentence("“%(found)s” looks like an e-mail address.", found=quoted(found)))


def streets(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    titles = [book.title for book in draft.books]
    for found in _once(street for text in _told(draft, rendered) for street in _streets(text)):
        if not any(found in title for title in titles):
            yield _asks(Sentence("“%(found)s” looks like a street address.", found=quoted(found)))


def _streets(text: str) -> Iterator[str]:
    for pattern in STREETS:
        yield from (m[0] for m in pattern.finditer(text) if not COLLECTIONS.search(m[0]))
    yield from (m[0] for m in SMALL_STREET.finditer(text) if m[1] not in NO_STREET)


def _told(draft: Draft, rendered: Rendered) -> list[str]:
    return [without_addresses(text) for text in all_of_it(draft, rendered)]


def _once(found: Iterator[str]) -> Iterator[str]:
    return iter(dict.fromkeys(found))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _asks(sentence: Sentence) -> Problem:
    return Problem(sentence, sort="ask")


WORDS = regex.compile(r"[\w\p{M}]+")
# Chinese, Japanese, Thai, Lao, Khmer and Burmese put no space between words: there a part of one is found as well.
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")


def listed(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    """Whole words, in any case, with or without accents, in any script."""
    if not around.words:
        return
    whole = " ".join(fold(text) for text in all_of_it(draft, rendered))
    spaced = _spaced(whole)
    for word, bare, looked in _looked_for(around.words):
        if looked in (whole if bare else spaced):
            yield _asks(Sentence("“%(found)s” is a word that your district wants looked at.", found=quoted(word)))


@lru_cache(maxsize=4)
def _looked_for(words: tuple[str, ...]) -> tuple[tuple[str, bool, str], ...]:
    """Each with whether it is looked for as it stands, not as a word, and how."""
    folded = [(word, fold(word).strip()) for word in words]
    bare = [(word, bool(UNSPACED.search(plain) or not WORDS.search(plain)), plain) for word, plain in folded if plain]
    return tuple((word, stands, plain if stands else _spaced(plain)) for word, stands, plain in bare)


def _spaced(text: str) -> str:
    return f" {' '.join(WORDS.findall(text))} "
