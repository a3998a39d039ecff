"""An uploaded file -> a clean image. Pure: bytes in, bytes out; nothing of the original survives but its pixels.

Re-encoding drops EXIF (with its place and camera), comments, and whatever was glued behind the picture.
"""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from outreach.words import NotDone, Sentence

LARGEST_FILE = 20_000_000  # bytes
LARGEST_PIXELS = 50_000_000  # width x height; decoding takes four bytes each
LONGEST_SIDE = 2_560  # what networks show; larger ones are scaled down
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


@dataclass(frozen=True)
class Clean:
    data: bytes
    mime: str
    width: int
    height: int


def clean(data: bytes) -> Clean:
    """Raises NotDone with a sentence that says what to choose instead."""
    if len(data) > LARGEST_FILE:
        raise NotDone(
            Sentence("This picture is larger than %(most)s MB. Choose a smaller one.", most=LARGEST_FILE // 1_000_000)
        )
    image = _open(data)
    width, height = image.size
    if width * height > LARGEST_PIXELS:
        raise NotDone(
            Sentence(
                "This picture is too large (%(width)s × %(height)s). Choose a smaller one.", width=width, height=height
            )
        )
    if width < 2 or height < 2:
        raise NotDone(Sentence("This picture is only a dot. Choose another one."))
    return _encode(_upright(image))


def _open(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise NotDone(Sentence("This picture is too large. Choose a smaller one.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotDone(
            Sentence("This file is no picture that we can read. Choose a JPEG, PNG, GIF or WebP file.")
        ) from error


def _upright(image: Image.Image) -> Image.Image:
    """Decoded, turned as the camera meant it, small enough. Only the first frame of an animation."""
    try:
        image.load()
        turned = ImageOps.exif_transpose(image)
    except (OSError, ValueError, SyntaxError, MemoryError, struct.error) as error:
        raise NotDone(Sentence("This picture is damaged. Choose another one.")) from error
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return turned


def _encode(image: Image.Image) -> Clean:
    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    few_colours = image.mode in ("P", "1", "L") and image.getcolors(256) is not None
    if see_through or few_colours:
        return _save(image.convert("RGBA" if see_through else "RGB"), "PNG", "image/png")
    return _save(image.convert("RGB"), "JPEG", "image/jpeg")


def _save(image: Image.Image, kind: str, mime: str) -> Clean:
    bare = Image.new(image.mode, image.size)  # a new image has no info to carry over
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, kind, quality=88, optimize=True)
    return Clean(out.getvalue(), mime, image.width, image.height)
