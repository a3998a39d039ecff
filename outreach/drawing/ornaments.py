"""What is drawn on a card besides its words: bands, arcs, tiles, hills and spines in the library's colours.

Measures are in units of a card 800 wide. Everything is painted twice as large and halved, since Pillow's shapes have
rough edges. Chance comes in as an argument, drawn from the title, so that a book always looks the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from outreach.drawing.colours import Colour, Palette, mixed

WIDTH = 800  # units
MARGIN = 84.0  # units; of the words, and of what stands in line with them
_TWICE = 2


@dataclass(frozen=True)
class Sheet:
    """A ground to paint on; `high` is its height in units."""

    image: Image.Image
    draw: ImageDraw.ImageDraw
    scale: float
    high: float

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        edges = [round(self.scale * edge) for edge in (left, top, right, bottom)]
        if edges[0] < edges[2] and edges[1] < edges[3]:
            self.draw.rectangle((edges[0], edges[1], edges[2] - 1, edges[3] - 1), fill)

    def frame(self, inset: float, width: float, colour: Colour) -> None:
        edges = [self.scale * edge for edge in (inset, inset, WIDTH - inset, self.high - inset)]
        self.draw.rectangle(edges, outline=colour, width=max(round(self.scale * width), 1))

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self.draw.ellipse([self.scale * edge for edge in (x - radius, y - radius, x + radius, y + radius)], fill)

    def shape(self, points: Sequence[tuple[float, float]], fill: Colour) -> None:
        self.draw.polygon([(self.scale * x, self.scale * y) for x, y in points], fill)

    def finished(self, size: tuple[int, int]) -> Image.Image:
        return self.image.reduce(_TWICE).crop((0, 0, *size))


def sheet(size: tuple[int, int], ground: Colour) -> Sheet:
    image = Image.new("RGB", (_TWICE * size[0], _TWICE * size[1]), ground)
    return Sheet(image, ImageDraw.Draw(image), _TWICE * size[0] / WIDTH, WIDTH * size[1] / size[0])


def arcs(on: Sheet, top: float, colours: Palette, chance: Random) -> None:
    """Half circles around one point at the foot, as of a rising sun."""
    x = chance.choice((0, WIDTH / 2, WIDTH))
    rings = chance.choice((5, 6, 7))
    reach = on.high - top
    shades = (colours.accent, colours.paper, colours.deep, colours.paper)
    start = chance.choice((0, 2))
    for ring in range(rings):
        on.disc(x, on.high, reach * (1 - ring / rings), shades[(start + ring) % 4])


def hills(on: Sheet, top: float, colours: Palette, chance: Random) -> None:
    """Four waves, the nearest the darkest, and a disc above them."""
    middle = top + 0.22 * (on.high - top)
    on.disc(chance.choice((190, 400, 600)), middle, chance.uniform(58, 92), colours.accent)
    for index, share in enumerate((0.36, 0.0, 0.36, 0.72)):
        far = mixed(colours.middle, colours.paper, share) if index == 0 else mixed(colours.accent, colours.deep, share)
        shade = colours.middle if index == 0 else far
        base = middle + (index + 0.25) * (on.high - middle) / 4.2
        length, height, shift = chance.uniform(420, 760), chance.uniform(26, 62), chance.uniform(0, math.tau)
        ridge = [(x, base + height * math.sin(math.tau * x / length + shift)) for x in range(0, WIDTH + 10, 10)]
        on.shape([*ridge, (WIDTH + 10, on.high), (0, on.high)], shade)


def spines(on: Sheet, top: float, colours: Palette, chance: Random) -> None:
    """Books on a shelf, one of them leaning."""
    floor = on.high - 96
    shades = (colours.accent, colours.deep, colours.middle, colours.accent, colours.ink, colours.soft)
    x, before = MARGIN, None
    for wide in _widths(chance):
        shade = chance.choice([colour for colour in shades if colour != before])
        _spine(on, x, floor - (floor - top) * chance.uniform(0.62, 1.0), wide, floor, shade, chance, colours)
        x, before = x + wide + 5, shade
    on.box(0, floor, WIDTH, floor + 7, colours.ink)


def _widths(chance: Random) -> list[float]:
    """Of books that fill the shelf from margin to margin."""
    widths = [chance.choice((34, 40, 46, 54, 64, 78)) for _ in range(12)]
    stretch = (WIDTH - 2 * MARGIN - 5 * (len(widths) - 1)) / sum(widths)
    return [stretch * width for width in widths]


def _spine(
    on: Sheet, left: float, top: float, wide: float, floor: float, shade: Colour, chance: Random, colours: Palette
) -> None:
    on.box(left, top, left + wide, floor, shade)
    mark = colours.paper if shade not in (colours.soft, colours.middle) else colours.deep
    at = top + chance.choice((26, 36, 48))
    if chance.random() < 0.5:
        on.box(left, at, left + wide, at + 5, mark)
        on.box(left, at + 12, left + wide, at + 15, mark)
    elif wide > 40:
        on.box(left + wide / 2 - 4, at, left + wide / 2 + 4, at + 0.34 * (floor - top), mark)
    on.box(left, floor - 40, left + wide, floor - 36, mark)


def tiles(on: Sheet, bottom: float, colours: Palette, chance: Random) -> None:
    """Quarter circles in squares, from the head down to `bottom`."""
    side = WIDTH / 4
    grounds = (colours.accent, colours.deep, colours.soft, colours.middle)
    kinds = [chance.randrange(5) for _ in range(2)]
    for row in range(round(bottom / side)):
        for column in range(4):
            ground, figure = chance.sample(grounds, 2)
            _tile(on, column * side, row * side, side, ground, figure, chance.choice(kinds), chance)


def _tile(
    on: Sheet, x: float, y: float, side: float, ground: Colour, figure: Colour, kind: int, chance: Random
) -> None:
    """One square; the drawing is done apart, so that nothing reaches into the neighbour."""
    edge = round(on.scale * side)
    part = Image.new("RGB", (edge, edge), ground)
    draw = ImageDraw.Draw(part)
    right, low = chance.random() < 0.5, chance.random() < 0.5
    corner = (edge if right else 0, edge if low else 0)
    middle = (edge // 2, edge // 2)
    if kind == 0:
        _round(draw, corner, edge, figure)
    elif kind == 1:
        _round(draw, corner, edge, figure)
        _round(draw, corner, edge // 2, ground)
    elif kind == 2:
        _round(draw, middle, round(0.36 * edge), figure)
    elif kind == 3:
        _round(draw, (middle[0], corner[1]), edge // 2, figure)
    else:
        draw.polygon([corner, (edge - corner[0], corner[1]), (corner[0], edge - corner[1])], figure)
    on.image.paste(part, (round(on.scale * x), round(on.scale * y)))


def _round(draw: ImageDraw.ImageDraw, at: tuple[int, int], radius: int, fill: Colour) -> None:
    draw.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill)


def rays(on: Sheet, top: float, colours: Palette, chance: Random) -> None:
    """A fan from the foot, in two shades that differ little."""
    x = chance.choice((0.5, 0.32, 0.68)) * WIDTH
    count = chance.choice((9, 11, 13))
    reach = on.high - top
    for index in range(0, count, 2):
        first, second = (math.pi * (index + more) / count for more in (0, 1))
        arc = [first + (second - first) * step / 12 for step in range(13)]
        edge = [(x + reach * math.cos(angle), on.high - reach * math.sin(angle)) for angle in arc]
        on.shape([(x, on.high), *edge], colours.on_accent)
    on.disc(x, on.high, 0.3 * reach, colours.accent)
    on.disc(x, on.high, 0.22 * reach, colours.on_accent)


def roundel(on: Sheet, x: float, y: float, radius: float, colour: Colour, ground: Colour) -> None:
    """Our mark: three books in a circle."""
    on.disc(x, y, radius, colour)
    on.disc(x, y, radius - 4, ground)
    floor = y + 0.44 * radius
    for left, wide, high in ((-0.42, 0.22, 0.84), (-0.14, 0.28, 1.0), (0.2, 0.22, 0.72)):
        on.box(x + left * radius, floor - high * radius, x + (left + wide) * radius, floor, colour)
