"""Lines of text for a picture: the size at which they fit, where they break, which way they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise, takewhile

import regex

from outreach.drawing.bidi import runs_right_to_left
from outreach.drawing.breaks import cut_up, is_little, lines, pieces, torn
from outreach.drawing.colours import Colour
from outreach.drawing.fonts import FACES, Order
from outreach.drawing.glyphs import Box, Line, Placed, forwards, length_of, line_of

_VERY_LONG = 20  # characters
_WORTH = 0.78  # of the largest size that fits


@dataclass(frozen=True)
class Style:
    order: Order
    sizes: Sequence[float]  # in pixels, falling; the first that fits is taken
    most_lines: int = 99
    splits_at: float = 1e6  # words too long for a line are broken from this size down, not shrunk further


@dataclass(frozen=True)
class Block:
    """Text broken into lines. It reaches from `rise` above its first baseline to `drop` below its last."""

    lines: tuple[Line, ...]
    order: Order
    size: float
    leading: float
    rise: float
    drop: float
    right_to_left: bool

    @property
    def height(self) -> float:
        return self.rise + self.drop + self.leading * (len(self.lines) - 1)


def fitted(text: str, style: Style, width: float, height: float) -> Block:
    """`text` at the largest size at which it fits; cut with "…" if it fits at none.

    `text` is what `fonts.settable` gave, and not empty.
    """
    return whole(text, style, width, height) or _cut(text, style, width, height)


def whole(text: str, style: Style, width: float, height: float) -> Block | None:
    """As `fitted`, but None where it would have to be cut."""
    sizes = (size for size in style.sizes if _may_fit(text, style, size, width, height))
    blocks = (_at(text, style, size, width) for size in sizes)
    fitting = (block for block in blocks if block and _has_room(block, style, height))
    largest = next(fitting, None)
    if largest is None or len(largest.lines) == 1:
        return largest
    # A size or two smaller may break so much better that it is worth it.
    near = [
        block for block in takewhile(lambda one: one.size >= _WORTH * largest.size, fitting) if len(block.lines) > 1
    ]
    return min((largest, *near), key=lambda block: _raggedness(block) - 0.25 * block.size / largest.size)


def _raggedness(block: Block) -> float:
    """0 if all lines are equally long, higher the more they differ and the more of them end in a little word."""
    widest = max(line.width for line in block.lines)
    uneven = sum((1 - line.width / widest) ** 2 for line in block.lines) / len(block.lines)
    little = sum(is_little(line.runs[-1].text.split(" ")[-1]) for line in block.lines[:-1])
    ends = [(above.runs[-1].text[-1], below.runs[0].text[0]) for above, below in pairwise(block.lines)]
    return uneven + 0.09 * little + sum(torn(last, first) for last, first in ends)


def _may_fit(text: str, style: Style, size: float, width: float, height: float) -> bool:
    """A quick look that spares the search for breaks at sizes that are far too large."""
    fewest = _width_of(text, style.order, size) / width
    return fewest <= style.most_lines and fewest * size <= height + 2 * size


def _has_room(block: Block, style: Style, height: float) -> bool:
    return block.height <= height and len(block.lines) <= style.most_lines


def placed(block: Block, box: Box, top: float, side: str, colour: Colour) -> list[Placed]:
    """The block's lines in `box`, at its "left", "right" or "centre", the top of the block at `top`."""
    left, _, right, _ = box
    result = []
    for index, line in enumerate(block.lines):
        spare = (right - left) - line.width
        x = left + {"left": 0.0, "centre": spare / 2, "right": spare}[side]
        result.append(Placed(line, block.size, x, top + block.rise + index * block.leading, colour))
    return result


def _at(text: str, style: Style, size: float, width: float) -> Block | None:
    found = lines(_parts(text, style, size, width), _measure(style.order, size), width)
    return _block(found, style.order, size, runs_right_to_left(text)) if found else None


def _parts(text: str, style: Style, size: float, width: float) -> list[str]:
    """The pieces of `text`; too wide ones in parts if no smaller size may be tried."""
    measure = _measure(style.order, size)
    parts: list[str] = []
    for piece in pieces(text):
        too_wide = size <= style.splits_at and measure(piece.rstrip()) > width
        parts += cut_up(piece, measure, width) if too_wide else [piece]
    return parts


def _cut(text: str, style: Style, width: float, height: float) -> Block:
    """As much of `text` as fits at the smallest size."""
    size = style.sizes[-1]
    heads = list(accumulate(_steps(text)))
    best = _block(["…"], style.order, size, runs_right_to_left(text))
    fewest, most = 0, len(heads) - 1
    while fewest <= most:
        middle = (fewest + most) // 2
        block = _at(_with_dots(heads[middle]), style, size, width)
        if block and _has_room(block, style, height):
            best, fewest = block, middle + 1
        else:
            most = middle - 1
    return best


def _steps(text: str) -> Iterator[str]:
    """Between these `text` may be cut: its pieces, and the letters of very long ones."""
    for piece in pieces(text):
        yield from regex.findall(r"\X", piece) if len(piece) > _VERY_LONG else [piece]


def _with_dots(text: str) -> str:
    return text.rstrip().rstrip(",.;:-–—、。，") + "…"


def _block(found: Sequence[str], order: Order, size: float, right_to_left: bool) -> Block:
    set_lines = tuple(line_of(text, order, size, right_to_left) for text in found)
    faces = {run.face for line in set_lines for run in line.runs}
    first, last = (Placed(line, size, 0, 0, (0, 0, 0)).box() for line in (set_lines[0], set_lines[-1]))
    return Block(
        lines=set_lines,
        order=order,
        size=size,
        leading=size * max(FACES[face].leading for face in faces),
        rise=max(-first[1], 0.7 * size),  # capitals of Literata and Noto are 0.7 high: first lines of cards agree
        drop=max(last[3], 0.24 * size),  # as if each line had a descender, so that what follows keeps its distance
        right_to_left=right_to_left,
    )


def _measure(order: Order, size: float) -> Callable[[str], float]:
    return lambda text: _width_of(text, order, size)


@lru_cache(maxsize=8192)
def _width_of(text: str, order: Order, size: float) -> float:
    return sum(length_of(run, size) for run in forwards(text, order))
