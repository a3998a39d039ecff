"""The fields of a kind of post, as data: what is asked, how it is typed, what it must hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from outreach.clock import is_clock
from outreach.words import Sentence

NOTHING = Sentence("")
MOST_ROWS = 20  # dated questions of one post, or questions of one live chat


@dataclass(frozen=True)
class Field:
    """`sort` says what it holds:

    line, text  a string
    day, clock  "2026-12-03", "15:30": wall time of the library; empty where it makes no sense
    pick        the key of one of `choices`; the first one where nothing was chosen
    ticks       a list of keys of `choices`
    lines       a list of strings, typed one a line
    rows        a list of {"day": …, "words": …}
    """

    name: str
    label: Sentence
    sort: str = "line"
    hint: Sentence = NOTHING
    example: Sentence = NOTHING
    choices: tuple[tuple[str, Sentence], ...] = ()
    default: Any = None
    missing: Sentence | None = None  # said where it is empty and must not be
    spoken: bool = False  # words of the post: asked again for a second language
    above: bool = False  # asked before the words
    later: bool = False  # behind "More", where it waits until it is wanted
    shown_for: str = ""  # "way=poll": only where that is picked

    def meaning(self, typed: Any) -> Any:
        """What was typed, as it is kept; what makes no sense is nothing."""
        return _MEANING[self.sort](self, typed)

    def begins(self) -> Any:
        """Of a new post."""
        return self.default if self.default is not None else self.meaning(None)


def _string(_field: Field, typed: Any) -> str:
    return str(typed or "").strip() if isinstance(typed, (str, int, float)) else ""


def _day(_field: Field, typed: Any) -> str:
    return str(typed) if is_day(str(typed or "")) else ""


def _clock(_field: Field, typed: Any) -> str:
    return str(typed) if is_clock(str(typed or "")) else ""


def _pick(field: Field, typed: Any) -> str:
    known = [key for key, _ in field.choices]
    return str(typed) if typed in known else known[0]


def _ticks(field: Field, typed: Any) -> list[str]:
    told = re.split(r"[\s,;]+", typed) if isinstance(typed, str) else _listed(typed)
    return [key for key, _ in field.choices if key in told]


def _lines(_field: Field, typed: Any) -> list[str]:
    lines = typed.splitlines() if isinstance(typed, str) else _listed(typed)
    return [line.strip() for line in lines if isinstance(line, str) and line.strip()][:MOST_ROWS]


def _rows(_field: Field, typed: Any) -> list[dict[str, str]]:
    told = [row for row in _listed(typed) if isinstance(row, Mapping)]
    rows = [{"day": _day(_field, row.get("day")), "words": _string(_field, row.get("words"))} for row in told]
    return [row for row in rows if row["words"]][:MOST_ROWS]  # an empty row of the form has its day already


def _listed(typed: Any) -> Sequence[Any]:
    return typed if isinstance(typed, (list, tuple)) else ()


_MEANING = {
    "line": _string,
    "text": _string,
    "day": _day,
    "clock": _clock,
    "pick": _pick,
    "ticks": _ticks,
    "lines": _lines,
    "rows": _rows,
}


def is_day(text: str) -> bool:
    try:
        return 2000 <= date.fromisoformat(text).year <= 2100 and len(text) == 10
    except ValueError:
        return False


def missing(fields: Sequence[Field], values: Mapping[str, Any]) -> list[Sentence]:
    """What must be filled in and is not."""
    return [field.missing for field in fields if field.missing and not values.get(field.name)]
