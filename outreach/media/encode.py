"""An uploaded file -> a clean image. Pure: bytes in, bytes out; nothing of the original survives but its pixels.

Re-encoding drops EXIF (with its place and camera), comments, and whatever was glued behind the picture.
"""

from __future__ import annotations

import io
import struct
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from outreach.words import NotDone, Sentence

LARGEST_FILE = 20_000_000  # bytes
LARGEST_PIXELS = 51_000_000  # width x height of what a person chose: photos of phones have up to 8192 x 6144
COVER_PIXELS = 10_000_000  # of what another server sends
LONGEST_SIDE = 2_560  # what networks show; larger ones are scaled down
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")

# One at a time, since the largest PNG takes half a gigabyte; in one thread, since each thread that was given as much
# keeps it (glibc's arenas): with a lock alone four threads held 1.3 GB.
_DECODER = ThreadPoolExecutor(1, "decoder")


@dataclass(frozen=True)
class Clean:
    data: bytes
    mime: str
    width: int
    height: int


def clean(data: bytes, most_pixels: int = COVER_PIXELS) -> Clean:
    """`most_pixels`: width x height. Raises NotDone with a sentence that says what to choose instead."""
    if len(data) > LARGEST_FILE:
        raise NotDone(
            Sentence("This picture is larger than %(most)s MB. Choose a smaller one.", most=LARGEST_FILE // 1_000_000)
        )
    image = _open(data)
    width, height = image.size
    if width * height > most_pixels:
        raise NotDone(
            Sentence(
                "This picture is too large (%(width)s × %(height)s). Choose a smaller one.", width=width, height=height
            )
        )
    if width < 2 or height < 2:
        raise NotDone(Sentence("This picture is only a dot. Choose another one."))
    return _DECODER.submit(lambda: _encode(_upright(image))).result()


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
    """Decoded, small enough, turned as the camera meant it. Only the first frame of an animation."""
    box = (LONGEST_SIDE, LONGEST_SIDE)
    try:
        image.draft(None, box)  # a JPEG is decoded at a half or a quarter where that is large enough
        image.load()
        image.thumbnail(box)
        ImageOps.exif_transpose(image, in_place=True)
    except (OSError, ValueError, SyntaxError, MemoryError, struct.error) as error:
        raise NotDone(Sentence("This picture is damaged. Choose another one.")) from error
    return image


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
