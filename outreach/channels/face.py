"""The picture of an account, small enough to stand in a page: its owner sees at a glance that it is hers."""

from __future__ import annotations

import base64
import io
import warnings

from outreach.channels.guard import Reach
from outreach.channels.http import get
from outreach.channels.trouble import Unreachable

SIDE = 96
MOST_BYTES, MOST_PIXELS = 4_000_000, 10_000_000
SECONDS = 6.0


def face(reach: Reach, url: str) -> str:
    """As a `data:` address of a JPEG that we encoded; empty where there is none that we can read."""
    if not url.startswith(("http://", "https://")):
        return ""
    try:
        answer = get(reach, url, max_bytes=MOST_BYTES, deadline=SECONDS)
    except Unreachable:
        return ""
    return _small(answer.body) if answer.status == 200 and answer.complete else ""


def _small(data: bytes) -> str:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF", "WEBP"))
        if image.width * image.height > MOST_PIXELS:
            return ""
        small = ImageOps.fit(image.convert("RGB"), (SIDE, SIDE))
    except Exception:  # whatever a strange file makes a decoder raise: there is no picture then
        return ""
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
