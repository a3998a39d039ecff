"""Is it hard to read for those it is for? Pure.

Our own measure, inexact on purpose: words in a sentence, and long words among a hundred. The same text read by a
child may be easier or harder than both say; so it is a hint, for the young, of longer texts, and comes last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach.posts.drafts import Draft
from outreach.posts.findings import ADDRESS, Around, Problem, Rendered, texts
from outreach.words import Sentence

LONG_WORD = 7  # letters
FEW_WORDS = 40
# (grades, language) -> the most it may be: a picture book has about 20, a newspaper 45; Spanish words are longer
MOST = {("k5", "en"): 40, ("k5", "es"): 46, ("68", "en"): 50, ("68", "es"): 56}
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
ENDS = re.compile(r"[.!?…]+(?=\s|$)|\n+")
NO_WORDS = re.compile(r"[#@][\w.@-]+")


def hard(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    language = (draft.language or around.language)[:2]
    most = MOST.get((around.grades, language))
    if most is None:
        return
    for text in texts(draft):
        if text.field.startswith("second"):  # in another language
            continue
        if hardness(text.text) > most:
            sentence = Sentence(
                "This may be hard to read for the grades of your library. Try shorter sentences and shorter words."
            )
            yield Problem(sentence, sort="hint")
            return


def hardness(text: str) -> float:
    """Words in a sentence, and long words among a hundred; 0 of a text so short that it says nothing."""
    plain = NO_WORDS.sub("", ADDRESS.sub("", text))
    words = WORD.findall(plain)
    if len(words) <= FEW_WORDS:
        return 0
    sentences = sum(1 for sentence in ENDS.split(plain) if WORD.search(sentence))
    long = sum(len(word) >= LONG_WORD for word in words)
    return len(words) / sentences + 100 * long / len(words)
