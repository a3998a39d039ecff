"""One line of text: the runs it is set in, how wide it is, what its ink covers, and how it is written on a picture."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw

from outreach.drawing.bidi import drawn_order, segments
from outreach.drawing.colours import Colour
from outreach.drawing.fonts import Order, Run, font, runs_of, shapes

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


@dataclass(frozen=True)
class Line:
    runs: tuple[Run, ...]  # as they stand from left to right
    width: float


@dataclass(frozen=True)
class Placed:
    """A line with the left end of its baseline."""

    line: Line
    size: float
    x: float
    y: float
    colour: Colour

    def box(self) -> Box:
        """What the ink of the line covers."""
        boxes = [_box(run, self.size) for run in self.line.runs]
        lefts = [self.x + sum(length_of(run, self.size) for run in self.line.runs[:at]) for at in range(len(boxes))]
        return (
            min(left + box[0] for left, box in zip(lefts, boxes, strict=True)),
            self.y + min(box[1] for box in boxes),
            max(left + box[2] for left, box in zip(lefts, boxes, strict=True)),
            self.y + max(box[3] for box in boxes),
        )


def write(image: Image.Image, lines: Sequence[Placed]) -> None:
    draw = ImageDraw.Draw(image)
    for one in lines:
        x = one.x
        for run in one.line.runs:
            text, how = _for_pillow(run)
            draw.text((x, one.y), text, font=font(run.face, one.size), fill=one.colour, anchor="ls", **how)
            x += length_of(run, one.size)


@lru_cache(maxsize=4096)
def length_of(run: Run, size: float) -> float:
    text, how = _for_pillow(run)
    return float(font(run.face, size).getlength(text, **how))


def line_of(text: str, order: Order, size: float, right_to_left: bool) -> Line:
    runs = _backwards(text, order) if right_to_left else forwards(text, order)
    return Line(runs, sum(length_of(run, size) for run in runs))


def forwards(text: str, order: Order) -> tuple[Run, ...]:
    return tuple(replace(run, backwards=_is_of_the_right(run.text)) for run in runs_of(text, order))


def _backwards(text: str, order: Order) -> tuple[Run, ...]:
    runs: list[Run] = []
    for stretch, backwards in reversed(segments(text)):
        of_it = runs_of(stretch, order)
        runs += [replace(run, backwards=True) for run in reversed(of_it)] if backwards else of_it
    return tuple(runs)


def _is_of_the_right(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def _box(run: Run, size: float) -> Box:
    text, how = _for_pillow(run)
    left, top, right, bottom = font(run.face, size).getbbox(text, anchor="ls", **how)
    return float(left), float(top), float(right), float(bottom)


def _for_pillow(run: Run) -> tuple[str, dict[str, Any]]:
    if not shapes():
        return (drawn_order(run.text) if run.backwards else run.text), {}
    if run.backwards:
        return run.text, {"direction": "rtl"}
    return run.text, {"language": _han_of(run.text)} if run.face == "cjk" else {}


@lru_cache(maxsize=2048)
def _han_of(text: str) -> str:
    """Whose forms of the shared characters: one file has those of Japan, Korea and both Chinas."""
    names = " ".join(_names(text))
    if "HIRAGANA" in names or "KATAKANA" in names:
        return "ja"
    if "HANGUL" in names:
        return "ko"
    return next(
        (tongue for tongue, charset in (("zh-Hans", "gb2312"), ("zh-Hant", "big5")) if _in(text, charset)), "ja"
    )


def _names(text: str) -> Iterator[str]:
    return (unicodedata.name(character, "").split(" ")[0] for character in text)


def _in(text: str, charset: str) -> bool:
    return "".join(text.split()).encode(charset, "ignore").decode(charset) == "".join(text.split())
