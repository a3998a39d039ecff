"""Title cards: a picture that stands for a book where its cover may not be shown, made like a plain paperback.

A card says only what the catalog says. Which of seven designs a book gets follows from its title, so the same book
looks the same every week and two books side by side mostly differ.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random
from threading import Lock

from PIL import Image

from outreach.drawing.colours import Colour, palette
from outreach.drawing.designs import DESIGNS, Plate
from outreach.drawing.fonts import DISPLAY, ITALIC, SANS, TEXT, settable
from outreach.drawing.glyphs import Box, Placed, write
from outreach.drawing.ornaments import WIDTH, Sheet
from outreach.drawing.typeset import Block, Style, fitted, placed, whole
from outreach.words import Sentence

_LARGE = (144, 134, 124, 112, 102, 92, 84, 76, 68, 62)
_SMALL = (62, 56, 51, 46, 42, 38, 34)
_LONG = 70  # characters; longer titles get the designs with the most room
_ONE_AT_A_TIME = Lock()  # FreeType's faces are not for two threads at once


@dataclass(frozen=True)
class Card:
    """What a card says; all of it cleaned."""

    title: str
    author: str | None
    format: str | None = None
    subtitle: str | None = None


@dataclass(frozen=True)
class Drawn:
    """A card before its words are written: for drawing, and for tests that measure."""

    sheet: Sheet
    plate: Plate
    words: tuple[Placed, ...]


def draw(card: Card, colour: str, size: tuple[int, int] = (800, 1200)) -> Image.Image:
    """One book. `colour` is the library's accent, "#1f6f54"; `size` in pixels, 2:3. The same card, the same pixels."""
    with _ONE_AT_A_TIME:
        drawn = compose(card, colour, size)
        image = drawn.sheet.finished(size)
        write(image, drawn.words)
    return image


def alt_of(card: Card) -> Sentence:
    """What a screen reader says: the book, not the picture."""
    if card.author:
        return Sentence("%(title)s by %(author)s", title=card.title, author=card.author)
    return Sentence("%(title)s", title=card.title)


def compose(card: Card, colour: str, size: tuple[int, int]) -> Drawn:
    number = int.from_bytes(hashlib.sha256(f"{card.title}\n{card.author or ''}".encode()).digest()[:8], "big")
    designs = [one for one in DESIGNS if one.is_roomy] if len(card.title) > _LONG else DESIGNS
    chance = Random(number)  # noqa: S311 - looks, not secrets
    on, plate = designs[number % len(designs)].paint(palette(colour), size, chance)
    return Drawn(on, plate, tuple(_words(card, plate, on, size[0] / WIDTH)))


def write_heading(image: Image.Image, text: str, colour: Colour, margin: int) -> int:
    """A line or two at the head of a collage, in the title's face; gives where what follows may begin, in pixels."""
    words = settable(text)
    if not words:
        return 0
    base = min(image.size) / 1080
    style = Style(TEXT, [base * size for size in (64, 58, 52, 46, 40, 34)], 2)
    with _ONE_AT_A_TIME:
        block = fitted(words, style, image.width - 2 * margin, 0.2 * image.height)
        box = (margin, 0.0, image.width - margin, image.height)
        write(image, placed(block, box, 0.9 * margin, "centre", colour))
    return round(0.9 * margin + block.height + 0.5 * margin)


def _words(card: Card, plate: Plate, on: Sheet, scale: float) -> list[Placed]:
    """Format, title, subtitle, rule and author, one below the other, in the plate's box."""
    left, top, right, bottom = (scale * edge for edge in plate.box)
    box: Box = (left, top, right, bottom)
    blocks = _blocks(card, right - left, bottom - top, scale)
    high = sum(block.height + gap for _, block, gap in blocks)
    spare = max(bottom - top - high, 0)
    top += {"top": 0.0, "middle": 0.46 * spare, "bottom": spare}[plate.stands]
    colours = {"title": plate.text, "subtitle": plate.text, "author": plate.quiet, "format": plate.quiet}
    side = _side(plate, blocks)
    words: list[Placed] = []
    for kind, block, gap in blocks:
        if kind == "author" and words:
            _rule(on, plate, (top + 0.38 * gap) / scale, side)
        words += placed(block, box, top + gap, side, colours[kind])
        top += gap + block.height
    return words


def _blocks(card: Card, width: float, height: float, scale: float) -> list[tuple[str, Block, float]]:
    """(kind, block, gap above it), from the top; the title takes what the others leave. Pixels."""
    title, author = settable(card.title), settable(card.author or "")
    if not title:
        title, author = author, ""
    kind, subtitle = settable(card.format or ""), settable(card.subtitle or "")
    before = [_block("format", kind, SANS, (30,), 1, width, scale, 0)] if kind else []
    after = [_block("author", author, SANS, (40, 36, 32), 2, width, scale, 84)] if author else []
    left = height - sum(block.height + gap for _, block, gap in before + after) - 30 * scale
    if not title:
        return before + after
    block = _title(title, width, left, scale)
    found = [*before, ("title", block, 30 * scale if before else 0.0)]
    if subtitle and len(title) + len(subtitle) < 140:
        below = _block("subtitle", subtitle, ITALIC, (40, 36, 32), 3, width, scale, 26)
        if block.height + below[1].height + below[2] <= left:
            found.append(below)
    return found + after


def _block(
    kind: str,
    text: str,
    order: tuple[str, ...],
    sizes: tuple[int, ...],
    most: int,
    width: float,
    scale: float,
    gap: int,
) -> tuple[str, Block, float]:
    style = Style(order, [scale * size for size in sizes], most, splits_at=scale * sizes[-1])
    return kind, fitted(text, style, width, 1e6), gap * scale


def _title(text: str, width: float, height: float, scale: float) -> Block:
    large = Style(DISPLAY, [scale * size for size in _LARGE], 5, splits_at=0)
    small = Style(TEXT, [scale * size for size in _SMALL], splits_at=scale * 62)
    return whole(text, large, width, height) or fitted(text, small, width, height)


def _side(plate: Plate, blocks: list[tuple[str, Block, float]]) -> str:
    """All of a card follows its title: a Hebrew title and its English author both stand at the right."""
    title = next((block for kind, block, _ in blocks if kind == "title"), None)
    return "right" if plate.align == "left" and title and title.right_to_left else plate.align


def _rule(on: Sheet, plate: Plate, y: float, side: str) -> None:
    left, _, right, _ = plate.box
    at = {"left": left, "centre": (left + right) / 2 - 36, "right": right - 72}[side]
    on.box(at, y, at + 72, y + 5, plate.rule)
