"""A post in two languages: both in one message where they fit, else one message in each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from outreach.posts.drafts import Draft, Part, paragraphs

Parts = Callable[[Draft], list[Part]]


def second_of(draft: Draft) -> Draft:
    """The same post as it reads in its second language; a field that was not translated stays as it is."""
    told = draft.second
    language = str(told.get("language") or "")
    fields = draft.fields
    own = {name: _filled(value, fields.get(name)) for name, value in (told.get("fields") or {}).items() if value}
    return replace(
        draft,
        words=str(told.get("words") or ""),
        fields={**fields, **own},
        language=language,
        speaks=language or draft.speaks,
        second={},
    )


def _filled(value: Any, first: Any) -> Any:
    """Of several lines or dated rows each as it was translated, else as it stands in the first language, on its day."""
    if not isinstance(value, list) or not isinstance(first, list):
        return value
    return [_row(value[n] if n < len(value) else "", one) for n, one in enumerate(first)]


def _row(value: Any, first: Any) -> Any:
    if isinstance(first, Mapping):
        words = value.get("words") if isinstance(value, Mapping) else ""
        return {**first, "words": words or first.get("words", "")}
    return value or first


def has_second(draft: Draft) -> bool:
    return bool(draft.second.get("language") and str(draft.second.get("words") or "").strip())


def in_both(draft: Draft, parts: Parts, fits: Callable[[Part], bool]) -> list[Part]:
    """`parts` makes those of one language. An answer answers the message in its own language."""
    second = second_of(draft)
    ours, theirs = parts(draft), parts(second)
    bare, bare_second = (parts(replace(one, link="", hashtags="")) for one in (draft, second))
    if len(ours) != len(theirs):  # e.g. an explanation that only one has
        return [*ours, *_moved(theirs, len(ours), second.language)]
    made: list[Part] = []
    place: list[tuple[int, int]] = []  # of each part: where both languages of it are
    for n, part in enumerate(ours):
        if not part.text and not part.lines and not part.images and not part.poll:
            place.append((len(made), len(made)))
            made.append(part)
            continue
        if _same(bare[n], bare_second[n]):  # it was not translated
            place.append((len(made), len(made)))
            made.append(_answering(part, place, 0))
            continue
        joined = _joined(part, bare[n], bare_second[n])
        first = _answering(joined, place, 0)
        if part.lines or fits(joined):
            place.append((len(made), len(made)))
            made.append(first)
        else:
            place.append((len(made), len(made) + 1))
            made += [_answering(part, place, 0), replace(_answering(theirs[n], place, 1), language=second.language)]
    return made


def _same(ours: Part, theirs: Part) -> bool:
    own = bool(ours.own) and ours.own == theirs.own
    return bool(ours.text) and not ours.lines and (own or ours.text == theirs.text)


def _joined(part: Part, bare: Part, other: Part) -> Part:
    """The second language stands before the link and the hashtags, which are there once."""
    tail = part.text[len(bare.text) :] if part.text.startswith(bare.text) else ""
    return replace(part, text=paragraphs(bare.text if tail or bare.text == part.text else part.text, other.text, tail))


def _answering(part: Part, place: Sequence[tuple[int, int]], side: int) -> Part:
    return part if part.answers is None else replace(part, answers=place[part.answers][side])


def _moved(parts: Sequence[Part], by: int, language: str) -> list[Part]:
    return [
        replace(part, answers=None if part.answers is None else part.answers + by, language=language) for part in parts
    ]
