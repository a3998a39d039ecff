"""#bookweek -> #BookWeek: a screen reader then says two words, and eyes see them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from outreach.posts.drafts import Draft
from outreach.posts.findings import Around, Problem, Rendered, Text, change, quoted, texts, without_addresses
from outreach.posts.known_words import HASHTAG_WORDS, fold
from outreach.words import Sentence

TAG = re.compile(r"(?<![\w#&])#([^\W\d_]{6,60}(?![^\W\d_]))")
SURELY_SEVERAL = 16  # letters; words of that length are rare in hashtags
WRITTEN = Sentence("Screen readers take “%(tag)s” for one word. Begin each word in it with a capital letter.")


def hashtags(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    """In each field, all of them at once. Those that stand under every post are none of this one."""
    for text in texts(draft):
        yield from _of_text(text)


def _of_text(text: Text) -> Iterator[Problem]:
    plain = without_addresses(text.text)
    tags = [found for found in TAG.finditer(plain) if found[1].islower()]
    apart = {found[1]: parts for found in tags if len(parts := words_of(found[1])) > 1}
    if apart:
        mended = _mended(text.text, tags, apart)
        labels = " ".join(dict.fromkeys(f"#{capitals(parts)}" for parts in apart.values()))
        label = Sentence("Write %(tag)s", tag=quoted(labels))
        yield Problem(WRITTEN.filled(tag=f"#{next(iter(apart))}"), mend=change(text, mended, label))
        return
    for found in tags:
        if len(found[1]) >= SURELY_SEVERAL and not words_of(found[1]):
            yield Problem(WRITTEN.filled(tag=found[0]))
            return


def _mended(text: str, tags: list[re.Match[str]], apart: dict[str, tuple[str, ...]]) -> str:
    made, at = [], 0
    for found in tags:
        if parts := apart.get(found[1]):
            made += [text[at : found.start(1)], capitals(parts)]
            at = found.end(1)
    return "".join([*made, text[at:]])


def capitals(parts: tuple[str, ...]) -> str:
    return "".join(part[:1].upper() + part[1:] for part in parts)


@lru_cache(maxsize=512)
def words_of(tag: str) -> tuple[str, ...]:
    """The fewest known words that `tag` is made of; () where there are none.

    Of two ways the one with the longer words; one letter counts twice, or "de la" would be "del a".

    >>> words_of("bookweek"), words_of("library"), words_of("bibliotecaescolar")
    (('book', 'week'), ('library',), ('biblioteca', 'escolar'))
    """
    plain = fold(tag)
    if len(plain) != len(tag):
        return ()
    best: list[tuple[int, int, int] | None] = [(0, 0, 0)] + [None] * len(tag)  # words, -squares, where the last begins
    for end in range(1, len(tag) + 1):
        for begin in range(max(0, end - 15), end):
            before = best[begin]
            if before is not None and plain[begin:end] in HASHTAG_WORDS:
                found = (before[0] + 1 + (end - begin == 1), before[1] - (end - begin) ** 2, begin)
                best[end] = min(found, best[end] or found)
    return _path(tag, best)


def _path(tag: str, best: list[tuple[int, int, int] | None]) -> tuple[str, ...]:
    parts: list[str] = []
    end = len(tag)
    while end and (step := best[end]) is not None:
        parts.insert(0, tag[step[2] : end])
        end = step[2]
    return tuple(parts)
