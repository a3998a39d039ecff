"""Several covers, or cards, in one picture of the shape that a network shows best."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from PIL import Image, ImageFilter

from outreach.drawing.cards import Card, alt_of, write_heading
from outreach.drawing.colours import Colour, mixed, palette, readable
from outreach.languages import spoken
from outreach.words import Sentence, cap

SHAPES: dict[str, tuple[int, int]] = {
    "wide": (1200, 675),  # 16:9: Mastodon, X
    "square": (1080, 1080),  # Facebook, and what people post by hand
    "tall": (1080, 1350),  # 4:5: Instagram
}
MOST = 9  # covers in one picture
LARGEST = 1_000_000  # bytes; Bluesky takes no more
_WIDEST = 1.5  # width to height; a cover wider than that is lower than the others in its row
_ENLARGED = 2.5  # times; a thumbnail blown up further is a blur
_QUALITIES = (90, 82, 74, 64, 50, 35)


@dataclass(frozen=True)
class Spot:
    """Where one cover goes, in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class _Room:
    width: float
    height: float
    gap: float  # between neighbours
    between: float  # rows


def collage(covers: Sequence[Image.Image], shape: str, colour: str, heading: str = "") -> Image.Image:
    """One to nine covers, none cropped or stretched, in rows of one height, on a ground of the library's colour.

    ValueError for no cover, more than nine, or a shape that is none of "wide", "square", "tall".
    """
    if not 1 <= len(covers) <= MOST:
        raise ValueError(f"a collage has 1 to {MOST} covers, not {len(covers)}")
    if shape not in SHAPES:
        raise ValueError(f"no such shape: {shape}")
    colours = palette(colour)
    ground = mixed(colours.accent, colours.paper, 0.72)  # a shade that no card has for its ground
    image = Image.new("RGB", SHAPES[shape], ground)
    top = write_heading(image, heading, readable(colours.ink, ground), _margin(SHAPES[shape])) if heading else 0
    spots = places([cover.size for cover in covers], SHAPES[shape], top)
    _shelves(image, spots, mixed(colours.accent, ground, 0.3))
    _shadows(image, spots, colours.ink)
    for cover, spot in zip(covers, spots, strict=True):
        image.paste(_on_white(cover).resize((spot.width, spot.height), Image.Resampling.LANCZOS), (spot.x, spot.y))
    return image


def places(sizes: Sequence[tuple[int, int]], picture: tuple[int, int], top: int = 0) -> list[Spot]:
    """A spot for each cover, in their order, below `top`. Of all ways to make rows the one with the largest covers."""
    margin = _margin(picture)
    room = _Room(picture[0] - 2 * margin, picture[1] - max(top, margin) - 1.1 * margin, 0.55 * margin, 0.8 * margin)
    aspects = [width / height for width, height in sizes]
    rows = max(_rows(len(sizes)), key=lambda rows: _height(rows, aspects, room))
    usual = sorted(height for _, height in sizes)[len(sizes) // 2]
    high = min(_height(rows, aspects, room), _ENLARGED * usual)
    spare = (room.height - high * len(rows) - room.between * (len(rows) - 1)) / (len(rows) + 1)
    y = max(top, margin) + spare
    spots: list[Spot] = []
    for index, (start, end) in enumerate(rows):
        floor = y + high + index * (high + room.between + spare)
        spots += _row(aspects[start:end], high, floor, room, picture[0])
    return spots


def alt_of_collage(cards: Sequence[Card], most: int = 1500, language: str = "") -> str:
    """Names each book, in order, in at most `most` characters; whole titles are left away from the end, and counted."""
    names = [spoken(alt_of(card), language) for card in cards]
    for shown in range(len(names), 0, -1):
        text = spoken(_listed(names, shown), language)
        if len(text) <= most:
            return text
    return cap(spoken(_listed(names, 1), language), most)


def encoded(image: Image.Image) -> bytes:
    """PNG or JPEG, whichever is smaller, under a megabyte, with no metadata; the same picture gives the same bytes."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    found = [_saved(bare, "PNG", compress_level=6)]
    for quality in _QUALITIES:
        found.append(_saved(bare, "JPEG", quality=quality, subsampling=0, optimize=True))
        if min(map(len, found)) < LARGEST:
            break
    return min(found, key=len)


def _listed(names: Sequence[str], shown: int) -> Sentence:
    titles = "; ".join(names[:shown])
    if len(names) == 1:
        return Sentence("Cover of %(titles)s", titles=titles)
    if shown < len(names):
        return Sentence(
            "Covers of %(count)s books: %(titles)s; and %(more)s more",
            count=len(names),
            titles=titles,
            more=len(names) - shown,
        )
    return Sentence("Covers of %(count)s books: %(titles)s", count=len(names), titles=titles)


def _saved(image: Image.Image, kind: str, **how: int | bool) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def _margin(picture: tuple[int, int]) -> int:
    return round(0.06 * min(picture))


def _rows(count: int) -> Iterator[list[tuple[int, int]]]:
    """Each way to lay `count` covers in up to four rows whose lengths differ by no more than one, longer ones first."""
    for breaks in range(min(count, 4)):
        for cuts in combinations(range(1, count), breaks):
            edges = (0, *cuts, count)
            rows = list(pairwise(edges))
            lengths = [end - start for start, end in rows]
            if lengths[0] - lengths[-1] <= 1 and lengths == sorted(lengths, reverse=True):
                yield rows


def _height(rows: Sequence[tuple[int, int]], aspects: Sequence[float], room: _Room) -> float:
    """The largest height that all rows can have."""
    heights = [(room.height - room.between * (len(rows) - 1)) / len(rows)]
    for start, end in rows:
        wide = sum(min(aspect, _WIDEST) for aspect in aspects[start:end])
        heights.append((room.width - room.gap * (end - start - 1)) / wide)
    return min(heights)


def _row(aspects: Sequence[float], high: float, floor: float, room: _Room, across: int) -> Iterator[Spot]:
    """Covers standing on one line, the row in the middle of the picture."""
    widths = [high * min(aspect, _WIDEST) for aspect in aspects]
    x = (across - sum(widths) - room.gap * (len(widths) - 1)) / 2
    for width, aspect in zip(widths, aspects, strict=True):
        height = min(high, width / aspect)
        yield Spot(round(x), round(floor - height), max(round(width), 1), max(round(height), 1))
        x += width + room.gap


def _shelves(image: Image.Image, spots: Sequence[Spot], colour: Colour) -> None:
    """A line under each row, from edge to edge: the covers stand on something."""
    for floor in {spot.y + spot.height for spot in spots}:
        image.paste(colour, (0, floor, image.width, floor + max(round(0.008 * image.height), 3)))


def _shadows(image: Image.Image, spots: Sequence[Spot], ink: Colour) -> None:
    """Soft, small, and only to the right and above the shelf."""
    quarter = Image.new("L", (image.width // 4, image.height // 4))
    for spot in spots:
        edges = (spot.x + 10, spot.y + 8, spot.x + spot.width + 10, spot.y + spot.height)
        quarter.paste(70, tuple(edge // 4 for edge in edges))  # type: ignore[arg-type]
    shade = quarter.filter(ImageFilter.GaussianBlur(2.2)).resize(image.size, Image.Resampling.BILINEAR)
    for floor in {spot.y + spot.height for spot in spots}:
        shade.paste(0, (0, floor, image.width, floor + image.height // 22))
    image.paste(ink, (0, 0), shade)


def _on_white(cover: Image.Image) -> Image.Image:
    if cover.mode == "RGB":
        return cover
    see_through = cover.convert("RGBA")
    white = Image.new("RGBA", cover.size, "white")
    return Image.alpha_composite(white, see_through).convert("RGB")
