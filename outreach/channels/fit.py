"""A picture made small enough for a network, by size and by quality; it never grows, and keeps its description."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.channels.base import Picture

if TYPE_CHECKING:  # imported on first use: it takes memory that an idle worker does not need
    from PIL.Image import Image

QUALITIES = (88, 80, 70)
SMALLER = 0.8  # of each side, when the quality alone does not do it


def fitted(picture: Picture, most_bytes: int, types: tuple[str, ...] = ("image/jpeg", "image/png")) -> Picture:
    """As it is where it fits; else as JPEG, first with less quality, then with fewer pixels."""
    if len(picture.data) <= most_bytes and picture.mime in types:
        return picture
    from PIL.Image import open as open_image

    with open_image(io.BytesIO(picture.data)) as opened:
        image = _on_paper(opened)
    while True:
        for quality in QUALITIES:
            data = _jpeg(image, quality)
            if len(data) <= most_bytes or min(image.size) < 64:
                return replace(picture, data=data, mime="image/jpeg")
        width, height = (max(1, int(side * SMALLER)) for side in image.size)
        image = image.resize((width, height))


def framed(picture: Picture, most_bytes: int, tallest: float = 0.8, widest: float = 1.91) -> Picture:
    """Nothing is cut off: where width / height is outside, there is paper on both sides (Instagram's feed)."""
    from PIL.Image import new
    from PIL.Image import open as open_image

    with open_image(io.BytesIO(picture.data)) as opened:
        image = _on_paper(opened)
    width, height = image.size
    if tallest <= width / height <= widest:
        return picture
    size = (math.ceil(height * tallest), height) if width / height < tallest else (width, math.ceil(width / widest))
    paper = new("RGB", size, "white")
    paper.paste(image, ((size[0] - width) // 2, (size[1] - height) // 2))
    return fitted(replace(picture, data=_jpeg(paper, QUALITIES[0]), mime="image/jpeg"), most_bytes, ("image/jpeg",))


def size_of(picture: Picture) -> tuple[int, int]:
    """(width, height) in pixels."""
    from PIL.Image import open as open_image

    with open_image(io.BytesIO(picture.data)) as opened:
        return opened.size


def _on_paper(image: Image) -> Image:
    """JPEG knows no transparency: what is see-through becomes white, as it looks on a page."""
    from PIL.Image import alpha_composite, new

    if image.mode in ("RGBA", "LA", "P"):
        layer = image.convert("RGBA")
        paper = new("RGBA", layer.size, "white")
        return alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")


def _jpeg(image: Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
