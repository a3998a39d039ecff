"""Right-to-left text: what of a line runs which way, and how to draw it where Pillow cannot shape it.

A small part of Unicode's bidirectional algorithm (UAX #9), enough for a line of a title: one direction of the line,
words and numbers of the other direction inside it.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

_MIRRORED = str.maketrans("()[]{}«»‹›<>", ")(][}{»«›‹><")
_RIGHT = ("R", "AL")


def runs_right_to_left(text: str) -> bool:
    """By the first letter that has a direction (UAX #9, rules P2 and P3)."""
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in strong if kind in ("L", *_RIGHT)), "L") in _RIGHT


def segments(text: str) -> list[tuple[str, bool]]:
    """A right-to-left line in the order it is read: (stretch, whether it runs from right to left).

    Neighbours that run to the right, with the spaces and signs between them, are one stretch; other signs follow the
    line.
    """
    found: list[tuple[str, bool]] = []
    waiting = ""
    for cluster in regex.findall(r"\X", text):
        if _goes_right(cluster):
            found = _after(found, waiting, cluster)
            waiting = ""
        elif unicodedata.bidirectional(cluster[0]) in (*_RIGHT, "NSM"):
            found = _with(found, waiting + cluster, True)
            waiting = ""
        else:
            waiting += cluster
    return _with(found, waiting, True) if waiting else found


def drawn_order(text: str) -> str:
    """A right-to-left line as it is drawn from left to right, Arabic letters in their joined forms.

    Vowel signs are left away, as in most print: nothing here could place them.
    """
    text = "".join(character for character in text if unicodedata.category(character) != "Mn")
    return "".join(
        "".join(reversed(regex.findall(r"\X", _joined(stretch)))).translate(_MIRRORED) if backwards else stretch
        for stretch, backwards in reversed(segments(text))
    )


def _after(found: list[tuple[str, bool]], between: str, cluster: str) -> list[tuple[str, bool]]:
    if found and not found[-1][1]:
        return _with(found, between + cluster, False)
    return _with(_with(found, between, True), cluster, False)


def _with(found: list[tuple[str, bool]], text: str, backwards: bool) -> list[tuple[str, bool]]:
    if found and found[-1][1] == backwards:
        return [*found[:-1], (found[-1][0] + text, backwards)]
    return [*found, (text, backwards)] if text else found


def _goes_right(part: str) -> bool:
    return unicodedata.bidirectional(part[0]) in ("L", "EN", "AN")


def _joined(text: str) -> str:
    """Each Arabic letter in the form that its neighbours ask for, from Unicode's presentation forms."""
    forms = _forms()
    letters = _with_lam_alef(text)
    shown = []
    for before, letter, after in zip(["", *letters], letters, [*letters[1:], ""], strict=False):
        from_before = "initial" in forms.get(before, {}) and "final" in forms.get(letter, {})
        to_after = "initial" in forms.get(letter, {}) and "final" in forms.get(after, {})
        form = {(1, 1): "medial", (1, 0): "final", (0, 1): "initial", (0, 0): "isolated"}[from_before, to_after]
        shown.append(forms.get(letter, {}).get(form, letter))
    return "".join(shown)


def _with_lam_alef(text: str) -> list[str]:
    """Lam and the alef after it are one sign, obligatory in Arabic."""
    parts: list[str] = []
    for character in text:
        if parts and parts[-1] == "\u0644" and parts[-1] + character in _forms():
            parts[-1] += character
        else:
            parts.append(character)
    return parts


@lru_cache(maxsize=1)
def _forms() -> dict[str, dict[str, str]]:
    """{letter: {"initial": ..., "final": ...}} out of the decompositions of the presentation forms."""
    found: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFBEA), *range(0xFBFC, 0xFC00), *range(0xFE80, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or ("",)
        if kind:
            found.setdefault("".join(chr(int(letter, 16)) for letter in letters), {})[kind.strip("<>")] = chr(code)
    return found
