"""Pictures for tests, made and not kept."""

from __future__ import annotations

import io

from PIL import Image


def jpeg(width: int, height: int, padded_to: int = 0) -> bytes:
    """A red picture; `padded_to` bytes, by a comment that means nothing (read and dropped by every decoder)."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (180, 30, 40)).save(out, "JPEG")
    data = out.getvalue()
    comments = b""
    while padded_to - len(data) - len(comments) > 4:
        size = min(65_533, padded_to - len(data) - len(comments) - 4)
        comments += b"\xff\xfe" + (size + 2).to_bytes(2, "big") + b"\0" * size
    return data[:2] + comments + data[2:]
