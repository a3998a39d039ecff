"""How it is written: shouted words, decorative letters, rows of emoji; each mended in one click. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import regex

from outreach.posts.drafts import Draft
from outreach.posts.findings import Around, Problem, Rendered, change, quoted, texts
from outreach.posts.known_words import ACRONYMS, DAYS_AND_MONTHS, NO_NAMES, fold
from outreach.words import Sentence

WORD = re.compile(r"#?[^\W\d_]+(?:['’][^\W\d_]+)*")
SENTENCE_END = re.compile(r"(?:^|[.!?¡¿:…\n])[^\w\n]*$")
SMALL_LETTERS = frozenset("AEOUYÉÓ")  # words of one letter; not I
SHOUTED_WORDS, SHOUTED_LETTERS = 3, 10  # in a row; fewer are a title, or one word that matters


def shouting(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    """NEW BOOKS ARE HERE -> New books are here. Names lose their capitals, but for that of the library."""
    names = {word.upper(): word for word in WORD.findall(draft.library) if fold(word) not in NO_NAMES}
    sentence = Sentence("Words in capitals are hard to read, and some screen readers spell them out.")
    label = Sentence("Write small letters")
    for text in texts(draft):
        mended = quieter(text.text, names)
        if mend := change(text, mended, label):
            yield Problem(sentence, mend=mend)


def quieter(text: str, names: dict[str, str]) -> str:
    made, at = [], 0
    for row in _shouted_rows(text):
        for found in row:
            made += [text[at : found.start()], _small(found[0], _begins_a_sentence(text, found.start()), names)]
            at = found.end()
    return "".join([*made, text[at:]])


def _shouted_rows(text: str) -> Iterator[list[re.Match[str]]]:
    row: list[re.Match[str]] = []
    for found in WORD.finditer(text):
        if found[0].isupper() or (len(found[0]) == 1 and row):
            row.append(found)
            continue
        if _loud(row):
            yield row
        row = []
    if _loud(row):
        yield row


def _loud(row: list[re.Match[str]]) -> bool:
    words = [found[0] for found in row if _can_be_small(found[0])]
    return len(words) >= SHOUTED_WORDS and sum(map(len, words)) >= SHOUTED_LETTERS


def _can_be_small(word: str) -> bool:
    return len(word) > 1 and word not in ACRONYMS and not word.startswith("#") and not word.lower().isupper()


def _begins_a_sentence(text: str, at: int) -> bool:
    return at == 0 or bool(SENTENCE_END.search(text[max(0, at - 20) : at]))


def _small(word: str, begins: bool, names: dict[str, str]) -> str:
    if word in SMALL_LETTERS and not begins:
        return word.lower()
    if not _can_be_small(word):
        return word
    small = word.lower()
    if word in names and not names[word].isupper():
        return names[word]
    return small[:1].upper() + small[1:] if begins or small in DAYS_AND_MONTHS else small


def decorative(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    """𝓷𝓮𝔀 -> new: letters that are signs of mathematics are read aloud one by one, or not at all."""
    for text in texts(draft):
        mended = plain_letters(text.text)
        label = Sentence("Write plain letters")
        if mend := change(text, mended, label):
            shown = quoted(next(found[0] for found in _fancy(text.text)))
            told = Sentence("“%(words)s” is written in signs that screen readers cannot read.", words=shown)
            yield Problem(told, mend=mend)


# Mathematical letters; letters in circles and squares, dark ones too; full-width ones, which Chinese and Japanese use.
FANCY = re.compile(
    "(?:[\U0001d400-\U0001d7ff\u24b6-\u24e9\U0001f130-\U0001f149]|"
    "[\U0001f150-\U0001f169\U0001f170-\U0001f189](?!\ufe0f))+"
)
WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]{2,}")
EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
EMOJI_LETTERS = frozenset("🅰🅱🅾🅿")
DARK = ((0x1F150, 0x1F169), (0x1F170, 0x1F189))  # Unicode knows no plain letter for them


def _fancy(text: str) -> list[re.Match[str]]:
    """Two and more of them; of those that are emoji as well, in a row."""
    found = [run for run in FANCY.finditer(text) if run[0] not in EMOJI_LETTERS]
    if sum(len(run[0]) for run in found) < 2:
        found = []
    return found if EAST_ASIAN.search(text) else sorted([*found, *WIDE.finditer(text)], key=lambda run: run.start())


def plain_letters(text: str) -> str:
    made, at = [], 0
    for run in _fancy(text):
        made += [text[at : run.start()], "".join(_plain(letter) for letter in run[0])]
        at = run.end()
    return "".join([*made, text[at:]])


def _plain(letter: str) -> str:
    for first, last in DARK:
        if first <= ord(letter) <= last:
            return chr(ord(letter) - first + ord("A"))
    return unicodedata.normalize("NFKC", letter)


_PICTURE = (
    r"(?:(?!\p{ASCII}|[©®™‼⁉ℹ↔-↙])\p{Extended_Pictographic}"
    r"(?:\p{Emoji_Modifier}|\uFE0F)?+\u20E3?+[\U000E0020-\U000E007F]*+)"
)
EMOJI = rf"(?:\p{{Regional_Indicator}}{{2}}|[0-9#*]\uFE0F\u20E3|{_PICTURE}(?:\u200D{_PICTURE})*+)"
# it begins where no chain of joined ones goes on, so that each is looked at once
ROW = regex.compile(rf"(?<!\u200D)({EMOJI})(?:[ \t]{{0,3}}{EMOJI}){{2,}}+")


def emoji_rows(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    """🎉🎉🎉🎉 -> 🎉: each one is read aloud by its name."""
    for text in texts(draft):
        if mend := change(text, fewer_emoji(text.text), Sentence("Keep one")):
            told = Sentence("Screen readers say each emoji by its name. One says as much as many.")
            yield Problem(told, mend=mend)


def fewer_emoji(text: str) -> str:
    return str(ROW.sub(r"\1", text))
