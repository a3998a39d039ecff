"""Seven plain paperbacks: how the sheet is painted, and where the words stand. Measures are in units, 800 across."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from outreach.drawing import ornaments
from outreach.drawing.colours import Colour, Palette, readable
from outreach.drawing.glyphs import Box
from outreach.drawing.ornaments import MARGIN, WIDTH, Sheet, sheet


@dataclass(frozen=True)
class Plate:
    """Where the words of a design go, in units, and their colours."""

    box: Box
    align: str  # "left" (where reading begins) or "centre"
    stands: str  # "top", "middle" or "bottom" of the box
    ground: Colour
    text: Colour
    quiet: Colour  # the author and the format
    rule: Colour


@dataclass(frozen=True)
class Design:
    paint: Callable[[Palette, tuple[int, int], Random], tuple[Sheet, Plate]]
    is_roomy: bool


def _bands(colours: Palette, size: tuple[int, int], chance: Random) -> tuple[Sheet, Plate]:
    on = sheet(size, colours.paper)
    band = chance.choice((colours.accent, colours.deep))
    mark = colours.on_accent if band == colours.accent else colours.paper
    head, foot = 0.235 * on.high, 0.815 * on.high
    on.box(0, 0, WIDTH, head, band)
    on.box(0, head + 12, WIDTH, head + 16, band)
    on.box(0, foot - 16, WIDTH, foot - 12, band)
    on.box(0, foot, WIDTH, on.high, band)
    ornaments.roundel(on, WIDTH / 2, head / 2, 74, mark, band)
    return on, _on_paper(colours, (MARGIN, head + 64, WIDTH - MARGIN, foot - 64), "centre", "middle", colours.paper)


def _frame(colours: Palette, size: tuple[int, int], chance: Random) -> tuple[Sheet, Plate]:
    ground, text = chance.choice(((colours.accent, colours.on_accent), (colours.deep, colours.paper)))
    on = sheet(size, ground)
    on.frame(40, 3, text)
    on.frame(50, 1.5, text)
    ornaments.roundel(on, WIDTH / 2, on.high - 150, 46, text, ground)
    box = (MARGIN + 16, 150.0, WIDTH - MARGIN - 16, on.high - 250)
    return on, Plate(box, "centre", "middle", ground, text, text, text)


def _tiles(colours: Palette, size: tuple[int, int], chance: Random) -> tuple[Sheet, Plate]:
    on = sheet(size, colours.paper)
    ornaments.tiles(on, 600, colours, chance)
    return on, _on_paper(colours, (MARGIN, 672, WIDTH - MARGIN, on.high - 72), "left", "top", colours.paper)


def _arcs(colours: Palette, size: tuple[int, int], chance: Random) -> tuple[Sheet, Plate]:
    on = sheet(size, colours.soft)
    top = 0.55 * on.high
    ornaments.arcs(on, top, colours, chance)
    return on, _on_paper(colours, (MARGIN, 100, WIDTH - MARGIN, top - 24), "left", "top", colours.soft)


def _spines(colours: Palette, size: tuple[int, int], chance: Random) -> tuple[Sheet, Plate]:
    on = sheet(size, colours.paper)
    top = 0.6 * on.high
    ornaments.spines(on, top, colours, chance)
    return on, _on_paper(colours, (MARGIN, 100, WIDTH - MARGIN, top - 44), "left", "top", colours.paper)


def _hills(colours: Palette, size: tuple[int, int], chance: Random) -> tuple[Sheet, Plate]:
    on = sheet(size, colours.soft)
    top = 0.56 * on.high
    ornaments.hills(on, top, colours, chance)
    return on, _on_paper(colours, (MARGIN, 100, WIDTH - MARGIN, top - 10), "left", "top", colours.soft)


def _rays(colours: Palette, size: tuple[int, int], chance: Random) -> tuple[Sheet, Plate]:
    on = sheet(size, colours.accent)
    top = 0.62 * on.high
    ornaments.rays(on, top, colours, chance)
    box = (MARGIN, 100.0, WIDTH - MARGIN, top - 44)
    return on, Plate(box, "left", "top", colours.accent, colours.on_accent, colours.on_accent, colours.on_accent)


def _on_paper(colours: Palette, box: Box, align: str, stands: str, ground: Colour) -> Plate:
    return Plate(
        box, align, stands, ground, colours.ink, readable(colours.ink, ground), readable(colours.accent, ground, 3)
    )


DESIGNS = (
    Design(_bands, True),
    Design(_frame, True),
    Design(_tiles, False),
    Design(_arcs, True),
    Design(_spines, True),
    Design(_hills, True),
    Design(_rays, True),
)
