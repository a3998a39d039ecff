"""What changed in a post since somebody decided on it: words by the word where most stayed, all else by the piece.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from outreach.posts.written import Written
from outreach.words import Sentence

SENTENCE, WORD = re.compile(r"\s+|[.!?]+|[^.!?\s][^.!?\n]*[.!?]*"), re.compile(r"\s+|\S+")
LONG = 4_000  # pieces: beyond that, comparing them takes longer than reading both


@dataclass(frozen=True)
class Piece:
    how: str  # "same", "added", "removed"
    text: str = ""
    at: datetime | None = None  # a moment, instead of a text
    whole: bool = False  # a sentence, on lines of its own


@dataclass(frozen=True)
class Change:
    what: Sentence
    pieces: tuple[Piece, ...]
    listed: bool = False  # each piece stands for itself; else they run on as a text


@dataclass(frozen=True)
class Names:
    """How things are called that a post knows by number."""

    places: Mapping[int, str] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)


def by_word(before: str, after: str) -> tuple[Piece, ...]:
    """
    >>> [(p.how, p.text) for p in by_word("Open at noon.", "Open at ten.")]
    [('same', 'Open at '), ('removed', 'noon.'), ('added', 'ten.')]
    """
    if len(WORD.findall(before)) + len(WORD.findall(after)) > LONG:
        return _both(before, after, whole=True)
    found: list[Piece] = []
    for stayed, old, new in _blocks(SENTENCE, before, after):
        for piece in [Piece("same", old)] if stayed else _in_sentence(old, new):
            if piece.how == "same" and found and found[-1].how == "same":
                piece = Piece("same", found.pop().text + piece.text)
            found.append(piece)
    return tuple(found)


def _in_sentence(before: str, after: str) -> tuple[Piece, ...]:
    """Where under half of the words stayed, old and new beside each other word by word are read by nobody."""
    blocks = _blocks(WORD, before, after)
    count, stayed = len(f"{before} {after}".split()), sum(len(old.split()) for same, old, _ in blocks if same)
    if before and after and 4 * stayed < count:
        return _both(before, after, whole=True)
    parts = (_both(old, new) if not same else (Piece("same", old),) for same, old, new in blocks)
    return tuple(piece for part in parts for piece in part)


def _blocks(cut: re.Pattern[str], before: str, after: str) -> list[tuple[bool, str, str]]:
    """(is it the same, as it was, as it is), in order."""
    old, new = cut.findall(before), cut.findall(after)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(how == "equal", "".join(old[a:b]), "".join(new[c:d])) for how, a, b, c, d in codes]


def _both(before: str, after: str, whole: bool = False) -> tuple[Piece, ...]:
    return tuple(Piece(how, text, whole=whole) for how, text in (("removed", before), ("added", after)) if text)


def changes(before: Written, after: Written, names: Names) -> list[Change]:
    """In the order in which they are read; nothing that stayed as it was."""
    found = [
        _words(Sentence("Words"), before.words, after.words),
        *_own_words(before, after, names),
        *_fields(before.fields, after.fields),
        _words(Sentence("Link"), before.link, after.link),
        _words(Sentence("Content warning"), before.warning, after.warning),
        _words(Sentence("The other language"), _told(before.second), _told(after.second)),
        _listed(Sentence("Places"), _places(before, names), _places(after, names)),
        _pictures(before.media, after.media),
        _listed(Sentence("Titles"), _titles(before, names), _titles(after, names)),
        _time(before, after),
    ]
    return [change for change in found if change]


def _words(what: Sentence, before: str, after: str) -> Change | None:
    return Change(what, by_word(before, after)) if before != after else None


def _own_words(before: Written, after: Written, names: Names) -> list[Change | None]:
    """Of places that were there before and are now; a new place says its words in its preview."""
    both = [n for n in after.accounts if n in before.accounts]
    name = names.places.get
    return [
        _words(Sentence("Words for %(place)s", place=name(n, "?")), before.accounts[n], after.accounts[n]) for n in both
    ]


FIELDS = {
    "choices": Sentence("Choices"),
    "right": Sentence("The right choice"),
    "explanation": Sentence("Explanation"),
    "how": Sentence("How to answer"),
    "answer_at": Sentence("Time of the answer"),
}


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change | None]:
    """Of its kind; what has no name of its own is one line."""
    named = [_field(name, before.get(name), after.get(name)) for name in FIELDS]
    others = [{n: v for n, v in some.items() if n not in FIELDS} for some in (before, after)]
    return [*named, _words(Sentence("Details"), *(_told(some) for some in others))]


def _field(name: str, before: Any, after: Any) -> Change | None:
    if name == "choices":
        return _listed(FIELDS[name], before or [], after or [])
    if name == "answer_at":
        return _moments(FIELDS[name], *(datetime.fromisoformat(str(at)) if at else None for at in (before, after)))
    if name == "right":
        before, after = ("ABCD"[n : n + 1] if isinstance(n, int) and n >= 0 else "" for n in (before, after))
    return _words(FIELDS[name], str(before or ""), str(after or ""))


def _told(values: Mapping[str, Any]) -> str:
    return "\n".join(str(value) for _, value in sorted(values.items()) if value not in (None, "", [], {}))


def _listed(what: Sentence, before: Iterable[str], after: Iterable[str]) -> Change | None:
    old, new = list(before), list(after)
    gone, came = [one for one in old if one not in new], [one for one in new if one not in old]
    pieces = [Piece("removed", one) for one in gone] + [Piece("added", one) for one in came]
    return Change(what, tuple(pieces), listed=True) if pieces else None


def _places(written: Written, names: Names) -> list[str]:
    return [names.places.get(n, "?") for n in written.accounts]


def _titles(written: Written, names: Names) -> list[str]:
    return [names.titles.get(n, "?") for n in written.titles]


def _pictures(before: Sequence[tuple[int, str]], after: Sequence[tuple[int, str]]) -> Change | None:
    """By what they show: a picture with another description is marked as well."""
    gone, came = ([pair for pair in some if pair not in other] for some, other in ((before, after), (after, before)))
    pieces = [Piece("removed", alt) for _, alt in gone] + [Piece("added", alt) for _, alt in came]
    return Change(Sentence("Pictures"), tuple(pieces), listed=True) if pieces else None


def _time(before: Written, after: Written) -> Change | None:
    if before.timing == after.timing and after.timing in ("slot", "now"):
        return None  # the next usual time is whichever comes
    return _moments(Sentence("Time"), before.wished_at, after.wished_at)


def _moments(what: Sentence, before: datetime | None, after: datetime | None) -> Change | None:
    if before == after:
        return None
    pieces = [Piece(how, at=at) for how, at in (("removed", before), ("added", after)) if at]
    return Change(what, tuple(pieces), listed=True)
